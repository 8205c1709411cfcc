"""Bad input: one sentence, the documented status, nothing started, nothing written, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.command import Done, call, listing, write_program
from tests.support.installed_shells import find_shell
from tests.support.interpreters import as_a_python
from tests.support.surroundings import UNKNOWN_USER, skip_or_fail

KNOWN = "bash, zsh, fish, tcsh, csh, ksh93, mksh, dash, ash, yash, xonsh, nushell, elvish"
READS_ALL = "+dac_override,+dac_read_search"


class Place:
    """A folder and a home whose listing must stay as it is, and a command that would leave a mark."""

    def __init__(self, tool: list[str], venv: Path, caller: dict[str, str], home: Path, folder: Path) -> None:
        self.tool = tool
        self.venv = str(venv)
        self.caller = caller
        self.home = home
        self.folder = folder
        self.mark = folder.parent / "started"
        self.command = ["--", "touch", str(self.mark)]

    def call(self, *words: str, environ: Mapping[str, str] | None = None, prefix: Sequence[str] = ()) -> Done:
        """Call cleanenv here."""
        return call([*prefix, *self.tool, *words], self.caller if environ is None else environ, self.folder)

    def refuse(
        self, *words: str, status: int, environ: Mapping[str, str] | None = None, prefix: Sequence[str] = ()
    ) -> str:
        """Call cleanenv here, see that it refuses as it should, and return the sentence."""
        before = listing(self.folder, self.home)
        done = self.call(*words, environ=environ, prefix=prefix)
        assert done.err.startswith("Error: "), done
        assert done.err.count("\n") == 1, done
        assert done.err.endswith("\n")
        assert (done.status, done.out) == (status, "")
        assert listing(self.folder, self.home) == before
        assert not self.mark.exists()
        return done.err.removeprefix("Error: ").removesuffix("\n")


@pytest.fixture
def place(tool: list[str], venv: Path, caller: dict[str, str], home: Path) -> Place:
    """Return the place in which cleanenv is called."""
    return Place(tool, venv, caller, home, Path.cwd())


def own_by_nobody(path: Path) -> None:
    """Let a folder belong to somebody else."""
    if os.getuid() == 0:
        os.chown(path, UNKNOWN_USER, UNKNOWN_USER)


COMMANDS = ("run", "shell", "env")


def words_of(command: str, place: Place, *env: str) -> list[str]:
    """Return the words of a call of ``command`` for ``env`` that would start something."""
    return [
        command,
        *env,
        *(place.command if command == "run" else ["--shell", "/bin/sh"] if command == "shell" else []),
    ]


# ENV


@pytest.mark.parametrize("command", COMMANDS)
def test_env_is_missing(place: Place, command: str) -> None:
    """By path and by name."""
    said = "no virtual environment at '{}': create it with --create"
    for name in ("./gone", "gone", "a/b/c", ""):
        assert place.refuse(*words_of(command, place, name), status=3) == said.format(name)


def test_env_is_a_file(place: Place) -> None:
    """And no folder."""
    Path("file").touch()
    assert place.refuse(*words_of("run", place, "file"), status=3) == (
        "'file' is not a directory: name that of a virtual environment"
    )


def test_env_is_another_folder(place: Place) -> None:
    """And no environment."""
    Path("src").mkdir()
    assert place.refuse(*words_of("run", place, "./src"), status=3) == (
        "'./src' is a directory but not a virtual environment (no pyvenv.cfg, no conda-meta): name another"
    )


def make_env(path: Path) -> Path:
    """Make what is recognised as an environment, without a Python."""
    (path / "bin").mkdir(parents=True)
    (path / "pyvenv.cfg").write_text("version = 3.11.2\n", encoding="ascii")
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_its_python_is_a_dead_link(place: Place, command: str) -> None:
    """The Python that it was made with is gone."""
    env = make_env(place.folder / "it")
    (env / "bin/python").symlink_to("/gone/python3")
    assert place.refuse(*words_of(command, place, "it"), status=3) == (
        f"the environment '{env}' has lost its Python, '{env}/bin/python' points to '/gone/python3',"
        " which does not exist: recreate it"
    )


@pytest.mark.parametrize("locked", ["it", "it/pyvenv.cfg", "."])
def test_env_may_not_be_read(place: Place, humble: list[str], locked: str) -> None:
    """The folder, its file, or the folder above it."""
    env = make_env(place.folder / "above/it")
    target = place.folder / "above" / locked
    own_by_nobody(target)
    target.chmod(0)
    assert place.refuse(*words_of("run", place, "above/it"), status=3, prefix=humble) == (
        f"cannot read the environment '{env}' (permission denied): change its permissions or name another"
    )
    target.chmod(0o755)


def test_a_name_with_two_hits(place: Place) -> None:
    """Both are listed."""
    here, there = make_env(place.folder / "it"), make_env(place.home / ".virtualenvs/it")
    assert place.refuse(*words_of("run", place, "it"), status=3) == (
        f"'it' names more than one environment, '{here}', '{there}': give the path of one"
    )


def test_env_left_out_and_none_there(place: Place) -> None:
    """Neither active nor here nor above."""
    assert place.refuse(*words_of("run", place), status=3) == (
        "no environment is active and there is no '.venv' or 'venv' in this directory or its parents:"
        " name one ('cleanenv ls' lists them), or create .venv with --create"
    )
    assert place.refuse(*words_of("run", place), status=3, environ=place.caller | {"VIRTUAL_ENV": "/gone"}) == (
        "VIRTUAL_ENV names '/gone', where there is no virtual environment: name another, or unset VIRTUAL_ENV"
    )


def test_env_with_a_colon(place: Place) -> None:
    """PATH cannot name it."""
    env = make_env(place.folder / "a:b")
    assert "cannot be on PATH" in place.refuse(*words_of("run", place, "./a:b"), status=3)
    assert place.refuse("run", "./new:env", "--create", *place.command, status=3) == (
        f"'{place.folder}/new:env' cannot be on PATH, which ':' separates: give it a name without one"
    )
    assert env.exists()


def test_control_characters_are_made_visible(place: Place) -> None:
    """What is quoted in an error is not obeyed by the terminal."""
    assert place.refuse(*words_of("run", place, "./a\n\x1b[31m\udcff"), status=3) == (
        r"no virtual environment at './a\n\x1b[31m\udcff': create it with --create"
    )


# The shell


def test_an_unknown_shell(place: Place) -> None:
    """All are listed."""
    assert (
        place.refuse("shell", place.venv, "--shell", "oil", status=4) == f"unknown shell 'oil': cleanenv knows {KNOWN}"
    )


def test_shell_is_a_path_that_is_no_program(place: Place) -> None:
    """Missing, a folder, not executable."""
    Path("bash").touch()
    for path in ("./gone", str(place.home), "./bash"):
        assert place.refuse("shell", place.venv, "--shell", path, status=4) == (
            f"'{path}' is not an executable: give --shell the path of a shell or one of its names"
        )


def test_shell_cannot_be_started(place: Place) -> None:
    """It is called like one, and is none."""
    write_program(place.folder / "zsh", "#!/gone/interpreter\n")
    done = place.call("shell", place.venv, "--shell", "./zsh")
    said = (
        f"Error: '{place.folder}/zsh' cannot be started, since the interpreter in its first line does not exist:"
        " fix that line, or install the interpreter\n"
    )
    assert done == (127, "", said)


# Options


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (["--set", "NAME"], "--set 'NAME' has no '=': write it as NAME=VALUE"),
        (["--set", "A-B=1"], "--set 'A-B=1' has no valid name before '=': use letters, digits and '_'"),
        (["--set", "=1"], "--set '=1' has no valid name before '=': use letters, digits and '_'"),
        (["--set", "1A=1"], "--set '1A=1' has no valid name before '=': use letters, digits and '_'"),
        (["--set", "Ä=1"], "--set 'Ä=1' has no valid name before '=': use letters, digits and '_'"),
        (["--path", "a:b"], "--path 'a:b' cannot stand on PATH: name one directory, without ':'"),
        (["--path", ""], "--path '' cannot stand on PATH: name one directory, without ':'"),
        (["--python", "3.11"], "--python without --create: give both, or leave it out"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_options_that_cannot_be_meant(place: Place, command: str, option: list[str], sentence: str) -> None:
    """The same sentence for every command."""
    assert place.refuse(*words_of(command, place, place.venv, *option), status=2) == sentence


def test_unknown_options_and_commands(place: Place) -> None:
    """Click's own words, and the nearest option."""
    said = place.refuse("run", place.venv, "--keeep", "X", *place.command, status=2)
    assert "No such option" in said
    assert "Did you mean" in said or "Possible options" in said  # click before 8.4 has the other wording
    assert "--keep" in said
    assert said.endswith("(see 'cleanenv run --help')")
    said = place.refuse("runn", place.venv, status=2)
    assert "No such command 'runn'" in said
    assert said.endswith("(see 'cleanenv --help')")
    assert place.refuse("env", place.venv, "--keep", "", status=2) == (
        "--keep '' names no variable: give a name or a glob such as 'AWS_*'"
    )
    assert "(no such file or directory): give --rc another" in place.refuse(
        "shell", place.venv, "--shell", "bash", "--rc", "gone", status=2
    )
    assert "Invalid value for 'SHELL'" in place.refuse("completion", "ksh", status=2)
    assert "requires an argument" in place.refuse("env", place.venv, "--keep", status=2)
    assert "'yaml' is not one of" in place.refuse("env", place.venv, "--format", "yaml", status=2)
    assert "unexpected extra argument" in place.refuse("env", place.venv, "more", status=2)


def test_no_command(place: Place) -> None:
    """With and without the dashes."""
    as_in = "as in 'cleanenv run my_env -- pytest -x'"
    assert place.refuse("run", place.venv, "--", status=2) == f"no command after '--': name one, {as_in}"
    assert place.refuse("run", place.venv, status=2) == (
        "no command: write it after ENV, as in 'cleanenv run my_env pytest'"
    )
    assert place.refuse("run", "--", status=2) == f"no command after '--': name one, {as_in}"
    assert place.refuse("run", place.venv, "-k", "touch", str(place.mark), status=2) == (
        f"no such option '-k': write a command with options after '--', {as_in}"
    )


@pytest.mark.parametrize("options", [(), ("-q",), ("--set", "A=1")])
def test_a_command_where_env_is_expected(place: Place, options: tuple[str, ...]) -> None:
    """Both meanings are named, and the second as it must be typed."""
    assert place.refuse("run", *options, "touch", "a b", status=3) == (
        "no virtual environment at 'touch': create it with --create; if it is the command, write:"
        " cleanenv run -- touch 'a b'"
    )


def test_nothing_at_all(place: Place) -> None:
    """The help, on stderr."""
    done = place.call()
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage: cleanenv")


def test_keep_of_what_harms_is_allowed_and_said(place: Place) -> None:
    """On stderr, one line, unless quiet."""
    environ = place.caller | {"PYTHONPATH": "/x", "MINE": "1"}
    words = ["run", place.venv, "--keep", "PYTHONPATH", "--keep", "MINE"]
    code = ["--", "sh", "-c", 'echo "$PYTHONPATH $MINE"']
    done = place.call(*words, *code, environ=environ)
    assert done == (0, "/x 1\n", "PYTHONPATH kept as requested: what Python imports or runs\n")
    assert place.call(*words, "-q", *code, environ=environ) == (0, "/x 1\n", "")


def test_a_refused_value_is_said(place: Place) -> None:
    """It is dropped and named."""
    done = place.call("run", place.venv, "--", "sh", "-c", "echo $TERM", environ=place.caller | {"TERM": "../x"})
    assert done == (0, "\n", "TERM not passed on: its value is one that sudo refuses too\n")


# --create


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_create_over_something_else(place: Place, what: str) -> None:
    """It stays as it is."""
    if what == "folder":
        Path("it").mkdir()
        Path("it/precious").touch()
    elif what == "file":
        Path("it").touch()
    else:
        Path("it").symlink_to("gone")
    said = place.refuse("run", "./it", "--create", *place.command, status=3)
    assert said.startswith("'./it' is ")


def test_create_over_a_folder_that_may_not_be_read(place: Place, humble: list[str]) -> None:
    """What is in it cannot be known."""
    Path("it").mkdir()
    own_by_nobody(Path("it"))
    Path("it").chmod(0)
    said = place.refuse("run", "./it", "--create", *place.command, status=3, prefix=humble)
    assert said == (
        f"cannot read the environment '{place.folder}/it' (permission denied): change its permissions or name another"
    )
    Path("it").chmod(0o755)


def test_create_where_nothing_may_be_written(place: Place, humble: list[str]) -> None:
    """Somebody else's folder."""
    Path("theirs").mkdir()
    own_by_nobody(Path("theirs"))
    Path("theirs").chmod(0o555)
    said = place.refuse("run", "theirs/it", "--create", *place.command, status=3, prefix=humble)
    assert f"could not create '{place.folder}/theirs/it'" in said


@pytest.mark.parametrize("python", ["9.9", "no-such-python", "./gone"])
def test_create_with_an_unknown_python(place: Place, python: str) -> None:
    """Nothing is made."""
    said = place.refuse("run", "./it", "--create", "--python", python, *place.command, status=2)
    assert said == f"no Python '{python}': give --python the path of an interpreter, or install it"


@pytest.mark.parametrize("env", ["it", "new/folders/it", "empty"])
def test_create_that_fails_leaves_nothing(place: Place, env: str) -> None:
    """Nor the folders above it that it made; one that was there and empty stays so."""
    Path("empty").mkdir()
    python = write_program(
        place.folder.parent / "python",
        as_a_python('mkdir -p "$it/bin/x"\ntouch "$it/pyvenv.cfg"\necho first\necho second >&2\nexit 5\n'),
    )
    before = set(listing(place.folder))
    done = place.call("run", f"./{env}", "--create", "--python", str(python), *place.command)
    assert (done.status, done.out) == (3, "")
    assert done.err == (
        f"Error: '{python} -m venv' could not create '{place.folder}/{env}' (first / second):"
        " name another Python with --python\n"
    )
    assert set(listing(place.folder)) == before
    assert not place.mark.exists()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGHUP, -1)])
def test_an_interrupted_create_leaves_nothing(
    place: Place, tmp_path_factory: pytest.TempPathFactory, number: int, status: int
) -> None:
    """Not even what a child of the interpreter would still write."""
    python = write_program(
        tmp_path_factory.mktemp("python") / "python",
        as_a_python('(while mkdir -p "$it/bin" && [ ! -e "$0.end" ]; do touch "$it/bin/x"; done) &\nwait\n'),
    )
    before = set(listing(place.folder))
    words = [*place.tool, "run", "./new/it", "--create", "--python", str(python), *place.command]
    with subprocess.Popen(
        words, env=place.caller, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            limit = time.monotonic() + 30
            while not list(place.folder.glob("new/it/bin/*")):
                assert time.monotonic() < limit
            process.send_signal(number)
            _, err = process.communicate(timeout=30)
            left = set(listing(place.folder))
        finally:
            Path(f"{python}.end").touch()
    assert (process.returncode, err.strip()) == (status, "")
    assert left == before
    assert not place.mark.exists()


# Commands


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        (
            "no-such-command",
            127,
            (
                "command 'no-such-command' not found on the clean PATH:"
                " install it in ENV, give its path, or add its directory with --path"
            ),
        ),
        ("./gone", 127, "command './gone' does not exist"),
        ("", 127, "the command is an empty word: write its name after '--'"),
        ("./plain", 126, "'./plain' is not executable: make it so with 'chmod +x'"),
        ("./folder", 126, "'./folder' is a directory: name a program"),
        (
            "./no-interpreter",
            127,
            (
                "'./no-interpreter' cannot be started, since the interpreter in its first line does not exist:"
                " fix that line, or install the interpreter"
            ),
        ),
        ("./not-a-program", 126, "'./not-a-program' cannot be started (exec format error)"),
    ],
)
def test_commands_that_cannot_be_started(place: Place, name: str, status: int, sentence: str) -> None:
    """127 and 126 as POSIX sh tells them apart."""
    Path("plain").touch(mode=0o644)
    Path("folder").mkdir()
    write_program(Path("no-interpreter"), "#!/gone/interpreter\n")
    Path("not-a-program").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(100))
    Path("not-a-program").chmod(0o755)
    if name == "./not-a-program":  # sh is given it, as execvp(3) does, and says so itself
        done = place.call("run", place.venv, "--", name)
        assert done.status in (2, 126, 127)
        assert "Traceback" not in done.err
        return
    assert place.refuse("run", place.venv, "--", name, "x", status=status) == sentence


def test_a_command_that_is_not_executable_on_path(place: Place) -> None:
    """The one that would be found, but may not be executed."""
    Path("bin").mkdir()
    Path("bin/it").touch(mode=0o644)
    said = place.refuse("run", place.venv, "--path", "bin", "--", "it", status=126)
    assert said == f"'{place.folder}/bin/it' is not executable: make it so with 'chmod +x'"


def test_a_command_that_only_the_caller_has_on_path(place: Place) -> None:
    """The caller's PATH is not searched."""
    write_program(place.folder / "bin/mine", f"#!/bin/sh\ntouch {place.mark}\n")
    environ = place.caller | {"PATH": f"{place.folder}/bin:{place.caller['PATH']}"}
    said = place.refuse("run", place.venv, "--", "mine", status=127, environ=environ)
    assert said.startswith("command 'mine' not found on the clean PATH")


def test_a_script_without_a_first_line_runs_in_sh(place: Place) -> None:
    """As execvp(3) does, with its arguments."""
    write_program(Path("script"), 'echo "$0 $1 $2"\nexit 3\n')
    assert place.call("run", place.venv, "--", "./script", "a b", "c") == (3, "./script a b c\n", "")


def test_an_environment_that_is_too_long(place: Place) -> None:
    """The kernel's limit, a quarter of the stack's: zsh is handed everything twice."""
    environ = place.caller | {"MINE": "x" * 90_000, "YOURS": "y" * 90_000}
    words = ["shell", place.venv, "--shell", find_shell("zsh").program, "--keep", "MINE", "--keep", "YOURS"]
    done = place.call(*words, environ=environ, prefix=["prlimit", f"--stack={4 * 256 * 1024}"])
    assert (done.status, done.out) == (126, "")
    assert done.err.endswith(
        "zsh' cannot be started, since its arguments and environment are too long together: keep fewer variables\n"
    )
    assert done.err.count("\n") == 1


# Configuration


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("[tool.cleanenv]\nenv = \n", 2, "not valid TOML (Invalid value): fix that line"),
        (
            "[tool.cleanenv]\nenw = 'x'\n",
            2,
            "unknown key 'enw': cleanenv knows env, keep, set, shell, path, source, rc, ignore",
        ),
        ("[tool.cleanenv]\n\nkeep = 'X'\n", 3, "'keep' must be a list of strings"),
        (
            "[tool.cleanenv]\nset = { 'A-B' = '' }\n",
            2,
            "'A-B' is not a name for a variable: use letters, digits and '_'",
        ),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_configuration(place: Place, command: str, text: str, line: int, sentence: str) -> None:
    """With file and line."""
    Path("pyproject.toml").write_text(text, encoding="ascii")
    said = place.refuse(*words_of(command, place, place.venv), status=2)
    assert said == f"{place.folder}/pyproject.toml:{line}: {sentence}"


# The environment and the machine


def test_values_that_are_not_utf8_pass(place: Place) -> None:
    """Byte for byte, also through --keep, --set and the path of a command."""
    environ = place.caller | {"DISPLAY": "a\udcff\udcfeb", "MINE": "\udc80"}
    words = ["run", place.venv, "--keep", "MINE", "--set", "YOURS=\udc81", "--", "env", "-0"]
    done = place.call(*words, environ=environ)
    assert (done.status, done.err) == (0, "")
    got = dict(entry.partition("=")[::2] for entry in done.out.split("\0"))
    assert (got["DISPLAY"], got["MINE"], got["YOURS"]) == ("a\udcff\udcfeb", "\udc80", "\udc81")


def test_many_variables_and_a_long_value(place: Place) -> None:
    """Ten thousand, and one of 100 kB, kept or not."""
    environ = place.caller | {f"VARIABLE_{number}": "x" * 20 for number in range(10_000)} | {"DISPLAY": "p" * 100_000}
    done = place.call("run", place.venv, "--", "sh", "-c", "echo ${#DISPLAY}; env | wc -l", environ=environ)
    assert (done.status, done.err) == (0, "")
    length, count = map(int, done.out.split())
    assert length == 100_000
    assert count < 20
    done = place.call("env", place.venv, "--keep", "VARIABLE_*", "--format", "null", environ=environ)
    assert (done.status, done.out.count("VARIABLE_")) == (0, 10_000)  # CLEANENV_WANTED would be too long to pass on
    done = place.call(
        "run", place.venv, "--keep", "VARIABLE_*", "--", "sh", "-c", "env | grep -c ^VARIABLE_", environ=environ
    )
    assert (done.status, done.out, done.err) == (0, "10000\n", "")


@pytest.mark.parametrize("state", ["unset", "empty", "gone", "file", "read-only"])
@pytest.mark.parametrize("command", ["run", "shell"])
def test_home(place: Place, humble: list[str], command: str, state: str) -> None:
    """Unset, not there, or not to be written: everything works, nothing is made."""
    environ = dict(place.caller)
    if state == "unset":
        del environ["HOME"]
    elif state == "read-only":
        own_by_nobody(place.home)
        place.home.chmod(0o555)
    else:
        Path("file").touch()
        environ["HOME"] = {"empty": "", "gone": str(place.home / "gone"), "file": f"{place.folder}/file"}[state]
    before = listing(place.folder, place.home)
    words = ["run", place.venv, "--", "sh"] if command == "run" else ["shell", place.venv, "--shell", "/bin/sh"]
    done = call(
        [*humble, *place.tool, *words], environ, place.folder, given='echo "${HOME-unset} $VIRTUAL_ENV"\nexit 7\n'
    )
    assert done == (7, f"{environ.get('HOME', 'unset')} {place.venv}\n", "")
    assert listing(place.folder, place.home) == before


def test_a_user_that_is_in_no_password_database(place: Place) -> None:
    """Containers have such."""
    if os.getuid() != 0:
        skip_or_fail("another user's id takes root")
    prefix = [
        "setpriv",
        f"--reuid={UNKNOWN_USER}",
        "--clear-groups",
        f"--inh-caps={READS_ALL}",
        f"--ambient-caps={READS_ALL}",
    ]
    with tempfile.TemporaryDirectory() as folder:
        env = make_env(Path(folder) / "it")
        write_program(env / "bin/python", "#!/bin/sh\n")
        Path(folder).chmod(0o755)
        assert place.call("run", str(env), "--", "id", "-u", prefix=prefix) == (0, f"{UNKNOWN_USER}\n", "")
        nobody = {name: value for name, value in place.caller.items() if name not in ("SHELL", "HOME", "USER")}
        words = [*prefix, *place.tool, "shell", str(env)]
        assert call([*words, "--shell", "bash"], nobody, place.folder, given="id -u\n") == (0, f"{UNKNOWN_USER}\n", "")
        assert call(words, nobody | {"SHELL": "/bin/sh"}, place.folder, given="id -u\n") == (0, f"{UNKNOWN_USER}\n", "")


def test_the_folder_is_gone(place: Place) -> None:
    """One sentence where it matters."""
    script = f'mkdir it && cd it && rmdir ../it && exec {" ".join(place.tool)} run "$0" -- touch {place.mark}'
    done = call(["sh", "-c", script, place.venv], place.caller, place.folder)
    assert done == (2, "", "Error: the current directory does not exist any more: change to another\n")
    assert not place.mark.exists()


# Streams


def redirected(place: Place, streams: str, *words: str) -> Done:
    """Call cleanenv with ``streams`` as sh redirects them."""
    return call(["sh", "-c", f'exec "$@" {streams}', "sh", *place.tool, *words], place.caller, place.folder)


@pytest.mark.parametrize("streams", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_closed_streams_pass_through(place: Place, streams: str) -> None:
    """A command is started with the same ones closed, and setup files do not fall into them."""
    out = place.folder.parent / "out"
    Path("setup.sh").write_text("export FROM_FILE=1\necho said\n", encoding="ascii")
    code = (
        "import os; told = ''.join(str(os.path.exists(f'/dev/fd/{n}')) for n in range(3));"
        f" open({str(out)!r}, 'w').write(os.environ['FROM_FILE'] + told)"
    )
    done = redirected(
        place, streams, "run", place.venv, "--source", "setup.sh", "-q", "--", sys.executable, "-I", "-S", "-c", code
    )
    assert done == (0, "", "")
    is_closed = ["<&-" in streams, " >&-" in f" {streams}", "2>&-" in streams]
    told = out.read_text(encoding="ascii")
    assert told.startswith("1")
    assert told[1:] == "".join(str(not closed) for closed in is_closed)


@pytest.mark.parametrize(
    "command", [["env"], ["env", "--explain"], ["run", "--dry-run"], ["shell", "--dry-run", "--shell", "bash"]]
)
def test_standard_output_that_is_full_or_closed(place: Place, command: list[str]) -> None:
    """What cannot be printed is an error, not a success."""
    words = [command[0], place.venv, *command[1:], *(place.command if command[0] == "run" else [])]
    done = redirected(place, ">/dev/full", *words)
    assert done == (1, "", "Error: cannot write to standard output (no space left on device)\n")
    done = redirected(place, ">&-", *words)
    assert done == (1, "", "Error: cannot write to standard output (bad file descriptor)\n")


def test_standard_error_that_is_full_or_closed(place: Place) -> None:
    """The status still says it, and the command still runs."""
    for streams in ("2>&-", "2>/dev/full"):
        assert redirected(place, streams, "run", "./gone", *place.command) == (3, "", "")
        assert redirected(place, streams, "run", place.venv, "--keep", "PATH", "--", "echo", "x") == (0, "x\n", "")


def test_a_reader_that_goes_away(place: Place) -> None:
    """Silence, and SIGPIPE's status."""
    script = f'{{ {" ".join(place.tool)} env "$0" --keep X; echo $? >&2; }} | :'
    done = call(["sh", "-c", script, place.venv], place.caller | {"X": "x" * 100_000}, place.folder)
    assert done == (0, "", "141\n")


def test_term_unset(place: Place) -> None:
    """It stays unset."""
    del place.caller["TERM"]
    assert place.call("run", place.venv, "--", "sh", "-c", "echo ${TERM-unset}") == (0, "unset\n", "")


@pytest.fixture(autouse=True)
def _nothing_of_the_machine_is_locked(tmp_path: Path) -> Iterator[None]:
    yield
    for folder, names, _ in os.walk(tmp_path):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                Path(path).chmod(0o755)
