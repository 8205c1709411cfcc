"""git's configuration files, read as `git config` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleanenv.freeze.version_control import git_config, git_repository
from tests.support.command import run
from tests.support.git_repositories import GIT

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    assert urls(git_config.from_file(str(config), git_config.Context())) == expected
    assert expected or name in {"empty", "other keys"}


def test_a_file_that_includes_itself_ends(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text('[include]\npath = config\n[remote "a"]\nurl = b\n')
    assert ("remote.a.url", "b") in git_config.from_file(str(config), git_config.Context())


def urls(variables: Sequence[tuple[str, str | None]]) -> list[str]:
    """Return the remotes among ``variables`` as git prints them."""
    return [f"{name} {value}" for name, value in variables if name.startswith("remote.") and name.endswith(".url")]


# Conditions that are true in the repository below, whose branch is main, and others that are not.
TRUE = [
    "gitdir:~/work/",
    "gitdir:~/work/**",
    "gitdir:~/work/a/.git",
    "gitdir:work/",
    "gitdir:a/.git",
    "gitdir:.git",
    "gitdir:~/wo?k/*/.git",
    "gitdir:**/[vw]ork/**",
    "gitdir:**/wor[[:alpha:]]/**",
    "gitdir:wor[!a-j]/",
    "gitdir:wo\\\\rk/",
    "gitdir/i:~/WORK/",
    "gitdir/i:Work/A/.GIT",
    "gitdir:./work/a/.git",
    "gitdir:./work/",
    "gitdir:./wor?/",
    "onbranch:feature/main",
    "onbranch:feature/",
    "onbranch:f*/ma?n",
    "onbranch:**/main",
    "onbranch:**",
]
FALSE = [
    "gitdir:~/other/",
    "gitdir:~/WORK/",
    "gitdir:~/work",
    "gitdir:~/wo*/.git",
    "gitdir:a",
    "gitdir:wor[/]k/",
    "gitdir:[",
    "gitdir:./a/",
    "gitdir:~/link/",
    "onbranch:main",
    "onbranch:*",
    "onbranch:feature",
    "nonsense:x",
    "gitdir",
]


@pytest.mark.parametrize("condition", [*TRUE, *FALSE])
def test_conditions_hold_as_for_git(condition: str, tmp_path: Path) -> None:
    work = tmp_path / "work" / "a"
    work.mkdir(parents=True)
    (tmp_path / "link").symlink_to("work")
    environ = {**GIT, "HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": str(tmp_path / ".gitconfig")}
    run("git", "init", "-q", "-b", "feature/main", cwd=work, env=environ)
    (tmp_path / "extra").write_text('[remote "extra"]\nurl = https://example.org/extra\n')
    (tmp_path / ".gitconfig").write_text(f'[includeIf "{condition}"]\npath = extra\n')
    start = tmp_path / "link" / "a" if "link" in condition else work
    command = "git config --get-regexp 'remote\\..*\\.url' || true"
    expected = run("sh", "-c", command, cwd=start, env=environ).decode().splitlines()
    repository = git_repository.around(str(start))
    assert urls(git_config.read(repository, {"HOME": str(tmp_path)})) == expected
    assert bool(expected) == (condition in TRUE)


INCLUDES = ["~/more", "more", "../more", "./more", "{home}/more", "%(prefix)/nonexistent", "/nonexistent", "~root/none"]


@pytest.mark.parametrize("path", INCLUDES)
def test_files_are_included_as_for_git(path: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    run("git", "init", "-q", cwd=tmp_path / "a", env=GIT)
    (tmp_path / "more").write_text('[remote "home"]\nurl = home\n')
    (tmp_path / "a" / "more").write_text('[remote "above"]\nurl = above\n')
    (tmp_path / "a" / ".git" / "more").write_text('[remote "beside"]\nurl = beside\n')
    with (tmp_path / "a" / ".git" / "config").open("a") as file:
        file.write(f"[include]\npath = {path.format(home=tmp_path)}\n")
    agree(tmp_path / "a", tmp_path)


def agree(repository: Path, home: Path) -> list[str]:
    """Return the remotes that git and cleanenv both see in ``repository``."""
    environ = {"PATH": GIT["PATH"], "HOME": str(home)}
    command = "git config --get-regexp 'remote\\..*\\.url' || true"
    expected = run("sh", "-c", command, cwd=repository, env=environ).decode().splitlines()
    variables = git_config.read(git_repository.around(str(repository)), {"HOME": str(home)})
    assert urls(variables) == expected
    return expected


def test_the_users_and_the_worktrees_configuration(tmp_path: Path) -> None:
    made = tmp_path / "a"
    made.mkdir()
    run("git", "init", "-q", "-b", "main", cwd=made, env=GIT)
    run("git", "commit", "-q", "--allow-empty", "-m", "x", cwd=made, env=GIT)
    run("git", "worktree", "add", "-q", str(tmp_path / "tree"), cwd=made, env=GIT)
    run("git", "remote", "add", "origin", "https://example.org/own", cwd=made, env=GIT)
    assert len(agree(made, tmp_path)) == 1
    (tmp_path / ".gitconfig").write_text(
        '[remote "origin"]\nurl = https://example.org/user\n[url "ssh://git@example.org/"]\ninsteadOf = https://example.org/\n'
    )
    (tmp_path / ".config" / "git").mkdir(parents=True)
    (tmp_path / ".config" / "git" / "config").write_text('[remote "early"]\nurl = early\n')
    lines = agree(made, tmp_path)
    assert [line.split()[0] for line in lines] == ["remote.early.url", "remote.origin.url", "remote.origin.url"]
    run("git", "config", "extensions.worktreeConfig", "true", cwd=made, env=GIT)
    for place in (made, tmp_path / "tree"):
        run("git", "config", "--worktree", "remote.mine.url", place.name, cwd=place, env=GIT)
        assert agree(place, tmp_path)[-1] == f"remote.mine.url {place.name}"
    run("git", "config", "extensions.worktreeConfig", "false", cwd=made, env=GIT)
    assert not any("mine" in line for line in agree(made, tmp_path))
    assert (
        git_repository.remote(git_repository.around(str(made)), {"HOME": str(tmp_path)}) == "https://example.org/user"
    )
