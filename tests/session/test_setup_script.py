"""``--source FILE``: a setup file that is wanted on purpose, in the shell it is written for."""

from __future__ import annotations

import json
import os
import shlex
import time
from pathlib import Path

import pytest

from cleanenv.session import setup_script, setup_shell
from cleanenv.system.invocation import Invocation
from tests.support.command import Done, call, listing, write_program
from tests.support.installed_shells import find_shell
from tests.support.surroundings import skip_or_fail

OWN = {"PWD", "OLDPWD", "_", "SHLVL"}

# One setup file a shell: values with a newline, blanks and quotes, PATH in front, LANG unset.
POSIX = """
export GREETING="a 'b'  \\"c\\"
\\$(touch x)"
export PATH="/opt/file/bin:$PATH"
NOT_EXPORTED=1
unset LANG
"""
FISH = """
set -gx GREETING "a 'b'  \\"c\\"
\\$(touch x)"
set -gx PATH /opt/file/bin $PATH
set -g NOT_EXPORTED 1
set -e LANG
"""
FILES = {
    "setup.bash": ("[[ -n $BASH_VERSION ]] || exit 9\n" + POSIX),
    "setup.sh": POSIX,
    "setup.zsh": ("[[ -n $ZSH_VERSION ]] || exit 9\n" + POSIX),
    "setup.fish": ('test -n "$FISH_VERSION"; or exit 9\n' + FISH),
    "setup.ksh": ("[[ -n $KSH_VERSION ]] || exit 9\n" + POSIX),
    "by_first_line.sh": ("#!/bin/bash\n[[ -n $BASH_VERSION ]] || exit 9\n" + POSIX),
    "by_first_line_sh": ('#!/bin/sh\n[ -z "$ZSH_VERSION" ] || exit 9\n' + POSIX),
    "by_first_line": ("#!/usr/bin/env bash\n[[ -n $BASH_VERSION ]] || exit 9\n" + POSIX),
    "by_first_line_zsh": ("#!/bin/zsh -f\n[[ -n $ZSH_VERSION ]] || exit 9\n" + POSIX),
    "by_first_line_mksh": ("#!/bin/mksh\n[[ $KSH_VERSION == *MIRBSD* ]] || exit 9\n" + POSIX),
    "by_first_line_yash": ('#! /usr/bin/yash\n[ -n "$YASH_VERSION" ] || exit 9\n' + POSIX),
    "by_first_line_ash": ("#!/bin/busybox ash\n" + POSIX),
    "bashrc": ("[[ -n $BASH_VERSION ]] || exit 9\n" + POSIX),
    ".zshrc": ("[[ -n $ZSH_VERSION ]] || exit 9\n" + POSIX),
    "mksh": ("[[ $KSH_VERSION == *MIRBSD* ]] || exit 9\n" + POSIX),
    "fish": ('test -n "$FISH_VERSION"; or exit 9\n' + FISH),
    "neither": POSIX,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for setup files, with a blank and a quote in its name."""
    made = tmp_path / "setup it's $HOME"
    made.mkdir()
    return made


class Sourcing:
    """Calls of ``run`` and ``env`` with setup files."""

    def __init__(self, tool: list[str], venv: Path, caller: dict[str, str]) -> None:
        self.tool = tool
        self.venv = str(venv)
        self.caller = caller

    def run(self, *files: Path | str, command: tuple[str, ...] = ("env", "-0"), folder: Path | None = None) -> Done:
        """Call ``run``."""
        options = [word for file in files for word in ("--source", str(file))]
        return call([*self.tool, "run", self.venv, *options, "--", *command], self.caller, folder)

    def environ(self, *files: Path | str) -> dict[str, str]:
        """Return what a command gets, seen to be the same as ``env`` tells."""
        done = self.run(*files)
        assert (done.status, done.err) == (0, "")
        got = dict(entry.split("=", 1) for entry in done.out.split("\0") if entry)
        options = [word for file in files for word in ("--source", str(file))]
        told = call([*self.tool, "env", self.venv, *options, "--format", "json"], self.caller)
        assert json.loads(told.out) == got
        return got


@pytest.fixture
def sourcing(tool: list[str], venv: Path, caller: dict[str, str]) -> Sourcing:
    """Return what calls cleanenv."""
    return Sourcing(tool, venv, caller)


@pytest.mark.parametrize("name", FILES)
def test_what_it_exports_is_taken_over(name: str, folder: Path, sourcing: Sourcing) -> None:
    """In the shell that its first line says, else its name, else the user's or sh; ENV's bin stays first."""
    (folder / name).write_text(FILES[name], encoding="ascii")
    before = sourcing.environ()
    after = sourcing.environ(folder / name)
    assert after == {name: value for name, value in before.items() if name != "LANG"} | {
        "GREETING": "a 'b'  \"c\"\n$(touch x)",
        "PATH": before["PATH"].replace(":", ":/opt/file/bin:", 1),
        "CLEANENV_WANTED": "GREETING PATH",
    }
    assert after["PATH"].startswith(f"{sourcing.venv}/bin:/opt/file/bin:/")


@pytest.mark.parametrize("name", [*FILES, "setup.py"])
def test_an_empty_file_changes_nothing(name: str, folder: Path, sourcing: Sourcing) -> None:
    """What a shell sets by itself is not the file's."""
    first_line = FILES.get(name, "").partition("\n")[0]
    (folder / name).write_text(f"{first_line}\n" if first_line.startswith("#!") else "", encoding="ascii")
    assert sourcing.environ(folder / name) == sourcing.environ()


@pytest.mark.parametrize("name", ["setup.bash", "setup.sh", "setup.zsh", "setup.fish", "setup.ksh"])
def test_it_sees_the_clean_environment_and_nothing_of_ours(name: str, folder: Path, sourcing: Sourcing) -> None:
    """Neither what leaks from the caller nor the environment, which is activated afterwards."""
    shown = folder.parent / "shown"
    (folder / name).write_text(f"/usr/bin/env -0 >{shown}\n", encoding="ascii")
    sourcing.caller |= {"PYTHONPATH": "/leak", "BASH_ENV": "/leak", "ZDOTDIR": "/leak", "BASH_FUNC_x%%": "() { :; }"}
    assert sourcing.run(folder / name).status == 0
    seen = dict(entry.split("=", 1) for entry in shown.read_text().split("\0") if entry)
    clean = {name for name in sourcing.environ() if not name.startswith("VIRTUAL_ENV")}
    assert set(seen) - OWN - {"A__z", "LOGNAME"} == clean - OWN
    assert seen["PATH"] == sourcing.environ()["PATH"].partition(":")[2]


def test_several_run_one_after_the_other(folder: Path, sourcing: Sourcing) -> None:
    """Each sees what the one before it set, in whatever shell."""
    (folder / "a.bash").write_text("export ONE=1 TWO=1\nexport PATH=/a:$PATH\n", encoding="ascii")
    (folder / "b.sh").write_text('export TWO="$ONE$TWO"\nunset ONE\nexport PATH=/b:$PATH\n', encoding="ascii")
    after = sourcing.environ(folder / "a.bash", folder / "b.sh")
    assert after["TWO"] == "11"
    assert "ONE" not in after
    assert after["PATH"].startswith(f"{sourcing.venv}/bin:/b:/a:/")


def test_a_relative_file_is_seen_from_the_folder(folder: Path, sourcing: Sourcing) -> None:
    """And not looked for on PATH, as ``.`` would."""
    (folder / "env").write_text("export ONE=1\n", encoding="ascii")
    command = ("sh", "-c", "echo $ONE")
    assert sourcing.run("env", command=command, folder=folder) == (0, "1\n", "")
    (folder / "sub").mkdir()
    assert sourcing.run("../env", command=command, folder=folder / "sub") == (0, "1\n", "")


def test_its_own_path_is_what_it_is(folder: Path, sourcing: Sourcing) -> None:
    """ROS' setup.bash finds its folder by BASH_SOURCE."""
    (folder / "setup.bash").write_text('export HERE="${BASH_SOURCE[0]}"\n', encoding="ascii")
    assert sourcing.environ(folder / "setup.bash")["HERE"] == f"{folder}/setup.bash"


def test_what_it_prints_goes_to_standard_error(folder: Path, sourcing: Sourcing) -> None:
    """And not among the command's results; --quiet silences it."""
    (folder / "a.sh").write_text("echo out\necho err >&2\n", encoding="ascii")
    assert sourcing.run(folder / "a.sh", command=("echo", "result")) == (0, "result\n", "out\nerr\n")
    words = [*sourcing.tool, "run", sourcing.venv, "-q", "--source", str(folder / "a.sh"), "--", "echo", "result"]
    assert call(words, sourcing.caller) == (0, "result\n", "")


def test_it_reads_nothing_of_standard_input(folder: Path, sourcing: Sourcing) -> None:
    """That is the command's."""
    (folder / "a.sh").write_text("cat\n", encoding="ascii")
    words = [*sourcing.tool, "run", sourcing.venv, "--source", str(folder / "a.sh"), "--", "cat"]
    assert call(words, sourcing.caller, given="for cat\n") == (0, "for cat\n", "")


def test_closing_descriptors_does_no_harm(folder: Path, sourcing: Sourcing) -> None:
    """Also that of its result: it is none that scripts use."""
    for name in ("a.sh", "a.bash"):
        closing = "".join(f"exec {number}>&-\n" for number in range(3, 10))
        (folder / name).write_text(f"{closing}exec >/dev/null 2>&1\nexport ONE=1\n", encoding="ascii")
        assert sourcing.environ(folder / name)["ONE"] == "1"
    (folder / "a.bash").write_text("exec {out}>/dev/null 10>&- 11>&-\nexport ONE=2\n", encoding="ascii")
    assert sourcing.environ(folder / "a.bash")["ONE"] == "2"


def test_shell_options_that_it_leaves_do_no_harm(folder: Path, sourcing: Sourcing) -> None:
    """Such as -u, -e, -x and a changed IFS."""
    for name in ("a.sh", "a.bash"):
        (folder / name).write_text(
            "export ONE='1 2'\nset -eu\nIFS=/\nenv() { false; }\nalias env=false\n", encoding="ascii"
        )
        assert sourcing.environ(folder / name)["ONE"] == "1 2"


FAILING = "{}for i in 1 2 3 4 5 6 7; do echo line $i >&2; done\nexport ONE=1\n{}\n"
SH_LINE = "#!/bin/sh\n"
SH = setup_shell.sh().name


@pytest.mark.parametrize(
    ("name", "first_line", "reader", "last", "status"),
    [
        ("a.sh", SH_LINE, SH, "return 5", 5),
        ("a.sh", SH_LINE, SH, "exit 6", 6),
        ("a.sh", SH_LINE, SH, "false", 1),
        ("a.bash", "", "bash", "return 5", 5),
        ("a.bash", "", "bash", "exit 6", 6),
        ("a.ksh", "", "ksh93", "exit 7", 7),
        ("a.zsh", "", "zsh", "return 5", 5),
        ("a.zsh", "", "zsh", "exit 6", 6),
    ],
)
def test_a_file_that_fails_stops_the_start(
    name: str, first_line: str, reader: str, last: str, status: int, folder: Path, sourcing: Sourcing
) -> None:
    """With its status, its shell and its last five lines; the command is not started."""
    (folder / name).write_text(FAILING.format(first_line, last), encoding="ascii")
    mark = folder / "mark"
    assert sourcing.run(folder / name, command=("touch", str(mark))) == (
        status,
        "",
        (
            f"Error: '{folder}/{name}' was read by {reader} and failed with status {status}, its last lines:"
            " line 3 / line 4 / line 5 / line 6 / line 7\n"
        ),
    )
    assert not mark.exists()


@pytest.mark.parametrize(("last", "status"), [("return 5", 5), ("exit 6", 6), ("false", 1)])
def test_a_fish_file_that_fails(last: str, status: int, folder: Path, sourcing: Sourcing) -> None:
    """As in the others."""
    (folder / "a.fish").write_text(f"echo why >&2\n{last}\n", encoding="ascii")
    assert sourcing.run(folder / "a.fish") == (
        status,
        "",
        f"Error: '{folder}/a.fish' was read by fish and failed with status {status}, its last lines: why\n",
    )


# fish ends the file only
@pytest.mark.parametrize(("name", "reader"), [("sh", SH), ("a.bash", "bash"), ("a.zsh", "zsh")])
def test_a_file_that_ends_its_shell(name: str, reader: str, folder: Path, sourcing: Sourcing) -> None:
    """``exit 0`` looks like success, and nothing was handed over."""
    (folder / name).write_text("exit 0\n", encoding="ascii")
    said = f"Error: '{folder}/{name}' was read by {reader} and ended it before it was done\n"
    assert sourcing.run(folder / name) == (1, "", said)


def test_a_file_that_is_killed(folder: Path, sourcing: Sourcing) -> None:
    """The signal is named, and the status is that which a shell shows."""
    (folder / "a.bash").write_text("kill -9 $$\n", encoding="ascii")
    said = f"Error: '{folder}/a.bash' was read by bash, which was killed by signal 9\n"
    assert sourcing.run(folder / "a.bash") == (137, "", said)


@pytest.mark.parametrize("name", ["a.bash", "a.zsh", "a.ksh", "sh", "a.fish", "a.tcsh"])
def test_a_file_that_is_no_script(name: str, folder: Path, sourcing: Sourcing) -> None:
    """The shell that read it, the line, its own words."""
    (folder / name).write_text("\nif then (\n", encoding="ascii")
    done = sourcing.run(folder / name)
    assert done.out == ""
    assert done.status not in {0, 70}
    readers = {"a.bash": "bash", "a.zsh": "zsh", "a.ksh": "ksh93", "sh": SH, "a.fish": "fish", "a.tcsh": "tcsh"}
    where = "its last lines: " if name == "a.tcsh" else "at line "
    assert done.err.startswith(f"Error: '{folder}/{name}' was read by {readers[name]} and failed with status")
    assert where in done.err
    assert done.err.count("\n") == 1


def test_a_daemon_that_it_starts_does_not_hold_us_up(folder: Path, sourcing: Sourcing) -> None:
    """It goes on; with pipes we should wait for it."""
    end = folder.parent / "end"
    daemon = write_program(folder.parent / "daemon", f"#!/bin/sh\nuntil [ -e {end} ]; do read -r x <{end}.fifo; done\n")
    os.mkfifo(f"{end}.fifo")
    (folder / "a.sh").write_text(f"{daemon} &\nexport DAEMON=$!\n", encoding="ascii")
    environ = sourcing.run(folder / "a.sh", command=("sh", "-c", "echo $DAEMON"))
    assert environ.status == 0
    pid = int(environ.out)
    os.kill(pid, 0)
    end.touch()
    with open(f"{end}.fifo", "w", encoding="ascii") as fifo:
        fifo.write("end\n")
    limit = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        assert time.monotonic() < limit


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone.bash", "no such file or directory"),
        (".", "is a directory"),
        ("loop", "too many levels of symbolic links"),
    ],
)
def test_a_file_that_cannot_be_read(name: str, reason: str, folder: Path, sourcing: Sourcing) -> None:
    """Nothing is started, nothing is written."""
    (folder / "loop").symlink_to("loop")
    before = listing(folder, Path(sourcing.caller["HOME"]))
    done = sourcing.run(f"{folder}/{name}", command=("touch", str(folder / "mark")))
    where = os.path.abspath(f"{folder}/{name}")
    assert done == (2, "", f"Error: cannot read the setup file '{where}' ({reason}): give --source another\n")
    assert listing(folder, Path(sourcing.caller["HOME"])) == before


def test_shells_whose_files_cannot_be_sourced(folder: Path, sourcing: Sourcing) -> None:
    """It says so; a shell of the right kind would not understand it."""
    (folder / "a").write_text("#!/usr/bin/env elvish\nset-env ONE 1\n", encoding="ascii")
    said = f"Error: '{folder}/a' is written for elvish, whose setup files cannot be sourced: give one for sh\n"
    assert sourcing.run(folder / "a") == (2, "", said)
    for suffix, shell in (("elv", "elvish"), ("nu", "nushell"), ("xsh", "xonsh")):
        (folder / f"a.{suffix}").write_text("", encoding="ascii")
        done = sourcing.run(folder / f"a.{suffix}")
        assert done.status == 2
        assert f"is written for {shell}, whose setup files cannot be sourced" in done.err


@pytest.mark.parametrize(
    ("name", "first_line", "row"),
    [
        ("setup.bash", "#!/bin/zsh", "zsh"),
        ("setup.sh", "#!/bin/bash", "bash"),
        ("setup.sh", "#!/usr/bin/env zsh", "zsh"),
        ("setup.bash", "#!/bin/sh", "dash"),
        ("setup.bash", "", "bash"),
        ("setup.zsh", "", "zsh"),
        ("setup.fish", "", "fish"),
        ("setup.zsh", "#!/bin/cat", "zsh"),
        ("setup", "#!/bin/sh", "dash"),
        ("setup", "#!/usr/bin/env -S bash -e", "bash"),
        ("setup", "#!/usr/bin/env fish", "fish"),
        ("bash", "", "bash"),
        ("bashrc", "", "bash"),
        (".bash_profile", "", "bash"),
        ("bashrc.sh", "", "bash"),
        ("bashrc-site", "", "bash"),
        (".zshenv", "", "zsh"),
        ("zsh", "#!/bin/bash", "bash"),
        ("kshrc", "", "ksh93"),
        (".cshrc", "", "csh"),
        ("tcsh", "", "tcsh"),
        ("fish", "", "fish"),
        ("sh", "", "dash"),
        (".profile", "", "dash"),
        # Near misses: no name of a shell, or no more than the beginning of one.
        ("setup", "#!/usr/bin/python3", "dash"),
        ("setup", "# bash", "dash"),
        ("setup.txt", "", "dash"),
        ("bashful", "", "dash"),
        ("dashboard.sh", "", "dash"),
        ("ashes", "", "dash"),
        ("setup", "#!/usr/bin/\udcff\udcfe", "dash"),
    ],
)
def test_which_shell_it_is_written_for(name: str, first_line: str, row: str) -> None:
    """First the first line, then the suffix, then the name, then the user's own shell, which is none here, then sh."""
    caller = Invocation({"SHELL": "/bin/dash"})
    caller._ancestry = ()  # type: ignore[assignment]
    content = os.fsencode(first_line) + b"\n"
    found = setup_shell.reader(f"/opt/{name}", content, os.environ["PATH"], caller)
    assert found.shell.name == row


USERS = {
    "bash": ("bash", "--norc", "--noprofile"),
    "zsh": ("zsh", "-f"),
    "mksh": ("mksh",),
    "dash": ("dash",),
    "ksh93": ("ksh93",),
    "fish": ("fish", "--no-config"),
    "tcsh": ("tcsh", "-f"),
}
TELLING = """export READ_BY="${BASH_VERSION:+bash}${ZSH_VERSION:+zsh}${KSH_VERSION:+ksh}"\n"""


@pytest.mark.parametrize("name", ["env.sh", "environment", "setup.inc"])
@pytest.mark.parametrize(
    ("user", "reader"),
    [("bash", "bash"), ("zsh", "zsh"), ("mksh", "ksh"), ("ksh93", "ksh"), ("dash", ""), ("fish", ""), ("tcsh", "")],
)
def test_a_file_without_a_mark_is_read_by_the_users_shell(
    name: str, user: str, reader: str, folder: Path, tool: list[str], venv: Path, caller: dict[str, str]
) -> None:
    """As a site's env.sh is; by sh if that is of another family."""
    program = find_shell(user).program
    (folder / name).write_text(TELLING, encoding="ascii")
    report = folder.parent / "report"
    inner = ["sh", "-c", f'printf %s "$READ_BY" >{report}']
    command = " ".join(map(shlex.quote, [*tool, "run", str(venv), "-q", "--source", str(folder / name), "--", *inner]))
    words = [program, *USERS[user][1:], "-i", "-c", f"{command}; exit 0"] if user != "tcsh" else [program, "-f", "-i"]
    given = f"{command}\nexit\n" if user == "tcsh" else None
    call(words, caller | {"SHELL": "/bin/false"}, given=given)
    assert report.read_text(encoding="ascii") == reader


@pytest.mark.parametrize(
    ("option", "expected"), [("bash", "bash"), ("zsh", "zsh"), ("mksh", "ksh"), ("sh", ""), ("ksh", "ksh")]
)
def test_an_option_goes_before_everything(option: str, expected: str, folder: Path, sourcing: Sourcing) -> None:
    """But it is for the files of the command line: those of the configuration are as they are."""
    (folder / "a.zsh").write_text(f"#!/bin/yash\n{TELLING}", encoding="ascii")
    (folder / "users.fish").write_text("set -gx USERS 1\n", encoding="ascii")
    config = Path(sourcing.caller["HOME"], ".config/cleanenv/config.toml")
    config.parent.mkdir(parents=True)
    config.write_text(f"source = {json.dumps(str(folder / 'users.fish'))}\n", encoding="utf-8")
    words = [*sourcing.tool, "run", sourcing.venv, "--source", str(folder / "a.zsh"), "--source-shell", option]
    done = call([*words, "--", "sh", "-c", 'echo "$USERS$READ_BY"'], sourcing.caller)
    assert done == (0, f"1{expected}\n", "")


@pytest.mark.parametrize(
    ("option", "status", "said"),
    [
        ("elvish", 2, "--source-shell elvish: setup files for elvish cannot be sourced: choose sh"),
        ("nosuch", 4, "unknown shell 'nosuch': cleanenv knows bash, zsh, "),
    ],
)
def test_a_shell_that_cannot_source(option: str, status: int, said: str, folder: Path, sourcing: Sourcing) -> None:
    """Nothing is started."""
    (folder / "a").write_text("", encoding="ascii")
    options = ["--source", str(folder / "a"), "--source-shell", option]
    words = [*sourcing.tool, "run", sourcing.venv, *options, "--", "true"]
    done = call(words, sourcing.caller)
    assert (done.status, done.out) == (status, "")
    assert done.err.startswith(f"Error: {said}")
    alone = call([*sourcing.tool, "run", sourcing.venv, "--source-shell", "bash", "--", "true"], sourcing.caller)
    assert alone == (2, "", "Error: --source-shell without --source: give both, or leave it out\n")


FOR_BASH = "is it for bash? Then give --source-shell bash, or begin it with '#!/bin/bash'"


@pytest.mark.parametrize(
    ("first_line", "line", "word", "remedy"),
    [
        ("#!/bin/sh", "[[ -d / ]]", "[[", FOR_BASH),
        ("#!/bin/sh", "shopt -s nullglob", "shopt", FOR_BASH),
        ("#!/bin/busybox ash", "declare x=1", "declare", FOR_BASH),
        ("#!/bin/mksh", "shopt -s x", "shopt", FOR_BASH),
        ("#!/bin/ksh93", "local x=1", "local", FOR_BASH),
        ("#!/usr/bin/yash", "declare_ x=1", "declare_", None),
        ("#!/bin/bash", "setopt extendedglob", "setopt", "is it for zsh? Then give --source-shell zsh"),
        ("#!/bin/zsh", "shopt -s x", "shopt", FOR_BASH),
        ("#!/bin/bash", "setenv A b", "setenv", "is it for tcsh? Then give --source-shell tcsh"),
        ("#!/bin/bash", "module load x", "module", None),
        ("#!/bin/sh", "nosuch-program", "nosuch-program", None),
        ("#!/usr/bin/fish", "nosuch-program", "nosuch-program", None),
        ("#!/bin/tcsh", "nosuch-program", "nosuch-program", None),
    ],
)
def test_a_command_that_is_not_found_is_a_warning(
    first_line: str, line: str, word: str, remedy: str | None, folder: Path, sourcing: Sourcing
) -> None:
    """It names the shell that read the file, the line, and the way out; the rest of the file counts."""
    reader = setup_shell.reader("/a", f"{first_line}\n".encode(), os.environ["PATH"], Invocation(sourcing.caller))
    ends = {"tcsh": "setenv ONE 1", "fish": "set -gx ONE 1\ntrue"}
    end = ends.get(reader.shell.name, "export ONE=1")
    (folder / "a").write_text(f"{first_line}\n{line}\n{end}\n", encoding="ascii")
    done = sourcing.run(folder / "a", command=("sh", "-c", "echo $ONE"))
    assert (done.status, done.out) == (0, "1\n")
    last = done.err.splitlines()[-1]
    at = "" if reader.shell.name in {"yash", "tcsh"} else " (line 2)"
    told = f"Warning: '{folder}/a' was read by {reader.name}, which did not find '{word}'{at}: "
    assert last.startswith(told + (remedy or "let its directory in with --path"))


def test_what_only_looks_like_it_is_no_warning(folder: Path, sourcing: Sourcing) -> None:
    """What a program says of its own, what the file silences, a command that is looked for."""
    text = (
        "#!/bin/sh\necho 'error: remote not found' >&2\nnosuch 2>/dev/null\ncommand -v nosuch\n"
        "echo 'warning: 3: see the manual'\ntype nosuch >/dev/null 2>&1\nexport ONE=1\n"
    )
    (folder / "a").write_text(text, encoding="ascii")
    done = sourcing.run(folder / "a", command=("true",))
    assert done == (0, "", "error: remote not found\nwarning: 3: see the manual\n")


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("if [[ -d / ]]; then\n  x=(1 2)\nfi\n", 'line 3: Syntax error: "(" unexpected (expecting "fi")'),
        ("export A=1\nA=${B[0]}\n", "line 3: Bad substitution"),
        ("export -f f\n", None),
        ("[[ -d / ]]\n", "line 2: [[: not found"),
    ],
)
def test_a_failure_names_the_shell_and_the_line(text: str, fact: str | None, folder: Path, sourcing: Sourcing) -> None:
    """Those of dash are known word by word; where sh is another, that is said."""
    if setup_shell.sh().name != "sh (dash)":
        skip_or_fail("sh is not dash")
    (folder / "env.sh").write_text(f"#!/bin/sh\n{text}", encoding="ascii")
    done = sourcing.run(folder / "env.sh")
    assert (done.status, done.out) == (127 if text.startswith("[[") else 2, "")
    at = f"at {fact}: " if fact else "its last lines: "
    assert f"'{folder}/env.sh' was read by sh (dash) and failed with status {done.status}" in done.err
    assert at in done.err
    assert done.err.endswith(f": {FOR_BASH}\n")


@pytest.mark.parametrize(
    "text",
    [
        'export HERE="$(dirname "${BASH_SOURCE[0]}")/lib"\n',
        'script="${BASH_SOURCE:-${ZSH_NAME:+$0}}"\nexport HERE="${script%/*}/lib"\n',
        'SELF=${BASH_ARGV[0]}\n[ -n "$SELF" ] || SELF=${(%):-%N}\nexport HERE="$(cd "$(dirname "$SELF")"; pwd)/lib"\n',
    ],
)
@pytest.mark.parametrize("name", ["thisroot.sh", "etc/bashrc", "init/bash"])
def test_a_file_for_bash_finds_itself(name: str, text: str, folder: Path, sourcing: Sourcing) -> None:
    """As ROOT's, OpenFOAM's and those of environment-modules; in sh they find nothing, without an error."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/bash\n{text}" if name.endswith(".sh") else text, encoding="ascii")
    assert sourcing.environ(path)["HERE"] == f"{path.parent}/lib"


def test_a_file_that_asks_for_its_path_and_does_not_get_it(folder: Path) -> None:
    """A user of fish or of none, and a file without a mark: nothing fails, and the value is wrong."""
    caller = Invocation({"SHELL": find_shell("fish").program})
    caller._ancestry = ()  # type: ignore[assignment]
    (folder / "nvm.sh").write_text('export HERE="$(dirname "${BASH_SOURCE-}")"\n', encoding="ascii")
    for shell, warned in ((None, 1), ("bash", 0), ("sh", 0)):
        file = setup_script.SetupFile(str(folder / "nvm.sh"), shell)
        _, printed = setup_script.run([file], {"PATH": "/usr/bin:/bin"}, caller)
        assert len(printed) == warned
    _, printed = setup_script.run([setup_script.SetupFile(str(folder / "nvm.sh"))], {"PATH": "/usr/bin:/bin"}, caller)
    assert printed == [f"Warning: '{folder}/nvm.sh' was read by {SH}, which has no BASH_SOURCE: {FOR_BASH}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fish_add_path {0}/a", "{0}/a:"),
        ("fish_add_path {0}/a {0}/b\nfish_add_path --append {0}/c", "{0}/a:{0}/b:{0}/c:"),
        ("fish_add_path {0}/b\nfish_add_path {0}/a\nfish_add_path {0}/b", "{0}/a:{0}/b:"),
        ("set -U fish_user_paths {0}/b {0}/a", "{0}/b:{0}/a:"),
        ("set -gx PATH {0}/c $PATH\nfish_add_path {0}/a\nset -e fish_user_paths", "{0}/c:"),
        ("fish_add_path --path {0}/a", "{0}/a:"),
        ("fish_add_path {0}/missing", ""),
    ],
)
def test_fish_add_path_arrives(text: str, expected: str, tmp_path: Path, sourcing: Sourcing) -> None:
    """What fish's own config.fish does of it, which is not read; each directory once, in the order of fish."""
    for name in "abc":
        (tmp_path / name).mkdir()
    (tmp_path / "x.fish").write_text(text.replace("{0}", str(tmp_path)) + "\ntrue\n", encoding="ascii")
    before = sourcing.environ()["PATH"].partition(":")[2]
    after = sourcing.environ(tmp_path / "x.fish")["PATH"].partition(":")[2]
    assert after == expected.replace("{0}", str(tmp_path)) + before


@pytest.mark.parametrize(
    "opener", ['--source <(cat "$FILE")', "--source /dev/stdin <$FILE", 'cat "$FILE" | --source /dev/stdin']
)
def test_a_pipe_and_a_descriptor(opener: str, folder: Path, sourcing: Sourcing) -> None:
    """``<(...)`` is one; it is read once, and no descriptor of it is left to the command."""
    file = folder.parent / "a.bash"
    file.write_text("export HERE=${BASH_SOURCE[0]}\nexport ONE=1\n", encoding="ascii")
    before, _, option = opener.rpartition("--source")
    words = " ".join(map(shlex.quote, [*sourcing.tool, "run", sourcing.venv, "--source-shell", "bash"]))
    line = f"{before}{words} --source{option}"
    command, redirection, rest = line.partition(" <$FILE")
    done = call(
        ["bash", "-c", f"{command} -- sh -c 'echo $ONE' {redirection}{rest}"], sourcing.caller | {"FILE": str(file)}
    )
    assert done == (0, "1\n", "")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/full"])
def test_a_device_is_refused(device: str, sourcing: Sourcing) -> None:
    """A terminal would wait for its user, others never end."""
    done = sourcing.run(device)
    assert done == (2, "", f"Error: cannot read the setup file '{device}' (is a device): give --source another\n")


def test_an_address_of_the_caller_stands(folder: Path, sourcing: Sourcing) -> None:
    """The files of ROS set a master unless one is set."""
    (folder / "a.sh").write_text(
        '[ "$ROS_MASTER_URI" ] || export ROS_MASTER_URI=http://localhost:11311\n', encoding="ascii"
    )
    assert sourcing.environ(folder / "a.sh")["ROS_MASTER_URI"] == "http://localhost:11311"
    sourcing.caller["ROS_MASTER_URI"] = "http://192.0.2.10:11311"
    assert sourcing.environ(folder / "a.sh")["ROS_MASTER_URI"] == "http://192.0.2.10:11311"


@pytest.mark.parametrize("name", ["a.bash", "sh", "a.ksh"])
def test_it_can_tell_that_it_is_sourced(name: str, folder: Path, sourcing: Sourcing) -> None:
    """By ``$0``, which is the shell's name as at a prompt, and no path of ours."""
    (folder / name).write_text('export ZERO="$0"\n', encoding="ascii")
    assert sourcing.environ(folder / name)["ZERO"] == {"a.bash": "bash", "sh": "sh", "a.ksh": "ksh"}[name]


@pytest.mark.parametrize("missing", ["bsd-csh", "csh"])
def test_a_csh_that_is_tcsh(missing: str, folder: Path) -> None:
    """Debian's csh is a link to tcsh if that is installed alone."""
    (folder / "bin").mkdir()
    (folder / "bin/csh").symlink_to(find_shell("tcsh").program)
    found = setup_shell.reader("/opt/setup.csh", b"", f"{folder}/bin", Invocation({}))
    assert (found.shell.name, missing in {"bsd-csh", "csh"}) == ("tcsh", True)


def test_from_the_configuration_and_in_the_shell(folder: Path, sourcing: Sourcing) -> None:
    """The user's file may name it; ``shell`` has it too."""
    (folder / "a.sh").write_text("export ONE=1\n", encoding="ascii")
    config = Path(sourcing.caller["HOME"], ".config/cleanenv/config.toml")
    config.parent.mkdir(parents=True)
    config.write_text(f'source = "{folder}/a.sh"\n', encoding="utf-8")
    words = [*sourcing.tool, "shell", sourcing.venv, "--shell", "bash"]
    assert call(words, sourcing.caller, given='echo "$ONE"\n') == (0, "1\n", "")
