"""Python's own variables, and PYTHONPATH entry by entry."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanenv.doctor.checks import python_variables, pythonpath
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding
from tests.support.doctor_stage import Case, Stage, Variables, codes, module, only, package, zipped
from tests.support.freeze_rooms import Room


def on_path(*entries: Path | str) -> Variables:
    return {"PYTHONPATH": ":".join(map(str, entries))}


def leak_of(stage: Stage, name: str = "thing", version: str = "1.0") -> Path:
    return package(stage.top / "leak", name, version).parent


def shadowing(stage: Stage) -> Variables:
    package(stage.env.site_packages, "thing", "2.0")
    return on_path(leak_of(stage))


def with_standard(stage: Stage, *modules: str) -> Path:
    """Give ENV a standard library of the files alone that the search looks for, and return the folder of a leak."""
    library = stage.env.path / "lib/python3.11"
    for name in ("os", *modules):
        (library / f"{name}.py").touch()
    return stage.make("leak")


def email_module(stage: Stage) -> Variables:
    return on_path(module(with_standard(stage, "email"), "email", "0").parent)


def frozen_module(stage: Stage) -> Variables:
    """``os`` is frozen into Python 3.11: no file of that name is ever looked for."""
    return on_path(module(with_standard(stage), "os", "0").parent)


def alone(stage: Stage) -> Stage:
    stage.asked = False
    return stage


def user_package(stage: Stage) -> Stage:
    package(stage.home / ".local/lib/python3.11/site-packages", "thing", "1.0")
    return stage


def lib64(stage: Stage) -> Variables:
    with_standard(stage)
    (stage.env.path / "lib64").symlink_to("lib")
    return {"PYTHONPLATLIBDIR": "lib64"}


def other_python(stage: Stage, version: str) -> Variables:
    return on_path(stage.make(f"opt/lib/python{version}/site-packages"))


def loop(stage: Stage) -> Path:
    """Return a link to itself, which root cannot follow either."""
    (stage.top / "loop").symlink_to("loop")
    return stage.top / "loop"


def fifo(stage: Stage) -> Path:
    os.mkfifo(stage.top / "fifo")
    return stage.top / "fifo"


CASES = {
    "pythonpath-shadows": Case(shadowing, lambda stage: on_path(leak_of(stage))),
    "pythonpath-shadows-standard": Case(email_module, frozen_module),
    "pythonpath-customize": Case(
        lambda stage: on_path(module(stage.make("leak"), "sitecustomize", "0").parent),
        lambda stage: on_path(module(stage.make("leak"), "usercustomize", "0").parent),  # ENV has no user's packages
    ),
    "pythonpath-adds": Case(
        lambda stage: on_path(leak_of(stage)),
        lambda stage: on_path(stage.write("leak/thing.cpython-310-x86_64-linux-gnu.so").parent),
    ),
    "pythonpath-other-python": Case(
        lambda stage: other_python(stage, "3.8"),
        lambda stage: other_python(stage, "3.11"),
    ),
    "pythonpath-current": Case(lambda _: on_path("/usr/share", ""), lambda _: on_path("")),
    "pythonpath-relative": Case(lambda stage: on_path(stage.make("folder/src").name), lambda _: on_path("/usr/share")),
    "pythonpath-missing": Case(lambda _: on_path("/nonexistent"), lambda stage: on_path(stage.make("there"))),
    "pythonpath-file": Case(
        lambda stage: on_path(stage.write("leak.py")),
        lambda stage: on_path(zipped(stage.top / "leak.zip", {"thing.py": ""})),
    ),
    "pythonpath-unreadable": Case(lambda stage: on_path(loop(stage)), lambda stage: on_path(stage.make("there"))),
    "pythonpath-needless": Case(lambda stage: on_path(stage.make("leak")), lambda stage: on_path(leak_of(stage))),
    "pythonhome": Case(lambda _: {"PYTHONHOME": "/opt/python"}, lambda _: {"PYTHONHOME": ""}),
    "pythonplatlibdir": Case(lambda _: {"PYTHONPLATLIBDIR": "lib64"}, lib64),
    "pythonuserbase": Case(
        lambda stage: {"PYTHONUSERBASE": str(stage.top / "base")},
        lambda stage: {"PYTHONUSERBASE": str(stage.home / ".local")},
    ),
    "pythonstartup": Case(
        lambda stage: {"PYTHONSTARTUP": str(stage.write("startup.py"))}, lambda _: {"PYTHONSTARTUP": ""}
    ),
    "pythoninspect": Case(lambda _: {"PYTHONINSPECT": "1"}, lambda _: {"PYTHONSAFEPATH": "1"}),
    "python-executable": Case(
        lambda _: {"__PYVENV_LAUNCHER__": "/usr/bin/python3"}, lambda _: {"PYTHONNOUSERSITE": "1"}
    ),
    "python-behaviour": Case(
        lambda _: {"PYTHONOPTIMIZE": "1"},
        lambda _: {
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONOPTIMIZE": "0",
        },
    ),
    "user-site": Case(
        lambda stage: {"HOME": str(user_package(alone(stage)).home)},
        lambda stage: {"HOME": str(user_package(alone(stage)).home), "PYTHONNOUSERSITE": "1"},
    ),
}


def findings(stage: Stage, environ: Variables) -> list[Finding]:
    subject = stage.subject(environ)
    return [*pythonpath.findings(subject), *python_variables.findings(subject)]


@pytest.mark.parametrize("code", CASES)
def test_it_is_shown(code: str, stage: Stage) -> None:
    found = only(iter(findings(stage, CASES[code].shows(stage))), code)
    assert found.severity == SEVERITY[code]
    assert found.fact
    assert found.remedy


@pytest.mark.parametrize("code", CASES)
def test_what_is_near_is_not(code: str, stage: Stage) -> None:
    assert code not in codes(findings(stage, CASES[code].near(stage)))


def test_no_variable_no_finding(stage: Stage) -> None:
    package(stage.env.site_packages, "thing", "1.0")
    assert findings(stage, {}) == []
    assert findings(alone(stage), {}) == []


def test_a_pipe_is_not_waited_for(stage: Stage) -> None:
    assert codes(findings(stage, on_path(fifo(stage)))) == ["pythonpath-file"]


def test_both_versions_are_named(stage: Stage) -> None:
    found = only(iter(findings(stage, shadowing(stage))), "pythonpath-shadows")
    (hidden,) = found.hides
    assert (hidden.package, hidden.leaked, hidden.own) == ("thing", "1.0", "2.0")
    assert hidden.location == str(stage.top / "leak")
    assert (found.variable, found.value, found.line) == ("PYTHONPATH", str(stage.top / "leak"), "unset PYTHONPATH")


def test_a_version_by_another_name(stage: Stage) -> None:
    """The distribution is called otherwise than its module: RECORD says what came with it, or top_level.txt."""
    leak = stage.make("leak")
    (leak / "yaml").mkdir()
    (leak / "yaml/__init__.py").touch()
    info = leak / "PyYAML-5.3.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: PyYAML\nVersion: 5.3\n", encoding="ascii")
    (info / "top_level.txt").write_text("_yaml\nyaml\n", encoding="ascii")
    own = stage.env.site_packages
    (own / "yaml").mkdir()
    (own / "yaml/__init__.py").touch()
    stage.env.add("PyYAML", "6.0", RECORD="yaml/__init__.py,,\n")
    found = only(iter(findings(stage, on_path(leak))), "pythonpath-shadows")
    assert [(hidden.package, hidden.leaked, hidden.own) for hidden in found.hides] == [("yaml", "5.3", "6.0")]
    assert found.evidence == (f"import yaml loads {leak}/yaml (from PyYAML)",)


def test_a_source_tree_tells_its_version(stage: Stage) -> None:
    """PKG-INFO at the top of an unpacked archive of sources."""
    leak = stage.make("thing-3.1")
    (leak / "thing").mkdir()
    (leak / "thing/__init__.py").touch()
    (leak / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: thing\nVersion: 3.1\n", encoding="ascii")
    assert only(iter(findings(stage, on_path(leak))), "pythonpath-adds").hides[0].leaked == "3.1"


def test_pth_and_links_are_not_followed_there(stage: Stage) -> None:
    """Only site-packages has .pth files read (site.py)."""
    elsewhere = package(stage.top / "elsewhere", "thing", "1.0").parent
    leak = stage.make("leak")
    (leak / "a.pth").write_text(f"{elsewhere}\n", encoding="utf-8")
    (leak / "thing.egg-link").write_text(f"{elsewhere}\n.\n", encoding="utf-8")
    assert codes(findings(stage, on_path(leak))) == ["pythonpath-needless"]


def test_what_was_built_for_another_python_is_told(stage: Stage) -> None:
    leak = leak_of(stage)
    (leak / "thing/core.cpython-310-x86_64-linux-gnu.so").touch()
    found = only(iter(findings(stage, on_path(leak))), "pythonpath-adds")
    file = f"{leak}/thing/core.cpython-310-x86_64-linux-gnu.so"
    assert found.evidence == (f"thing fails to import: {file} is for CPython 3.10, the environment has 3.11.5",)


def test_built_for_both_it_is_not_told(stage: Stage) -> None:
    leak = leak_of(stage)
    for tag in ("cpython-310-x86_64-linux-gnu", f"cpython-311-{os.uname().machine}-linux-gnu"):
        (leak / f"thing/core.{tag}.so").touch()
    found = only(iter(findings(stage, on_path(leak))), "pythonpath-adds")
    assert found.evidence == ()


def test_the_environments_own_folder_hides_nothing(stage: Stage) -> None:
    package(stage.env.site_packages, "thing", "1.0")
    assert codes(findings(stage, on_path(stage.env.site_packages))) == ["pythonpath-needless"]


def test_an_egg_that_a_pth_file_puts_in_front_is_not_hidden(stage: Stage) -> None:
    """Old easy-install.pth: its eggs go before PYTHONPATH."""
    egg = stage.env.site_packages / "thing-2.0-py3.11.egg"
    module(egg, "thing", "2.0")
    leak = module(stage.make("leak"), "thing", "1.0").parent
    pth = stage.env.site_packages / "easy-install.pth"
    pth.write_text(f"./{egg.name}\n", encoding="ascii")
    assert "pythonpath-shadows" in codes(findings(stage, on_path(leak)))
    lines = (
        "import sys; sys.__plen = len(sys.path)",
        f"./{egg.name}",
        (
            "import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:]; p=getattr(sys,'__egginsert',0); "
            "sys.path[p:p]=new; sys.__egginsert = p+len(new)"
        ),
    )
    pth.write_text("\n".join(lines), encoding="ascii")
    assert codes(findings(stage, on_path(leak))) == ["pythonpath-needless"]


def test_without_an_environment_it_adds_to_all(stage: Stage) -> None:
    found = findings(alone(stage), on_path(leak_of(stage)))
    assert codes(found) == ["pythonpath-adds"]
    assert "to every Python" in found[0].fact


def test_a_name_that_is_a_folder_of_data_is_no_package(stage: Stage) -> None:
    """Folders without modules are namespace packages by PEP 420, and nothing that one imports."""
    leak = stage.make("leak")
    stage.write("leak/docs/index.rst")
    assert codes(findings(stage, on_path(leak))) == ["pythonpath-needless"]
    stage.write("leak/docs/conf.py")
    assert codes(findings(stage, on_path(leak))) == ["pythonpath-adds"]


def test_python_2_knows_no_namespace_packages(stage: Stage) -> None:
    """A folder without __init__ is nothing to it (PEP 420 came with 3.3)."""
    leak = stage.write("leak/thing/inner.py").parent.parent
    assert "pythonpath-adds" in codes(findings(stage, on_path(leak)))
    stage.env = Room(stage.top / "old_env", "2.7")
    assert codes(findings(stage, on_path(leak))) == ["pythonpath-needless"]


# What stands in the file of a finder; the versions that its modules show.
FINDERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("MAPPING: dict[str, str] = {{'thing': '{top}/project/thing'}}", ("2.0",)),
    ("MAPPING = {{'thing': '{top}/project/thing', 'thing.part': '/nonexistent'}}", ("2.0",)),
    ("MAPPING = {{'thing': '{top}/project/alone'}}", ("3.0",)),  # a module of one file, without its ending
    ("MAPPING = {{'thing': '/nonexistent/thing'}}", ()),
    ("MAPPING = {{'thing': 5, 6: 'x'}}", ()),
    ("MAPPING = ['thing']", ()),
    ("MAPPING = __import__('os').abort()", ()),
    ("MAPPING = {{", ()),
    ("NAMESPACES = {{}}", ()),
)


@pytest.mark.parametrize(("text", "versions"), FINDERS)
def test_finders_of_editable_packages_are_read(text: str, versions: tuple[str, ...], stage: Stage) -> None:
    package(stage.top / "project", "thing", "2.0")
    module(stage.top / "project", "alone", "3.0")
    finder = stage.env.site_packages / "__editable___thing_2_0_finder.py"
    finder.write_text(f"import sys\n{text.format(top=stage.top)}\n", encoding="utf-8")
    found = findings(stage, on_path(leak_of(stage)))
    assert [hidden.own for finding in found for hidden in finding.hides] == [*(versions or (None,))]
