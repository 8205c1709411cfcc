"""Python's own variables, and PYTHONPATH entry by entry."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleanenv.doctor.checks import python_variables, pythonpath
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding, Subject
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, module, only, package, zipped
from tests.support.fake_environment import FakeEnvironment, add


def on_path(*entries: Path | str) -> Variables:
    return {"PYTHONPATH": ":".join(map(str, entries))}


def leak_of(scene: Scene, name: str = "thing", version: str = "1.0") -> Path:
    return package(scene.top / "leak", name, version).parent


def shadowing(scene: Scene) -> Variables:
    package(scene.env.site_packages, "thing", "2.0")
    return on_path(leak_of(scene))


def with_standard(scene: Scene, *modules: str) -> Path:
    """Give ENV a standard library of the files alone that the search looks for, and return the folder of a leak."""
    library = scene.env.path / "lib/python3.11"
    for name in ("os", *modules):
        (library / f"{name}.py").touch()
    return scene.make("leak")


def email_module(scene: Scene) -> Variables:
    return on_path(module(with_standard(scene, "email"), "email", "0").parent)


def frozen_module(scene: Scene) -> Variables:
    """``os`` is frozen into Python 3.11: no file of that name is ever looked for."""
    return on_path(module(with_standard(scene), "os", "0").parent)


def alone(scene: Scene) -> Scene:
    scene.is_alone = True
    return scene


def user_package(scene: Scene) -> Scene:
    package(scene.home / ".local/lib/python3.11/site-packages", "thing", "1.0")
    return scene


def lib64(scene: Scene) -> Variables:
    with_standard(scene)
    (scene.env.path / "lib64").symlink_to("lib")
    return {"PYTHONPLATLIBDIR": "lib64"}


def other_python(scene: Scene, version: str) -> Variables:
    return on_path(scene.make(f"opt/lib/python{version}/site-packages"))


def loop(scene: Scene) -> Path:
    """Return a link to itself, which root cannot follow either."""
    (scene.top / "loop").symlink_to("loop")
    return scene.top / "loop"


def fifo(scene: Scene) -> Path:
    os.mkfifo(scene.top / "fifo")
    return scene.top / "fifo"


CASES = {
    "pythonpath-shadows": by_variables(shadowing, lambda scene: on_path(leak_of(scene))),
    "pythonpath-shadows-standard": by_variables(email_module, frozen_module),
    "pythonpath-customize": by_variables(
        lambda scene: on_path(module(scene.make("leak"), "sitecustomize", "0").parent),
        lambda scene: on_path(module(scene.make("leak"), "usercustomize", "0").parent),  # ENV has no user's packages
    ),
    "pythonpath-adds": by_variables(
        lambda scene: on_path(leak_of(scene)),
        lambda scene: on_path(scene.write("leak/thing.cpython-310-x86_64-linux-gnu.so").parent),
    ),
    "pythonpath-other-python": by_variables(
        lambda scene: other_python(scene, "3.8"),
        lambda scene: other_python(scene, "3.11"),
    ),
    "pythonpath-current": by_variables(lambda _: on_path("/usr/share", ""), lambda _: on_path("")),
    "pythonpath-relative": by_variables(
        lambda scene: on_path(scene.make("folder/src").name), lambda _: on_path("/usr/share")
    ),
    "pythonpath-missing": by_variables(lambda _: on_path("/nonexistent"), lambda scene: on_path(scene.make("there"))),
    "pythonpath-file": by_variables(
        lambda scene: on_path(scene.write("leak.py")),
        lambda scene: on_path(zipped(scene.top / "leak.zip", {"thing.py": ""})),
    ),
    "pythonpath-unreadable": by_variables(
        lambda scene: on_path(loop(scene)), lambda scene: on_path(scene.make("there"))
    ),
    "pythonpath-needless": by_variables(
        lambda scene: on_path(scene.make("leak")), lambda scene: on_path(leak_of(scene))
    ),
    "pythonhome": by_variables(lambda _: {"PYTHONHOME": "/opt/python"}, lambda _: {"PYTHONHOME": ""}),
    "pythonplatlibdir": by_variables(lambda _: {"PYTHONPLATLIBDIR": "lib64"}, lib64),
    "pythonuserbase": by_variables(
        lambda scene: {"PYTHONUSERBASE": str(scene.top / "base")},
        lambda scene: {"PYTHONUSERBASE": str(scene.home / ".local")},
    ),
    "pythonstartup": by_variables(
        lambda scene: {"PYTHONSTARTUP": str(scene.write("startup.py"))}, lambda _: {"PYTHONSTARTUP": ""}
    ),
    "pythoninspect": by_variables(lambda _: {"PYTHONINSPECT": "1"}, lambda _: {"PYTHONSAFEPATH": "1"}),
    "python-executable": by_variables(
        lambda _: {"__PYVENV_LAUNCHER__": "/usr/bin/python3"}, lambda _: {"PYTHONNOUSERSITE": "1"}
    ),
    "python-behaviour": by_variables(
        lambda _: {"PYTHONOPTIMIZE": "1"},
        lambda _: {
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONOPTIMIZE": "0",
        },
    ),
    "user-site": by_variables(
        lambda scene: {"HOME": str(user_package(alone(scene)).home)},
        lambda scene: {"HOME": str(user_package(alone(scene)).home), "PYTHONNOUSERSITE": "1"},
    ),
}


def findings(scene: Scene, environ: Variables) -> list[Finding]:
    return findings_of(scene.subject(environ))


def findings_of(subject: Subject) -> list[Finding]:
    return [*pythonpath.findings(subject), *python_variables.findings(subject)]


@pytest.mark.parametrize("code", CASES)
def test_it_is_reported(code: str, tmp_path: Path) -> None:
    finding = only(iter(findings_of(CASES[code].reported[0](tmp_path))), code)
    assert finding.severity == SEVERITY[code]
    assert finding.fact
    assert finding.remedy


@pytest.mark.parametrize("code", CASES)
def test_a_near_miss_is_not(code: str, tmp_path: Path) -> None:
    assert code not in codes(findings_of(CASES[code].near_misses[0](tmp_path)))


def test_no_variable_no_finding(scene: Scene) -> None:
    package(scene.env.site_packages, "thing", "1.0")
    assert findings(scene, {}) == []
    assert findings(alone(scene), {}) == []


def test_a_pipe_is_not_waited_for(scene: Scene) -> None:
    assert codes(findings(scene, on_path(fifo(scene)))) == ["pythonpath-file"]


def test_both_versions_are_named(scene: Scene) -> None:
    finding = only(iter(findings(scene, shadowing(scene))), "pythonpath-shadows")
    (hidden,) = finding.hides
    assert (hidden.package, hidden.leaked, hidden.own) == ("thing", "1.0", "2.0")
    assert hidden.location == str(scene.top / "leak")
    assert (finding.variable, finding.value, finding.line) == (
        "PYTHONPATH",
        str(scene.top / "leak"),
        "unset PYTHONPATH",
    )


def test_a_version_by_another_name(scene: Scene) -> None:
    """The distribution is called otherwise than its module: RECORD says what came with it, or top_level.txt."""
    leak = scene.make("leak")
    (leak / "yaml").mkdir()
    (leak / "yaml/__init__.py").touch()
    info = leak / "PyYAML-5.3.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: PyYAML\nVersion: 5.3\n", encoding="ascii")
    (info / "top_level.txt").write_text("_yaml\nyaml\n", encoding="ascii")
    own = scene.env.site_packages
    (own / "yaml").mkdir()
    (own / "yaml/__init__.py").touch()
    add(own, "PyYAML", "6.0", RECORD="yaml/__init__.py,,\n")
    finding = only(iter(findings(scene, on_path(leak))), "pythonpath-shadows")
    assert [(hidden.package, hidden.leaked, hidden.own) for hidden in finding.hides] == [("yaml", "5.3", "6.0")]
    (hidden,) = finding.hides
    assert (hidden.distribution, hidden.own_distribution) == ("PyYAML", "PyYAML")
    assert finding.evidence == (f"import yaml loads {leak}/yaml (from PyYAML)",)


def test_a_source_tree_tells_its_version(scene: Scene) -> None:
    """PKG-INFO at the top of an unpacked archive of sources."""
    leak = scene.make("thing-3.1")
    (leak / "thing").mkdir()
    (leak / "thing/__init__.py").touch()
    (leak / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: thing\nVersion: 3.1\n", encoding="ascii")
    assert only(iter(findings(scene, on_path(leak))), "pythonpath-adds").hides[0].leaked == "3.1"


def test_pth_and_links_are_not_followed_there(scene: Scene) -> None:
    """Only site-packages has .pth files read (site.py)."""
    elsewhere = package(scene.top / "elsewhere", "thing", "1.0").parent
    leak = scene.make("leak")
    (leak / "a.pth").write_text(f"{elsewhere}\n", encoding="utf-8")
    (leak / "thing.egg-link").write_text(f"{elsewhere}\n.\n", encoding="utf-8")
    assert codes(findings(scene, on_path(leak))) == ["pythonpath-needless"]


def test_what_was_built_for_another_python_is_told(scene: Scene) -> None:
    leak = leak_of(scene)
    (leak / "thing/core.cpython-310-x86_64-linux-gnu.so").touch()
    finding = only(iter(findings(scene, on_path(leak))), "pythonpath-adds")
    file = f"{leak}/thing/core.cpython-310-x86_64-linux-gnu.so"
    assert finding.evidence == (f"thing fails to import: {file} is for CPython 3.10, the environment has 3.11.5",)


def test_built_for_both_it_is_not_told(scene: Scene) -> None:
    leak = leak_of(scene)
    for tag in ("cpython-310-x86_64-linux-gnu", f"cpython-311-{os.uname().machine}-linux-gnu"):
        (leak / f"thing/core.{tag}.so").touch()
    finding = only(iter(findings(scene, on_path(leak))), "pythonpath-adds")
    assert finding.evidence == ()


def test_the_environments_own_folder_hides_nothing(scene: Scene) -> None:
    package(scene.env.site_packages, "thing", "1.0")
    assert codes(findings(scene, on_path(scene.env.site_packages))) == ["pythonpath-needless"]


def test_an_egg_that_a_pth_file_puts_in_front_is_not_hidden(scene: Scene) -> None:
    """Old easy-install.pth: its eggs go before PYTHONPATH."""
    egg = scene.env.site_packages / "thing-2.0-py3.11.egg"
    module(egg, "thing", "2.0")
    leak = module(scene.make("leak"), "thing", "1.0").parent
    pth = scene.env.site_packages / "easy-install.pth"
    pth.write_text(f"./{egg.name}\n", encoding="ascii")
    assert "pythonpath-shadows" in codes(findings(scene, on_path(leak)))
    lines = (
        "import sys; sys.__plen = len(sys.path)",
        f"./{egg.name}",
        (
            "import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:]; p=getattr(sys,'__egginsert',0); "
            "sys.path[p:p]=new; sys.__egginsert = p+len(new)"
        ),
    )
    pth.write_text("\n".join(lines), encoding="ascii")
    assert codes(findings(scene, on_path(leak))) == ["pythonpath-needless"]


def test_without_an_environment_it_adds_to_all(scene: Scene) -> None:
    reported = findings(alone(scene), on_path(leak_of(scene)))
    assert codes(reported) == ["pythonpath-adds"]
    assert "to every Python" in reported[0].fact


def test_a_name_that_is_a_folder_of_data_is_no_package(scene: Scene) -> None:
    """Folders without modules are namespace packages by PEP 420, and nothing that one imports."""
    leak = scene.make("leak")
    scene.write("leak/docs/index.rst")
    assert codes(findings(scene, on_path(leak))) == ["pythonpath-needless"]
    scene.write("leak/docs/conf.py")
    assert codes(findings(scene, on_path(leak))) == ["pythonpath-adds"]


def test_python_2_knows_no_namespace_packages(scene: Scene) -> None:
    """A folder without __init__ is nothing to it (PEP 420 came with 3.3)."""
    leak = scene.write("leak/thing/inner.py").parent.parent
    assert "pythonpath-adds" in codes(findings(scene, on_path(leak)))
    scene.env = FakeEnvironment(scene.top, "2.7", name="old_env")
    assert codes(findings(scene, on_path(leak))) == ["pythonpath-needless"]


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
def test_finders_of_editable_packages_are_read(text: str, versions: tuple[str, ...], scene: Scene) -> None:
    package(scene.top / "project", "thing", "2.0")
    module(scene.top / "project", "alone", "3.0")
    finder = scene.env.site_packages / "__editable___thing_2_0_finder.py"
    finder.write_text(f"import sys\n{text.format(top=scene.top)}\n", encoding="utf-8")
    reported = findings(scene, on_path(leak_of(scene)))
    assert [hidden.own for finding in reported for hidden in finding.hides] == [*(versions or (None,))]
