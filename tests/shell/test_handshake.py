"""A shell that does not read cleanenv's init file is never left to the user, and no other is taken for one."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from cleanenv.clean.plan import Overrides, Plan, activate, build_plan
from cleanenv.environments.environment import read_environment
from cleanenv.errors import ShellUnusableError
from cleanenv.shell import command, handshake, preflight, registry
from cleanenv.shell.detect import Found
from tests.support.command import call, write_program
from tests.support.installed_shells import find_shell
from tests.support.sessions import Session

# A way of starting for each row that reads init in it.
STARTS = [
    pytest.param(row.name, is_interactive, id=f"{row.name}-{'interactive' if is_interactive else 'script'}")
    for row in registry.ROWS
    for is_interactive in (True, False)
    if is_interactive or row.script_init
]
COUNTED = 'echo started >> "{count}"\nexec "{program}" "$@"\n'
# The shell runs, but neither the arguments nor the variables that lead to init reach it.
IN_VAIN = 'exec env -u ENV -u BASH_ENV -u ZDOTDIR -u CLEANENV_HANDSHAKE HOME="{folder}" "{program}"\n'
SLOW = 'sleep 1.5\nexec "{program}" "$@"\n'
WITH_DAEMON = 'sleep 60 &\necho $! > "{folder}/daemon"\nexec "{program}" "$@"\n'
ASKS_THE_TERMINAL = 'if (: < /dev/tty) 2>/dev/null; then read -r line < /dev/tty; fi\nexec "{program}" "$@"\n'
# Apple's bash in posix mode: it ignores ENV, and reads the file of --rcfile, else ~/.bashrc.
APPLES = """\
unset ENV
words=
for word; do
    case $word in --posix) ;; *) words="$words '$word'" ;; esac
done
eval exec '"{program}"' "$words"
"""
# The same before cleanenv gave --rcfile: what a bash does that obeys neither.
OBEYS_NEITHER = 'unset ENV\nexec "{program}" -i\n'


def disguised(name: str, text: str, folder: Path) -> Found:
    """Return the shell ``name`` as a program of that name in ``folder`` that does ``text`` first."""
    found = find_shell(name)
    (folder / "home").mkdir(parents=True, exist_ok=True)
    script = text.format(program=found.program, folder=folder / "home", count=folder / "count")
    path = write_program(folder / "bin" / os.path.basename(found.program), f"#!/bin/sh\n{script}")
    return Found(found.shell, str(path))


@pytest.fixture
def plan(venv: Path, caller: dict[str, str]) -> Plan:
    environment = read_environment(str(venv))
    assert environment is not None
    return activate(build_plan(caller, Overrides()), environment)


@pytest.mark.parametrize(("name", "is_interactive"), STARTS)
def test_init_in_vain_is_refused(name: str, is_interactive: bool, plan: Plan, tmp_path: Path) -> None:
    found = disguised(name, IN_VAIN, tmp_path)
    state = tmp_path / "state"  # xonsh waits long to write its history where it cannot
    state.mkdir()
    with pytest.raises(ShellUnusableError, match=r"does not read cleanenv's file|keeps it from reading"):
        preflight.check(found, plan, str(state), is_interactive=is_interactive)


@pytest.mark.parametrize(("name", "is_interactive"), STARTS)
@pytest.mark.parametrize("text", [SLOW, WITH_DAEMON], ids=["slow", "daemon"])
def test_a_sound_shell_is_not_refused(name: str, is_interactive: bool, text: str, plan: Plan, tmp_path: Path) -> None:
    """For being slow; for a daemon that holds its output open, whose end is not waited for."""
    found = disguised(name, text, tmp_path)
    daemon = tmp_path / "home" / "daemon"
    before = time.monotonic()
    try:
        preflight.check(found, plan, None, is_interactive=is_interactive)
        assert time.monotonic() - before < handshake.TIME_LIMIT  # a limit, not a measure: the daemon's end is far
    finally:
        if daemon.exists():
            os.kill(int(daemon.read_text(encoding="ascii")), signal.SIGTERM)


@pytest.mark.parametrize(("name", "is_interactive"), STARTS)
def test_init_that_is_missing_is_refused(
    name: str, is_interactive: bool, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where cleanenv's own installation is damaged, or may not be read."""
    monkeypatch.setattr(command, "shells_directory", lambda: str(tmp_path / "gone"))
    with pytest.raises(ShellUnusableError, match="cannot be read"):
        preflight.check(find_shell(name), plan, None, is_interactive=is_interactive)


@pytest.mark.parametrize("name", registry.NAMES)
def test_a_probe_takes_nothing_from_the_terminal(
    name: str, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """A shell that would read from the terminal finds none while it is asked; what is typed is for the session."""
    found = disguised(name, ASKS_THE_TERMINAL, tmp_path)
    with Session(found, venv, tool, caller, tmp_path) as session:
        session.enter("")  # for the wrapper, which the session itself passes through too
        session.ready()
        assert session.leave() == 0


@pytest.mark.parametrize(("name", "is_interactive"), STARTS)
def test_a_proof_is_remembered_until_the_program_changes(
    name: str, is_interactive: bool, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "_may_interfere", lambda *_: False)  # whatever this machine's /etc holds
    found = disguised(name, COUNTED, tmp_path)
    count = tmp_path / "count"
    state = str(tmp_path / "state")
    for _ in range(3):
        preflight.check(found, plan, state, is_interactive=is_interactive)
    assert count.read_text(encoding="ascii").count("started") == 1
    os.utime(found.program, ns=(1, 1))
    preflight.check(found, plan, state, is_interactive=is_interactive)
    assert count.read_text(encoding="ascii").count("started") == 2


EXPORTING = 'export {variable}\nexec "{program}" "$@"\n'


@pytest.mark.parametrize("variable", ["PYTHONPATH=/leak", "LD_LIBRARY_PATH=/leak", "PATH=/leak:$PATH"])
@pytest.mark.parametrize("name", [row.name for row in registry.ROWS if not row.restores])
def test_a_wrapper_that_exports_is_refused(name: str, variable: str, plan: Plan, tmp_path: Path) -> None:
    """Init was read, but what surrounds the shell gets in; the shells that restore their environment put it right."""
    found = disguised(name, EXPORTING.replace("{variable}", variable), tmp_path)
    with pytest.raises(ShellUnusableError, match=f"sets {variable.partition('=')[0]} by itself"):
        preflight.check(found, plan, None, is_interactive=True)


def test_a_wrapper_that_exports_what_does_no_harm_is_not_refused(plan: Plan, tmp_path: Path) -> None:
    found = disguised("bash", EXPORTING.replace("{variable}", "MINE=1"), tmp_path)
    preflight.check(found, plan, None, is_interactive=True)


def running() -> list[int]:
    """Return the processes that are there and not only not waited for."""
    return [process.pid for process in psutil.process_iter() if process.status() != psutil.STATUS_ZOMBIE]


def test_a_handshake_without_an_answer_leaves_no_process(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshake, "TIME_LIMIT", 0.5)
    found = disguised("bash", 'echo $$ > "{folder}/pid"\nsh -c "sleep 300; :"\n', tmp_path)
    with pytest.raises(ShellUnusableError, match="did not start within"):
        preflight.check(found, plan, None, is_interactive=True)
    group = int((tmp_path / "home" / "pid").read_text(encoding="ascii"))
    limit = time.monotonic() + 10
    while any(os.getpgid(pid) == group for pid in running()):
        assert time.monotonic() < limit


@pytest.mark.parametrize("is_interactive", [True, False])
def test_output_without_an_end_is_not_read_for_ever(
    is_interactive: bool, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshake, "TIME_LIMIT", 0.5)
    found = disguised("bash", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxx; done\n", tmp_path)
    with pytest.raises(ShellUnusableError, match="did not start within"):
        preflight.check(found, plan, None, is_interactive=is_interactive)


@pytest.mark.parametrize("is_interactive", [True, False])
def test_what_a_wrapper_prints_hides_no_leak(is_interactive: bool, plan: Plan, tmp_path: Path) -> None:
    text = 'echo "{not json"\nexport PYTHONPATH=/leak\nexec "{program}" "$@"\n'.replace("{not", "{{not")
    found = disguised("bash", text, tmp_path)
    with pytest.raises(ShellUnusableError, match="sets PYTHONPATH by itself"):
        preflight.check(found, plan, None, is_interactive=is_interactive)


def test_a_proof_that_is_a_fifo_does_not_block(plan: Plan, tmp_path: Path) -> None:
    proof = tmp_path / "state" / preflight.PROOFS / "bash-interactive"
    proof.parent.mkdir(parents=True)
    os.mkfifo(proof)
    preflight.check(find_shell("bash"), plan, str(tmp_path / "state"), is_interactive=True)


def test_a_startup_file_that_may_interfere_is_never_trusted_twice(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "_may_interfere", lambda *_: True)
    found = disguised("zsh", COUNTED, tmp_path)
    for _ in range(3):
        preflight.check(found, plan, str(tmp_path / "state"), is_interactive=True)
    assert (tmp_path / "count").read_text(encoding="ascii").count("started") == 3


def test_nothing_is_remembered_of_a_rehearsal(plan: Plan, tmp_path: Path) -> None:
    preflight.check(find_shell("bash"), plan, str(tmp_path / "state"), is_interactive=True, may_write=False)
    assert not (tmp_path / "state").exists()


def test_a_damaged_proof_is_none(plan: Plan, tmp_path: Path) -> None:
    found = disguised("bash", COUNTED, tmp_path)
    proof = tmp_path / "state" / preflight.PROOFS / "bash-interactive"
    proof.parent.mkdir(parents=True)
    for damaged in (b"", b"\n", b"\xff\xfe\n\0\n", b"x" * 100_000):
        proof.write_bytes(damaged)
        preflight.check(found, plan, str(tmp_path / "state"), is_interactive=True)
    assert (tmp_path / "count").read_text(encoding="ascii").count("started") == 4


def test_a_bash_that_ignores_env_reads_init_by_rcfile(
    venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """Apple's /bin/bash (shell.c since bash-84, ghostty #2966); staged, since it runs on macOS alone."""
    found = disguised("bash", APPLES, tmp_path)
    home = Path(caller["HOME"])
    (home / ".bashrc").write_text(f"touch {tmp_path}/read\nexport PYTHONPATH=/leak\n", encoding="utf-8")
    with Session(found, venv, tool, caller, tmp_path) as session:
        session.ready()
        seen = session.look()
        assert session.leave() == 0
    assert not (tmp_path / "read").exists()
    assert "PYTHONPATH" not in seen.environ
    assert not [name for name in seen.environ if name.startswith("CLEANENV_")]


def test_a_bash_that_obeys_neither_is_refused(
    venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    found = disguised("bash", OBEYS_NEITHER, tmp_path)
    with Session(found, venv, tool, caller, tmp_path) as session:
        assert session.wait_end() == 4
        assert "Clean " not in session.text()
        assert found.program[:20] in session.text()


def test_a_zsh_built_for_another_etc(venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    """Its path to the system's zshenv stands in the program: --enable-etcdir, FreeBSD's port, Homebrew."""
    zsh = Path(find_shell("zsh").program).resolve()
    etc = b"/etc/zsh/zshenv"
    elsewhere = b"/tmp/.zq/zshenv"
    assert len(etc) == len(elsewhere)
    program = zsh.read_bytes()
    assert etc in program
    folder = Path("/tmp/.zq")  # noqa: S108  as long as /etc/zsh, since it is patched into the program
    folder.mkdir()
    try:
        write_program(tmp_path / "bin" / "zsh", "")
        built = tmp_path / "bin" / "zsh"
        built.write_bytes(program.replace(b"/etc/zsh/", b"/tmp/.zq/"))
        home = Path(caller["HOME"])
        (home / ".zshenv").write_text("export PYTHONPATH=/leak\n", encoding="utf-8")
        words = [*tool, "shell", str(venv), "--shell", str(built)]
        sound = call(words, caller, given='echo "<$PYTHONPATH|$VIRTUAL_ENV>"\n')
        (folder / "zshenv").write_text("export ZDOTDIR=$HOME\n", encoding="ascii")
        refused = call(words, caller, given='echo "<$PYTHONPATH|$VIRTUAL_ENV>"\n')
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    assert (sound.status, sound.err) == (0, "")
    assert (refused.status, refused.out) == (4, "")
    assert f"{folder}/zshenv'" in refused.err


LINKS = [
    ("bash", "sh"),
    ("bash", "rbash"),
    ("busybox", "sh"),
    ("zsh", "sh"),
    ("zsh", "ksh"),
    ("yash", "sh"),
    ("mksh", "ksh"),
    ("tcsh", "csh"),
    ("dash", "ash"),
]


@pytest.mark.parametrize(("program", "link"), LINKS)
def test_a_shell_under_another_name(
    program: str, link: str, venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """What runs decides the row, and what was resolved is what runs: on a terminal and as a script."""
    name = "ash" if program == "busybox" else program
    target = find_shell(name).program if program != "busybox" else "/bin/busybox"
    path = tmp_path / "bin" / link
    path.parent.mkdir()
    path.symlink_to(target)
    found = Found(registry.by_name(name), str(path))
    script = "printenv VIRTUAL_ENV\nenv\n"
    if registry.by_name(name).script_init:
        script += "deactivate\n"
    done = call([*tool, "shell", str(venv), "--shell", str(path)], caller, given=script)
    assert (done.status, done.err, done.out.splitlines()[0]) == (0, "", str(venv))
    assert "CLEANENV_" not in done.out
    with Session(found, venv, tool, caller, tmp_path) as session:
        session.ready()
        assert session.leave() == 0


@pytest.mark.parametrize("name", ["ksh", "nu", "sh", "busybox"])
def test_a_shell_by_its_programs_name(name: str, venv: Path, tool: list[str], caller: dict[str, str]) -> None:
    row = "nushell" if name == "nu" else "dash"
    path = f"{os.path.dirname(find_shell(row).program)}:{caller['PATH']}"
    done = subprocess.run(
        [*tool, "shell", str(venv), "--shell", name],
        input="echo hi\n",
        env=caller | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "hi\n", "")


def test_bin_that_is_a_link(venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """As ~/bin may be: the launcher and the shell's init files are found by where they really lie."""
    launcher = Path(__file__).parents[2] / ".venv" / "bin"
    if not (launcher / "cleanenv").exists():
        pytest.fail("the tests run from another environment than the checkout's")
    (tmp_path / "bin").symlink_to(launcher)
    done = call([str(tmp_path / "bin" / "cleanenv"), "--version"], caller)
    assert (done.status, done.err) == (0, "")
    script = "env\ndeactivate\n"
    done = call([str(tmp_path / "bin" / "cleanenv"), "shell", str(venv), "--shell", "bash"], caller, given=script)
    assert (done.status, done.err) == (0, "")
    assert "CLEANENV_" not in done.out
