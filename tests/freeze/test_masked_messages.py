"""Passwords in requirement files, metadata and repositories: in no message, whatever raised it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import projects
from tests.support.freezing import freeze

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.fake_environment import FakeEnvironment

URL = "https://user:s3cret@host.example"
FILES = [
    f"-r {URL}/r.txt",
    f"-c {URL}/r.txt",
    f"six --index-url {URL}/simple",
    f"--frob {URL}",
    f"--extra-index-url {URL} six",
    f"--index-url {URL} --nonsense",
    f"six @ {URL}/six.zip ; nonsense",
    f"six @ {URL}/six.zip",
    f"-e git+{URL}/a.git",
    f"-e git+{URL}/a.git@x#egg=six",
    f"{URL}/six-1.0.zip",
    f"'{URL}",
    f"--hash={URL}",
    f"six=={URL}",
    f"six --config-settings '{URL}'",
    f"--trusted-host {URL}",
    f"-f {URL}\nsix=",
    "six @ git+https://host.example/a?token=s3cret",
    f"# -*- coding: {URL} -*-\nsix=",
]


@pytest.mark.parametrize("text", FILES)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_messages_about_a_file(text: str, options: tuple[str, ...], fake: FakeEnvironment, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(text + "\n")
    outcome = freeze("--check", "r.txt", *options, fake.path, cwd=tmp_path)
    assert "s3cret" not in outcome.out + outcome.err


@pytest.mark.parametrize("name", ["pyproject.toml", "pylock.toml", "r.txt"])
def test_messages_about_other_files(name: str, fake: FakeEnvironment, tmp_path: Path) -> None:
    line = json.dumps(f"six @ {URL}/six.zip ; nonsense")
    package = f'[[packages]]\nname = "six"\nurl = {line}\n'
    texts = [f"[project]\nname = 'a'\nversion = '1'\ndependencies = [{line}]\n", f"{line} = 1 2", package]
    for text in texts:
        (tmp_path / name).write_text(text)
        outcome = freeze("--check", name, fake.path, cwd=tmp_path)
        assert outcome.status in {1, 2}
        assert "s3cret" not in outcome.out + outcome.err
    assert "s3cret" not in freeze("--check", f"{URL}/{name}", fake.path, cwd=tmp_path).err


def test_messages_about_metadata(fake: FakeEnvironment, tmp_path: Path) -> None:
    fake.add("broken", requires=[f"six @ {URL}/six.zip nonsense ; ;"])
    fake.add("origin", direct_url__json=json.dumps({"url": URL, "vcs_info": {"vcs": "git", "commit_id": ""}}))
    fake.add("dir", direct_url__json=json.dumps({"url": URL, "dir_info": {}}))
    made = projects.repository(tmp_path / "p", "p", f"{URL}/p.git")
    fake.add("p", direct_url__json=json.dumps({"url": made.as_uri(), "dir_info": {"editable": True}}))
    for options in ((), ("--top-level",), ("--annotate",), ("--format", "json")):
        outcome = freeze(*options, fake.path)
        assert outcome.status == 0
        assert "s3cret" not in outcome.out + outcome.err
    outcome = freeze("--exact", fake.path)
    assert "s3cret" in outcome.out
    assert "s3cret" not in outcome.err
