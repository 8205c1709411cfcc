"""What the reports for people say, in few words."""

from __future__ import annotations

import pytest

from cleanenv.doctor.diagnosis import Diagnosis
from cleanenv.doctor.finding import Finding
from cleanenv.doctor.report import wording
from cleanenv.environments.environment import Environment


def findings(*severities: str) -> tuple[Finding, ...]:
    return tuple(Finding("a-b", severity, "fact", "remedy") for severity in severities)


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ((), "nothing found"),
        (("note",), "1 note"),
        (("error", "warning", "warning"), "1 error, 2 warnings"),
        (("error", "error", "warning", "note"), "2 errors, 1 warning, 1 note"),
    ],
)
def test_the_summary_counts(severities: tuple[str, ...], expected: str) -> None:
    assert wording.summary(Diagnosis(None, "", findings(*severities))) == expected


@pytest.mark.parametrize(
    ("environment", "python", "expected"),
    [
        (None, "", "this shell"),
        (Environment("/a b", "conda", {}), "3.12", "this shell and '/a b' (conda, Python 3.12)"),
        (Environment("/a", "venv", {}), "", "this shell and '/a' (venv)"),
    ],
)
def test_the_subject_is_named(environment: Environment | None, python: str, expected: str) -> None:
    assert wording.subject(Diagnosis(environment, python, ())) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'/home/me/ws' on PATH", "'~/ws' on PATH"),
        ("NAME=/home/me/a:/home/me/b:/opt", "NAME=~/a:~/b:/opt"),
        ("/home/me", "~"),
        ("in '/home/me'", "in '~'"),
        ("/home/me2/x and /home/me.old", "/home/me2/x and /home/me.old"),
        ("/srv/home/me/x", "/srv/home/me/x"),
        ("../home/me/x", "../home/me/x"),
    ],
)
def test_the_home_is_a_tilde(text: str, expected: str) -> None:
    assert wording.with_tilde(text, "/home/me") == expected
    assert wording.with_tilde(text, "/home/me/") == expected


@pytest.mark.parametrize("home", ["", "/"])
def test_without_a_home_there_is_no_tilde(home: str) -> None:
    assert wording.with_tilde("/a/b", home) == "/a/b"


def test_the_environment_has_a_tilde_and_says_that_it_is_active() -> None:
    environment = Environment("/home/me/my_env", "venv", {})
    diagnosis = Diagnosis(environment, "3.11", (), home="/home/me", is_active=True)
    assert wording.subject(diagnosis) == "this shell and '~/my_env' (venv, Python 3.11, active)"


@pytest.mark.parametrize(
    ("fact", "value", "entries", "evidence", "expected"),
    [
        ("every Python loads its library from '/x'", "/x", (), (), True),
        ("NAME makes every Python load its library from '/x'", "/x", (), (), False),
        ("NAME is bad", "/x", (), (), True),
        ("'/x' on NAME is bad", "/x:/y", ("/x",), (), False),
        ("it is set up", "/x:/y", (), ("underlay /x",), False),
        ("it is set up", "/x:/y", (), (), True),
        ("NAME is bad", "", (), (), False),
    ],
)
def test_a_value_is_shown_if_it_says_more(
    fact: str, value: str, entries: tuple[str, ...], evidence: tuple[str, ...], expected: bool
) -> None:
    finding = Finding("a-b", "note", fact, "remedy", "NAME", value, evidence=evidence, entries=entries)
    assert wording.shows_value(finding) == expected
