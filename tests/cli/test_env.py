"""``cleanenv env``: every form is read back by its real reader, and --explain accounts for every variable."""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import dotenv
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cleanenv.cli import env_formats
from tests.support.command import call
from tests.support.installed_shells import find_shell
from tests.support.surroundings import USER

PRINT_ALL = "import os; os.write(1, b'\\0'.join(k + b'=' + v for k, v in os.environb.items()))"
NAMES = st.sampled_from(["A", "B_2", "_C", "EDITOR", "PATH", "PYTHONPATH", "http_proxy"])
SIGNS = st.sampled_from(
    [*"'\"\\$`{}()*?~!#;&|<>%=: \t\n\r\x1b\x7fné\u2028", "${A}", "$(touch x)", "${A:-b}", "\\n", "export "]
)
TEXTS = st.one_of(
    st.lists(SIGNS, max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)
BYTES = st.one_of(TEXTS, st.binary(max_size=12).filter(lambda value: b"\0" not in value).map(os.fsdecode))
ALWAYS_SET = "how deep shells are nested; below 1, bash assumes that sshd started it and reads ~/.bashrc"
NOTHING = env_formats.Removed({})
BOUNDED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sourced(shell: str, form: str, *options: str) -> dict[str, str]:
    """Return the variables of a shell without any that was given ``form`` as a script."""
    program = find_shell(shell).program
    script = form + "\n/usr/bin/env -0\n"
    done = subprocess.run([program, *options], input=os.fsencode(script), env={}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b""), form
    entries = (os.fsdecode(entry).partition("=") for entry in done.stdout.split(b"\0") if entry)
    return {name: value for name, _, value in entries}


def only(environ: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Return those of ``environ`` that ``names`` has."""
    return {name: value for name, value in environ.items() if name in names}


@pytest.mark.parametrize("shell", ["bash", "dash", "zsh", "mksh", "yash"])
@given(environ=st.dictionaries(NAMES, BYTES, max_size=4))
@settings(BOUNDED, max_examples=12)
@example(environ={"A": "'", "B_2": "''\\''", "_C": "\n'\n", "EDITOR": "-n"})
def test_sh(shell: str, environ: dict[str, str]) -> None:
    """POSIX shells, bytes that are no UTF-8 included."""
    if shell == "yash":  # it holds text, by its manual
        environ = {name: value for name, value in environ.items() if value.isascii()}
    options = {"zsh": ["-f"], "bash": ["--norc"]}.get(shell, [])
    assert only(sourced(shell, env_formats.sh(environ, NOTHING), *options), environ) == environ


@given(environ=st.dictionaries(NAMES, BYTES, max_size=4))
@settings(BOUNDED, max_examples=12)
@example(environ={"A": "\\", "B_2": "\\'", "_C": "'\\\\", "PATH": "/a:/b c"})
def test_fish(environ: dict[str, str]) -> None:
    """Fish, whose quotes know two escapes, and for which an empty entry of PATH is '.'."""
    if "" in environ.get("PATH", "x").split(":"):
        del environ["PATH"]
    assert only(sourced("fish", env_formats.fish(environ, NOTHING), "--no-config"), environ) == environ


@given(environ=st.dictionaries(NAMES, TEXTS, max_size=4))
@settings(BOUNDED, max_examples=200)
@example(environ={"A": "a\r\nb\r", "B_2": "\r'\"\\", "_C": "${A}"})
def test_dotenv(environ: dict[str, str], tmp_path: Path) -> None:
    """Python-dotenv, from a file; it expands ``${…}`` in any quotes unless told not to."""
    path = tmp_path / ".env"
    path.write_bytes(env_formats.dotenv(environ, NOTHING).encode())
    assert dict(dotenv.dotenv_values(path, interpolate=False)) == environ


@given(environ=st.dictionaries(NAMES, BYTES, max_size=4))
@settings(BOUNDED, max_examples=200)
def test_json_and_null(environ: dict[str, str]) -> None:
    """Any JSON reader; what splits at NUL."""
    assert json.load(io.StringIO(env_formats.as_json(environ, NOTHING))) == environ
    entries = os.fsencode(env_formats.null(environ, NOTHING)).split(b"\0")
    assert entries.pop() == b""
    assert dict(os.fsdecode(entry).split("=", 1) for entry in entries) == environ


@given(environ=st.dictionaries(NAMES, BYTES, max_size=4))
@settings(BOUNDED)
def test_text_is_one_line_each(environ: dict[str, str]) -> None:
    """Nothing in it moves the cursor or colours the terminal."""
    lines = env_formats.text(environ, NOTHING).split("\n")
    assert len(lines) == len(environ) + 1
    is_shown = (sign.isprintable() or sign in "\u00a0\u3000" or "\udc80" <= sign <= "\udcff" for sign in "".join(lines))
    assert all(is_shown)


def test_text(tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    """Sorted, with what the caller has and activation sets."""
    done = call([*tool, "env", str(venv), "--set", "A=b\nc"], caller | {"PYTHONPATH": "/x"})
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line for line in lines if not line.startswith("PATH=")] == [
        "A=b\\nc",
        "CLEANENV_WANTED=A",
        f"HOME={caller['HOME']}",
        "LANG=C.UTF-8",
        "SHELL=/bin/sh",
        "SHLVL=1",
        "TERM=xterm-256color",
        f"USER={USER}",
        f"VIRTUAL_ENV={venv}",
        "VIRTUAL_ENV_PROMPT=my_env",
    ]


@pytest.mark.parametrize("form", ["json", "null", "sh", "fish", "dotenv"])
def test_every_form_tells_what_run_gives(form: str, tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    """The whole way: the plan that is printed is that which a command gets."""
    words = [str(venv), "--keep", "MINE", "--set", "YOURS=it's\n\\"]
    environ = caller | {"MINE": '$(touch x) "é"', "PYTHONPATH": "/x"}
    got = call([*tool, "run", *words, "--", "/usr/bin/env", "-0"], environ).out
    expected = dict(entry.split("=", 1) for entry in got.split("\0") if entry)
    done = call([*tool, "env", *words, "--format", form], environ)
    assert (done.status, done.err) == (0, "")
    readers: dict[str, Callable[[str], dict[str, str]]] = {
        "json": json.loads,
        "null": lambda text: dict(entry.split("=", 1) for entry in text.split("\0") if entry),
        "sh": lambda text: only(sourced("dash", text), expected),
        "fish": lambda text: only(sourced("fish", text, "--no-config"), expected) | {"SHLVL": "1"},
        "dotenv": lambda text: {
            name: value or ""
            for name, value in dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False).items()
        },
    }
    assert readers[form](done.out) == expected


def test_explain(tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    """Every variable that is kept with its reason, every one that is not with its kind."""
    environ = caller | {
        "PYTHONPATH": "/x",
        "ROS_DISTRO": "noetic",
        "ODD": "1",
        "BASH_FUNC_x%%": "() { :; }",
        "A\n\x1b": "1",
    }
    done = call([*tool, "env", str(venv), "--explain", "--keep", "ROS_DISTRO"], environ)
    assert done.err == "ROS_DISTRO kept as requested: ROS\n"
    assert done.out.splitlines() == [
        "kept (11)",
        "  CLEANENV_WANTED     the names that you allowed explicitly, for doctor",
        "  HOME                where your files and configuration are",
        "  LANG                your language and character set",
        "  PATH                rebuilt: the environment's, what you added, the system's",
        "  ROS_DISTRO          requested with keep",
        "  SHELL               the shell that programs open for you; in a clean shell, that shell",
        f"  SHLVL               {ALWAYS_SET}",
        "  TERM                which terminal this is",
        "  USER                your login name",
        "  VIRTUAL_ENV         the environment is active",
        "  VIRTUAL_ENV_PROMPT  the environment is active",
        "dropped (4)",
        "  A\\n\\x1b             a name that is not an identifier",
        "  BASH_FUNC_x%%       an exported shell function",
        "  ODD                 not on the list",
        "  PYTHONPATH          what Python imports or runs",
    ]


def test_explain_of_a_setup_file(tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path) -> None:
    """What it set is called so, and is not dropped."""
    (tmp_path / "setup.sh").write_text("export PYTHONPATH=/ros NEW=1\n", encoding="ascii")
    words = ["env", str(venv), "--source", f"{tmp_path}/setup.sh", "--explain"]
    lines = call([*tool, *words], caller | {"PYTHONPATH": "/leak"}).out.splitlines()
    assert "  PYTHONPATH          set by a sourced file" in lines
    assert "  NEW                 set by a sourced file" in lines
    assert lines[-1] == "dropped (0)"


def test_fish_has_names_that_nobody_may_set() -> None:
    """They are left out, or its reader would say so on every line."""
    own = dict.fromkeys(
        ("SHLVL", "PWD", "_", "status", "version", "history", "hostname", "pipestatus", "fish_pid"), "1"
    )
    assert sourced("fish", env_formats.fish(own | {"A": "1"}, NOTHING), "--no-config")["A"] == "1"


LEAKS = {
    "PYTHONPATH": "/leak",
    "LD_PRELOAD": "",
    "BASH_ENV": "/leak/env",
    "ROS_DISTRO": "noetic",
    "WEIRD": "a\nb",
    "BASH_FUNC_module%%": "() {  echo leaked\n}",
    "SHELLOPTS": "monitor",
    "PS1": "mine> ",
}


@pytest.mark.parametrize("shell", ["bash", "dash", "zsh", "mksh", "ksh93", "yash", "ash", "fish"])
def test_taking_it_over_leaves_no_leak(
    shell: str, tool: list[str], venv: Path, caller: dict[str, str], tmp_path: Path
) -> None:
    """What eval is given unsets what is dropped; the shell's own variables stay, and nothing is printed."""
    found = find_shell(shell)
    leaks = {name: value for name, value in LEAKS.items() if shell == "bash" or name != "SHELLOPTS"}
    if shell == "bash":
        leaks["SHELLOPTS"] = "braceexpand:hashall:interactive-comments"
    else:
        del leaks["BASH_ENV"], leaks["BASH_FUNC_module%%"]
    script = tmp_path / "script"
    command = " ".join(f"'{word}'" for word in (*tool, "env", str(venv), "--format"))
    take_over = f"{command} fish | source" if shell == "fish" else f'eval "$({command} sh)"'
    script.write_text(f"{take_over}\n/usr/bin/env -0\n")
    options = {"ash": ["ash"], "zsh": ["-f"], "fish": ["--no-config"]}.get(shell, [])
    done = call([found.program, *options, str(script)], caller | leaks)
    assert (done.status, done.err) == (0, "")
    got = dict(entry.split("=", 1) for entry in done.out.split("\0") if entry)
    kept = call([*tool, "run", str(venv), "--", "/usr/bin/env", "-0"], caller | leaks).out
    expected = dict(entry.split("=", 1) for entry in kept.split("\0") if entry)
    unavoidable = {"SHLVL", "_", "PWD", "OLDPWD", "PS1", "SHELLOPTS", "A__z", "LOGNAME"}  # zsh sets LOGNAME, ksh93 A__z
    assert {name: value for name, value in got.items() if name not in unavoidable} == {
        name: value for name, value in expected.items() if name not in unavoidable
    }


def test_explain_and_a_format_are_refused(tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    done = call([*tool, "env", str(venv), "--explain", "--format", "json"], caller)
    assert done == (2, "", "Error: --explain cannot be combined with --format: give one of them\n")


def test_explain_lists_what_is_left_out_of_path(tool: list[str], venv: Path, caller: dict[str, str]) -> None:
    path = f"/opt/tools/bin:{caller['PATH']}:/opt/tools/bin::{venv}/bin"
    out = call([*tool, "env", str(venv), "--explain"], caller | {"PATH": path}).out
    assert out.endswith("left out of PATH (2)\n  /opt/tools/bin\n  an empty entry, the current directory\n")
    assert "left out of PATH" not in call([*tool, "env", str(venv), "--explain"], caller | {"PATH": "/usr/bin"}).out
