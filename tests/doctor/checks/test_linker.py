"""What LD_* and DYLD_* do, and what of ENV's they reach, against the loader itself."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from cleanenv.doctor.checks import linker, other_environments
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.linking import libraries
from cleanenv.system import elf
from tests.support.cluster_python import compiler
from tests.support.command import call
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, only
from tests.support.surroundings import skip_or_fail

PATH = {"PATH": "/usr/bin:/bin"}
LINUX = sys.platform == "linux"


def readelf() -> str:
    program = shutil.which("readelf")
    if program is None or not LINUX:
        skip_or_fail("no readelf")
        raise AssertionError
    return program


def build(target: Path, *words: str, text: str = "") -> Path:
    """Compile a shared library."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [compiler(), "-shared", "-fPIC", "-x", "c", "-", "-o", str(target), "-Wl,--no-as-needed", *words]
    subprocess.run(command, input=text.encode(), env=PATH, check=True)
    return target


def demo(folder: Path, version: str) -> Path:
    """Build libdemo as distributions ship libraries: a versioned file and a link by its soname."""
    file = build(
        folder / f"libdemo.so.{version}", "-Wl,-soname,libdemo.so.1", text=f"int demo(void) {{return {version[-1]};}}"
    )
    (folder / "libdemo.so.1").symlink_to(file.name)
    return folder


def extension(scene: Scene, lib: Path, *words: str) -> Path:
    """Build an extension module of ENV's that is linked with libdemo."""
    return build(scene.env.site_packages / "thing.so", f"-L{lib}", "-l:libdemo.so.1", *words)


def on_path(*folders: Path | str) -> Variables:
    return {"LD_LIBRARY_PATH": ":".join(map(str, folders))}


def shadowed(scene: Scene, *words: str) -> Variables:
    """ENV's module finds libdemo beside it by DT_RUNPATH, and LD_LIBRARY_PATH goes before that."""
    own = demo(scene.env.site_packages / "thing.libs", "1.2")
    extension(scene, own, *(words or ("-Wl,-rpath,$ORIGIN/thing.libs", "-Wl,--enable-new-dtags")))
    return on_path(demo(scene.top / "leak", "1.1"))


def by_rpath(scene: Scene) -> Variables:
    """DT_RPATH goes before LD_LIBRARY_PATH."""
    return shadowed(scene, "-Wl,-rpath,$ORIGIN/thing.libs", "-Wl,--disable-new-dtags")


def needed(scene: Scene) -> Variables:
    """ENV's module has libdemo from LD_LIBRARY_PATH and from nowhere else."""
    leak = demo(scene.top / "leak", "1.1")
    extension(scene, leak)
    return on_path(leak)


def system_folder(_: Scene) -> Variables:
    return on_path(next(folder for folder in libraries.system_directories() if os.path.isdir(folder)))


CASES = {
    "ld-preload": by_variables(
        lambda scene: {"LD_PRELOAD": str(scene.write("libhook.so"))}, lambda _: {"LD_PRELOAD": "", "LD_BIND_NOW": "1"}
    ),
    "ld-preload-missing": by_variables(
        lambda _: {"LD_PRELOAD": "/nonexistent/libhook.so"}, lambda _: {"LD_PRELOAD": "libhook.so"}
    ),
    "ld-audit": by_variables(lambda _: {"LD_AUDIT": "libaudit.so"}, lambda _: {"LD_DEBUG": "libs"}),
    "ld-path-shadows": by_variables(shadowed, by_rpath),
    "ld-path-needed": by_variables(needed, shadowed),
    "ld-path": by_variables(lambda scene: on_path(scene.write("leak/libstdc++.so.6").parent), system_folder),
    "ld-path-current": by_variables(lambda _: on_path("/usr/lib", ""), lambda _: on_path("")),
    "ld-path-relative": by_variables(lambda _: on_path("lib"), lambda _: on_path("$ORIGIN/../lib")),
    "ld-path-missing": by_variables(lambda _: on_path("/nonexistent"), lambda scene: on_path(scene.make("empty"))),
    "dyld": by_variables(lambda _: {"DYLD_LIBRARY_PATH": "/opt/lib"}, lambda _: {"DYLD_PRINT_LIBRARIES": "1"}),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_reported(code: str, tmp_path: Path) -> None:
    finding = only(linker.findings(CASES[code].reported[0](tmp_path)), code)
    assert finding.severity == SEVERITY[code]
    if code == "ld-path-needed":
        assert finding.line == f"cleanenv shell {tmp_path}/my_env --keep LD_LIBRARY_PATH"
    else:
        assert finding.line == f"unset {finding.variable}"


@pytest.mark.parametrize("code", CASES)
def test_a_near_miss_is_not(code: str, tmp_path: Path) -> None:
    assert code not in codes(linker.findings(CASES[code].near_misses[0](tmp_path)))


def loaded(path: Path, environ: Variables) -> str:
    """Return where the loader finds libdemo for a library."""
    output = call(["ldd", str(path)], PATH | environ).out
    match = re.search(r"libdemo\.so\.1 => (\S+)", output)
    assert match is not None, output
    return match[1]


@pytest.mark.parametrize(("make", "wins"), [(shadowed, "leak"), (by_rpath, "thing.libs")])
def test_the_loader_agrees(make: object, wins: str, scene: Scene) -> None:
    assert callable(make)
    environ: Variables = make(scene)
    taken = Path(os.path.normpath(loaded(scene.env.site_packages / "thing.so", environ)))
    assert taken.parent.name == wins
    hides = [hidden for finding in linker.findings(scene.subject(environ)) for hidden in finding.hides]
    if wins == "leak":
        (hidden,) = hides
        assert (hidden.location, hidden.leaked, hidden.own) == (str(taken.parent), "1.1", "1.2")
    else:
        assert hides == []


def test_a_library_that_is_nowhere_else(scene: Scene) -> None:
    environ = needed(scene)
    finding = only(linker.findings(scene.subject(environ)), "ld-path-needed")
    leak = f"{scene.top}/leak"
    assert finding.fact == f"the environment's packages do not work without libdemo.so.1 from '{leak}'"
    assert finding.remedy == "keep it: pass it on with '--keep LD_LIBRARY_PATH', or '--source' the script that sets it"
    assert finding.hides == ()
    assert finding.evidence == (f"{scene.env.site_packages}/thing.so loads {leak}/libdemo.so.1, and there is no other",)
    assert call(["ldd", f"{scene.env.site_packages}/thing.so"], PATH).out.count("libdemo.so.1 => not found") == 1


@pytest.mark.parametrize("name", ["libmpi_hpc.so.40", "libcudart.so.12.99", "libclntsh.so.21.1"])
def test_whichever_library_it_is(name: str, scene: Scene) -> None:
    leak = build(scene.top / "leak" / name, f"-Wl,-soname,{name}").parent
    build(scene.env.site_packages / "thing.so", f"-L{leak}", f"-l:{name}")
    (finding,) = linker.findings(scene.subject(on_path(leak)))
    assert finding.code == "ld-path-needed"
    assert name in finding.fact


def test_what_env_needs_is_not_to_be_unset(scene: Scene) -> None:
    """Nor by what is said of the other entries."""
    environ = needed(scene)
    other = scene.write("other/libstdc++.so.6").parent
    value = f"{environ['LD_LIBRARY_PATH']}:{other}:/nonexistent:relative:"
    reported = list(linker.findings(scene.subject({"LD_LIBRARY_PATH": value})))
    rest = [finding for finding in reported if finding.code != "ld-path-needed"]
    assert sorted(codes(iter(rest))) == ["ld-path", "ld-path-current", "ld-path-missing", "ld-path-relative"]
    for finding, entry in zip(rest, ("'/nonexistent'", "'relative'", "the empty entry", f"'{other}'"), strict=True):
        assert (
            finding.remedy
            == f"remove {entry} from LD_LIBRARY_PATH and keep the rest, from which ENV needs libdemo.so.1"
        )
        assert finding.line == ""


def test_an_entry_that_hides_and_is_needed(scene: Scene) -> None:
    """Its advice puts the hidden library first, and leaves the other reachable."""
    environ = shadowed(scene)
    leak = scene.top / "leak"
    build(leak / "libonly.so.1", "-Wl,-soname,libonly.so.1")
    build(scene.env.site_packages / "second.so", f"-L{leak}", "-l:libonly.so.1")
    reported = list(linker.findings(scene.subject(environ)))
    assert codes(iter(reported)) == ["ld-path-needed", "ld-path-shadows"]
    line = reported[1].line
    own = f"{scene.env.site_packages}/thing.libs"
    assert line == f'export LD_LIBRARY_PATH={own}:"$LD_LIBRARY_PATH"'
    done = call(["sh", "-c", f"{line}; ldd {scene.env.site_packages}/*.so"], PATH | environ)
    assert f"libdemo.so.1 => {own}/libdemo.so.1" in done.out
    assert f"libonly.so.1 => {leak}/libonly.so.1" in done.out


def test_the_interpreter_itself_and_its_own_library(scene: Scene) -> None:
    """A libpython that is found by an rpath needs another one."""
    leak = build(scene.top / "leak/libimf.so", "-Wl,-soname,libimf.so").parent
    own = build(scene.top / "base/lib/libown.so.1", "-Wl,-soname,libown.so.1", f"-L{leak}", "-l:libimf.so").parent
    program = scene.env.python.resolve()
    program.unlink()
    build(program, f"-L{own}", "-l:libown.so.1", f"-Wl,-rpath,{own}")
    (finding,) = linker.findings(scene.subject(on_path(leak)))
    assert finding.fact == f"the environment's Python cannot start without libimf.so from '{leak}'"


def test_extension_modules_of_the_standard_library(scene: Scene) -> None:
    leak = demo(scene.top / "leak", "1.1")
    library = scene.env.base / "lib" / scene.env.version
    (library / "os.py").touch()
    build(library / "lib-dynload" / "_ssl.so", f"-L{leak}", "-l:libdemo.so.1")
    (finding,) = linker.findings(scene.subject(on_path(leak)))
    assert finding.evidence[0].startswith(f"{library}/lib-dynload/_ssl.so loads ")


def test_modules_are_not_to_be_purged_then(scene: Scene) -> None:
    environ = needed(scene) | {"LOADEDMODULES": "python/3.11"}
    finding = only(other_environments.findings(scene.subject(environ)), "modules")
    assert (finding.line, "libdemo.so.1" in finding.remedy) == ("module list", True)
    finding = only(other_environments.findings(scene.subject({"LOADEDMODULES": "python/3.11"})), "modules")
    assert finding.line == "module purge"


def test_a_library_of_another_machine_is_passed_over(scene: Scene) -> None:
    environ = shadowed(scene)
    file = scene.top / "leak/libdemo.so.1.1"
    data = bytearray(file.read_bytes())
    data[18:20] = b"\xf3\x00"  # RISC-V
    file.write_bytes(data)
    assert codes(linker.findings(scene.subject(environ))) == ["ld-path"]
    assert Path(loaded(scene.env.site_packages / "thing.so", environ)).parent.name == "thing.libs"


def dynamic_tags(file: Path) -> list[str]:
    """Return which of DT_RPATH and DT_RUNPATH a file has."""
    output = call([readelf(), "-d", "-W", str(file)], PATH).out
    return re.findall(r"\((RPATH|RUNPATH)\)", output)


def add_runpath(file: Path) -> None:
    """Add a DT_RUNPATH beside DT_RPATH, with the end of its text: no linker writes both, other tools do."""
    data = bytearray(file.read_bytes())
    # DT_RPATH is 15 and has a place in the string table for its value; of DT_NULL, 0, the linker leaves some.
    places = range(0, len(data) - 16, 8)
    tags = {place: struct.unpack_from("<QQ", data, place) for place in places}
    rpath = next(place for place, (tag, value) in tags.items() if tag == 15 and value < len(data))
    null = next(place for place in range(rpath, len(data), 16) if tags[place] == (0, 0))
    text = tags[rpath][1]
    struct.pack_into("<QQ", data, null, 29, text + len("$ORIGIN/thing.libs:"))
    file.write_bytes(data)


def test_the_loader_ignores_rpath_beside_runpath(scene: Scene) -> None:
    environ = shadowed(scene, "-Wl,-rpath,$ORIGIN/thing.libs:$ORIGIN/none", "-Wl,--disable-new-dtags")
    file = scene.env.site_packages / "thing.so"
    assert dynamic_tags(file) == ["RPATH"]
    assert Path(os.path.normpath(loaded(file, environ))).parent.name == "thing.libs"
    assert codes(linker.findings(scene.subject(environ))) == ["ld-path"]
    add_runpath(file)
    assert sorted(dynamic_tags(file)) == ["RPATH", "RUNPATH"]
    assert Path(loaded(file, environ)).parent.name == "leak"
    assert codes(linker.findings(scene.subject(environ))) == ["ld-path-needed"]  # thing.libs is not searched now


def test_the_loader_does_not_search_for_a_path(scene: Scene) -> None:
    """A library without a soname is needed by the path that it was linked by."""
    own = build(scene.top / "own/libdemo.so.1", text="int demo(void) {return 2;}")
    file = build(scene.env.site_packages / "thing.so", "-x", "none", str(own))
    leak = demo(scene.top / "leak", "1.1")
    environ = on_path(leak)
    needs = elf.needs(str(file))
    assert needs is not None
    assert str(own) in needs.needed
    assert str(leak) not in call(["ldd", str(file)], PATH | environ).out
    assert codes(linker.findings(scene.subject(environ))) == ["ld-path"]


def test_a_semicolon_separates_too(scene: Scene) -> None:
    shadowed(scene)
    environ = {"LD_LIBRARY_PATH": f"{scene.make('empty')};{scene.top}/leak"}
    assert Path(loaded(scene.env.site_packages / "thing.so", environ)).parent.name == "leak"
    finding = only(linker.findings(scene.subject(environ)), "ld-path-shadows")
    assert finding.entries == (f"{scene.top}/leak",)


def test_a_file_is_not_a_directory(scene: Scene) -> None:
    file = scene.write("file")
    finding = only(linker.findings(scene.subject(on_path(file))), "ld-path-missing")
    assert finding.fact == f"'{file}' on LD_LIBRARY_PATH is not a directory"


def test_the_first_directory_wins(scene: Scene) -> None:
    shadowed(scene)
    demo(scene.top / "second", "1.3")
    environ = on_path(scene.top / "second", scene.top / "leak")
    finding = only(linker.findings(scene.subject(environ)), "ld-path-shadows")
    assert finding.hides[0].location == f"{scene.top}/second"
    assert loaded(scene.env.site_packages / "thing.so", environ) == f"{scene.top}/second/libdemo.so.1"


def test_the_reader_agrees_with_readelf() -> None:
    """For every extension module of the Python that runs the tests."""
    folder = Path(sysconfig.get_path("platstdlib"), "lib-dynload")
    files = [sys.executable, *map(str, folder.glob("*.so"))]
    for file in files:
        output = call([readelf(), "-d", "-W", file], PATH).out
        needs = elf.needs(file)
        assert needs is not None, file
        assert list(needs.needed) == re.findall(r"\(NEEDED\)\s+Shared library: \[(.*)\]", output), file
        paths = [
            path
            for value in re.findall(r"\(R(?:UN)?PATH\)\s+Library r\w+path: \[(.*)\]", output)
            for path in value.split(":")
        ]
        assert [*needs.rpath, *needs.runpath] == [os.path.normpath(path) for path in paths if path], file


@pytest.mark.parametrize("size", [0, 3, 16, 40, 64, 100, 700])
def test_a_file_that_is_cut_off(size: int, tmp_path: Path) -> None:
    """No end of a file is an error to the reader."""
    whole = Path(sys.executable).read_bytes()[:size]
    (tmp_path / "cut.so").write_bytes(whole)
    assert elf.needs(str(tmp_path / "cut.so")) in (None, elf.Needs(whole[4:6] + whole[18:20], (), (), ()))
