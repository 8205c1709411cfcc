"""``--source FILE``: a setup file that is wanted on purpose, in the shell it is written for."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from cleanenv.session.setup_script import shell_of
from tests.support.command import Done, call, listing, write_program
from tests.support.installed_shells import find_shell

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
    "setup.sh": ('[ -z "$BASH_VERSION$ZSH_VERSION" ] || exit 9\n' + POSIX),
    "setup.zsh": ("[[ -n $ZSH_VERSION ]] || exit 9\n" + POSIX),
    "setup.fish": ('test -n "$FISH_VERSION"; or exit 9\n' + FISH),
    "setup.ksh": ("[[ -n $KSH_VERSION ]] || exit 9\n" + POSIX),
    "by_first_line": ("#!/usr/bin/env bash\n[[ -n $BASH_VERSION ]] || exit 9\n" + POSIX),
    "by_first_line_zsh": ("#!/bin/zsh -f\n[[ -n $ZSH_VERSION ]] || exit 9\n" + POSIX),
    "by_first_line_mksh": ("#!/bin/mksh\n[[ $KSH_VERSION == *MIRBSD* ]] || exit 9\n" + POSIX),
    "by_first_line_yash": ('#! /usr/bin/yash\n[ -n "$YASH_VERSION" ] || exit 9\n' + POSIX),
    "by_first_line_ash": ("#!/bin/busybox ash\n" + POSIX),
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
    """In the shell that its name says, else its first line, else sh; ENV's bin stays first."""
    (folder / name).write_text(FILES[name], encoding="ascii")
    before = sourcing.environ()
    after = sourcing.environ(folder / name)
    assert after == {name: value for name, value in before.items() if name != "LANG"} | {
        "GREETING": "a 'b'  \"c\"\n$(touch x)",
        "PATH": before["PATH"].replace(":", ":/opt/file/bin:", 1),
        "CLEANENV_WANTED": "GREETING PATH",
    }
    assert after["PATH"].startswith(f"{sourcing.venv}/bin:/opt/file/bin:/")


@pytest.mark.parametrize("name", [*FILES, "setup.elv", "setup.py"])
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


FAILING = "for i in 1 2 3 4 5 6 7; do echo line $i >&2; done\nexport ONE=1\n{}\n"


@pytest.mark.parametrize(
    ("name", "last", "status"),
    [
        ("a.sh", "return 5", 5),
        ("a.sh", "exit 6", 6),
        ("a.sh", "false", 1),
        ("a.bash", "return 5", 5),
        ("a.bash", "exit 6", 6),
        ("a.ksh", "exit 7", 7),
        ("a.zsh", "return 5", 5),
        ("a.zsh", "exit 6", 6),
    ],
)
def test_a_file_that_fails_stops_the_start(name: str, last: str, status: int, folder: Path, sourcing: Sourcing) -> None:
    """With its status and its last five lines; the command is not started."""
    (folder / name).write_text(FAILING.format(last), encoding="ascii")
    mark = folder / "mark"
    assert sourcing.run(folder / name, command=("touch", str(mark))) == (
        status,
        "",
        (
            f"Error: the setup file '{folder}/{name}' failed with status {status}, its last lines:"
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
        f"Error: the setup file '{folder}/a.fish' failed with status {status}, its last lines: why\n",
    )


@pytest.mark.parametrize("name", ["a.sh", "a.bash", "a.zsh"])  # fish ends the file only
def test_a_file_that_ends_its_shell(name: str, folder: Path, sourcing: Sourcing) -> None:
    """``exit 0`` looks like success, and nothing was handed over."""
    (folder / name).write_text("exit 0\n", encoding="ascii")
    said = f"Error: the setup file '{folder}/{name}' ended its shell before it was done\n"
    assert sourcing.run(folder / name) == (1, "", said)


def test_a_file_that_is_killed(folder: Path, sourcing: Sourcing) -> None:
    """The signal is named, and the status is that which a shell shows."""
    (folder / "a.sh").write_text("kill -9 $$\n", encoding="ascii")
    assert sourcing.run(folder / "a.sh") == (137, "", f"Error: the setup file '{folder}/a.sh' was killed by signal 9\n")


def test_a_file_that_is_no_script(folder: Path, sourcing: Sourcing) -> None:
    """Its shell's own words, on one line."""
    (folder / "a.sh").write_text("if then\n", encoding="ascii")
    done = sourcing.run(folder / "a.sh")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"Error: the setup file '{folder}/a.sh' failed with status 2, its last lines: ")
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


@pytest.mark.parametrize(
    ("name", "first_line", "row"),
    [
        ("setup.bash", "#!/bin/zsh", "bash"),
        ("setup.sh", "#!/bin/bash", "dash"),
        ("setup.zsh", "", "zsh"),
        ("setup.fish", "", "fish"),
        ("setup", "#!/bin/sh", "dash"),
        ("setup", "#!/usr/bin/env -S bash -e", "bash"),
        ("setup", "#!/usr/bin/env fish", "fish"),
        ("setup", "#!/usr/bin/python3", "dash"),
        ("setup", "# bash", "dash"),
        ("setup.txt", "", "dash"),
        ("bash", "", "dash"),
        ("setup", "#!/usr/bin/\udcff\udcfe", "dash"),
    ],
)
def test_which_shell_it_is_written_for(name: str, first_line: str, row: str, folder: Path) -> None:
    """The ending counts before the first line."""
    (folder / name).write_bytes(os.fsencode(first_line) + b"\n")
    found, program = shell_of(str(folder / name), os.environ["PATH"])
    assert found.name == row
    assert program == ("/bin/sh" if row == "dash" else find_shell(row).program)


def test_from_the_configuration_and_in_the_shell(folder: Path, sourcing: Sourcing) -> None:
    """The user's file may name it; ``shell`` has it too."""
    (folder / "a.sh").write_text("export ONE=1\n", encoding="ascii")
    config = Path(sourcing.caller["HOME"], ".config/cleanenv/config.toml")
    config.parent.mkdir(parents=True)
    config.write_text(f'source = "{folder}/a.sh"\n', encoding="utf-8")
    words = [*sourcing.tool, "shell", sourcing.venv, "--shell", "bash"]
    assert call(words, sourcing.caller, given='echo "$ONE"\n') == (0, "1\n", "")
