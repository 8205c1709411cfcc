"""Files of others decide nothing: real users, modes, groups, links, lists."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import struct
import sys
from pathlib import Path

import pytest

from cleanenv.system import ownership
from tests.support.command import Done, call
from tests.support.surroundings import NOBODY, UNKNOWN_USER, skip_or_fail

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away and be another user")

CODE = """
import sys
from cleanenv.system import ownership
print(ownership.objection(sys.argv[1], dict(word.split("=") for word in sys.argv[2:])))
"""


def objection(path: Path, user: int = 0, *environ: str) -> str | None:
    """Return what ``user`` is told of ``path``."""
    words = [sys.executable, "-I", "-c", CODE, str(path), *environ]
    done = call([*as_user(user), *words], {"PATH": os.environ["PATH"]})
    assert (done.status, done.err) == (0, "")
    answer = done.out.rstrip("\n")
    return None if answer == "None" else answer


def as_user(user: int) -> list[str]:
    if shutil.which("setpriv") is None:
        skip_or_fail("setpriv is not installed")
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []


def open_up(folder: Path) -> None:
    """Let every user pass through ``folder`` and those above it, which are the tests' own."""
    for path in (folder, *folder.parents):
        if path.stat().st_mode & 0o011 != 0o011:
            path.chmod(path.stat().st_mode | 0o011)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    open_up(tmp_path)
    path = tmp_path / "it"
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("owner", "mode", "user", "answer"),
    [
        (0, 0o755, 0, None),
        (0, 0o755, UNKNOWN_USER, None),
        (UNKNOWN_USER, 0o755, UNKNOWN_USER, None),
        (UNKNOWN_USER, 0o700, UNKNOWN_USER, None),
        (UNKNOWN_USER, 0o755, 0, f"belongs to user {UNKNOWN_USER}"),
        (NOBODY, 0o755, 0, "belongs to nobody"),
        (NOBODY, 0o755, UNKNOWN_USER, "belongs to nobody"),
        (UNKNOWN_USER, 0o757, UNKNOWN_USER, "is world-writable"),
        (0, 0o777, 0, "is world-writable"),
        (0, 0o1777, UNKNOWN_USER, None),  # sticky, as /tmp
        (NOBODY, 0o1777, UNKNOWN_USER, "belongs to nobody"),
        (UNKNOWN_USER, 0o775, UNKNOWN_USER, None),  # the group of that number has no name
        (0, 0o775, UNKNOWN_USER, None),
    ],
)
def test_owner_and_mode(place: Path, owner: int, mode: int, user: int, answer: str | None) -> None:
    os.chown(place, owner, owner)
    place.chmod(mode)
    assert objection(place, user) == answer


@pytest.mark.parametrize("mode", [0o664, 0o666, 0o644])
def test_a_sticky_file_is_no_directory(place: Path, mode: int) -> None:
    file = place / "file"
    file.touch()
    file.chmod(mode | 0o1000)
    assert objection(file) == ("is world-writable" if mode == 0o666 else None)


def test_a_group_with_others_in_it(place: Path) -> None:
    """By its members; one that has a user's name and no other member is that user's own (umask 002)."""
    shared = next(group for group in grp.getgrall() if group.gr_name not in ("root", "nogroup"))
    os.chown(place, 0, shared.gr_gid)
    place.chmod(0o775)
    assert objection(place) == f"can be written by the group {shared.gr_name}"
    os.chown(place, UNKNOWN_USER, 76543)
    assert objection(place, UNKNOWN_USER) == "can be written by the group 76543"
    private = next(user for user in pwd.getpwall() if user.pw_uid and _has_own_group(user))
    os.chown(place, private.pw_uid, private.pw_gid)
    assert objection(place, private.pw_uid) is None


def _has_own_group(user: pwd.struct_passwd) -> bool:
    group = grp.getgrgid(user.pw_gid)
    return group.gr_name == user.pw_name and not group.gr_mem


def test_an_access_control_list(place: Path) -> None:
    """It may name anybody, and the mode shows its mask as the group's."""
    place.chmod(0o755)
    # acl(5), as the kernel has it: a version, then tag, permission and number of each entry.
    entries = [(0x01, 7, -1), (0x02, 7, NOBODY), (0x04, 5, -1), (0x10, 7, -1), (0x20, 5, -1)]
    value = struct.pack("<I", 2)
    for tag, permission, number in entries:
        value += struct.pack("<HHi", tag, permission, number)
    try:
        os.setxattr(place, ownership.ACL, value)
    except OSError:
        pytest.skip("the file system has no access control lists")
    assert objection(place) == "can be written by the group root"


def test_links(place: Path) -> None:
    """Whoever made one decided where it leads, and where it leads must be right too."""
    target = place / "target"
    target.mkdir()
    link = place / "link"
    link.symlink_to("target")
    assert objection(link) is None
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    assert objection(link) == "belongs to nobody"
    os.chown(link, 0, 0, follow_symlinks=False)
    target.chmod(0o777)
    assert objection(link) == "is world-writable"
    target.rmdir()
    assert objection(link) is None, "what does not exist does no harm"
    assert objection(place / "missing") is None


@pytest.mark.parametrize(
    ("caller", "is_trusted"),
    [(str(UNKNOWN_USER), True), (str(NOBODY), False), ("", False), ("x", False), ("-1", False), ("9" * 5000, False)],
)
def test_root_by_way_of_sudo(place: Path, caller: str, is_trusted: bool) -> None:
    """Whose password it was: as git does it."""
    os.chown(place, UNKNOWN_USER, UNKNOWN_USER)
    assert (objection(place, 0, f"SUDO_UID={caller}") is None) is is_trusted
    assert objection(place, NOBODY, f"SUDO_UID={UNKNOWN_USER}") == f"belongs to user {UNKNOWN_USER}", "not root"


def test_the_directories_between() -> None:
    assert [*ownership.directories("/a", "/a/b/c")] == ["/a/b/c", "/a/b", "/a"]
    assert [*ownership.directories("/a", "/a")] == ["/a"]
    assert [*ownership.directories("/", "/a")] == ["/a", "/"]


class Room:
    """A directory in which everybody may write, as /tmp without or with the sticky bit, and work below it."""

    def __init__(self, folder: Path, caller: dict[str, str], tool: list[str]) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        self.caller = caller
        self.tool = tool

    def call(self, *words: str, user: int = 0) -> Done:
        return call([*as_user(user), *self.tool, *words], self.caller, self.work)


@pytest.fixture
def room(tmp_path: Path, caller: dict[str, str], tool: list[str]) -> Room:
    folder = tmp_path / "scratch"
    made = Room(folder, caller, tool)
    open_up(folder)
    return made


def an_environment(path: Path, owner: int) -> None:
    (path / "bin").mkdir(parents=True)
    (path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    (path / "bin/python").write_text("#!/bin/sh\necho theirs\n")
    (path / "bin/python").chmod(0o755)
    for each in (path, *path.rglob("*")):
        os.chown(each, owner, owner)


@pytest.mark.parametrize("name", [".venv", "venv"])
@pytest.mark.parametrize("owner", [NOBODY, UNKNOWN_USER])
@pytest.mark.parametrize("mode", [0o1777, 0o755])
def test_the_environment_of_another_is_not_taken(room: Room, name: str, owner: int, mode: int) -> None:
    """Nor is the next one above; who names it takes it."""
    an_environment(room.folder / name, owner)
    room.folder.chmod(mode)
    an_environment(room.folder.parent / ".venv", 0)
    whose = "nobody" if owner == NOBODY else f"user {owner}"
    path = room.folder / name
    sentence = (
        f"Error: the environment '{path}' is not used, since '{path}' belongs to {whose}:"
        " if you trust it, name it as ENV\n"
    )
    for words in (("run", "--", "python"), ("shell",), ("freeze",), ("env",), ("run", "--create", "--", "python")):
        assert room.call(*words) == (3, "", sentence)
    assert room.call("run", f"../{name}", "--", "python").out == "theirs\n"
    room.caller["VIRTUAL_ENV"] = str(path)
    assert room.call("run", "--", "python").out == "theirs\n"


@pytest.mark.parametrize(
    ("path", "mode", "why"),
    [
        ("", 0o777, "is world-writable"),
        ("work", 0o777, "is world-writable"),
        (".venv", 0o757, "is world-writable"),
        (".venv/bin", 0o777, "is world-writable"),
        ("", 0o1777, None),
        (".venv", 0o700, None),
        (".venv/bin", 0o775, None),
    ],
)
def test_where_others_may_write(room: Room, path: str, mode: int, why: str | None) -> None:
    an_environment(room.folder / ".venv", 0)
    place = room.folder / path if path else room.folder
    place.chmod(mode)
    done = room.call("run", "--", "python")
    if why is None:
        assert (done.status, done.out) == (0, "theirs\n")
    else:
        assert (done.status, done.out) == (3, "")
        assert f"since '{place}' {why}: if you trust it, name it as ENV" in done.err


def test_a_directory_between_that_belongs_to_another(room: Room) -> None:
    an_environment(room.folder / ".venv", 0)
    os.chown(room.work, NOBODY, NOBODY)
    assert f"since '{room.work}' belongs to nobody" in room.call("run", "--", "python").err


def test_an_ordinary_user(room: Room) -> None:
    """Takes its own and root's."""
    an_environment(room.folder / ".venv", UNKNOWN_USER)
    room.caller["HOME"] = "/"
    assert room.call("run", "--", "python", user=UNKNOWN_USER).out == "theirs\n"
    assert room.call("run", "--", "python", user=NOBODY).status == 3
    os.chown(room.folder, NOBODY, NOBODY)
    assert room.call("run", "--", "python", user=UNKNOWN_USER).status == 3


@pytest.mark.parametrize("how", ["owner", "directory", "mode", "link", "broken"])
def test_the_file_of_another_says_nothing(room: Room, venv: Path, how: str) -> None:
    """Not even which environment; if the user allows it as it is, it counts."""
    file = room.folder / "pyproject.toml"
    file.write_text(f"[tool.cleanenv]\nenv = '{venv}'\nset = {{ A = 'theirs' }}\n")
    if how == "owner":
        os.chown(file, NOBODY, NOBODY)
    elif how == "directory":
        room.folder.chmod(0o777)
    elif how == "mode":
        file.chmod(0o666)
    elif how == "broken":
        file.write_text("[tool.cleanenv\nno toml\n")
        os.chown(file, NOBODY, NOBODY)
    else:
        file.rename(room.folder / "elsewhere")
        file.symlink_to("elsewhere")
        os.chown(file, NOBODY, NOBODY, follow_symlinks=False)
    code = ("--", "sh", "-c", "echo $A$VIRTUAL_ENV")
    done = room.call("run", *code)
    assert (done.status, done.out) == (3, "")
    first, second = done.err.splitlines()
    assert first.startswith(f"'{file}' is not used, since ")
    assert first.endswith(f": if you trust what it says, run 'cleanenv allow {file}'")
    assert second.startswith("Error: no environment is active")
    assert room.call("run", "-q", str(venv), *code) == (0, f"{venv}\n", "")
    assert room.call("freeze").err.splitlines() == [first, second.replace("--create", "'cleanenv shell --create'")]
    if how == "broken":
        return
    assert room.call("allow").status == 0
    assert room.call("run", *code) == (0, f"theirs{venv}\n", "")
    file.write_text("[tool.cleanenv]\nenv = '/elsewhere'\nset = { A = 'theirs' }\n")
    assert room.call("run", *code).status == 3, "what they change afterwards does not"


def test_the_file_of_another_that_says_nothing_of_cleanenv_is_no_news(room: Room, venv: Path) -> None:
    file = room.folder / "pyproject.toml"
    file.write_text("[project]\nname = 'cleanenv-shell'\n")
    os.chown(file, NOBODY, NOBODY)
    assert room.call("run", str(venv), "--", "true") == (0, "", "")
