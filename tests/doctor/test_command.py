"""``cleanenv doctor``: statuses, reports, and silence in a clean shell."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

import cleanenv
from cleanenv.doctor import diagnosis
from cleanenv.shell.detect import Found
from tests.doctor.checks import cases_environment as cases
from tests.environments.test_makers import MAKERS
from tests.support import hostile
from tests.support.command import call, listing
from tests.support.fake_environment import FakeEnvironment
from tests.support.installed_shells import find_shell
from tests.support.sessions import Session
from tests.support.terminal import Terminal

SOURCE = Path(cleanenv.__file__).parent
ESCAPE = "\x1b[31m"


@pytest.fixture
def bad(home: Path) -> Path:
    """Return an environment with an error, a warning and a note."""
    fake = FakeEnvironment(home.parent)
    fake.program("tool", "#!/old/bin/python")
    fake.pth("zz.pth", "import evil")
    (fake.site_packages / "~umpy").mkdir()
    return fake.path


@pytest.fixture
def hostile_caller(home: Path) -> dict[str, str]:
    """Return the environment of a caller with a leak of every kind, and startup files that leak more."""
    hostile.write_home(home)
    return hostile.caller(home)


def test_nothing_found_is_status_0(venv: Path, tool: list[str], caller: dict[str, str]) -> None:
    done = call([*tool, "doctor", str(venv)], caller)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"this shell and '{venv}' (venv, Python 3.")
    assert done.out.endswith("): nothing found\n")


def test_without_env_the_shell_alone_is_judged(
    bad: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """Even where an environment stands in the current folder, or is active."""
    bad.rename(tmp_path / ".venv")
    assert call([*tool, "doctor"], caller, tmp_path) == (0, "this shell: nothing found\n", "")


def test_something_found_is_status_1(bad: Path, tool: list[str], caller: dict[str, str]) -> None:
    done = call([*tool, "doctor", str(bad)], caller)
    assert (done.status, done.err) == (1, "")
    assert done.out == (
        f"this shell and '{bad}' (venv, Python 3.11.5): 1 error, 1 warning, 1 note\n\n"
        f"error: a program in '{bad}/bin' is started by a Python other than the environment's [env-shebang]\n"
        f"    {bad}/bin/tool: #!/old/bin/python, which does not exist\n"
        "    fix: reinstall the package it belongs to with 'pip install --force-reinstall', or use "
        "'python -m NAME'\n\n"
        f"warning: '{bad}/lib/python3.11/site-packages/zz.pth' runs code whenever the environment's Python starts "
        "[env-pth-code]\n"
        "    import evil\n"
        "    fix: read it, and delete the file if you do not know what it is for\n\n"
        "note: the environment contains leftovers of an interrupted uninstall [env-leftover]\n"
        f"    {bad}/lib/python3.11/site-packages/~umpy\n"
        "    fix: delete them:\n"
        f"        rm -r '{bad}/lib/python3.11/site-packages/~umpy'\n"
    )


def test_quiet_says_it_by_the_status(bad: Path, venv: Path, tool: list[str], caller: dict[str, str]) -> None:
    assert call([*tool, "doctor", "-q", str(bad)], caller) == (1, "", "")
    assert call([*tool, "doctor", "--quiet", str(venv)], caller) == (0, "", "")


def test_env_is_found_by_name(bad: Path, tool: list[str], caller: dict[str, str]) -> None:
    assert call([*tool, "doctor", bad.name], caller, bad.parent).status == 1


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ("missing", "no virtual environment at"),
        ("", "no virtual environment at ''"),
        ("file", "is not a directory"),
        ("folder", "is a directory but not a virtual environment"),
        ("link", "no virtual environment at|is not a directory"),
        ("twice", "names more than one environment"),
        ("a\x1b[31mb/c", r"'a\x1b[31mb/c'"),
    ],
)
def test_an_unusable_env_is_status_3(env: str, says: str, tool: list[str], caller: dict[str, str], home: Path) -> None:
    folder = home / "here"
    (folder / "folder").mkdir(parents=True)
    (folder / "file").touch()
    (folder / "link").symlink_to("nowhere")
    for place in (folder, home / ".venvs"):
        (place / "twice").mkdir(parents=True)
        (place / "twice" / "pyvenv.cfg").touch()
    done = call([*tool, "doctor", env], caller, folder)
    assert (done.status, done.out) == (3, "")
    assert any(expected in done.err for expected in says.split("|"))
    assert done.err.count("\n") == 1


def test_an_env_that_lost_its_python_is_a_finding(tmp_path: Path, tool: list[str], caller: dict[str, str]) -> None:
    cases.dead_link(tmp_path)
    done = call([*tool, "doctor", str(tmp_path / "my_env")], caller)
    assert done.status == 1
    assert "[env-python-missing]" in done.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--nope",), "--nope"),
        (("one", "two"), "two"),
        (("--html",), "--html"),
        (("--html", "missing/page.html"), "no directory"),
        (("--html", "folder"), "is a directory"),
        (("--html", "file/page.html"), "not a directory"),
        (("--html", ""), "is a directory"),
    ],
)
def test_wrong_usage_is_status_2(
    words: tuple[str, ...], says: str, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    done = call([*tool, "doctor", *words], caller, tmp_path)
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert done.err.count("\n") == 1
    assert sorted(os.listdir(tmp_path)) == ["file", "folder", "home"]


def test_the_page_is_written_whole_and_beside_the_report(
    bad: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text("old")
    page.chmod(0o604)
    done = call([*tool, "doctor", str(bad), "--json", "--html", "page.html"], caller, tmp_path)
    assert done.status == 1
    assert len(json.loads(done.out)["findings"]) == 3
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert page.read_text().endswith("</html>\n")
    assert stat.S_IMODE(page.stat().st_mode) == 0o604
    assert call([*tool, "doctor", str(bad), "-q", "--html", "page.html"], caller, tmp_path) == (1, "", "")


def test_nothing_of_the_users_is_changed(bad: Path, home: Path, tool: list[str], caller: dict[str, str]) -> None:
    before = listing(bad, home)
    call([*tool, "doctor", str(bad)], caller)
    assert listing(bad, home) == before


def test_control_characters_never_reach_the_terminal(tmp_path: Path, tool: list[str], caller: dict[str, str]) -> None:
    fake = FakeEnvironment(tmp_path, name=f"my{ESCAPE}env\udcff")
    fake.pth("zz.pth", f"import evil{ESCAPE}")
    plain = call([*tool, "doctor", str(fake.path)], caller)
    assert plain.status == 1
    assert "\x1b" not in plain.out
    assert r"my\x1b[31menv\udcff" in plain.out
    with Terminal([*tool, "doctor", str(fake.path)], caller | {"NO_COLOR": "1"}, tmp_path) as terminal:
        assert terminal.wait_end() == 1
        assert r"my\x1b[31menv\udcff" in terminal.text()
        assert r"import evil\x1b[31m" in terminal.text()


def printed(tool: list[str], env: Path, environ: dict[str, str], columns: int = 60) -> tuple[str, set[str]]:
    """Return what a terminal shows, and the colours on it."""
    with Terminal([*tool, "doctor", str(env)], environ, env.parent, columns=columns) as terminal:
        assert terminal.wait_end() == 1
        colours = {cell.fg for row in terminal._screen.buffer.values() for cell in row.values()}
        return terminal.text(), colours


def test_a_terminal_shows_colours_unless_told_not_to(bad: Path, tool: list[str], caller: dict[str, str]) -> None:
    assert "red" in printed(tool, bad, caller)[1]
    assert printed(tool, bad, caller | {"NO_COLOR": "1"})[1] == {"default"}
    assert printed(tool, bad, caller | {"TERM": "dumb"})[1] == {"default"}


def test_a_terminal_wraps_words_and_leaves_commands_whole(bad: Path, tool: list[str], caller: dict[str, str]) -> None:
    wide = printed(tool, bad, caller, 400)[0]
    plain = call([*tool, "doctor", str(bad)], caller).out
    assert wide == plain.rstrip("\n")
    narrow = printed(tool, bad, caller, 60)[0].splitlines()
    assert "    fix: reinstall the package it belongs to with 'pip" in narrow
    start = next(number for number, line in enumerate(narrow) if "rm -r" in line)
    assert narrow[start].startswith(f"        rm -r '{str(bad)[:20]}")
    assert len(narrow[start]) == 60  # broken by the terminal, which copies it whole


def test_json_is_for_programs(bad: Path, tool: list[str], caller: dict[str, str]) -> None:
    done = call([*tool, "doctor", str(bad), "--json"], caller)
    value = json.loads(done.out)
    assert done.status == 1
    assert value["version"] == 1
    assert value["environment"] == {"path": str(bad), "kind": "venv", "python": "3.11.5"}
    assert [finding["code"] for finding in value["findings"]] == ["env-shebang", "env-pth-code", "env-leftover"]


def test_the_short_form_waits_for_no_library(venv: Path, caller: dict[str, str]) -> None:
    """Neither for click nor, without a terminal, for rich; nor for what only findings need."""
    command = [sys.executable, "-I", "-S", "-X", "importtime", f"{SOURCE}/__main__.py", "doctor", str(venv)]
    done = call(command, caller)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.err.splitlines()}
    assert (done.status, "cleanenv" in imported) == (0, True)
    assert imported.isdisjoint({"click", "dataclasses", "json", "packaging", "psutil", "rich", "subprocess"})


def test_in_a_clean_command_nothing_is_found(venv: Path, tool: list[str], hostile_caller: dict[str, str]) -> None:
    for words in ((), (str(venv),)):
        done = call([*tool, "run", str(venv), "--", *tool, "doctor", *words], hostile_caller)
        assert (done.status, done.err) == (0, "")
        assert done.out.endswith(": nothing found\n")


@pytest.mark.parametrize("kind", MAKERS)
def test_in_a_clean_command_of_any_kind_nothing_is_found(
    kind: str, tool: list[str], hostile_caller: dict[str, str], tmp_path: Path
) -> None:
    MAKERS[kind](sys.executable, tmp_path / "my env")
    done = call([*tool, "run", "my env", "--", *tool, "doctor", "my env"], hostile_caller, tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out.endswith(": nothing found\n")


def test_what_was_let_in_on_purpose_is_shown_and_no_finding(
    venv: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "thing.py").touch()
    asked = ("-q", "--set", f"PYTHONPATH={tmp_path}", "--keep", "ROS_*")
    inside = [*tool, "run", *asked, str(venv), "--", *tool, "doctor", str(venv)]
    done = call(inside, caller | {"ROS_DISTRO": "noetic"})
    assert (done.status, done.err) == (0, "")
    assert done.out.endswith("\n\nexplicitly allowed, not reported: PYTHONPATH, ROS_DISTRO\n")
    value = json.loads(call([*inside, "--json"], caller | {"ROS_DISTRO": "noetic"}).out)
    assert (value["findings"], value["wanted"]) == ([], ["PYTHONPATH", "ROS_DISTRO"])


def test_what_is_wanted_no_more_is_not_shown() -> None:
    assert diagnosis.wanted({"CLEANENV_WANTED": "A B PYTHONPATH", "A": "", "B": "1"}) == {"A", "B"}
    assert diagnosis.wanted({"A": ""}) == frozenset()


def test_in_a_clean_shell_on_a_terminal_nothing_is_found(
    found: Found, venv: Path, tool: list[str], hostile_caller: dict[str, str], tmp_path: Path
) -> None:
    """By the `cleanenv` that the shell defines: nothing of cleanenv is on PATH."""
    with Session(found, venv, tool, hostile_caller, tmp_path) as session:
        session.ready()
        session.enter(f"cleanenv doctor {venv}")
        session.wait_for("nothing found")
        session.wait_prompt(session.marker)
        session.enter("cleanenv doctor")
        session.wait_for("this shell: nothing found")
        session.wait_prompt(session.marker)
        assert session.leave() == 0


def test_in_a_clean_shell_that_reads_a_script_nothing_is_found(
    venv: Path, tool: list[str], hostile_caller: dict[str, str]
) -> None:
    bash = find_shell("bash").program
    done = call([*tool, "shell", str(venv), "--shell", bash], hostile_caller, given="cleanenv doctor\n")
    assert (done.status, done.out, done.err) == (0, "this shell: nothing found\n", "")
