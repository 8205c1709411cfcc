"""What the reports for people say, in few words."""

from __future__ import annotations

import pytest

from cleanenv.doctor.diagnosis import Diagnosis
from cleanenv.doctor.finding import Finding, Hidden
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


def test_what_is_hidden_has_a_line_each_and_what_is_added_one_for_a_folder() -> None:
    hides = (
        Hidden("numpy", "/leak", "1.26", "2.0"),
        Hidden("six", "/leak", "", ""),
        Hidden("scipy", "/leak", "1.0"),
        Hidden("zope", "/leak", ""),
        Hidden("_c", "/leak", ""),
        Hidden("rospy", "/opt/site-packages", "1.15"),
        Hidden("rosbag", "/opt/site-packages", "1.15"),
        Hidden("roslib", "/opt/site-packages", "1.15"),
        Hidden("OpenSSL", "/leak", "23.0.0", "24.1.0", "pyOpenSSL", "pyOpenSSL"),
        Hidden("Zope_X", "/leak", "1", "", "zope-x", "other"),
    )
    assert list(wording.effects(hides, 2)) == [
        "numpy 2.0 of the environment is hidden by numpy 1.26 in /leak",
        "six of the environment is hidden by six in /leak",
        "OpenSSL (pyOpenSSL 24.1.0) of the environment is hidden by OpenSSL (pyOpenSSL 23.0.0) in /leak",
        "Zope_X (other) of the environment is hidden by Zope_X 1 in /leak",
        "importable only because of /leak: scipy 1.0, zope and 1 more",
        "importable only because of /opt/site-packages: rospy 1.15, rosbag 1.15 and 1 more",
    ]


def test_a_long_list_is_cut_and_says_so() -> None:
    finding = Finding("a-b", "note", "fact", "remedy", evidence=tuple(f"line {number}" for number in range(10)))
    lines = ["".join(text for _, text in line.words) for line in wording.lines(Diagnosis(None, "", (finding,)), "")]
    assert "line 7" in lines
    assert "line 8" not in lines
    assert "and 2 more, see --json" in lines
