"""What entries do to imports, by directories alone; test_shadowing.py asks an interpreter for the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanenv.doctor.imports import shadowing
from cleanenv.doctor.imports.path_entry import NAMESPACE, Entry, Module
from cleanenv.doctor.imports.shadowing import Resolved
from cleanenv.doctor.imports.sys_path import Given, SearchPath
from cleanenv.environments.interpreter import Interpreter
from tests.support.doctor_scene import zipped

PYTHON = Interpreter("python3.11", "3.11.5")
# What an effect has of each kind, as pairs of a name and the part of the path that is hidden.
Rows = dict[str, list[tuple[str, str]]]


class Parts:
    """The parts of a search path, each a directory below ``top``."""

    def __init__(self, top: Path, python: Interpreter | None = PYTHON, *, has_user_site: bool = False) -> None:
        self.top = top
        self.python = python
        self.has_user_site = has_user_site
        self.editable: dict[str, Module] = {}
        self.leaks = ["leak"]

    def write(self, *files: str) -> None:
        """Write empty files, and directories if a name ends in a slash."""
        for file in files:
            path = self.top / file
            path.parent.mkdir(parents=True, exist_ok=True)
            if file.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.touch()

    def entry(self, name: str) -> Entry:
        return Entry(f"{self.top}/{name}", self.python)

    def effects(self) -> dict[str, Rows]:
        """Return what each entry of PYTHONPATH does, by the name of its directory."""
        given = [Given(name, self.entry(name), "") for name in self.leaks]
        standard = [self.entry("standard"), self.entry("dynload")]
        own = [self.entry("own"), self.entry("base")]
        path = SearchPath(self.python, [self.entry("front")], given, standard, own, self.editable, self.has_user_site)
        return {Path(entry.path).name: self.rows_of(effect) for entry, effect in shadowing.effects(path).items()}

    def rows_of(self, effect: shadowing.Effect) -> Rows:
        rows: Rows = {}
        for kind, modules in (("runs", effect.runs), ("adds", effect.adds)):
            rows[kind] = [(module.name, "") for module in modules]
        for kind, hidings in (("shadows", effect.shadows), ("standard", effect.standard)):
            rows[kind] = [(module.name, hidden.path.removeprefix(f"{self.top}/")) for module, hidden in hidings]
        return {kind: pairs for kind, pairs in rows.items() if pairs}


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path)


def adds(*names: str) -> dict[str, Rows]:
    return {"leak": {"adds": [(name, "") for name in names]}}


def shadows(name: str, path: str) -> dict[str, Rows]:
    return {"leak": {"shadows": [(name, path)]}}


def test_what_is_nowhere_else_is_added_in_the_order_of_names(parts: Parts) -> None:
    parts.write("leak/zeta.py", "leak/alpha/__init__.py")
    assert parts.effects() == adds("alpha", "zeta")


def test_what_env_has_is_hidden(parts: Parts) -> None:
    parts.write("leak/thing.py", "own/thing/__init__.py", "base/thing.py")
    assert parts.effects() == shadows("thing", "own/thing")


def test_what_the_environment_sees_is_hidden_too(parts: Parts) -> None:
    parts.write("leak/thing.py", "base/thing.py")
    assert parts.effects() == shadows("thing", "base/thing.py")


@pytest.mark.parametrize("part", ["standard", "dynload"])
def test_what_the_standard_library_has_is_hidden(part: str, parts: Parts) -> None:
    """It goes before ENV's own."""
    parts.write("leak/thing.py", f"{part}/thing.py", "own/thing.py")
    assert parts.effects() == {"leak": {"standard": [("thing", f"{part}/thing.py")]}}


def test_nothing_is_found_where_nothing_leaks(parts: Parts) -> None:
    parts.write("own/thing.py", "leak/")
    assert parts.effects() == {}
    parts.leaks = []
    assert parts.effects() == {}


def test_an_egg_in_front_is_not_hidden(parts: Parts) -> None:
    parts.write("leak/thing.py", "front/thing.py", "own/thing.py", "leak/other.py")
    assert parts.effects() == adds("other")


def test_the_first_entry_counts(parts: Parts) -> None:
    parts.leaks = ["first", "second"]
    parts.write("first/thing.py", "second/thing.py", "second/other.py", "own/thing.py")
    assert parts.effects() == {
        "first": {"shadows": [("thing", "own/thing.py")]},
        "second": {"adds": [("other", "")]},
    }


def test_the_same_file_by_a_link_changes_nothing(parts: Parts) -> None:
    parts.write("own/thing.py", "own/other.py", "leak/")
    (parts.top / "leak/thing.py").symlink_to(parts.top / "own/thing.py")
    (parts.top / "leak/other.py").hardlink_to(parts.top / "own/other.py")
    assert parts.effects() == {}


def test_the_same_archive_changes_nothing(parts: Parts) -> None:
    """What is in it cannot be compared by stat, so it is by its path."""
    zipped(parts.top / "own", {"thing.py": ""})
    zipped(parts.top / "leak.zip", {"thing.py": ""})
    parts.leaks = ["own"]
    assert parts.effects() == {}
    parts.leaks = ["leak.zip"]
    assert parts.effects() == {"leak.zip": {"shadows": [("thing", "own/thing.py")]}}


@pytest.mark.parametrize(
    ("name", "has_user_site", "runs"),
    [
        ("sitecustomize", False, True),
        ("sitecustomize", True, True),
        ("usercustomize", False, False),
        ("usercustomize", True, True),
        ("customize", True, False),
    ],
)
def test_what_site_imports_runs(name: str, has_user_site: bool, runs: bool, tmp_path: Path) -> None:
    parts = Parts(tmp_path, has_user_site=has_user_site)
    parts.write(f"leak/{name}.py")
    assert parts.effects() == {"leak": {"runs" if runs else "adds": [(name, "")]}}
    parts.write(f"own/{name}.py")
    kind = "runs" if runs else "shadows"
    assert parts.effects() == {"leak": {kind: [(name, "" if runs else f"own/{name}.py")]}}


@pytest.mark.parametrize(
    ("python", "is_hidden"),
    [
        (Interpreter("python3.10", "3.10"), True),
        (Interpreter("python3.11", "3.11"), False),
        (Interpreter("pypy3.11", "3.11"), True),
        (None, False),
    ],
)
def test_what_is_frozen_is_never_searched(python: Interpreter | None, is_hidden: bool, tmp_path: Path) -> None:
    parts = Parts(tmp_path, python)
    parts.write("leak/os.py", "standard/os.py")
    assert parts.effects() == ({"leak": {"standard": [("os", "standard/os.py")]}} if is_hidden else {})


def test_what_is_built_in_is_never_searched(parts: Parts) -> None:
    """Unless this Python has it in a file; then it may hide that."""
    parts.write("leak/_abc.py", "leak/math.py")
    parts.write("dynload/math.cpython-311-x86_64-linux-gnu.so")
    parts.python = None  # whichever machine this is
    assert parts.effects() == {
        "leak": {"standard": [("math", "dynload/math.cpython-311-x86_64-linux-gnu.so")]},
    }


def test_what_came_with_a_newer_python_is_added(tmp_path: Path) -> None:
    """Python 3.8 has no tomllib, in a file or built in."""
    parts = Parts(tmp_path, Interpreter("python3.8", "3.8"))
    parts.write("leak/dataclasses.py")
    assert parts.effects() == adds("dataclasses")


def test_within_a_package_every_name_is_searched(parts: Parts) -> None:
    """Built in and frozen are whole names: ``shared.os`` is not ``os``."""
    parts.write("leak/shared/os.py", "leak/shared/_abc.py", "own/shared/os.py", "own/shared/_abc.py")
    assert parts.effects() == {
        "leak": {"shadows": [("shared._abc", "own/shared/_abc.py"), ("shared.os", "own/shared/os.py")]},
    }


def test_what_site_imports_is_a_whole_name_too(parts: Parts) -> None:
    parts.write("leak/shared/sitecustomize.py", "own/shared/other.py")
    assert parts.effects() == adds("shared.sitecustomize")


@pytest.mark.parametrize(("kind", "hidden"), [("thing.py", True), ("thing/inner.py", True), ("thing/notes.txt", True)])
def test_an_editable_package_is_asked_last(kind: str, hidden: bool, parts: Parts) -> None:
    """So that even a directory of data goes before it."""
    parts.write("project/thing/__init__.py", f"leak/{kind}")
    parts.editable = {"thing": Module("thing", "package", f"{parts.top}/project/thing", parts.entry("own"))}
    assert parts.effects() == (shadows("thing", "project/thing") if hidden else {})


def test_an_editable_package_behind_envs_own_is_not_what_is_hidden(parts: Parts) -> None:
    parts.write("project/thing/__init__.py", "leak/thing.py", "own/thing.py")
    parts.editable = {"thing": Module("thing", "package", f"{parts.top}/project/thing", parts.entry("own"))}
    assert parts.effects() == shadows("thing", "own/thing.py")


def test_an_editable_name_counts_at_the_top_only(parts: Parts) -> None:
    parts.write("leak/shared/thing.py", "own/shared/other.py")
    parts.editable = {"thing": Module("thing", "package", "/project/thing", parts.entry("own"))}
    assert parts.effects() == adds("shared.thing")


def test_a_namespace_package_with_modules_is_added(parts: Parts) -> None:
    parts.leaks = ["leak", "second"]
    parts.write("leak/shared/inner.py", "second/shared/more.py", "second/data/notes.txt", "leak/outer/data/notes.txt")
    assert parts.effects() == {"leak": {"adds": [("shared", "")]}, "second": {"adds": [("shared", "")]}}


def test_a_package_of_envs_goes_before_a_namespace_package(parts: Parts) -> None:
    parts.write("leak/thing/inner.py", "own/thing/__init__.py")
    assert parts.effects() == {}


def test_a_package_hides_a_namespace_package_of_envs(parts: Parts) -> None:
    """The first portion stands for all."""
    parts.write("leak/thing/__init__.py", "own/thing/inner.py", "base/thing/more.py")
    assert parts.effects() == shadows("thing", "own/thing")


def test_a_namespace_package_of_both_is_compared_name_by_name(parts: Parts) -> None:
    parts.leaks = ["leak", "second"]
    parts.write("leak/shared/a.py", "second/shared/a.py", "second/shared/b.py", "second/shared/c.py")
    parts.write("own/shared/b.py", "base/shared/b.py", "base/shared/d.py")
    assert parts.effects() == {
        "leak": {"adds": [("shared.a", "")]},
        "second": {"adds": [("shared.c", "")], "shadows": [("shared.b", "own/shared/b.py")]},
    }


def test_a_portion_in_front_goes_first_within_it(parts: Parts) -> None:
    """It was found before PYTHONPATH's, but portions are searched in the order of the path."""
    parts.write("front/shared/a.py", "leak/shared/b.py")
    assert parts.effects() == adds("shared.b")


def test_a_portion_without_anything_new_does_nothing(parts: Parts) -> None:
    parts.write("leak/shared/", "own/shared/a.py")
    assert parts.effects() == {}


@pytest.mark.parametrize("names", ["a", "a/b", "a/b/c", "a/b/c/d"])
def test_namespace_packages_up_to_four_deep(names: str, parts: Parts) -> None:
    parts.write(f"leak/{names}/thing.py", f"own/{names}/thing.py")
    assert parts.effects() == shadows(f"{names.replace('/', '.')}.thing", f"own/{names}/thing.py")


def test_namespace_packages_five_deep_are_not_compared(parts: Parts) -> None:
    """Links may make them endless."""
    parts.write("leak/a/b/c/d/e/thing.py", "own/a/b/c/d/e/thing.py")
    assert parts.effects() == {}
    parts.write("leak/a/b/c/d/thing.py", "own/a/b/c/d/other.py")
    assert parts.effects() == adds("a.b.c.d.thing")


def test_endless_namespace_packages_come_to_an_end(parts: Parts) -> None:
    for name in ("leak", "own"):
        parts.write(f"{name}/loop/thing.py")
        (parts.top / name / "loop/loop").symlink_to(".")
    effects = parts.effects()["leak"]["shadows"]
    assert [name for name, _ in effects][-1] == "loop.thing"
    assert len(effects) == 4


def test_resolving(parts: Parts) -> None:
    """A module ends the search; portions of a namespace package are all those before nothing else is found."""
    parts.write("leak/thing/a.py", "own/thing/b.py", "base/thing.py", "base/other.py")
    leak, own, base = parts.entry("leak"), parts.entry("own"), parts.entry("base")
    assert shadowing.resolve("thing", [leak, own, base]) == Resolved(base.modules["thing"], ())
    resolved = shadowing.resolve("thing", [own, leak])
    assert resolved == Resolved(None, [own.modules["thing"], leak.modules["thing"]])
    assert resolved.portions[0].kind == NAMESPACE
    assert resolved.first == own.modules["thing"]
    assert shadowing.resolve("missing", [leak, own, base]).first is None
    assert shadowing.resolve("other", [leak, own, base]).first == base.modules["other"]
