"""What needs what: extras and markers, cycles, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.freeze import views
from cleanenv.freeze.requirements_text import Choice
from tests.support.freeze_rooms import Room

if TYPE_CHECKING:
    from pathlib import Path


def top(room: Room) -> list[str]:
    return views.freeze(room.environment, Choice(), top_level=True)[0].splitlines()


def test_what_nothing_needs(room: Room) -> None:
    room.add("App", requires=["some_lib>=1", "absent"])
    room.add("some.lib", requires=["DEEP (>=0.5)"])
    room.add("deep")
    assert top(room) == ["App==1.0"]


def test_a_marker_that_does_not_hold_needs_nothing(room: Room) -> None:
    room.add("app", requires=['a; python_version < "3"', 'b; python_version == "3.11"', "c; sys_platform == 'win32'"])
    for name in "abc":
        room.add(name)
    assert top(room) == ["a==1.0", "app==1.0", "c==1.0"]


def test_markers_are_judged_for_the_environment_s_python(tmp_path: Path) -> None:
    room = Room(tmp_path / "old", "2.7")
    room.add(
        "app", requires=['a; python_version < "3"', 'b; python_version >= "3"', 'c; python_full_version == "2.7.5"']
    )
    for name in "abc":
        room.add(name)
    assert top(room) == ["app==1.0", "b==1.0"]


def test_an_extra_needs_something_only_where_one_asks_for_it(room: Room) -> None:
    room.add("lib", requires=['helper; extra == "Fast_Mode"', 'other; extra == "slow"'])
    room.add("helper")
    room.add("other")
    assert top(room) == ["helper==1.0", "lib==1.0", "other==1.0"]
    room.add("app", requires=["lib[fast.mode]"])
    assert top(room) == ["app==1.0", "other==1.0"]


def test_extras_that_ask_for_extras(room: Room) -> None:
    room.add("app", requires=["lib[all]"])
    room.add("lib", requires=['lib[a]; extra == "all"', 'far[b]; extra == "a"'])
    room.add("far", requires=['end; extra == "b"'])
    room.add("end")
    assert top(room) == ["app==1.0"]


def test_of_a_cycle_the_first_by_name_and_it_is_said(room: Room) -> None:
    room.add("zeta", requires=["Alpha"])
    room.add("Alpha", requires=["mid"])
    room.add("mid", requires=["zeta", "leaf"])
    room.add("leaf")
    text, problems = views.freeze(room.environment, Choice(), top_level=True)
    assert text == "Alpha==1.0\n"
    assert [problem.code for problem in problems] == ["cycle"]
    assert "Alpha, mid, zeta" in problems[0].message


def test_a_cycle_that_something_needs_has_no_root(room: Room) -> None:
    room.add("a", requires=["b"])
    room.add("b", requires=["a"])
    room.add("app", requires=["b"])
    assert top(room) == ["app==1.0"]


def test_a_long_chain_needs_no_recursion(room: Room) -> None:
    for number in range(1500):
        room.add(f"p{number}", requires=[f"p{number + 1}"])
    assert top(room) == ["p0==1.0"]


def test_an_egg_s_requires(room: Room) -> None:
    info = room.site_packages / "old-1.0-py3.8.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.1\nName: old\nVersion: 1.0\n")
    (info / "requires.txt").write_text(
        'a\n\n[:python_version < "3"]\nb\n\n[extra]\nc\n[other:python_version > "3"]\nd\n'
    )
    for name in "abcd":
        room.add(name)
    assert top(room) == ["b==1.0", "c==1.0", "d==1.0", "old==1.0"]
    room.add("app", requires=["old[other]"])
    assert top(room) == ["app==1.0", "b==1.0", "c==1.0"]


def test_a_requirement_that_cannot_be_read_is_told(room: Room) -> None:
    room.add("app", requires=["!!!", "a", 'b; python_version > "x" and nonsense == "1"'])
    room.add("a")
    text, problems = views.freeze(room.environment, Choice(), top_level=True)
    assert text == "app==1.0\n"
    assert "'app'" in problems[0].message
    assert "'!!!'" in problems[0].message


def test_annotations(room: Room) -> None:
    room.add("App", requires=["lib"])
    room.add("other", requires=["lib"])
    room.add("lib")
    text, _ = views.freeze(room.environment, Choice(), annotate=True)
    assert text == "App==1.0\nlib==1.0  # via App, other\nother==1.0\n"


def test_pip_is_left_out_of_the_roots(room: Room) -> None:
    room.add("pip")
    room.add("app")
    assert top(room) == ["app==1.0"]
