"""`cleanenv verify`: each way in which a file can differ from what was installed, and those that are no difference."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cleanenv.environments import inventory, record
from cleanenv.environments.environment import read_environment
from cleanenv.integrity import recorded_files, verification
from tests.support import installed_wheels
from tests.support.command import Done, call
from tests.support.surroundings import unprivileged

FILES = {
    "demo/__init__.py": "value = 1\n",
    "demo/api.py": "def get(): return 1\n",
    "demo/data, with comma.txt": "a,b\n",
    "demo/_fast.cpython-311-x86_64-linux-gnu.so": "ELF\n",
    "demo.pth": "import demo\n",
    "demo-1.0.data/data/share/demo/plan.txt": "plan\n",
}
INFO = "demo-1.0.dist-info"


class Scene:
    """An environment with two distributions in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.path = directory / "my_env"
        self.cache = directory / "cache"
        self.demo = installed_wheels.build(directory / "index", "demo", FILES, scripts="demo = demo.api:get")
        self.other = installed_wheels.build(directory / "index", "other", {"other.py": "o = 1\n"})
        self.site = installed_wheels.environment(self.path, self.demo, self.other)

    def verify(self, *words: str, within: tuple[str, ...] = ()) -> Done:
        """Run the command on the environment."""
        tool = [*within, sys.executable, "-I", "-m", "cleanenv", "verify", str(self.path), *words]
        return call(tool, {"PATH": os.defpath, "HOME": str(self.directory)})

    def edit_record(self, change: Callable[[list[str]], list[str]]) -> None:
        path = self.site / INFO / "RECORD"
        path.write_text("\n".join(change(path.read_text().splitlines())) + "\n")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def replace_row(start: str, row: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [row if line.startswith(start) else line for line in lines]


def test_what_nobody_touched_is_sound(scene: Scene) -> None:
    done = scene.verify()
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1].endswith("files: all as recorded")
    assert done.out.startswith("2 distributions, ")


# The tampering table: what is done, and the line that says so.
def edit(scene: Scene) -> str:
    (scene.site / "demo/api.py").write_text("def get(): return 2\n")
    return "changed: demo 1.0: demo/api.py (same size, other content)"


def lengthen(scene: Scene) -> str:
    with (scene.site / "demo/__init__.py").open("a") as file:
        file.write("evil()\n")
    return "changed: demo 1.0: demo/__init__.py (10 bytes recorded, 17 found)"


def edit_extension(scene: Scene) -> str:
    (scene.site / "demo/_fast.cpython-311-x86_64-linux-gnu.so").write_text("FLE\n")
    return "changed: demo 1.0: demo/_fast.cpython-311-x86_64-linux-gnu.so (same size, other content)"


def edit_quoted(scene: Scene) -> str:
    (scene.site / "demo/data, with comma.txt").write_text("b,a\n")
    return "changed: demo 1.0: demo/data, with comma.txt (same size, other content)"


def edit_data_file(scene: Scene) -> str:
    (scene.path / "share/demo/plan.txt").write_text("nalp\n")
    return "changed: demo 1.0: share/demo/plan.txt (same size, other content)"


def edit_metadata(scene: Scene) -> str:
    (scene.site / INFO / "METADATA").write_text("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\nmore\n")
    return f"changed: demo 1.0: {INFO}/METADATA ("


def delete(scene: Scene) -> str:
    (scene.site / "other.py").unlink()
    return "missing: other 1.0: other.py"


def delete_package(scene: Scene) -> str:
    shutil.rmtree(scene.site / "demo")
    return "missing: demo 1.0: demo/__init__.py"


def delete_script(scene: Scene) -> str:
    (scene.path / "bin/demo").unlink()
    return "missing: demo 1.0: bin/demo"


def dead_link(scene: Scene) -> str:
    (scene.site / "other.py").unlink()
    (scene.site / "other.py").symlink_to("/nonexistent/other.py")
    return "missing: other 1.0: other.py (a link to '/nonexistent/other.py', which does not exist)"


def directory_instead(scene: Scene) -> str:
    (scene.site / "other.py").unlink()
    (scene.site / "other.py").mkdir()
    return "changed: other 1.0: other.py (a directory)"


def pipe_instead(scene: Scene) -> str:
    (scene.site / "other.py").unlink()
    os.mkfifo(scene.site / "other.py")
    return "changed: other 1.0: other.py (not a regular file)"


def other_interpreter(scene: Scene) -> str:
    script = scene.path / "bin/demo"
    script.write_text("#!/usr/bin/python3\n" + script.read_text().partition("\n")[2])
    return "changed: demo 1.0: bin/demo (its first line is '#!/usr/bin/python3' and not ENV's Python)"


def other_interpreter_in_record_too(scene: Scene) -> str:
    other_interpreter(scene)
    data = (scene.path / "bin/demo").read_bytes()
    row = f"../../../bin/demo,sha256={record.encode(hashlib.sha256(data).digest())},{len(data)}"
    scene.edit_record(replace_row("../../../bin/demo", row))
    return "changed: demo 1.0: bin/demo, its first line is '#!/usr/bin/python3' and not ENV's Python"


def row_without_hash(scene: Scene) -> str:
    scene.edit_record(replace_row("demo/api.py", "demo/api.py,,"))
    return "not protected: demo 1.0: demo/api.py (recorded without a hash)"


def row_with_unknown_hash(scene: Scene) -> str:
    scene.edit_record(replace_row("demo/api.py", "demo/api.py,crc32=AAAA,"))
    return "not protected: demo 1.0: demo/api.py (recorded with the hash 'crc32', which is unknown)"


def sourceless_bytecode(scene: Scene) -> str:
    (scene.site / "demo/hidden.pyc").write_bytes(b"\0" * 16)
    scene.edit_record(lambda lines: [*lines, "demo/hidden.pyc,,"])
    return "not protected: demo 1.0: demo/hidden.pyc (recorded without a hash)"


def broken_record(scene: Scene) -> str:
    scene.edit_record(lambda lines: [*lines, '"demo/x'])
    return f"broken: demo 1.0: {INFO}/RECORD (unexpected end of data)"


def deleted_record(scene: Scene) -> str:
    (scene.site / INFO / "RECORD").unlink()
    return f"broken: demo 1.0: {INFO}/RECORD (missing or empty, though uv writes one)"


def emptied_record(scene: Scene) -> str:
    (scene.site / INFO / "RECORD").write_text("")
    return f"broken: demo 1.0: {INFO}/RECORD (missing or empty, though uv writes one)"


def foreign_module(scene: Scene) -> str:
    (scene.site / "evil.py").write_text("")
    return "unowned: evil.py"


def foreign_package(scene: Scene) -> str:
    (scene.site / "evil/inner").mkdir(parents=True)
    (scene.site / "evil/inner/__init__.py").write_text("")
    return "unowned: evil/"


def foreign_module_in_package(scene: Scene) -> str:
    (scene.site / "demo/extra.py").write_text("")
    return "unowned: demo/extra.py"


def foreign_extension(scene: Scene) -> str:
    (scene.site / "ssl.so").write_text("")
    return "unowned: ssl.so"


def foreign_pth(scene: Scene) -> str:
    (scene.site / "zz.pth").write_text("import os\n")
    return "unowned: zz.pth, which runs at every start of Python"


def foreign_path(scene: Scene) -> str:
    (scene.site / "zz.pth").write_text("/opt/elsewhere\n")
    return "unowned: zz.pth, which adds '/opt/elsewhere' to the search path"


def customize(scene: Scene) -> str:
    (scene.site / "sitecustomize.py").write_text("")
    return "unowned: sitecustomize.py, which runs at every start of Python"


def foreign_program(scene: Scene) -> str:
    (scene.path / "bin/git").write_text("#!/bin/sh\n")
    (scene.path / "bin/git").chmod(0o755)
    return "unowned: bin/git"


def interpreter_lookalike(scene: Scene) -> str:
    (scene.path / "bin/python3.9").write_text("#!/bin/sh\n")
    (scene.path / "bin/python3.9").chmod(0o755)
    return "unowned: bin/python3.9"


def code_in_setuptools_list(scene: Scene) -> str:
    (scene.site / "easy-install.pth").write_text("import evil\n")
    return "unowned: easy-install.pth, which runs at every start of Python"


def unchecked_bytecode(scene: Scene) -> str:
    source = scene.directory / "api.py"
    source.write_text("def get(): return 666\n")
    target = Path(importlib.util.cache_from_source(str(scene.site / "demo/api.py")))
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(source), str(target), invalidation_mode=mode)
    return f"changed: demo/__pycache__/{target.name} (bytecode that is run without its source, and was not made of it)"


TAMPERING = [
    *(edit, lengthen, edit_extension, edit_quoted, edit_data_file, edit_metadata, delete, delete_package),
    *(delete_script, dead_link, directory_instead, pipe_instead, other_interpreter, other_interpreter_in_record_too),
    *(row_without_hash, row_with_unknown_hash, sourceless_bytecode, broken_record, deleted_record, emptied_record),
    *(foreign_module, foreign_package),
    *(foreign_module_in_package, foreign_extension, foreign_pth, foreign_path, customize, foreign_program),
    *(interpreter_lookalike, code_in_setuptools_list, unchecked_bytecode),
]


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_is_seen(scene: Scene, tamper: Callable[[Scene], str]) -> None:
    line = tamper(scene)
    done = scene.verify()
    assert done.status == 1
    assert [each for each in done.out.splitlines() if each.startswith(line)], done.out
    assert done.err == ""
    document = json.loads(scene.verify("--json").out)
    assert not document["sound"]
    assert document["faults"] or document["unowned"]


# Near misses: what happens to an environment that is used, and is no difference.
def bytecode_written(scene: Scene) -> None:
    subprocess.run([scene.path / "bin/python", "-c", "import demo.api, other"], check=True)


def bytecode_deleted(scene: Scene) -> None:
    scene.edit_record(lambda lines: [*lines, "demo/__pycache__/api.cpython-311.pyc,,", "demo/__pycache__,,"])
    scene.edit_record(lambda lines: [*lines, "demo/api.cpython-311.pyc,,"])  # as virtualenv records it


def unchecked_bytecode_of_the_source(scene: Scene) -> None:
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(scene.site / "demo/api.py"), invalidation_mode=mode)


def padded_hash(scene: Scene) -> None:
    digest = base64.b64encode(hashlib.sha256(FILES["demo/api.py"].encode()).digest()).decode()
    scene.edit_record(replace_row("demo/api.py", f"demo/api.py,sha256={digest},"))


def longer_hash(scene: Scene) -> None:
    digest = record.encode(hashlib.sha512(FILES["demo/api.py"].encode()).digest())
    scene.edit_record(replace_row("demo/api.py", f"demo/api.py,sha512={digest},"))


def old_hash(scene: Scene) -> None:
    digest = record.encode(hashlib.md5(FILES["demo/api.py"].encode(), usedforsecurity=False).digest())
    scene.edit_record(replace_row("demo/api.py", f"demo/api.py,md5={digest},"))


def absolute_path(scene: Scene) -> None:
    scene.edit_record(lambda lines: [line.replace("demo/api.py", f"{scene.site}/demo/api.py", 1) for line in lines])


def signed(scene: Scene) -> None:
    names = [f"{INFO}/RECORD.jws", f"{INFO}/RECORD.p7s"]
    for name in names:
        (scene.site / name).write_text("signature")
    scene.edit_record(lambda lines: [*lines, *(f"{name},," for name in names)])


def data_written_beside(scene: Scene) -> None:
    (scene.site / "demo/cache.json").write_text("{}")
    (scene.path / "share/demo/state.db").write_text("")


def metadata_of_installers(scene: Scene) -> None:
    for name in ("AUTHORS", "uv_build.json", "direct_url.json.bak"):
        (scene.site / INFO / name).write_text("")


def leftover(scene: Scene) -> None:
    (scene.site / "~emo").mkdir()
    (scene.site / "~emo/api.py").write_text("")


def list_of_setuptools(scene: Scene) -> None:
    (scene.site / "easy-install.pth").write_text("/nonexistent/project\n")


def another_name_of_python(scene: Scene) -> None:
    (scene.path / "bin/python3.99").symlink_to("python")


def installed_by_debian(scene: Scene) -> None:
    """Whose packages have no RECORD."""
    info = scene.site / "other-1.0.dist-info"
    (info / "RECORD").unlink()
    (info / "INSTALLER").write_text("debian\n")


def linked_source(scene: Scene) -> None:
    """As flit install --symlink leaves it."""
    source = scene.directory / "source.py"
    source.write_text("x = 1\n")
    (scene.site / "linked.py").symlink_to(source)
    scene.edit_record(lambda lines: [*lines, "linked.py,,"])


NEAR_MISSES = [
    *(bytecode_written, bytecode_deleted, unchecked_bytecode_of_the_source, padded_hash, longer_hash, old_hash),
    *(absolute_path, signed, data_written_beside, metadata_of_installers, list_of_setuptools),
    *(another_name_of_python, linked_source, installed_by_debian),
]


@pytest.mark.parametrize("change", NEAR_MISSES, ids=lambda change: change.__name__)
def test_what_is_no_difference(scene: Scene, change: Callable[[Scene], None]) -> None:
    change(scene)
    done = scene.verify()
    assert (done.status, done.err) == (0, ""), done.out


def test_a_leftover_is_a_warning_and_not_code(scene: Scene) -> None:
    leftover(scene)
    assert scene.verify().status == 0


def test_quick_sees_sizes_and_not_content(scene: Scene) -> None:
    edit(scene)
    assert scene.verify("--quick").status == 0
    lengthen(scene)
    assert scene.verify("--quick").status == 1


def test_quiet_is_the_status_alone(scene: Scene) -> None:
    edit(scene)
    assert scene.verify("-q") == (1, "", "")


def test_what_runs_at_every_start_comes_first(scene: Scene) -> None:
    foreign_module(scene)
    foreign_pth(scene)
    unowned = [line for line in scene.verify().out.splitlines() if line.startswith("unowned")]
    assert unowned == ["unowned: zz.pth, which runs at every start of Python", "unowned: evil.py"]


def test_the_command_that_repairs_it(scene: Scene) -> None:
    edit(scene)
    fix = scene.verify().out.splitlines()[-1]
    assert fix == f"fix: uv pip install --python {scene.path} --reinstall --no-deps demo==1.0"
    words = fix.removeprefix("fix: uv ").split()
    index = ["--offline", "--no-index", "--find-links", str(scene.demo.parent)]
    environ = {"PATH": os.defpath, "HOME": str(scene.directory)}
    assert call([str(installed_wheels.UV), *words, *index], environ).status == 0
    assert scene.verify().status == 0


def test_a_change_that_other_environments_share(tmp_path: Path) -> None:
    """By uv's hard links: nobody touched the second environment, and a third one is made changed."""
    wheel = installed_wheels.build(tmp_path / "index", "demo", FILES)
    cache = tmp_path / "cache"
    sites = [installed_wheels.environment(tmp_path / name, wheel, cache=cache) for name in ("a", "b")]
    if (sites[0] / "demo/api.py").stat().st_nlink < 3:
        pytest.skip("this file system has no hard links, or uv made none")
    with (sites[0] / "demo/api.py").open("a") as file:
        file.write("evil()\n")
    installed_wheels.environment(tmp_path / "c", wheel, cache=cache)
    environ = {"PATH": os.defpath, "HOME": str(tmp_path)}
    fix = ""
    for name in ("b", "c"):
        checked = call([str(installed_wheels.UV), "pip", "check", "--python", str(tmp_path / name)], environ)
        assert checked.status == 0
        done = call([sys.executable, "-I", "-m", "cleanenv", "verify", str(tmp_path / name)], environ)
        assert done.status == 1
        assert "changed: demo 1.0: demo/api.py (" in done.out
        assert "shared: 1 changed file has 4 links: uv's cache" in done.out
        assert "'uv cache clean demo'" in done.out
        fix = done.out.splitlines()[-1].removeprefix("fix: ")
    (tmp_path / ".config/uv").mkdir(parents=True)
    (tmp_path / ".config/uv/uv.toml").write_text(f'no-index = true\nfind-links = ["{wheel.parent}"]\n')
    environ = {"PATH": f"{installed_wheels.UV.parent}:{os.defpath}", "HOME": str(tmp_path), "UV_CACHE_DIR": str(cache)}
    assert fix.startswith("uv cache clean demo && uv pip install ")
    assert call(["sh", "-c", fix], environ).status == 0
    assert call([sys.executable, "-I", "-m", "cleanenv", "verify", str(tmp_path / "c")], environ).status == 0


def test_two_distributions_that_claim_one_file(tmp_path: Path) -> None:
    """The later one has overwritten it, which nobody did in secret."""
    first = installed_wheels.build(tmp_path / "index", "first", {"tests/__init__.py": "first = 1\n"})
    second = installed_wheels.build(tmp_path / "index", "second", {"tests/__init__.py": "second = 2\n"})
    site = installed_wheels.environment(tmp_path / "e", first, cache=None)
    installed_wheels.install(tmp_path / "e", second, cache=tmp_path / "cache", mode="copy")
    words = [sys.executable, "-I", "-m", "cleanenv", "verify", str(tmp_path / "e")]
    environ = {"PATH": os.defpath, "HOME": str(tmp_path)}
    done = call(words, environ)
    assert done.status == 0
    assert "overwritten: first 1.0: tests/__init__.py, which second 1.0 has installed too" in done.out
    (site / "tests/__init__.py").write_text("third = 3\n")
    assert call(words, environ).status == 1


def test_distributions_without_record(scene: Scene) -> None:
    """Debian's and setuptools': their modules are not unowned, and a listed file that is missing is missing."""
    info = scene.site / "old-1.0.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: old\nVersion: 1.0\n")
    (info / "top_level.txt").write_text("ancient\n")
    (scene.site / "ancient").mkdir()
    (scene.site / "ancient/__init__.py").write_text("")
    listed = scene.site / "listed-2.0.egg-info"
    listed.mkdir()
    (listed / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: listed\nVersion: 2.0\n")
    (listed / "installed-files.txt").write_text("../listed.py\nPKG-INFO\n")
    (scene.site / "listed.py").write_text("")
    done = scene.verify()
    assert done.status == 0, done.out
    assert "cannot be verified: 2 distributions without RECORD (listed 2.0, old 1.0)" in done.out
    (scene.site / "listed.py").unlink()
    assert "missing: listed 2.0: listed.py" in scene.verify().out


def test_the_command_that_removes_bytecode(scene: Scene) -> None:
    unchecked_bytecode(scene)
    fix = scene.verify().out.splitlines()[-1]
    assert call(["sh", "-c", fix.removeprefix("fix: ")], {"PATH": os.defpath}).status == 0
    assert scene.verify().status == 0


@pytest.mark.parametrize("event", ["uninstalled", "upgraded", "nothing"])
def test_what_pip_does_meanwhile(scene: Scene, event: str) -> None:
    """A file counts as missing if it is at a second look, by the RECORD as it is then."""
    environment = read_environment(str(scene.path))
    assert environment is not None
    recorded = recorded_files.read(inventory.read(environment))
    (scene.site / "other.py").unlink()
    expected = [file for files in recorded.expected.values() for file in files]
    seen = verification._check(expected, quick=False)
    assert [one.kind for one in seen] == ["missing"]
    info = scene.site / "other-1.0.dist-info"
    if event == "uninstalled":
        shutil.rmtree(info)
    elif event == "upgraded":
        rows = [row for row in (info / "RECORD").read_text().splitlines() if not row.startswith("other.py")]
        (info / "RECORD").write_text("\n".join(rows))
    confirmed = verification._confirm(seen, recorded, quick=False)
    assert [one.kind for one in confirmed] == (["missing"] if event == "nothing" else [])


def test_an_environment_that_may_not_be_written(scene: Scene) -> None:
    subprocess.run(["chmod", "-R", "a-w", str(scene.path)], check=True)
    try:
        assert scene.verify(within=unprivileged()).status == 0
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(scene.path)], check=True)


def test_a_file_that_may_not_be_read(scene: Scene) -> None:
    (scene.site / "other.py").chmod(0)
    done = scene.verify(within=unprivileged())
    assert done.status == 1
    assert "unreadable: other 1.0: other.py (permission denied)" in done.out
