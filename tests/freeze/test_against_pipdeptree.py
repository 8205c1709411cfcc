"""--top-level on an environment made from known requests, and what pipdeptree calls its roots."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from cleanenv.environments.environment import read_environment
from cleanenv.freeze import views
from cleanenv.freeze.requirements_text import Choice
from tests.support import projects
from tests.support.command import run

if TYPE_CHECKING:
    from pathlib import Path

# name, version, requirements: extras, markers, a chain, names that differ in case and dashes.
PROJECTS = (
    ("Web_App", "flask_like[async]>=1,http.client-x"),
    ("flask-like", "jinja_like,loop_x; extra == 'async',never; python_version < '3'"),
    ("Jinja.Like", "markup"),
    ("markup", ""),
    ("loop-x", ""),
    ("HTTP-Client-X", "certs"),
    ("certs", ""),
    ("lonely", ""),
    ("never", ""),
)
REQUESTED = ["lonely", "never", "Web_App"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment of REQUESTED and what they need."""
    folder = tmp_path_factory.mktemp("tree")
    run(sys.executable, "-m", "virtualenv", "-q", "--no-download", folder / "env")
    wheels = [projects.wheel(folder, name, requires=requires.split(",")) for name, requires in PROJECTS]
    run(folder / "env" / "bin" / "python", "-m", "pip", "install", "-q", "--no-index", *wheels)
    return folder / "env"


def test_the_requests_are_the_roots(home: Path) -> None:
    environment = read_environment(str(home))
    assert environment is not None
    text, problems = views.freeze(environment, Choice(), top_level=True, form="json")
    names = [row["name"] for row in json.loads(text)["distributions"]]
    assert sorted(names, key=str.lower) == sorted(REQUESTED, key=str.lower)
    assert problems == []


def test_pipdeptree_calls_the_same_ones_roots(home: Path) -> None:
    tree = run(sys.executable, "-m", "pipdeptree", "--python", home / "bin" / "python", "--json-tree", "--extras")
    roots = {node["package_name"] for node in json.loads(tree)} - {"pip", "setuptools", "wheel"}
    assert roots == set(REQUESTED)
