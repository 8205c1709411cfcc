"""Each code has a case that shows it and a near miss that does not; what is sound shows none."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from cleanenv.doctor import codes
from cleanenv.doctor.checks import registry
from cleanenv.doctor.finding import SEVERITIES, Finding, Subject
from tests.support.doctor_rooms import Room, add

Make = Callable[[Path], Subject]


def modules(pattern: str) -> list[ModuleType]:
    """Import the files of this folder that ``pattern`` matches."""
    paths = sorted(Path(__file__).parent.glob(pattern))
    return [importlib.import_module(f"tests.doctor.checks.{path.stem}") for path in paths if path != Path(__file__)]


# Cases for a family: SHOWS and NEAR, each code with functions that make what is looked at in a folder.
FAMILIES = modules("cases_*.py")


def table(name: str) -> list[tuple[str, Make]]:
    """Return the rows of all families, with the code that each is about."""
    return [(code, make) for family in FAMILIES for code, made in getattr(family, name).items() for make in made]


def named(value: object) -> str:
    return value if isinstance(value, str) else getattr(value, "__name__", "")


def check(found: list[Finding]) -> None:
    """Hold every finding to the contract."""
    for finding in found:
        assert finding.severity == codes.SEVERITY[finding.code]
        assert finding.fact
        assert finding.remedy
        assert "\n" not in finding.fact + finding.remedy
        assert not finding.fact.endswith(".")
        assert not finding.remedy.endswith((".", ":"))
        for each in finding.hides:
            assert each.package
            assert each.location


@pytest.mark.parametrize(("code", "make"), table("SHOWS"), ids=named)
def test_it_is_found(code: str, make: Make, tmp_path: Path) -> None:
    """And nothing else of its family beside it."""
    found = registry.findings(make(tmp_path))
    check(found)
    family = code.partition("-")[0]
    assert {finding.code for finding in found if finding.code.startswith(f"{family}-")} == {code}


@pytest.mark.parametrize(("code", "make"), table("NEAR"), ids=named)
def test_a_near_miss_is_not_found(code: str, make: Make, tmp_path: Path) -> None:
    found = registry.findings(make(tmp_path))
    check(found)
    assert code not in [finding.code for finding in found]


@pytest.mark.parametrize("name", ["SHOWS", "NEAR"])
def test_every_code_has_a_case_and_a_near_miss(name: str) -> None:
    """Here, or in CASES of a family's own tests, where each row has both."""
    elsewhere = {code for family in modules("test_*.py") for code in getattr(family, "CASES", ())}
    assert {code for code, _ in table(name)} | elsewhere == set(codes.SEVERITY)


def test_codes_are_words_and_stand_once() -> None:
    rows = [code for code, _, _ in codes.CODES]
    assert sorted(set(rows)) == sorted(rows)
    assert [code for code in rows if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []
    assert {severity for _, severity, _ in codes.CODES} == set(SEVERITIES)
    assert [meaning for _, _, meaning in codes.CODES if not meaning or meaning.endswith(".") or "|" in meaning] == []


@pytest.mark.parametrize("kind", ["venv", "virtualenv", "uv", "conda", "old"])
@pytest.mark.parametrize("python", ["2.7", "3.6", "3.11", "3.14"])
def test_a_sound_environment_has_no_finding(kind: str, python: str, tmp_path: Path) -> None:
    room = Room(tmp_path, python, kind)
    add(room.site_packages, "numpy", "2.0", RECORD="numpy/__init__.py,,\n")
    add(room.base_packages, "numpy", "1.0")
    assert registry.findings(room.subject({"PATH": f"{room.bin}:/usr/bin:/bin"})) == []


def test_no_environment_has_no_finding(tmp_path: Path) -> None:
    assert registry.findings(Subject({"PATH": "/usr/bin:/bin"}, None, str(tmp_path), str(tmp_path))) == []


def test_the_worst_stands_first(tmp_path: Path) -> None:
    room = Room(tmp_path)
    (room.site_packages / "~umpy").mkdir()
    room.pth("zz.pth", "import evil")
    room.program("tool", "#!/old/bin/python")
    found = registry.findings(room.subject())
    assert [finding.severity for finding in found] == ["error", "warning", "note"]
