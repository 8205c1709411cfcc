"""Repositories: what git would say, with git not started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleanenv.freeze.version_control import git_refs, git_repository
from cleanenv.freeze.version_control.source import RemoteUnknownError, subdirectory
from tests.support import projects
from tests.support.git_repositories import commit, git

if TYPE_CHECKING:
    from pathlib import Path


def around(path: Path) -> git_repository.Repository:
    repository = git_repository.around(str(path))
    assert repository is not None
    return repository


def test_the_commit_is_the_one_checked_out(tmp_path: Path) -> None:
    made = projects.repository(tmp_path / "a", "demo", None)
    first = git(made, "rev-parse", "HEAD")
    assert git_refs.head(around(made)) == first
    git(made, "commit", "-q", "--allow-empty", "-m", "more")
    git(made, "gc", "-q")
    assert git_refs.head(around(made)) == git(made, "rev-parse", "HEAD") != first
    git(made, "checkout", "-q", first)
    assert git_refs.head(around(made)) == first
    git(made, "switch", "-q", "-c", "feature/one")
    assert git_refs.head(around(made)) == first


def test_a_worktree_shares_refs_and_remotes(tmp_path: Path) -> None:
    made = projects.repository(tmp_path / "a", "demo", "https://example.org/a")
    git(made, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    git(tmp_path / "tree", "commit", "-q", "--allow-empty", "-m", "more")
    repository = around(tmp_path / "tree")
    assert git_refs.head(repository) == git(tmp_path / "tree", "rev-parse", "HEAD") != git(made, "rev-parse", "HEAD")
    assert git_repository.remote(repository, {}) == "https://example.org/a"


def test_sha_256_repositories(tmp_path: Path) -> None:
    made = projects.project(tmp_path / "a", "demo")
    git(made, "init", "-q", "-b", "main", "--object-format=sha256")
    commit(made)
    head = git_refs.head(around(made))
    assert head == git(made, "rev-parse", "HEAD")
    assert head is not None
    assert len(head) == 64


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a.git", "https://example.org/a.git"),
        ("git@example.org:a/b.git", "ssh://git@example.org/a/b.git"),
        ("example.org:b", "ssh://example.org/b"),
        ("host:~/b", None),
        ("git@host:/absolute", None),
        ("/nonexistent/path", None),
        ("relative/path", None),
        ("git+ssh://host/x", None),
        ("a-b@host:path", "ssh://a-b@host/path"),
        ("org-1234567@github.com:example/demo.git", "ssh://org-1234567@github.com/example/demo.git"),
        ("first.last@gerrit:a", "ssh://first.last@gerrit/a"),
        ("a@b@host:path", "ssh://a@b@host/path"),
        ("user@:path", "ssh://user@/path"),
        (":path", None),
        ("a/b@host:path", None),
        ("host:-path", None),
        ("host:a:b", None),
    ],
)
def test_remotes_as_pip_takes_them(url: str, expected: str | None, tmp_path: Path) -> None:
    made = projects.repository(tmp_path / "a", "demo", url)
    if expected is not None:
        assert git_repository.remote(around(made), {}) == expected
        return
    with pytest.raises(RemoteUnknownError) as caught:
        git_repository.remote(around(made), {})
    assert caught.value.args[0] == url


def test_a_local_remote_becomes_a_file_url(tmp_path: Path) -> None:
    (tmp_path / "b ä").mkdir()
    made = projects.repository(tmp_path / "a", "demo", f"{tmp_path}/b")
    git(made, "remote", "set-url", "origin", f"{tmp_path}/./a/")
    assert git_repository.remote(around(made), {}) == f"file://{tmp_path}/a"


def test_no_program_of_the_repository_runs(tmp_path: Path) -> None:
    made = projects.repository(tmp_path / "a", "demo", "https://example.org/a")
    marker = tmp_path / "ran"
    (made / "monitor").write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    (made / "monitor").chmod(0o755)
    git(made, "config", "core.fsmonitor", str(made / "monitor"))
    git(made, "config", "core.sshCommand", str(made / "monitor"))
    repository = around(made)
    assert git_repository.remote(repository, {}) == "https://example.org/a"
    assert git_refs.head(repository)
    assert subdirectory(str(made), repository.top) is None
    assert not marker.exists()


@pytest.mark.parametrize("head", ["", "ref: ../../secret", "ref: refs/heads/none", "zzz", "ref: HEAD", "\0", "ref: \0"])
def test_a_damaged_head_has_no_commit(head: str, tmp_path: Path) -> None:
    made = projects.repository(tmp_path / "a", "demo", None)
    (tmp_path / "secret").write_text("0" * 40)
    (made / ".git" / "HEAD").write_text(head)
    repository = git_repository.around(str(made))
    assert repository is None or git_refs.head(repository) is None


def test_outside_any_repository(tmp_path: Path) -> None:
    assert git_repository.around(str(tmp_path)) is None
