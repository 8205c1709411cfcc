"""Real stacks: fresh from its request each passes --check, and without any one of its packages it does not."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, TypedDict

import pytest
from packaging.requirements import Requirement

from cleanenv.environments.environment import Environment, read_environment
from cleanenv.environments.names import canonical
from cleanenv.freeze import check, views
from cleanenv.freeze.requirements_text import Choice
from tests.support import stacks
from tests.support.fake_environment import FakeEnvironment

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stacks were installed on Linux")


class Stack(TypedDict):
    """What was requested, and what is installed for it as ``name==version``."""

    request: list[str]
    installed: list[str]


class Recorded(TypedDict):
    """All stacks, and the Requires-Dist lines of each ``name==version``."""

    stacks: dict[str, Stack]
    requires: dict[str, list[str]]


RECORDED: Recorded = json.loads(stacks.FILE.read_text(encoding="utf-8"))
NAMES = sorted(RECORDED["stacks"])


def report(environment: Environment, directory: Path, *, top_level: bool = False) -> tuple[bool, str]:
    """Return whether there is drift from the request, and what is printed."""
    options = check.Options(top_level=top_level)
    made = check.check(environment, "r.txt", str(directory), Choice(), {}, options=options)
    return made.is_drift, check.words(made)


def missing_in(words: str) -> set[str]:
    """Return the names of what a report says is missing."""
    lines = [line for line in words.splitlines() if line.startswith("missing: ")]
    return {canonical(Requirement(line.split("'")[1]).name) for line in lines}


def judge(environment: Environment, site_packages: Path, request: list[str], directory: Path) -> int:
    """Hold ``environment`` against its request, then without each of its packages; return how many those are."""
    (directory / "r.txt").write_text("".join(f"{line}\n" for line in request))
    for top_level in (False, True):
        assert report(environment, directory, top_level=top_level) == (False, "")
    removed = 0
    away = directory / "away"
    for info in sorted(site_packages.glob("*.dist-info")):
        name = canonical(info.name.partition("-")[0])
        info.rename(away)
        for top_level in (False, True):
            is_drift, words = report(environment, directory, top_level=top_level)
            assert is_drift, name
            assert name in missing_in(words), words
        away.rename(info)
        removed += 1
    # Its own listings pass too.
    for top_level in (False, True):
        text, _ = views.freeze(environment, Choice(), top_level=top_level)
        (directory / "r.txt").write_text(text)
        assert report(environment, directory) == (False, "")
    return removed


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_stack(name: str, tmp_path: Path) -> None:
    stack = RECORDED["stacks"][name]
    fake = FakeEnvironment.bare(tmp_path / "env", stacks.PYTHON)
    for pin in stack["installed"]:
        project, _, version = pin.partition("==")
        requires = RECORDED["requires"][pin]
        extras = sorted({extra for line in requires for extra in stacks.extras_of(line)})
        text = "".join(f"Requires-Dist: {line}\n" for line in requires)
        text += "".join(f"Provides-Extra: {extra}\n" for extra in extras)
        info = fake.site_packages / f"{project.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n{text}\n")
    assert judge(fake.environment, fake.site_packages, stack["request"], tmp_path) == len(stack["installed"])


def test_there_are_twelve_of_them() -> None:
    assert set(NAMES) == set(stacks.REQUESTS)
    assert len(NAMES) == 12
    for name in NAMES:
        assert RECORDED["stacks"][name]["request"] == stacks.REQUESTS[name]


@pytest.mark.stacks
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", NAMES)
def test_a_real_stack(name: str, tmp_path: Path) -> None:
    """Installed today, from an index: ``./dev test -m stacks``."""
    site_packages = stacks.install(stacks.REQUESTS[name], tmp_path / "env")
    environment = read_environment(str(tmp_path / "env"))
    assert environment is not None
    assert judge(environment, site_packages, stacks.REQUESTS[name], tmp_path) > 3
