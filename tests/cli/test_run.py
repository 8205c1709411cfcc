"""``cleanenv run``: the command in place of cleanenv, with everything passed through."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.command import call, listing
from tests.support.seen import DUMP, by_bare_interpreter, load

BARE = [sys.executable, "-I", "-S", "-c"]  # a Python that starts fast, for what it sees


@pytest.fixture
def run(tool: list[str], venv: Path) -> list[str]:
    """Return the words before a command."""
    return [*tool, "run", str(venv), "--"]


def test_only_the_environment_is_active(run: list[str], venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """What ``env -i`` and the interpreter by its path would give."""
    done = call([*run, "python", str(DUMP), f"{tmp_path}/seen"], caller | {"PYTHONPATH": "/x", "VIRTUAL_ENV": "/other"})
    assert done == (0, "", "")
    seen = load(tmp_path / "seen")
    assert seen.prefix == str(venv)
    assert seen.path == by_bare_interpreter(venv, tmp_path / "bare", {"HOME": caller["HOME"]}).path
    assert seen.environ == {
        **{name: value for name, value in caller.items() if name != "PATH"},
        "PATH": seen.environ["PATH"],
        "VIRTUAL_ENV": str(venv),
        "VIRTUAL_ENV_PROMPT": "my_env",
    }
    assert seen.environ["PATH"].startswith(f"{venv}/bin:")


@pytest.mark.parametrize(("given", "passed"), [({}, None), ({"LC_CTYPE": "C.UTF-8"}, "C.UTF-8")])
def test_the_locale_of_our_own_interpreter_stays_its_own(
    run: list[str], caller: dict[str, str], given: dict[str, str], passed: str | None
) -> None:
    """In the C locale it sets LC_CTYPE for itself (PEP 538)."""
    del caller["LANG"]
    seen = dict(line.split("=", 1) for line in call([*run, "env"], caller | given).out.splitlines())
    assert seen.get("LC_CTYPE") == passed


@pytest.mark.parametrize("status", [0, 1, 7, 130, 255])
def test_its_own_status(run: list[str], caller: dict[str, str], status: int) -> None:
    """Nothing in between."""
    assert call([*run, "sh", "-c", f"exit {status}"], caller) == (status, "", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV])
def test_killed_by_a_signal(run: list[str], caller: dict[str, str], number: int) -> None:
    """The caller sees the signal itself: it is the same process."""
    assert call([*run, "sh", "-c", f"kill -{int(number)} $$"], caller).status == -number


def test_it_is_the_same_process(run: list[str], caller: dict[str, str]) -> None:
    """No child, no relay of signals."""
    with subprocess.Popen([*run, "sh", "-c", "echo $$"], env=caller, stdout=subprocess.PIPE, text=True) as process:
        out, _ = process.communicate(timeout=60)
    assert int(out) == process.pid


def test_signals_are_as_they_were(run: list[str], caller: dict[str, str]) -> None:
    """Python ignores SIGPIPE and SIGXFSZ for itself; what the caller ignores stays so (nohup)."""
    shown = 'sed -n "s/^SigIgn:\\t*//p" /proc/self/status'
    script = f"trap '' HUP; exec \"$@\" sh -c '{shown}'"
    done = call(["sh", "-c", script, "sh", *run], caller)
    assert (done.status, done.err) == (0, "")
    ignored = int(done.out, 16)
    assert ignored >> (signal.SIGHUP - 1) & 1
    assert not ignored >> (signal.SIGPIPE - 1) & 1
    assert not ignored >> (signal.SIGXFSZ - 1) & 1
    assert not ignored >> (signal.SIGINT - 1) & 1


def test_streams_and_descriptors_pass_through(run: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    """Standard input byte for byte, and a descriptor that the caller opened."""
    given_ = bytes(range(256)) * 1000
    (tmp_path / "given").write_bytes(b"by five")
    script = 'exec "$@" sh -c "cat; cat <&5; echo err >&2" 5<"$0"'
    done = subprocess.run(
        ["sh", "-c", script, f"{tmp_path}/given", *run], input=given_, env=caller, capture_output=True, check=False
    )
    assert done.stdout == given_ + b"by five"
    assert done.stderr == b"err\n"


def test_no_descriptor_of_our_own_is_left_open(run: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    """Not even after a setup file was run."""
    (tmp_path / "setup.sh").write_text(":\n", encoding="ascii")
    words = [
        *run[:-1],
        "--source",
        f"{tmp_path}/setup.sh",
        "--",
        *BARE,
        "import os; print(sorted(os.listdir('/dev/fd')))",
    ]
    assert call(words, caller) == (0, "['0', '1', '2', '3']\n", "")  # 3 is that of listdir itself


HOSTILE = [
    "", " ", "a b", "--", "-h", "--help", "--version", "-q", "--set", "$(touch x)", "`x`", "'", '"', "\\", "\n", "a\tb",
    "*", "~", "%s", "!", "é", "\udcff\udc80", "x" * 10_000, "--keep=PYTHONPATH", "@file", "\x1b[31m",
]  # fmt: skip


def test_hostile_arguments_pass_byte_for_byte(run: list[str], caller: dict[str, str]) -> None:
    """Options of cleanenv's behind ``--`` are the command's."""
    code = "import os, sys; os.write(1, b'\\0'.join(map(os.fsencode, sys.argv[1:])))"
    assert call([*run, *BARE, code, *HOSTILE], caller) == (0, "\0".join(HOSTILE), "")


@given(st.lists(st.binary(max_size=20).filter(lambda word: b"\0" not in word), max_size=5))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_arguments_pass(run: list[str], caller: dict[str, str], words: list[bytes]) -> None:
    """Whatever bytes they are."""
    out = call([*run, "printf", "%s\\n", *map(os.fsdecode, words)], caller)
    assert (out.status, os.fsencode(out.out)) == (0, b"".join(word + b"\n" for word in words) or b"\n")


def test_the_command_is_found_on_the_clean_path(
    run: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """ENV's bin, then --path, then the system's; the current folder is not on it."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        for name in ("mine", "python", "ls"):
            program = tmp_path / folder / name
            program.write_text(f"#!/bin/sh\necho {folder}\n", encoding="ascii")
            program.chmod(0o755)
    with_paths = [*run[:-1], "--path", f"{tmp_path}/a", "--path", f"{tmp_path}/b", "--"]
    assert call([*with_paths, "mine"], caller).out == "a\n"
    assert call([*with_paths, "ls"], caller).out == "a\n"
    assert call([*with_paths, "python", "-c", "import sys; print(sys.prefix)"], caller).out == f"{venv}\n"
    assert call([*run, "mine"], caller | {"PATH": f"{tmp_path}/a"}, tmp_path / "a").status == 127


def test_its_name_is_what_was_said(run: list[str], caller: dict[str, str]) -> None:
    """As a shell passes argv[0]; busybox looks at it."""
    assert call([*run, "sh", "-c", 'tr "\\0" "\\n" </proc/$$/cmdline | head -n 1'], caller).out == "sh\n"


def test_dry_run_starts_nothing(
    tool: list[str], venv: Path, caller: dict[str, str], home: Path, tmp_path: Path
) -> None:
    """It prints the words as a shell would be given them, and the environment."""
    before = listing(home, Path.cwd())
    words = ["run", str(venv), "--dry-run", "--set", "A=b\nc", "--", "touch", f"{tmp_path}/a b", "it's", "\n"]
    done = call([*tool, *words], caller)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:2] == [f"command: touch '{tmp_path}/a b' 'it'\"'\"'s' '\\n'", "environment:"]
    assert "  A=b\\nc" in lines
    assert f"  VIRTUAL_ENV={venv}" in lines
    assert [line for line in lines[2:] if not line.startswith("  ")] == []
    assert listing(home, Path.cwd()) == before
    assert not (tmp_path / "a b").exists()


def test_the_configuration_counts(tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    """Of the project around the folder, and of the user; options go before both."""
    Path("pyproject.toml").write_text(
        f"[tool.cleanenv]\nenv = '{venv}'\nkeep = ['MINE']\nset = {{ A = 'project', B = 'project' }}\n",
        encoding="utf-8",
    )
    user = Path(caller["HOME"], ".config/cleanenv/config.toml")
    user.parent.mkdir(parents=True)
    user.write_text("path = '/opt/mine'\nset = { C = 'user' }\n", encoding="utf-8")
    assert call([*tool, "allow"], caller, Path.cwd()).status == 0
    code = ["--", "sh", "-c", 'echo "$MINE $A $B $C $VIRTUAL_ENV ${PATH%%:/usr*}"']
    done = call([*tool, "run", "--set", "A=option", *code], caller | {"MINE": "mine"}, Path.cwd())
    assert done == (0, f"mine option project user {venv} {venv}/bin:/opt/mine\n", "")


def test_inside_a_clean_environment_the_active_one_is_meant(
    run: list[str], tool: list[str], venv: Path, caller: dict[str, str]
) -> None:
    """Nested, it starts from the list again."""
    inner = [*tool, "run", "--", "sh", "-c", 'echo "$VIRTUAL_ENV $A"']
    assert call([*run[:-1], "--set", "A=1", "--", *inner], caller) == (0, f"{venv} \n", "")


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (["{venv}", "echo", "a"], "a\n"),
        (["{venv}", "echo", "--", "-k"], "-- -k\n"),
        (["{venv}", "python", "-c", "print(1)"], "1\n"),
        (["{venv}", "echo", "--keep", "X", "--help"], "--keep X --help\n"),
        (["-q", "{venv}", "echo", "-q"], "-q\n"),
        (["{venv}", "-q", "echo", "-q"], "-q\n"),
        (["--set", "A=1", "{venv}", "sh", "-c", "echo $A"], "1\n"),
        (["{venv}", "--set", "A=1", "sh", "-c", "echo $A"], "1\n"),
        (["--set=A=1", "{venv}", "sh", "-c", "echo $A"], "1\n"),
        (["{venv}", "--keep", "X", "--", "sh", "-c", "echo $X"], "kept\n"),
        (["--set", "A=--", "{venv}", "sh", "-c", "echo $A"], "--\n"),
    ],
)
def test_the_command_begins_after_env_or_the_dashes(
    tool: list[str], venv: Path, caller: dict[str, str], words: list[str], out: str
) -> None:
    words = [word.format(venv=venv) for word in words]
    assert call([*tool, "run", *words], caller | {"X": "kept"}) == (0, out, "")
