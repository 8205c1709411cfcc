"""What sets variables outside of shells: pam_env's files and environment.d."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanenv.trace import login_files
from tests.support import namespace
from tests.support.command import Done, call
from tests.support.surroundings import skip_or_fail
from tests.support.trace_cases import TOOL, document, environ_of, home_of

LOGIN = {"HOME": "/home/me", "USER": "me", "SHELL": "/bin/sh", "PATH": "/bin"}


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that the module takes for /etc; systemd's folders of the system are in it too."""
    folder = tmp_path / "etc"
    (folder / "environment.d").mkdir(parents=True)
    (folder / "lib.d").mkdir()
    monkeypatch.setattr(login_files, "PAM_CONF", str(folder / "pam_env.conf"))
    monkeypatch.setattr(login_files, "ENVIRONMENT", str(folder / "environment"))
    monkeypatch.setattr(login_files, "ENVIRONMENT_D", (str(folder / "environment.d"), str(folder / "lib.d")))
    return folder


def seen(more: dict[str, str] | None = None) -> list[tuple[str, str | None, str, int | None]]:
    """Return name, new value, file and line of each change."""
    return [
        (change.name, change.new, Path(change.chain[0].file).name, change.chain[0].line)
        for change in login_files.changes(LOGIN | (more or {}))
    ]


def test_nothing_there(etc: Path) -> None:
    assert etc.exists()
    assert seen() == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("X=1", "1"),
        ("export X=1", "1"),
        ("  X=1  ", "1"),
        ('X="a b"', "a b"),
        ("X='a b'", "a b"),
        ("X=a b", "a b"),
        ("X=$HOME", "$HOME"),
        ("X=1 # a comment", "1"),
        ("X=\\\n1", "1"),
    ],
)
def test_environment(etc: Path, line: str, value: str) -> None:
    (etc / "environment").write_text(f"# a comment\n\n{line}\nno assignment\n1=2\n")
    assert seen() == [("X", value, "environment", 3)]


def test_environment_changes_and_keeps(etc: Path) -> None:
    (etc / "environment").write_text("PATH=/bin\nPATH=/usr/bin:/bin\nUSER=\n")
    assert seen() == [("PATH", "/usr/bin:/bin", "environment", 2), ("USER", None, "environment", 3)]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("X DEFAULT=1", "1"),
        ("X OVERRIDE=1", "1"),
        ("X DEFAULT=1 OVERRIDE=2", "2"),
        ("X\tDEFAULT=${HOME}/x", "/home/me/x"),
        ('X DEFAULT="a b"', "a b"),
        ("X DEFAULT=@{HOME}:@{PAM_USER}:@{SHELL}", "/home/me:me:/bin/sh"),
        ("X DEFAULT=1 OVERRIDE=${NOWHERE}", "1"),
        ("X DEFAULT=\\$HOME", "$HOME"),
        ("X \\\n  DEFAULT=1", "1"),
    ],
)
def test_pam_conf(etc: Path, line: str, value: str) -> None:
    (etc / "pam_env.conf").write_text(f"# X DEFAULT=0\n{line}\nX NONSENSE=1\n")
    assert seen() == [("X", value, "pam_env.conf", 2)]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("X=1", "1"),
        ("X=$HOME/x", "/home/me/x"),
        ("X=${HOME}", "/home/me"),
        ("X=${NOWHERE:-$USER}", "me"),
        ("X=${USER:+yes}${NOWHERE:+no}", "yes"),
        ('X="a b"', "a b"),
        ("X=\\$HOME", "$HOME"),
    ],
)
def test_environment_d(etc: Path, line: str, value: str) -> None:
    (etc / "environment.d/10.conf").write_text(f"; a comment\n{line}\n")
    (etc / "environment.d/20.txt").write_text("Y=1\n")
    assert seen() == [("X", value, "10.conf", 2)]


def test_environment_d_in_order_of_names(etc: Path, tmp_path: Path) -> None:
    """A file of the user's masks one of the same name."""
    (etc / "lib.d/10.conf").write_text("X=lib\n")
    (etc / "environment.d/20.conf").write_text("X=$X:etc\n")
    (etc / "lib.d/20.conf").write_text("X=masked\n")
    user = tmp_path / "config/environment.d"
    user.mkdir(parents=True)
    (user / "30.conf").write_text("X=$X:user\n")
    config = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert [change[1:3] for change in seen(config)] == [
        ("lib", "10.conf"),
        ("lib:etc", "20.conf"),
        ("lib:etc:user", "30.conf"),
    ]


def test_all_in_the_order_of_a_login(etc: Path) -> None:
    (etc / "pam_env.conf").write_text("X DEFAULT=pam\n")
    (etc / "environment").write_text("X=environment\n")
    (etc / "environment.d/1.conf").write_text("X=$X.d\n")
    assert [change[1] for change in seen()] == ["pam", "environment", "environment.d"]


def test_a_folder_and_bytes_that_are_no_text(etc: Path) -> None:
    (etc / "environment").mkdir()
    (etc / "pam_env.conf").write_bytes(b"\xff\nX DEFAULT=\xff\n")
    assert seen() == [("X", "\udcff", "pam_env.conf", 2)]


def test_they_come_before_the_shell(tmp_path: Path) -> None:
    """With an /etc of the test's own; the startup builds upon what they set."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "environment").write_text("#\nPYTHONPATH=/from/etc\n")
    if not namespace.is_possible(folder):
        skip_or_fail("an /etc of its own takes root and overlayfs")
    with home_of("myself", {".bashrc": "\nexport PYTHONPATH=/mine:$PYTHONPATH\n"}) as home:
        words = [*namespace.over_etc(folder), *TOOL, "trace", "PYTHONPATH", "--shell", "bash"]
        found = document(call([*words, "--json"], environ_of(home)))
        changes = found["variables"][0]["changes"]
        assert [(change["chain"][0]["file"], change["chain"][0]["line"], change["new"]) for change in changes] == [
            ("/etc/environment", 2, "/from/etc"),
            (f"{home}/.bashrc", 2, "/mine:/from/etc"),
        ]
        printed: Done = call(words, environ_of(home))
        assert "├── /etc/environment:2\n│   ├── set to '/from/etc'\n" in printed.out
        assert "│   ├── added '/mine'\n" in printed.out
