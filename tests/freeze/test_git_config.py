"""git's configuration files, read as `git config` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleanenv.freeze import git_config
from tests.support.command import run
from tests.support.git_repositories import GIT

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "plain": '[remote "origin"]\n\turl = https://example.org/a.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n',
    "two": '[remote "b"]\nurl=one\n[remote "origin"]\nurl=two\nurl = three\n',
    "comments": '# x\n[remote "origin"] ; y\n url = https://a/b # not this\n; url = no\n',
    "quoted": '[remote "origin"]\nurl = "https://a/b#c;d"\n',
    "escapes": '[remote "a\\"b"]\nurl = "a\\\\b\\"c"\n',
    "continued": '[remote "origin"]\nurl = https://a/\\\nb\n',
    "one line": '[remote "origin"] url = https://a/b\n',
    "old form": "[remote.Origin]\nurl = https://a/b\n",
    "case": '[Remote "Origin"]\nURL = https://a/b\n',
    "other keys": '[remote "origin"]\npushurl = no\n[branch "x"]\nurl = no\n[core]\nbare\n',
    "spaces": '  [remote "origin"]  \n   url   =   https://a/b   \n',
    "inner spaces": '[remote "origin"]\nurl = https://a/b  c\n',
    "included": '[include]\npath = more\n[remote "z"]\nurl = z\n',
    "crlf": '[remote "origin"]\r\n\turl = https://a/b\r\n',
    "empty": "",
}


@pytest.mark.parametrize("name", TEXTS)
def test_urls_are_those_that_git_tells(name: str, tmp_path: Path) -> None:
    (tmp_path / "more").write_text('[remote "more"]\nurl = https://more\n')
    config = tmp_path / "config"
    config.write_bytes(TEXTS[name].encode())
    command = f"git config --file '{config}' --includes --get-regexp 'remote\\..*\\.url' || true"
    expected = run("sh", "-c", command, env=GIT).decode().splitlines()
    pairs = git_config.values(str(config), "remote", "url")
    assert [f"remote.{remote}.url {value}" for remote, value in pairs] == expected
    assert expected or name in {"empty", "other keys"}


def test_a_file_that_includes_itself_ends(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text('[include]\npath = config\n[remote "a"]\nurl = b\n')
    assert ("a", "b") in git_config.values(str(config), "remote", "url")
