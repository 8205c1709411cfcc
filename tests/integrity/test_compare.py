"""`cleanenv compare`: two environments, or one and what another machine said of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.support import installed_wheels
from tests.support.command import Done, call, listing
from tests.support.environments import make_venv

FILES = {"demo/__init__.py": "value = 1\n", "demo/api.py": "def get(): return 1\n"}
REBUILT = {**FILES, "demo/api.py": "def get(): return 2\n", "demo/more.py": "\n"}


class Pair:
    """Two environments of one wheel, by different link modes of uv, with a script each."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.wheel = installed_wheels.build(directory / "index", "demo", FILES, scripts="demo = demo.api:get")
        self.here = directory / "here"
        self.there = directory / "there"
        self.site = installed_wheels.environment(self.here, self.wheel)
        self.other_site = installed_wheels.environment(self.there, self.wheel, cache=directory / "cache")

    def tool(self, *words: str | Path, given: str | None = None) -> Done:
        tool = [sys.executable, "-I", "-m", "cleanenv", *map(str, words)]
        return call(tool, {"PATH": os.defpath, "HOME": str(self.directory)}, given=given)

    def compare(self, *words: str) -> Done:
        return self.tool("compare", self.here, self.there, *words)


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def test_equal(pair: Pair) -> None:
    """Scripts name their environment, and bytecode its time: neither counts."""
    before = listing(pair.here, pair.there)
    done = pair.compare()
    assert done == (0, "1 of 1 distributions are equal by RECORD\n", "")
    assert listing(pair.here, pair.there) == before
    assert (pair.here / "bin/demo").read_text() != (pair.there / "bin/demo").read_text()


def test_installed_by_pip_and_by_uv(pair: Pair, tmp_path: Path) -> None:
    path = tmp_path / "by_pip"
    make_venv(path)
    words = [sys.executable, "-I", "-m", "pip", "--python", path, "install", "-q", "--no-index", "--find-links"]
    installed = call([*map(str, words), str(pair.wheel.parent), "demo"], {"PATH": os.defpath, "HOME": str(tmp_path)})
    assert installed.status == 0, installed.err
    assert pair.tool("compare", pair.here, path) == (0, "1 of 1 distributions are equal by RECORD\n", "")


def test_one_version_built_twice(pair: Pair) -> None:
    """Which freeze cannot see."""
    wheel = installed_wheels.build(pair.directory / "rebuilt", "demo", REBUILT)
    shutil.rmtree(pair.there)
    installed_wheels.environment(pair.there, wheel)
    assert pair.tool("freeze", pair.here).out == pair.tool("freeze", pair.there).out
    done = pair.compare()
    assert done.status == 1
    assert done.out.splitlines() == [
        "demo 1.0: 3 files differ (demo-1.0.dist-info/entry_points.txt, demo/api.py, demo/more.py)",
        "0 of 1 distributions are equal by RECORD",
    ]


@pytest.mark.parametrize("way", ["file", "stdin"])
def test_the_json_of_another_machine(pair: Pair, way: str) -> None:
    text = pair.tool("freeze", pair.there, "--format", "json").out
    file = pair.directory / "there.json"
    file.write_text(text)
    words = ["compare", str(pair.here), str(file) if way == "file" else "-"]
    given = text if way == "stdin" else None
    assert pair.tool(*words, given=given) == (0, "1 of 1 distributions are equal by RECORD\n", "")
    changed = json.loads(text)
    changed["distributions"][0]["digest"] = "sha256:00"
    file.write_text(json.dumps(changed))
    done = pair.tool(*words, given=json.dumps(changed) if way == "stdin" else None)
    assert done.status == 1
    assert done.out.startswith("demo 1.0: the digests of its files differ\n")


def test_what_only_one_has_and_other_versions(pair: Pair) -> None:
    index = pair.directory / "index"
    left = installed_wheels.build(index, "left", {"left.py": ""})
    older, newer = (installed_wheels.build(index, "both", {"both.py": version}, version) for version in ("1.0", "2.0"))
    right = installed_wheels.build(index, "right", {"right.py": ""})
    installed_wheels.install(pair.here, left, older, cache=pair.directory / "c", mode="copy")
    installed_wheels.install(pair.there, right, newer, cache=pair.directory / "c", mode="copy")
    done = pair.compare()
    assert done.status == 1
    assert done.out.splitlines() == [
        f"both: 1.0 in {pair.here}, 2.0 in {pair.there}",
        f"only in {pair.here}: left 1.0",
        f"only in {pair.there}: right 1.0",
        "1 of 4 distributions are equal by RECORD",
    ]
    document = json.loads(pair.compare("--json").out)
    assert [entry["kind"] for entry in document["differences"]] == ["version", "only here", "only there"]
    assert (document["equal"], document["equal_distributions"]) == (False, 1)
    assert pair.compare("-q") == (1, "", "")


def test_without_record(pair: Pair) -> None:
    for site in (pair.site, pair.other_site):
        (site / "demo-1.0.dist-info/RECORD").unlink()
    done = pair.compare()
    assert done.status == 0
    assert done.out.splitlines()[0] == "not compared, since they have no RECORD: demo"
    assert json.loads(pair.tool("freeze", pair.here, "--format", "json").out)["distributions"][0]["digest"] is None


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("six==1.0\n", "is neither an environment nor JSON"),
        ("[]", "is not the JSON of an environment"),
        ('{"version": 1, "distributions": [{"name": "six", "version": "1"}]}', "has no digests"),
        ('{"version": 9, "distributions": []}', "has version 9 of the JSON"),
        ('{"version": 1, "distributions": [3]}', "is not the JSON of an environment"),
    ],
)
def test_what_is_not_an_environment(pair: Pair, text: str, fact: str) -> None:
    file = pair.directory / "other.txt"
    file.write_text(text)
    done = pair.tool("compare", pair.here, file)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"Error: '{file}' {fact}")
    assert done.err.endswith("create it with 'cleanenv freeze --format json'\n")


def test_an_environment_that_does_not_exist(pair: Pair) -> None:
    assert pair.tool("compare", pair.here, pair.directory / "nothing").status == 3
