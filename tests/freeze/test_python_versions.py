"""Markers on the Python's full version, which not every environment tells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cleanenv.freeze import check, views
from cleanenv.freeze.requirements_text import Choice

if TYPE_CHECKING:
    from tests.support.fake_environment import FakeEnvironment

MARKER = "async-timeout >=4.0.2 ; python_full_version <= '3.11.2'"


def conda(fake: FakeEnvironment, record: str | None) -> None:
    """Make ``fake`` an environment of conda with redis, which needs async-timeout up to Python 3.11.2."""
    (fake.path / "pyvenv.cfg").unlink()
    (fake.path / "conda-meta").mkdir()
    if record is not None:
        (fake.path / "conda-meta" / record).write_text("{}")
    fake.add("redis", "5.0.1", requires=[MARKER])
    fake.add("async-timeout", "4.0.3")


def top_level(fake: FakeEnvironment) -> tuple[list[str], list[str]]:
    text, problems = views.freeze(fake.environment, Choice(), top_level=True)
    return text.splitlines(), [problem.message for problem in problems]


@pytest.mark.parametrize("version", ["3.11.7", "3.11.3", "3.11.10"])
def test_conda_s_records_count_in_markers(version: str, fake: FakeEnvironment) -> None:
    conda(fake, f"python-{version}-h955ad1f_0.json")
    assert top_level(fake) == (["async-timeout==4.0.3", "redis==5.0.1"], [])
    text, _ = views.freeze(fake.environment, Choice(), annotate=True, form="requirements")
    assert "via" not in text
    document = json.loads(views.freeze(fake.environment, Choice(), form="json")[0])
    assert document["environment"]["python"] == version
    lines = "redis==5.0.1\nasync-timeout==4.0.3\ntyping-extensions==4.9.0 ; python_full_version < '3.11.3'\n"
    (fake.path / "r.txt").write_text(lines)
    report = check.check(fake.environment, "r.txt", str(fake.path), Choice(), {})
    assert report.differences == []


def test_an_older_one_needs_it(fake: FakeEnvironment) -> None:
    conda(fake, "python-3.11.2-h955ad1f_0.json")
    assert top_level(fake) == (["redis==5.0.1"], [])


def test_what_is_not_known_is_said(fake: FakeEnvironment) -> None:
    conda(fake, None)
    lines, [message] = top_level(fake)
    assert lines == ["redis==5.0.1"]
    assert message == "of the environment's Python no more than '3.11' is known: it counts as 3.11.0"


def test_what_is_not_asked_for_is_not_said(fake: FakeEnvironment) -> None:
    (fake.path / "pyvenv.cfg").unlink()
    (fake.path / "conda-meta").mkdir()
    fake.add("a", requires=["b ; python_version < '3.12'"])
    assert top_level(fake) == (["a==1.0"], [])
