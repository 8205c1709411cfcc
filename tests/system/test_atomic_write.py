"""-o: whole or not at all."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cleanenv.errors import UsageError
from cleanenv.system import atomic_write
from cleanenv.system.failure import SystemLimitError
from tests.support import namespace
from tests.support.surroundings import skip_or_fail, unprivileged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


CLEANENV = (sys.executable, "-I", "-m", "cleanenv")


def only(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_obeys_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        atomic_write.write(str(tmp_path / "r.txt"), b"a\n")
    finally:
        os.umask(old)
    assert (tmp_path / "r.txt").read_bytes() == b"a\n"
    assert stat.S_IMODE((tmp_path / "r.txt").stat().st_mode) == 0o640
    assert only(tmp_path) == ["r.txt"]


def test_mode_and_link_stay(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "r.txt"
    target.write_text("old, and longer than the new")
    target.chmod(0o604)
    (tmp_path / "link").symlink_to("real/r.txt")
    atomic_write.write(str(tmp_path / "link"), b"new\n")
    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == b"new\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o604
    assert only(tmp_path / "real") == ["r.txt"]


def test_a_dead_link_gets_its_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("r.txt")
    atomic_write.write(str(tmp_path / "link"), b"a")
    assert (tmp_path / "r.txt").read_bytes() == b"a"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing/r.txt", "no directory"),
        (".", "is a directory"),
        ("", "is a directory"),
        ("new/", "no directory"),
        ("socket", "socket"),
        ("file/r.txt", "not a directory"),
        ("loop", "loop"),
        ("x" * 300, "too long"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(path: str, says: str, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(os.fspath(tmp_path / "socket"))
    (tmp_path / "file").write_text("kept")
    (tmp_path / "loop").symlink_to("loop")
    before = only(tmp_path)
    with pytest.raises(UsageError) as caught:
        atomic_write.write(os.path.join(tmp_path, path), b"a")
    assert says in str(caught.value).lower()
    assert "\n" not in str(caught.value)
    assert only(tmp_path) == before
    assert (tmp_path / "file").read_text() == "kept"


WRITE = """
import resource, signal, sys
from cleanenv.system import atomic_write
from cleanenv.errors import UsageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    atomic_write.write(sys.argv[1], b"x" * 100000)
except UsageError as error:
    print(error)
"""


def write(target: Path, *limits: str, within: Sequence[str] = ()) -> str:
    """Write 100 kB to ``target`` in a process of its own; return the error."""
    command = [*within, sys.executable, "-c", WRITE, str(target), *limits]
    done = subprocess.run(command, capture_output=True, timeout=30, check=True)
    return done.stdout.decode()


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "r.txt"
    target.write_text("old")
    assert "too large" in write(target, "1000")
    assert target.read_text() == "old"
    assert only(tmp_path) == ["r.txt"]
    assert not write(target, "1000000")
    assert target.stat().st_size == 100_000


def test_a_folder_that_may_not_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "r.txt"
    target.write_text("old")
    within = unprivileged()
    tmp_path.chmod(0o555)
    try:
        assert "permission denied" in write(target, within=within)
    finally:
        tmp_path.chmod(0o755)
    assert target.read_text() == "old"
    assert only(tmp_path) == ["r.txt"]


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """Return an environment whose listing is `a==1.0`."""
    path = tmp_path / "environment"
    site_packages = path / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    (site_packages / "a-1.0.dist-info").mkdir(parents=True)
    (site_packages / "a-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: a\nVersion: 1.0\n")
    (path / "bin").mkdir()
    (path / "bin/python").symlink_to(sys.executable)
    (path / "pyvenv.cfg").write_text(
        f"home = {os.path.dirname(sys.executable)}\nversion = 3.11.2\ninclude-system-site-packages = false\n"
    )
    return path


@pytest.mark.parametrize(
    ("name", "redirection"),
    [
        ("/dev/stdout", ""),
        ("/dev/fd/1", ""),
        ("/proc/self/fd/1", ""),
        ("/proc/thread-self/fd/1", ""),
        ("/dev/stderr", "2>&1"),
        ("/dev/fd/3", "3>&1"),
        ("link", ""),
        ("over/fd/1", ""),
        ("/dev/./fd/1", ""),
    ],
)
@pytest.mark.parametrize("sign", [">>", ">", "| cat >>"])
def test_a_descriptor_is_written_to(listed: Path, tmp_path: Path, name: str, redirection: str, sign: str) -> None:
    """Where it is: what stands before and after stays, and `>>` appends."""
    (tmp_path / "link").symlink_to("/dev/stdout")
    (tmp_path / "over").symlink_to("/proc/self")
    log = tmp_path / "log"
    log.write_text("a year of log\n")
    before = only(tmp_path)
    script = f'(echo first; "$@" {redirection}; echo second) {sign} log'
    words = [*CLEANENV, "freeze", str(listed), "-o", name]
    subprocess.run(["sh", "-c", script, "sh", *words], cwd=tmp_path, check=True, timeout=60)
    start = "a year of log\n" if ">>" in sign else ""
    assert log.read_text() == f"{start}first\na==1.0\nsecond\n"
    assert only(tmp_path) == before


def test_the_page_goes_to_a_descriptor_too(listed: Path, tmp_path: Path) -> None:
    with (tmp_path / "log").open("ab") as log:
        log.write(b"first\n")
        log.flush()
        words = [*CLEANENV, "doctor", str(listed), "-q", "--html", "/dev/stdout"]
        subprocess.run(words, cwd=tmp_path, stdout=log, check=False, timeout=60)
    content = (tmp_path / "log").read_bytes()
    assert content.startswith(b"first\n<!")
    assert content.rstrip().endswith(b"</html>")


@pytest.mark.parametrize("name", ["/dev/fd/77", "/dev/stdout", "/proc/self/fd/77", "/dev/fd/99999999999999999999"])
def test_a_closed_descriptor_is_refused(listed: Path, tmp_path: Path, name: str) -> None:
    words = [*CLEANENV, "freeze", str(listed), "-o", name]
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *words], cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    said = f"Error: cannot write '{name}' (bad file descriptor): choose another path\n"
    assert (done.returncode, done.stderr.decode()) == (2, said)


def test_the_stream_of_another_process_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as file:
        other = subprocess.Popen(["sleep", "60"], stdout=file)
        try:
            with pytest.raises(UsageError, match="a stream of another process"):
                atomic_write.write(f"/proc/{other.pid}/fd/1", b"x")
        finally:
            other.kill()
            other.wait()
    assert log.read_bytes() == b""


def test_a_named_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with (tmp_path / "read").open("wb") as read, subprocess.Popen(["cat", pipe], stdout=read) as reader:
        atomic_write.write(str(pipe), b"x" * 200_000)
        reader.wait(timeout=30)
    assert (tmp_path / "read").read_bytes() == b"x" * 200_000
    assert only(tmp_path) == ["pipe", "read"]


def test_a_pipe_that_does_not_block_is_written_to_in_full() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    os.set_inheritable(theirs, True)
    code = "import sys; from cleanenv.system import atomic_write; atomic_write.write(sys.argv[1], b'x' * 1000000)"
    with subprocess.Popen([sys.executable, "-c", code, f"/dev/fd/{theirs}"], pass_fds=[theirs]):
        os.close(theirs)
        with open(ours, "rb") as reading:
            assert len(reading.read()) == 1_000_000


def test_what_a_device_says(tmp_path: Path) -> None:
    atomic_write.write("/dev/null", b"x")
    with pytest.raises(SystemLimitError, match="no space left on device"):
        atomic_write.write("/dev/full", b"x")
    assert only(tmp_path) == []


@pytest.mark.parametrize("words", [["freeze", "{env}", "-o", "{file}"], ["doctor", "{env}", "--html", "{file}"]])
@pytest.mark.parametrize("had", [True, False])
def test_a_full_disk_has_its_status(listed: Path, tmp_path: Path, words: list[str], had: bool) -> None:
    """That of what the machine lacks; the old file stays."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not namespace.is_possible_over(disk):
        skip_or_fail("mounting a full disk takes root and unshare(1)")
    # Page by page, until nothing more is taken; then a listing of one line has no room.
    fill = "echo old > r; cat /dev/zero > fill 2>/dev/null; " if had else "cat /dev/zero > fill 2>/dev/null; "
    script = f'cd {disk} && {fill} "$@"; echo "status $?"; ls -A; test ! -e r || cat r'
    command = [word.format(env=listed, file=disk / "r") for word in words]
    started = [*namespace.over_directory(disk, "size=16k"), "sh", "-c", script, "sh"]
    done = subprocess.run(
        [*started, *CLEANENV, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": os.defpath, "HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )
    assert done.stderr == (
        f"Error: cannot write '{disk}/r' (no space left on device):"
        " file left unchanged; make room, or choose another path\n"
    )
    assert done.stdout == "status 71\nfill\n" + ("r\nold\n" if had else "")


@pytest.mark.parametrize("length", [255, 254, 200])
def test_names_as_long_as_the_file_system_has(tmp_path: Path, length: int) -> None:
    """Counted in bytes."""
    name = "漢" * (length // 3) + "x" * (length % 3)
    for _ in range(2):
        atomic_write.write(str(tmp_path / name), b"x")
    assert only(tmp_path) == [name]


def test_leftovers_of_another_version_are_in_nobodys_way(tmp_path: Path) -> None:
    """In a container the number of the process is the same at each start."""
    for number in range(1, 5000):
        (tmp_path / f".r.{number}.tmp").symlink_to("/nowhere")
    atomic_write.write(str(tmp_path / "r"), b"x")
    assert (tmp_path / "r").read_bytes() == b"x"


def test_a_file_that_its_owner_may_not_write_stays(tmp_path: Path) -> None:
    target = tmp_path / "r.txt"
    target.write_text("old")
    target.chmod(0o444)
    assert "permission denied" in write(target, within=unprivileged())
    assert target.read_text() == "old"


def test_a_directory_that_may_only_be_written(tmp_path: Path) -> None:
    """What `>` can do: it need not be read."""
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o333)
    assert not write(folder / "r", within=unprivileged())
    folder.chmod(0o755)
    assert only(folder) == ["r"]


@pytest.mark.parametrize("is_nameless", [True, False])
@pytest.mark.parametrize("call", ["write", "fsync", "linkat", "rename,renameat,renameat2"])
@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "QUIT", "KILL"])
def test_a_signal_leaves_the_file_whole_and_nothing_beside_it(
    tmp_path: Path, name: str, call: str, is_nameless: bool
) -> None:
    """At each system call; SIGKILL cannot be put off, but what has no name yet does not stay."""
    if shutil.which("strace") is None:
        skip_or_fail("strace is not installed")
    if name == "KILL" and (not is_nameless or call.startswith("rename")):
        pytest.skip("the name is there for these two calls")
    if call == "linkat" and not is_nameless:
        pytest.skip("it has a name from the start")
    target = tmp_path / "r"
    target.write_text("old")
    code = (
        "import sys; from cleanenv.system import atomic_write;"
        f"atomic_write._HAS_NAMELESS = {is_nameless}; atomic_write.write(sys.argv[1], b'new')"
    )
    inject = f"{call}:signal=SIG{name}:when=1"
    log = tmp_path.parent / "strace"
    done = subprocess.run(
        [
            "strace",
            "-o",
            log,
            "-e",
            f"trace={call}",
            "-e",
            f"inject={inject}",
            sys.executable,
            "-I",
            "-c",
            code,
            target,
        ],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "SIG" in log.read_text(), "no signal was sent"
    assert target.read_text() == ("old" if name == "KILL" else "new")
    assert only(tmp_path) == ["r"]
