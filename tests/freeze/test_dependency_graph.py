"""What needs what: extras and markers, cycles, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.freeze import views
from cleanenv.freeze.requirements_text import Choice
from tests.support.fake_environment import FakeEnvironment

if TYPE_CHECKING:
    from pathlib import Path


def top(fake: FakeEnvironment) -> list[str]:
    return views.freeze(fake.environment, Choice(), top_level=True)[0].splitlines()


def test_what_nothing_needs(fake: FakeEnvironment) -> None:
    fake.add("App", requires=["some_lib>=1", "absent"])
    fake.add("some.lib", requires=["DEEP (>=0.5)"])
    fake.add("deep")
    assert top(fake) == ["App==1.0"]


def test_a_marker_that_does_not_hold_needs_nothing(fake: FakeEnvironment) -> None:
    fake.add("app", requires=['a; python_version < "3"', 'b; python_version == "3.11"', "c; sys_platform == 'win32'"])
    for name in "abc":
        fake.add(name)
    assert top(fake) == ["a==1.0", "app==1.0", "c==1.0"]


def test_markers_are_judged_for_the_environment_s_python(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "old", "2.7")
    fake.add(
        "app", requires=['a; python_version < "3"', 'b; python_version >= "3"', 'c; python_full_version == "2.7.5"']
    )
    for name in "abc":
        fake.add(name)
    assert top(fake) == ["app==1.0", "b==1.0"]


def test_an_extra_needs_something_only_where_one_asks_for_it(fake: FakeEnvironment) -> None:
    fake.add("lib", requires=['helper; extra == "Fast_Mode"', 'other; extra == "slow"'])
    fake.add("helper")
    fake.add("other")
    assert top(fake) == ["helper==1.0", "lib==1.0", "other==1.0"]
    fake.add("app", requires=["lib[fast.mode]"])
    assert top(fake) == ["app==1.0", "other==1.0"]


def test_extras_that_ask_for_extras(fake: FakeEnvironment) -> None:
    fake.add("app", requires=["lib[all]"])
    fake.add("lib", requires=['lib[a]; extra == "all"', 'far[b]; extra == "a"'])
    fake.add("far", requires=['end; extra == "b"'])
    fake.add("end")
    assert top(fake) == ["app==1.0"]


def test_of_a_cycle_the_first_by_name_and_it_is_said(fake: FakeEnvironment) -> None:
    fake.add("zeta", requires=["Alpha"])
    fake.add("Alpha", requires=["mid"])
    fake.add("mid", requires=["zeta", "leaf"])
    fake.add("leaf")
    text, problems = views.freeze(fake.environment, Choice(), top_level=True)
    assert text == "Alpha==1.0\n"
    assert [problem.code for problem in problems] == ["cycle"]
    assert "Alpha, mid, zeta" in problems[0].message


def test_a_cycle_that_something_needs_has_no_root(fake: FakeEnvironment) -> None:
    fake.add("a", requires=["b"])
    fake.add("b", requires=["a"])
    fake.add("app", requires=["b"])
    assert top(fake) == ["app==1.0"]


def test_a_long_chain_needs_no_recursion(fake: FakeEnvironment) -> None:
    for number in range(1500):
        fake.add(f"p{number}", requires=[f"p{number + 1}"])
    assert top(fake) == ["p0==1.0"]


def test_an_egg_s_requires(fake: FakeEnvironment) -> None:
    info = fake.site_packages / "old-1.0-py3.8.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.1\nName: old\nVersion: 1.0\n")
    (info / "requires.txt").write_text(
        'a\n\n[:python_version < "3"]\nb\n\n[extra]\nc\n[other:python_version > "3"]\nd\n'
    )
    for name in "abcd":
        fake.add(name)
    assert top(fake) == ["b==1.0", "c==1.0", "d==1.0", "old==1.0"]
    fake.add("app", requires=["old[other]"])
    assert top(fake) == ["app==1.0", "b==1.0", "c==1.0"]


def test_a_requirement_that_cannot_be_read_is_told(fake: FakeEnvironment) -> None:
    fake.add("app", requires=["!!!", "a", 'b; python_version > "x" and nonsense == "1"'])
    fake.add("a")
    text, problems = views.freeze(fake.environment, Choice(), top_level=True)
    assert text == "app==1.0\n"
    assert "'app'" in problems[0].message
    assert "'!!!'" in problems[0].message


def test_annotations(fake: FakeEnvironment) -> None:
    fake.add("App", requires=["lib"])
    fake.add("other", requires=["lib"])
    fake.add("lib")
    text, _ = views.freeze(fake.environment, Choice(), annotate=True)
    assert text == "App==1.0\nlib==1.0  # via App, other\nother==1.0\n"


def test_pip_is_left_out_of_the_roots(fake: FakeEnvironment) -> None:
    fake.add("pip")
    fake.add("app")
    assert top(fake) == ["app==1.0"]
