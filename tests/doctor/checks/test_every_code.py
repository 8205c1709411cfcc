"""Each code is reported in a case of its own, and not in a near miss; what is sound has no finding."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from cleanenv.doctor import codes
from cleanenv.doctor.checks import registry
from cleanenv.doctor.finding import SEVERITIES, Finding, Subject
from tests.support.doctor_scene import Case, Situation
from tests.support.fake_environment import FakeEnvironment, add


def all_cases() -> dict[str, Case]:
    """Return the cases of all families: CASES in the other files of this directory."""
    cases: dict[str, Case] = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path != Path(__file__):
            family = importlib.import_module(f"tests.doctor.checks.{path.stem}")
            cases |= getattr(family, "CASES", {})
    return cases


INSIDE = "env-"
CASES = all_cases()
REPORTED = [(code, situation) for code, case in CASES.items() for situation in case.reported]
NEAR_MISSES = [(code, situation) for code, case in CASES.items() for situation in case.near_misses]


def named(value: object) -> str:
    return value if isinstance(value, str) else getattr(value, "__name__", "")


def check(reported: list[Finding]) -> None:
    """Hold every finding to the contract."""
    for finding in reported:
        assert finding.severity == codes.SEVERITY[finding.code]
        assert finding.fact
        assert finding.remedy
        assert "\n" not in finding.fact + finding.remedy
        assert not finding.fact.endswith(".")
        assert not finding.remedy.endswith((".", ":"))
        for hidden in finding.hides:
            assert hidden.package
            assert hidden.location


@pytest.mark.parametrize(("code", "situation"), REPORTED, ids=named)
def test_it_is_reported(code: str, situation: Situation, tmp_path: Path) -> None:
    """And, inside an environment, nothing else beside it."""
    reported = registry.findings(situation(tmp_path))
    check(reported)
    assert code in [finding.code for finding in reported]
    if code.startswith(INSIDE):
        assert {finding.code for finding in reported if finding.code.startswith(INSIDE)} == {code}


@pytest.mark.parametrize(("code", "situation"), NEAR_MISSES, ids=named)
def test_a_near_miss_is_not(code: str, situation: Situation, tmp_path: Path) -> None:
    reported = registry.findings(situation(tmp_path))
    check(reported)
    assert code not in [finding.code for finding in reported]


def test_every_code_has_a_case() -> None:
    assert CASES.keys() == codes.SEVERITY.keys()
    assert [code for code, case in CASES.items() if not case.reported or not case.near_misses] == []


def test_codes_are_words_and_stand_once() -> None:
    rows = [code for code, _, _ in codes.CODES]
    assert sorted(set(rows)) == sorted(rows)
    assert [code for code in rows if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []
    assert {severity for _, severity, _ in codes.CODES} == set(SEVERITIES)
    assert [meaning for _, _, meaning in codes.CODES if not meaning or meaning.endswith(".") or "|" in meaning] == []


@pytest.mark.parametrize("kind", ["venv", "virtualenv", "uv", "conda", "old"])
@pytest.mark.parametrize("python", ["2.7", "3.6", "3.11", "3.14"])
def test_a_sound_environment_has_no_finding(kind: str, python: str, tmp_path: Path) -> None:
    fake = FakeEnvironment(tmp_path, python, kind)
    add(fake.site_packages, "numpy", "2.0", RECORD="numpy/__init__.py,,\n")
    add(fake.base_packages, "numpy", "1.0")
    fake.program("pip", f"#!{fake.bin}/python")  # else the machine's on PATH would be a note
    assert registry.findings(fake.subject({"PATH": f"{fake.bin}:/usr/bin:/bin"})) == []


def test_no_environment_has_no_finding(tmp_path: Path) -> None:
    assert registry.findings(Subject({"PATH": "/usr/bin:/bin"}, None, str(tmp_path), str(tmp_path))) == []


def test_the_worst_stands_first(tmp_path: Path) -> None:
    fake = FakeEnvironment(tmp_path)
    (fake.site_packages / "~umpy").mkdir()
    fake.pth("zz.pth", "import evil")
    fake.program("tool", "#!/old/bin/python")
    reported = registry.findings(fake.subject())
    assert [finding.severity for finding in reported] == ["error", "warning", "note"]
