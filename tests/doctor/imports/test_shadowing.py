"""Doctor says what wins, and an interpreter of ENV's, started in that environment, agrees."""

from __future__ import annotations

import importlib.util
import json
import marshal
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanenv.doctor.checks import python_variables, pythonpath
from cleanenv.doctor.finding import Finding, Hidden, Subject
from cleanenv.environments.environment import read_environment
from tests.support import interpreters
from tests.support.command import Done, call
from tests.support.doctor_scene import codes, module, only, package, with_pip, zipped
from tests.support.environments import make_venv
from tests.support.surroundings import skip_or_fail

VERSIONS = ("3.6", "3.8", "3.10", "3.11", "3.12", "3.13")
# Where an import of each name leads, without importing it; a namespace package has many places, or none of a kind.
PROBE = """
import importlib.machinery, importlib.util, sys
places = {}
for name in sys.argv[1:]:
    try:
        spec = importlib.util.find_spec(name)
    except ImportError:
        spec = None
    places[name] = "" if spec is None else spec.origin if spec.has_location else "namespace" if spec.loader is None or \
        "Namespace" in type(spec.loader).__name__ else "built in"
import json
print(json.dumps(places))
"""
IMPORT = "import {0}; print({0}.__version__, {0}.__file__)"


class RealEnvironment:
    """A real environment and folders beside it."""

    def __init__(self, top: Path, env: Path) -> None:
        self.top = top
        self.env = env
        (self.own,) = env.glob("lib/python3*/site-packages")

    def run(self, entries: Sequence[Path], *words: str) -> Done:
        path = {"PYTHONPATH": ":".join(map(str, entries))} if entries else {}
        environ = {"PATH": "/usr/bin:/bin", "HOME": str(self.top), "PYTHONDONTWRITEBYTECODE": "1"} | path
        return call([f"{self.env}/bin/python", *words], environ)

    def located(self, entries: Sequence[Path], names: Sequence[str]) -> dict[str, str]:
        """Return where the interpreter finds ``names``: the file, or a package's folder."""
        done = self.run(entries, "-c", PROBE, *names)
        assert done.status == 0, done.err
        output: dict[str, str] = json.loads(done.out)
        return {name: os.path.dirname(path) if "/__init__." in path else path for name, path in output.items()}

    def findings(self, entries: Sequence[Path]) -> list[Finding]:
        environ = {"PYTHONPATH": ":".join(map(str, entries))}
        subject = Subject(environ, read_environment(str(self.env)), str(self.top), str(self.top))
        return list(pythonpath.findings(subject))

    def hidden(self, entries: Sequence[Path]) -> dict[str, Hidden]:
        return {hidden.package: hidden for finding in self.findings(entries) for hidden in finding.hides}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_venv(tmp_path_factory.mktemp("shadowing") / "my_env")


def copied(made: Path, top: Path) -> RealEnvironment:
    subprocess.run(["cp", "-a", made, top / "my_env"], check=True)
    return RealEnvironment(top, top / "my_env")


@pytest.fixture
def real(tmp_path: Path, made: Path) -> RealEnvironment:
    """Return a copy of an environment, which holds thing 2.0."""
    real = copied(made, tmp_path)
    package(real.own, "thing", "2.0")
    return real


def leak_package(top: Path) -> Path:
    return package(top / "leak", "thing", "1.0").parent


def leak_module(top: Path) -> Path:
    return module(top / "leak", "thing", "1.0").parent


def leak_zip(top: Path) -> Path:
    return zipped(top / "leak.zip", {"thing/__init__.py": '__version__ = "1.0"\n'})


def leak_zipped_folder(top: Path) -> Path:
    return zipped(top / "leak.zip", {"lib/thing.py": '__version__ = "1.0"\n'}) / "lib"


def leak_egg(top: Path) -> Path:
    egg = top / "thing-1.0-py3.egg"
    info = {"EGG-INFO/PKG-INFO": "Metadata-Version: 1.0\nName: thing\nVersion: 1.0\n"}
    return zipped(egg, info | {"thing/__init__.py": '__version__ = "1.0"\n'})


def leak_egg_folder(top: Path) -> Path:
    egg = module(top / "thing-1.0-py3.egg", "thing", "1.0").parent
    (egg / "EGG-INFO").mkdir()
    (egg / "EGG-INFO/PKG-INFO").write_text("Metadata-Version: 1.0\nName: thing\nVersion: 1.0\n", encoding="ascii")
    return egg


WIN = (leak_package, leak_module, leak_zip, leak_zipped_folder, leak_egg, leak_egg_folder)


@pytest.mark.parametrize("leak", WIN)
def test_the_leak_wins_and_both_say_so(leak: Callable[[Path], Path], real: RealEnvironment) -> None:
    entry = leak(real.top)
    finding = only(iter(real.findings([entry])), "pythonpath-shadows")
    (hidden,) = finding.hides
    assert (hidden.package, hidden.leaked, hidden.own) == ("thing", "1.0", "2.0")
    version, file = real.run([entry], "-c", IMPORT.format("thing")).out.split()
    assert version == hidden.leaked
    assert file.startswith(hidden.location)
    own_version, own_file = real.run([], "-c", IMPORT.format("thing")).out.split()
    assert (own_version, own_file) == (hidden.own, f"{real.own}/thing/__init__.py")


def foreign_extension(top: Path) -> Path:
    (top / "leak").mkdir()
    (top / "leak/thing.cpython-35m-x86_64-linux-gnu.so").touch()
    return top / "leak"


def namespace(top: Path) -> Path:
    (top / "leak/thing").mkdir(parents=True)
    (top / "leak/thing/inner.py").touch()
    return top / "leak"


def wheel_of_pth(top: Path) -> Path:
    """Name another folder in a .pth file, as in site-packages."""
    leak = package(top / "elsewhere", "thing", "1.0").parent
    (top / "leak").mkdir()
    (top / "leak/easy-install.pth").write_text(f"{leak}\n", encoding="utf-8")
    return top / "leak"


@pytest.mark.parametrize("leak", [foreign_extension, namespace, wheel_of_pth])
def test_envs_own_wins_and_both_say_so(leak: Callable[[Path], Path], real: RealEnvironment) -> None:
    entry = leak(real.top)
    assert real.hidden([entry]) == {}
    version, file = real.run([entry], "-c", IMPORT.format("thing")).out.split()
    assert (version, file) == ("2.0", f"{real.own}/thing/__init__.py")


def test_the_first_of_two_entries_wins(real: RealEnvironment) -> None:
    first = package(real.top / "first", "thing", "3.0").parent
    second = package(real.top / "second", "thing", "1.0").parent
    for entries, version in (([first, second], "3.0"), ([second, first], "1.0")):
        hidden = real.hidden(entries)["thing"]
        assert hidden.leaked == version
        assert real.run(entries, "-c", IMPORT.format("thing")).out.split()[0] == version


def test_a_module_of_the_standard_library(real: RealEnvironment) -> None:
    entry = module(real.top / "leak", "email", "0.1").parent
    finding = only(iter(real.findings([entry])), "pythonpath-shadows-standard")
    (hidden,) = finding.hides
    assert (hidden.package, hidden.leaked, hidden.location) == ("email", "0.1", str(entry))
    output = real.run([], "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])").out.strip()
    assert hidden.own == output
    assert real.run([entry], "-c", IMPORT.format("email")).out.split() == ["0.1", f"{entry}/email.py"]


def test_sitecustomize_is_run(real: RealEnvironment) -> None:
    entry = real.top / "leak"
    entry.mkdir()
    (entry / "sitecustomize.py").write_text("print('ran')\n", encoding="ascii")
    assert "pythonpath-customize" in codes(real.findings([entry]))
    assert real.run([entry], "-c", "pass").out == "ran\n"


def test_usercustomize_is_not(real: RealEnvironment) -> None:
    entry = real.top / "leak"
    entry.mkdir()
    (entry / "usercustomize.py").write_text("print('ran')\n", encoding="ascii")
    assert "pythonpath-customize" not in codes(real.findings([entry]))
    assert real.run([entry], "-c", "pass").out == ""


@pytest.mark.parametrize("version", VERSIONS)
def test_of_every_python(version: str, tmp_path: Path) -> None:
    """``os`` can be hidden until 3.10; ``time`` never; ``math`` where it is a file; what is built for another never."""
    base = interpreters.find(version)
    if base is None:
        skip_or_fail(f"no Python {version} on this machine")
        return
    subprocess.run([base, "-m", "venv", "--without-pip", str(tmp_path / "my_env")], env={}, check=True)
    real = RealEnvironment(tmp_path, tmp_path / "my_env")
    package(real.own, "thing", "2.0")
    leak = tmp_path / "leak"
    names = ["time", "math", "colorsys", "codecs", "thing", "tomllib", "queue", "graphlib"]
    leak.mkdir()
    for name in names:
        (leak / f"{name}.py").write_text("raise SystemExit(41)\n", encoding="ascii")
    if version in ("3.6", "3.8", "3.10"):  # it does not start with these, so each is judged by itself
        (leak / "codecs.py").unlink()
        names.remove("codecs")
    for tag in ("36m", "38", "310", "311", "312", "313"):
        (leak / f"compiled{tag}.cpython-{tag}-{os.uname().machine}-linux-gnu.so").touch()
        names.append(f"compiled{tag}")
    for ending in ("abi3.so", "so"):
        (leak / f"compiled_{ending[:-3]}.{ending}").touch()
    assert_agree(real, [leak], [*names, "compiled_abi3", "compiled_"])
    (leak / "os.py").write_text("raise SystemExit(41)\n", encoding="ascii")
    is_hidden = version in ("3.6", "3.8", "3.10")
    assert ("os" in real.hidden([leak])) == is_hidden
    assert (real.run([leak], "-c", "pass").status == 0) == (not is_hidden)


def assert_agree(real: RealEnvironment, entries: Sequence[Path], names: Sequence[str]) -> None:
    """Compare what doctor says of ``names`` with where the interpreter finds them, with and without PYTHONPATH."""
    before = real.located([], names)
    after = real.located(entries, names)
    hidden = real.hidden(entries)
    for name in names:
        parent = name.rpartition(".")[0]
        if parent and {before[parent], after[parent]} != {"namespace"}:
            assert name not in hidden  # what is in a package comes and goes with it
        elif after[name] == before[name] or after[name] == "namespace":
            assert name not in hidden or hidden[name].own is None, (name, before[name], after[name], hidden[name])
        else:
            assert hidden[name].location == os.path.dirname(after[name]), (name, before[name])
            assert (hidden[name].own is None) == (not before[name]), (name, before[name], hidden[name])


NAMES = ("alpha", "beta", "colorsys", "time", "graphlib")
KINDS = ("nothing", "package", "module", "namespace", "folder", "foreign", "fitting", "bytecode", "both", "dead")
BYTECODE = importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile("", "name.py", "exec"))
places = st.fixed_dictionaries({name: st.sampled_from(KINDS) for name in NAMES})


def fill(folder: Path, kinds: dict[str, str], fitting: str) -> None:
    """Write what ``kinds`` says into ``folder``; ``fitting`` is how ENV's Python has extension modules end."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind in kinds.items():
        if kind in ("package", "both"):
            (folder / name).mkdir()
            (folder / name / "__init__.py").touch()
            (folder / name / "inner.py").touch()
        if kind in ("module", "both"):
            (folder / f"{name}.py").touch()
        if kind in ("namespace", "folder"):
            (folder / name).mkdir()
            (folder / name / ("inner.py" if kind == "namespace" else "inner.txt")).touch()
        if kind in ("foreign", "fitting"):
            (folder / f"{name}{'.cpython-35m-x86_64-linux-gnu.so' if kind == 'foreign' else fitting}").touch()
        if kind == "dead":  # as an editor's lock, or a link into a folder that was moved
            (folder / f"{name}.py").symlink_to("/nonexistent/module.py")
        if kind == "bytecode":
            (folder / f"{name}.pyc").write_bytes(BYTECODE)


def pack(folder: Path) -> Path:
    """Turn a folder into an archive of its own."""
    for path in folder.iterdir():
        if not path.exists():
            path.unlink()  # an archive holds no dead links
    packed = Path(shutil.make_archive(str(folder), "zip", folder))
    shutil.rmtree(folder)
    return packed


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(own=places, leaks=st.lists(st.tuples(places, st.booleans()), min_size=1, max_size=3))
def test_in_any_arrangement(made: Path, own: dict[str, str], leaks: list[tuple[dict[str, str], bool]]) -> None:
    """Packages, modules, namespaces, extension modules, in folders and archives, in any order."""
    with tempfile.TemporaryDirectory() as top:
        real = copied(made, Path(top))
        fitting = real.run([], "-c", "import _imp; print(_imp.extension_suffixes()[0])").out.strip()
        fill(real.own, own, fitting)
        entries = []
        for number, (kinds, is_packed) in enumerate(leaks):
            entry = real.top / f"leak{number}"
            fill(entry, kinds, fitting)
            entries.append(pack(entry) if is_packed else entry)
        assert_agree(real, entries, [*NAMES, *(f"{name}.inner" for name in ("alpha", "beta"))])


def editable(real: RealEnvironment) -> Path:
    """Install a project editable as setuptools does it for a folder that is not called src."""
    project = real.top / "project"
    package(project / "code", "mine", "2.0")
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "mine-too"\nversion = "2.0"\n'
        '[tool.setuptools]\npackages = ["mine"]\npackage-dir = {mine = "code/mine"}\n',
        encoding="ascii",
    )
    base = with_pip()
    if base is None:
        skip_or_fail("no Python with pip here")
        raise AssertionError
    words = [base, "-m", "pip", "--python", f"{real.env}/bin/python", "install", "--no-deps", "-e", str(project)]
    done = subprocess.run(words, env=interpreters.NETWORK, capture_output=True, text=True, check=False)
    if done.returncode:
        skip_or_fail(f"cannot install editable: {done.stderr}")
    return project


@pytest.mark.parametrize("kind", ["package", "namespace"])
def test_an_editable_package_is_hidden_too(kind: str, real: RealEnvironment) -> None:
    """Its finder stands behind the path, so that even a folder without __init__ goes before it."""
    project = editable(real)
    leak = real.top / "leak"
    fill(leak, {"mine": kind}, "")
    before = real.run([], "-c", "import mine; print(mine.__version__, mine.__file__)").out.split()
    assert before == ["2.0", f"{project}/code/mine/__init__.py"]
    (hidden,) = only(iter(real.findings([leak])), "pythonpath-shadows").hides
    assert (hidden.package, hidden.location, hidden.own) == ("mine", str(leak), "2.0")
    after = real.run([leak], "-c", "import mine; print(list(mine.__path__))").out
    assert after == f"['{leak}/mine']\n"
    assert real.hidden([project / "code"]) == {}


def test_a_namespace_package_is_judged_part_by_part(real: RealEnvironment) -> None:
    """Portions stand side by side: of each part the first one wins (PEP 420)."""
    leak = real.top / "leak"
    for folder, names in ((leak, ("one", "two")), (real.own, ("two", "three"))):
        for name in names:
            module(folder / "shared", name, "1.0" if folder == leak else "2.0")
    hidden = real.hidden([leak])
    assert {name: (package.leaked, package.own) for name, package in hidden.items()} == {
        "shared.one": ("1.0", None),
        "shared.two": ("1.0", "2.0"),
    }
    for name, version in (("one", "1.0"), ("two", "1.0"), ("three", "2.0")):
        code = f"from shared import {name}; print({name}.__version__)"
        assert real.run([leak], "-c", code).out == f"{version}\n"


def test_a_package_hides_a_namespace_package(real: RealEnvironment) -> None:
    leak = package(real.top / "leak", "shared", "1.0").parent
    module(real.own / "shared", "three", "2.0")
    hidden = real.hidden([leak])["shared"]
    assert (hidden.leaked, hidden.own) == ("1.0", "")
    assert real.run([leak], "-c", "import shared.three").status == 1
    assert real.run([], "-c", "import shared.three").status == 0


@pytest.mark.parametrize(
    ("name", "value", "starts"),
    [
        ("PYTHONPLATLIBDIR", "lib", True),
        ("PYTHONPLATLIBDIR", "nonsense", False),
        ("PYTHONHOME", "", True),
        ("PYTHONHOME", "/nonexistent", False),
    ],
)
def test_an_interpreter_that_cannot_find_its_library(
    name: str, value: str, starts: bool, real: RealEnvironment
) -> None:
    environ = {"HOME": str(real.top), name: value}
    subject = Subject(environ, read_environment(str(real.env)), str(real.top), str(real.top))
    assert codes(python_variables.findings(subject)) == ([] if starts else [name.lower()])
    assert (call([f"{real.env}/bin/python", "-c", "pass"], environ).status == 0) == starts


def test_the_home_that_it_has_anyway(real: RealEnvironment) -> None:
    """A PYTHONHOME with the library of the very Python that the environment was made from changes nothing."""
    home = real.run([], "-c", "import sys; print(sys.base_prefix)").out.strip()
    environ = {"HOME": str(real.top), "PYTHONHOME": home}
    subject = Subject(environ, read_environment(str(real.env)), str(real.top), str(real.top))
    assert codes(python_variables.findings(subject)) == []
    assert call([f"{real.env}/bin/python", "-c", "import thing"], environ).status == 0
    alone = Subject(environ, None, str(real.top), str(real.top))
    assert codes(python_variables.findings(alone)) == ["pythonhome"]
