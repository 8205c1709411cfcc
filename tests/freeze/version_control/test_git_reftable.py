"""Repositories whose references are in reftables: files that git 2.55 wrote, and others made by the specification."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

import pytest

from cleanenv.freeze.version_control import git_refs, git_repository
from tests.support import projects
from tests.support.git_repositories import commit, git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.freeze.version_control.conftest import Bench

# HEAD, main, an annotated tag v1 and a tag "light", all at one commit.
SMALL = (
    "eJwLcnULYWQQYIACRijNUsTAsJ5B2cPV0YWBvyg1rVg/IzUxpVg/NzEzj6ESTYDxXeujL9y7Ps++eKrS0vP0tg9xu7gNWQNLEtOL9XMy0zNKmLEp4BIq"
    "M2T6mh6vv3rmovLOM6+Np/+PCb7xXr8em2IGBhkGBmMGpnQGhlMVt5JPfCkoLUn8wc9YL7mhoXxt/76C979sfj9a6eV9/vJtuyNvH5ml+KT4lXhkVe5/"
    "pxDQ6FFUl5eX1tnklhaX5pmW1LdsqhOruHNzcmBW1MY6t6wkr411eUlpcro6iQmJCR2pCUwM/YpueUE4goYBP1gPYxRzpggAAD4Ed7I="
)
SMALL_COMMIT = "ee85e2f40bbaf39bd1ca793949cbb6f05eba0b31"
# The same with SHA-256: version 2 of the format.
SHA_256 = (
    "eJwLcnULYWIQYIACRijNVGxkalbEwFDIoOzh6ujCwF+Umlasn5GamFKsn5uYmcdQiSbAeKmpSLxjGnsKU91LmYum/T9q78W6nsk6br34j27wrA5DWwYG"
    "BQYGcwamdAaGXxW3kk98KSgtSfzBz1gvydHg7ev6SPbyjeAZr+JOxZi8/R9YrX/tq8+1wtdH60ua00slbhmpGalbqWzdE18usCJCxdLe3Hyzi6Oysf5m"
    "FWND98teC5u6Fx7cqGG6NsJe2dRwaYS9uaFx/7xpxhsMDKYYGTAyNNb7BgTh8SgDflAIY8zyFucDAFVJVhc="
)
SHA_256_COMMIT = "d282721788960764027ee91cd1358ff87dde5d45cc6ac73ba3fc2d539a88313d"
A = "a" * 40
B = "b" * 40
BLOCK = 4096


def number(value: int) -> bytes:
    """Return ``value`` as the format writes numbers."""
    data = bytes([value & 0x7F])
    while value := value >> 7:
        value -= 1
        data = bytes([0x80 | (value & 0x7F)]) + data
    return data


def record(name: str, value: str | None, before: str) -> bytes:
    """Return the record of ``name``, which comes after that of ``before``."""
    shared = 0
    while shared < min(len(name), len(before)) and name[shared] == before[shared]:
        shared += 1
    kind = 0 if value is None else 3 if value.startswith("ref:") else 1
    suffix = name[shared:].encode()
    data = number(shared) + number(len(suffix) << 3 | kind) + suffix + number(0)
    if value is None:
        return data
    if kind == 1:
        return data + bytes.fromhex(value)
    target = value.removeprefix("ref:").encode()
    return data + number(len(target)) + target


def table(references: Mapping[str, str | None], *, is_padded: bool = True) -> bytes:
    """Return a table with ``references`` in as many blocks as they need."""
    data = b"REFT\x01" + (BLOCK if is_padded else 0).to_bytes(3, "big") + bytes(16)
    start = 0
    records = b""
    before = ""
    names = sorted(references)
    for index, name in enumerate(names):
        records += record(name, references[name], before)
        before = name
        if len(records) > BLOCK - 200 or index == len(names) - 1:
            header = len(data) - start
            block = records + (header + 4).to_bytes(3, "big") + (1).to_bytes(2, "big")
            data += b"r" + (header + 4 + len(block)).to_bytes(3, "big") + block
            is_last = index == len(names) - 1
            if is_padded and not is_last:
                data += bytes(start + BLOCK - len(data))
            start = len(data)
            records, before = b"", ""
    return data + b"REFT\x01" + bytes(63)  # the footer, which is not needed


def repository(directory: Path, *tables: bytes) -> git_repository.Repository:
    """Make a repository with these reftables, the oldest first."""
    (directory / ".git" / "objects").mkdir(parents=True)
    (directory / ".git" / "refs").mkdir()
    (directory / ".git" / "refs" / "heads").write_text("this repository uses the reftable format\n")
    (directory / ".git" / "HEAD").write_text("ref: refs/heads/.invalid\n")
    (directory / ".git" / "config").write_text("[extensions]\nrefstorage = reftable\n")
    stack(directory / ".git" / "reftable", *tables)
    found = git_repository.around(str(directory))
    assert found is not None
    return found


def stack(directory: Path, *tables: bytes) -> None:
    """Write these tables, the oldest first."""
    directory.mkdir(parents=True)
    for index, data in enumerate(tables):
        (directory / f"{index}.ref").write_bytes(data)
    (directory / "tables.list").write_text("".join(f"{index}.ref\n" for index in range(len(tables))))


def test_what_git_wrote(tmp_path: Path) -> None:
    small = repository(tmp_path / "small", zlib.decompress(base64.b64decode(SMALL)))
    assert git_refs.head(small) == SMALL_COMMIT
    assert git_refs.branch(small) == "main"
    assert git_refs.is_checked_out(small, "v1") is True
    assert git_refs.is_checked_out(small, "light") is True
    assert git_refs.is_checked_out(small, "none") is None
    sha_256 = repository(tmp_path / "sha256", zlib.decompress(base64.b64decode(SHA_256)))
    assert git_refs.head(sha_256) == SHA_256_COMMIT


@pytest.mark.parametrize("is_padded", [True, False])
def test_many_blocks(is_padded: bool, tmp_path: Path) -> None:
    references: dict[str, str | None] = {f"refs/heads/some/branch-{index}": A for index in range(2000)}
    references["HEAD"] = "ref:refs/heads/zz"
    references["refs/heads/zz"] = B
    assert git_refs.head(repository(tmp_path, table(references, is_padded=is_padded))) == B


def test_newer_tables_come_first(tmp_path: Path) -> None:
    old = table({"HEAD": "ref:refs/heads/main", "refs/heads/main": A, "refs/tags/v1": A})
    moved = table({"refs/heads/main": B})
    deleted = table({"refs/tags/v1": None})
    found = repository(tmp_path, old, moved, deleted)
    assert git_refs.head(found) == B
    assert git_refs.is_checked_out(found, "v1") is None
    detached = repository(tmp_path / "detached", old, table({"HEAD": B}))
    assert git_refs.head(detached) == B
    assert git_refs.branch(detached) is None


def test_a_worktree_has_a_table_of_its_own(tmp_path: Path) -> None:
    repository(tmp_path / "a", table({"HEAD": "ref:refs/heads/main", "refs/heads/main": A, "refs/heads/other": B}))
    own = tmp_path / "a" / ".git" / "worktrees" / "tree"
    stack(own / "reftable", table({"HEAD": "ref:refs/heads/other"}))
    (own / "HEAD").write_text("ref: refs/heads/.invalid\n")
    (own / "commondir").write_text("../..\n")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".git").write_text(f"gitdir: {own}\n")
    tree = git_repository.around(str(tmp_path / "tree"))
    assert tree is not None
    assert git_refs.head(tree) == B


def test_damaged_tables_have_no_commit(tmp_path: Path) -> None:
    whole = table({"HEAD": "ref:refs/heads/main", "refs/heads/main": A})
    damaged = [b"", b"REFT", b"REFT\x09" + whole[5:], whole[:60] + bytes(40), whole.replace(b"main", b"\xff" * 4, 1)]
    damaged += [whole[:end] for end in range(24, len(whole) - 70)]
    for index, data in enumerate(damaged):
        assert git_refs.head(repository(tmp_path / str(index), data)) is None


def test_a_repository_that_has_a_commit_is_not_told_to_commit(bench: Bench) -> None:
    made = projects.project(bench.directory / "p", "demo")
    repository(made / "x", b"damaged")
    (made / "x" / ".git").rename(made / ".git")
    with (made / ".git" / "config").open("a") as file:
        file.write('[remote "origin"]\nurl = https://example.org/demo\n')
    bench.install(made)
    assert bench.cleanenv()[0] == "## !! Could not determine repository location"


def test_with_a_git_that_has_reftables(bench: Bench) -> None:
    made = projects.project(bench.directory / "p", "demo")
    try:
        git(made, "init", "-q", "-b", "main", "--ref-format=reftable")
    except pytest.fail.Exception:
        pytest.skip(f"this git writes no reftables: {git(made, '--version')}")
    commit(made, "https://example.org/demo")
    bench.install(made)
    git(made, "tag", "-a", "-m", "x", "v1")
    bench.agreed("-e git+https://example.org/demo@")
