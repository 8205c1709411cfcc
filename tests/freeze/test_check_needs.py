"""--check: what the lines of a file need comes with them, and is neither extra nor may it be missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cleanenv.freeze import check, views
from cleanenv.freeze.requirements_text import Choice
from tests.support import fake_environment
from tests.support.fake_environment import FakeEnvironment

if TYPE_CHECKING:
    from pathlib import Path


def report(fake: FakeEnvironment, text: str, **options: object) -> check.Report:
    (fake.path / "r.txt").write_text(text)
    home = str(fake.path / "home")
    chosen = check.Options(**options)  # type: ignore[arg-type]
    return check.check(fake.environment, "r.txt", str(fake.path), Choice(), {"HOME": home}, options=chosen)


def kinds(fake: FakeEnvironment, text: str, **options: object) -> list[tuple[str, str | None]]:
    return [(difference.kind, difference.name) for difference in report(fake, text, **options).differences]


@pytest.fixture
def web(fake: FakeEnvironment) -> FakeEnvironment:
    """Make the environment of a request for ``web[fast,Tmpl]``, and a tool that nobody asked for."""
    fake.add("web", "3.0", [
        "core>=1,<3",
        'speed>=2 ; extra == "fast"',
        'tmpl[escape] ; extra == "tmpl"',
        'never ; extra == "never"',
        'windows ; sys_platform == "win32"',
    ])  # fmt: skip
    fake.add("core", "2.0", ["base"])
    fake.add("base")
    fake.add("speed", "2.1")
    fake.add("tmpl", "1.0", ['escape ; extra == "escape"'])
    fake.add("escape")
    return fake


ALL = ("base", "core", "escape", "speed", "tmpl")


def test_members_of_an_extra_are_no_extras(web: FakeEnvironment) -> None:
    for line in ("web[fast,tmpl]", "web[Fast, TMPL] >= 3", "web[fast]\nweb[tmpl]"):
        for top_level in (False, True):
            found = report(web, f"{line}\n", top_level=top_level)
            assert not found.is_drift
            assert check.words(found) == ""
        assert kinds(web, f"{line}\n") == [("unpinned", name) for name in ALL]
        assert kinds(web, f"{line}\n", top_level=True) == []
    assert kinds(web, "web[fast]\n", top_level=True) == [("extra", "escape"), ("extra", "tmpl")]
    assert kinds(web, "web[fast]\n") == [
        *(("unpinned", "base"), ("unpinned", "core"), ("extra", "escape"), ("unpinned", "speed"), ("extra", "tmpl"))
    ]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("top_level", [False, True])
def test_each_member_that_is_removed_is_missing(name: str, top_level: bool, web: FakeEnvironment) -> None:
    (info,) = web.site_packages.glob(f"{name}-*.dist-info")
    (info / "METADATA").unlink()
    info.rmdir()
    found = report(web, "web[fast,tmpl]\n", top_level=top_level)
    assert found.is_drift
    assert [difference.name for difference in found.differences if difference.kind == "missing"] == [name]
    assert f"missing: '{name}" in check.words(found)
    assert ", which" in check.words(found)
    # Nor does the whole listing hide it; but without dependencies the lines are all that count.
    listing = "".join(f"{line}\n" for line in web.freeze()[0])
    assert ("missing", name) in kinds(web, f"{listing}web[fast,tmpl]\n")
    assert kinds(web, listing, dependencies=False) == []


def test_a_line_that_is_missing_is_reported_once(web: FakeEnvironment) -> None:
    found = kinds(web, "web[never,fast,tmpl]\nnever==2\n")
    assert [row for row in found if row[0] != "unpinned"] == [("missing", "never")]


def test_strict_counts_what_is_not_pinned(web: FakeEnvironment) -> None:
    found = report(web, "web[fast,tmpl]\ncore==2.0\nbase\nescape\nspeed\n", strict=True)
    assert found.is_drift
    assert check.words(found) == (
        "unpinned: tmpl==1.0 is installed, since web needs it, but not in r.txt: add the line to pin it\n"
    )
    (row,) = json.loads(check.render(found))["differences"]
    assert row["wanted"] == "tmpl[escape]"
    assert row["where"] == "r.txt:1"
    assert (row["kind"], row["name"], row["installed"]) == ("unpinned", "tmpl", "1.0")
    whole = "".join(f"{line}\n" for line in web.freeze()[0])
    assert kinds(web, whole, strict=True) == []


def test_without_dependencies_the_lines_are_all(web: FakeEnvironment) -> None:
    assert kinds(web, "web[fast,tmpl]\n", dependencies=False) == [("extra", name) for name in ALL]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("web[nonsense]", ["nonsense"]),
        ("web[fast,nonsense,more]", ["more", "nonsense"]),
        ("web[fast]", []),
        ("web[NEVER]", []),
        ("core[x]", ["x"]),
    ],
)
def test_an_unknown_extra_cannot_be_judged(line: str, expected: list[str], web: FakeEnvironment) -> None:
    web.add("never")
    found = report(web, f"{line}\n")
    facts = [difference.fact for difference in found.differences if difference.kind == "cannot be judged"]
    assert [fact.split("'")[1] for fact in facts] == expected


def test_an_extra_without_members_is_known(fake: FakeEnvironment) -> None:
    info = fake.add("app")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: app\nVersion: 1.0\nProvides-Extra: My_Extra\n\n")
    assert kinds(fake, "app[my-extra]\n") == []


@pytest.mark.parametrize(
    ("version", "file", "expected"),
    [
        ("2.0", "web\n", []),
        ("3.0", "web\n", [("other version", "core")]),
        ("0.9", "web\n", [("other version", "core")]),
        ("3.0", "web\ncore\n", []),  # who names it has decided
        ("3.0", "web\ncore==3.0\n", []),
        ("2.0rc1", "web\n", []),
        ("2.0_x", "web\n", []),
    ],
)
def test_the_version_of_what_is_needed(
    version: str, file: str, expected: list[tuple[str, str]], fake: FakeEnvironment
) -> None:
    fake.add("web", requires=["core>=1,<3"])
    fake.add("core", version)
    assert [row for row in kinds(fake, file) if row[0] != "unpinned"] == expected


@pytest.mark.parametrize(
    "requires",
    [
        {"app": ["lib"], "lib": [], "other": []},
        {"app": ["lib[x]"], "lib": ["more ; extra == 'x'"], "more": []},
        {"one": ["two"], "two": ["one", "three"], "three": []},  # a cycle, of which one is listed
        {"app": [], "wheel": ["packaging"], "packaging": []},  # what no listing has needs it
        {"app": [], "pip": ["vendored"], "vendored": []},
    ],
)
def test_its_own_listings_pass(requires: dict[str, list[str]], fake: FakeEnvironment) -> None:
    for name, needs in requires.items():
        fake.add(name, requires=needs)
    for top_level in (False, True):
        text, _ = views.freeze(fake.environment, Choice(), top_level=top_level)
        assert not report(fake, text).is_drift, text
        assert not report(fake, text, top_level=True).is_drift, text
    if "other" in requires:
        assert ("extra", "other") in kinds(fake, "app\n")


def test_what_the_system_has_is_not_missing(tmp_path: Path) -> None:
    """Nor is it extra: a listing leaves it out."""
    fake = FakeEnvironment(tmp_path)
    fake.configure(include_system_site_packages="true")
    fake.add("app", requires=["lib", "system-lib", "gone"])
    fake.add("lib")
    fake_environment.add(fake.base_packages, "system-lib")
    fake_environment.add(fake.base_packages, "another")
    for top_level in (False, True):
        found = report(fake, "app\n", top_level=top_level)
        drift = [difference for difference in found.differences if difference.kind != "unpinned"]
        assert [(difference.kind, difference.name) for difference in drift] == [("missing", "gone")]
    assert kinds(fake, "lib\nsystem-lib\n") == [("extra", "app")]
    fake.configure(include_system_site_packages="false")
    assert ("missing", "system-lib") in kinds(fake, "app\n")


def test_a_name_that_its_directory_contradicts(fake: FakeEnvironment) -> None:
    fake.add("app", requires=["real-name"])
    info = fake.add("dir-name")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: real-name\nVersion: 1.0\n\n")
    assert kinds(fake, "app\n") == [("unpinned", "real-name")]


def test_a_long_chain(fake: FakeEnvironment) -> None:
    for number in range(1500):
        fake.add(f"p{number}", requires=[f"p{number + 1}"])
    (row,) = [row for row in kinds(fake, "p0\n") if row[0] != "unpinned"]
    assert row == ("missing", "p1500")
