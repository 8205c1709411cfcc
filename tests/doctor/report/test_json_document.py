"""The JSON form keeps to its schema, whatever is found."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from cleanenv.doctor import diagnosis
from cleanenv.doctor.diagnosis import Diagnosis
from cleanenv.doctor.finding import Finding, Hidden, Subject
from cleanenv.doctor.report import json_document
from cleanenv.environments.environment import Environment
from tests.doctor.checks.test_every_code import REPORTED, named
from tests.support.doctor_scene import Situation

SCHEMA = json.loads(resources.files("cleanenv.doctor.report").joinpath("schema.json").read_text(encoding="utf-8"))


def strict(schema: object) -> object:
    """Return the schema as it is for this version: nothing but what it names."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: strict(value) for key, value in schema.items()}
    return inner | {"additionalProperties": False} if "properties" in schema else inner


VALIDATOR = jsonschema.Draft202012Validator(strict(SCHEMA))  # type: ignore[arg-type]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("code", "situation"), REPORTED, ids=named)
def test_every_case_keeps_to_it(code: str, situation: Situation, tmp_path: Path) -> None:
    value = json.loads(json_document.render(diagnosis.diagnose(situation(tmp_path))))
    VALIDATOR.validate(value)
    assert code in [finding["code"] for finding in value["findings"]]


def test_the_shell_alone_and_nothing_found_keep_to_it(tmp_path: Path) -> None:
    value = json.loads(json_document.render(diagnosis.diagnose(Subject({}, None, str(tmp_path), str(tmp_path)))))
    VALIDATOR.validate(value)
    assert value == {"version": 1, "environment": None, "findings": [], "wanted": []}


def test_all_of_a_finding_is_there() -> None:
    hidden = Hidden("np", "/leak", "1.26", "2.0", "numpy", "numpy")
    finding = Finding("a-b", "error", "fact", "remedy", "NAME", "", ("seen",), (hidden,), "unset NAME")
    diagnosis = Diagnosis(None, "", (finding,), ("ROS_DISTRO",), {"NAME": "bash had it"})
    value = json.loads(json_document.render(diagnosis))
    VALIDATOR.validate(value)
    assert value["wanted"] == ["ROS_DISTRO"]
    assert value["findings"] == [
        {
            "code": "a-b",
            "severity": "error",
            "fact": "fact",
            "variable": "NAME",
            "value": "",
            "evidence": ["seen"],
            "hides": [
                {
                    "package": "np",
                    "location": "/leak",
                    "leaked": "1.26",
                    "own": "2.0",
                    "distribution": "numpy",
                    "own_distribution": "numpy",
                }
            ],
            "origin": "bash had it",
            "trace": None,
            "at_login": None,
            "set_by": None,
            "delete": None,
            "remedy": "remedy",
            "line": "unset NAME",
        }
    ]


def test_bytes_that_are_no_utf_8_come_back(tmp_path: Path) -> None:
    environment = Environment(f"{tmp_path}/\udcff", "venv", {})
    value = json.loads(json_document.render(Diagnosis(environment, "", ())))
    VALIDATOR.validate(value)
    assert value["environment"]["path"] == f"{tmp_path}/\udcff"
    assert value["environment"]["python"] is None


@pytest.mark.parametrize(
    "spoiled",
    [
        {"version": 2},
        {"findings": [{}]},
        {"environment": {"path": "/my_env", "kind": "pipenv", "python": None}},
        {"wanted": ["A", "A"]},
        {"more": 1},
    ],
)
def test_the_schema_refuses_what_is_wrong(spoiled: dict[str, object]) -> None:
    right: dict[str, object] = {"version": 1, "environment": None, "findings": [], "wanted": []}
    VALIDATOR.validate(right)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(right | spoiled)
