"""The JSON form."""

from __future__ import annotations

import ast
import json
import re

import pytest

from cleanenv.freeze import check, views
from cleanenv.freeze.requirements_text import Choice
from tests.support.fake_environment import FakeEnvironment
from tests.support.surroundings import CHECKOUT

DOCUMENTATION = (CHECKOUT / "docs/json.md").read_text(encoding="utf-8")


def test_the_whole_document(fake: FakeEnvironment) -> None:
    fake.add("App", "2.0", requires=["lib>=1", 'no; python_version < "3"'], INSTALLER="uv\n")
    url = '{"url": "https://t:k@example.org/lib.zip", "archive_info": {"hash": "sha256=00"}}'
    fake.add("lib", "1.0", direct_url__json=url)
    (fake.site_packages / "~ip-1.dist-info").mkdir()
    text, _ = views.freeze(fake.environment, Choice(), form="json")
    site = str(fake.site_packages)
    assert json.loads(text) == {
        "version": 1,
        "environment": {"path": str(fake.path), "kind": "venv", "python": "3.11.5"},
        "distributions": [
            {
                "name": "App",
                "version": "2.0",
                "location": site,
                "requirement": "App==2.0",
                "direct_url": None,
                "editable": None,
                "installer": "uv",
                "digest": None,
                "requires": ["lib>=1"],
                "required_by": [],
                "root": True,
            },
            {
                "name": "lib",
                "version": "1.0",
                "location": site,
                "requirement": "lib @ https://t:****@example.org/lib.zip#sha256=00",
                "direct_url": {
                    "url": "https://t:****@example.org/lib.zip",
                    "archive_info": {"hashes": {"sha256": "00"}},
                },
                "editable": None,
                "installer": None,
                "digest": None,
                "requires": [],
                "required_by": ["App"],
                "root": False,
            },
        ],
        "warnings": [
            {
                "code": "leftover",
                "message": f"'{site}/~ip-1.dist-info' is a leftover of an interrupted uninstall: left out; delete it",
                "path": f"{site}/~ip-1.dist-info",
            },
            {
                "code": "masked",
                "message": "the credentials in the URL of 'lib' are masked: --exact prints them",
                "path": f"{site}/lib-1.0.dist-info",
            },
        ],
    }


def test_an_editable_names_its_project(fake: FakeEnvironment) -> None:
    fake.add("dev", direct_url__json='{"url": "file:///some/where%20else", "dir_info": {"editable": true}}')
    text, _ = views.freeze(fake.environment, Choice(), form="json")
    (row,) = json.loads(text)["distributions"]
    assert row["editable"] == "/some/where else"
    assert row["requirement"] == "-e /some/where else"
    assert row["direct_url"] == {"url": "file:///some/where%20else", "dir_info": {"editable": True}}


def keys_documented(heading: str) -> list[str]:
    """Return the keys in the documentation's table below ``key of HEADING``."""
    rows = DOCUMENTATION.partition(f"| key of {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [key for row in rows for key in re.findall("`([^`]+)`", row.split(" | ")[0])]


@pytest.mark.parametrize("heading", ["`--format json`", "a distribution", "`--check FILE --json`"])
def test_the_documentation_names_every_key(heading: str, fake: FakeEnvironment) -> None:
    fake.add("App")
    (fake.path / "r.txt").write_text("")
    text, _ = views.freeze(fake.environment, Choice(), form="json")
    listed = json.loads(text)
    checked = json.loads(check.render(check.check(fake.environment, "r.txt", str(fake.path), Choice(), {})))
    documents = {
        "`--format json`": listed,
        "a distribution": listed["distributions"][0],
        "`--check FILE --json`": checked,
    }
    assert keys_documented(heading) == list(documents[heading])
    row = next(line for line in DOCUMENTATION.splitlines() if line.startswith("| `differences`"))
    assert set(checked["differences"][0]) <= set(re.findall("`([a-z]+)`", row))


def test_the_documentation_names_every_code_of_a_warning() -> None:
    calls = [
        node
        for package in ("environments", "freeze")
        for path in (CHECKOUT / "src/cleanenv" / package).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem"
    ]
    codes = {str(ast.literal_eval(call.args[0])) for call in calls}
    listed = DOCUMENTATION.partition("The codes of warnings are ")[2].partition(".\n")[0]
    assert set(re.findall("`([^`]+)`", listed)) == codes
