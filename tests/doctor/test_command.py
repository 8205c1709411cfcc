"""``cleanenv doctor``: statuses, reports, and silence in a clean shell."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
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
from tests.support.command import call, listing, write_program
from tests.support.environments import make_venv
from tests.support.fake_environment import FakeEnvironment, add
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


# What a clean shell keeps, since it says how to reach the network, and doctor reports inside as outside.
INDEXES = ("PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_FIND_LINKS", "PIP_FIND_LINKS")


@pytest.fixture
def hostile_caller(home: Path) -> dict[str, str]:
    """Return the environment of a caller with a leak of every kind, and startup files that leak more."""
    hostile.write_home(home)
    return {name: value for name, value in hostile.caller(home).items() if name not in INDEXES}


def assert_sound(report: str) -> None:
    """Hold a report to name nothing but that the machine's own pip is on PATH, if it is and ENV has none."""
    assert set(re.findall(r" \[([a-z-]+)\]$", report, re.MULTILINE)) <= {"path-outside"}
    assert report.splitlines()[0].endswith((": nothing found", ": 1 note"))


def test_nothing_found_is_status_0(venv: Path, tool: list[str], caller: dict[str, str]) -> None:
    done = call([*tool, "doctor", str(venv)], caller)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"this shell and '{venv}' (venv, Python 3.")
    assert done.out.endswith("): nothing found\n")


def judged(tool: list[str], caller: dict[str, str], directory: Path, *words: str) -> str | None:
    """Return the path of the environment that doctor judges, None for the shell alone."""
    environment = json.loads(call([*tool, "doctor", "--json", *words], caller, directory).out)["environment"]
    path: str | None = environment and environment["path"]
    return path


def test_without_env_the_active_environment_is_judged(
    bad: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """Else that beside the project, also from below it; else the shell alone."""
    below = tmp_path / "project/below"
    below.mkdir(parents=True)
    assert judged(tool, caller, below) is None
    assert call([*tool, "doctor"], caller, below) == (0, "this shell: nothing found\n", "")
    near = FakeEnvironment(tmp_path / "project", name=".venv").path
    assert judged(tool, caller, below) == str(near)
    conda = FakeEnvironment(tmp_path / "conda", kind="conda").path
    assert judged(tool, caller | {"CONDA_PREFIX": str(conda)}, below) == str(conda)
    active = caller | {"CONDA_PREFIX": str(conda), "VIRTUAL_ENV": str(bad)}
    assert judged(tool, active, below) == str(bad)
    assert "[env-shebang]" in call([*tool, "doctor"], active, below).out
    assert judged(tool, active, below, str(near)) == str(near)
    assert judged(tool, active, below, "--shell-only") is None


def test_a_broken_active_environment_is_no_all_clear(
    bad: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """Its pip is hidden; the shell alone does not show it."""
    pip = bad / "bin/pip"
    pip.write_text(f"#!{bad}/bin/python\n")
    pip.chmod(0o755)
    front = tmp_path / "front"
    front.mkdir()
    (front / "pip").symlink_to("/bin/true")
    environ = caller | {"VIRTUAL_ENV": str(bad), "PATH": f"{front}:{bad}/bin:/usr/bin:/bin"}
    done = call([*tool, "doctor"], environ, tmp_path)
    assert done.status == 1
    assert "[path-hides-python]" in done.out
    assert done.out.startswith(f"this shell and '{bad}' (venv, Python 3.11.5, active): 2 errors")
    assert call([*tool, "doctor", "--shell-only"], environ, tmp_path).status == 0


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
@pytest.mark.parametrize("place", ["gone", "home"])
def test_an_active_environment_that_is_none_is_a_finding(
    variable: str, place: str, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    done = call([*tool, "doctor"], caller | {variable: str(tmp_path / place)}, tmp_path)
    assert (done.status, done.err) == (1, "")
    assert done.out.startswith("this shell: 1 warning\n")
    assert "[venv-missing]" in done.out


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_the_environment_that_cleanenv_runs_from_is_not_the_users(
    variable: str, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """As pre-commit, tox and `uv run --with` activate it: neither judged nor blamed, by a link either."""
    link = tmp_path / "link"
    link.symlink_to(sys.prefix)
    near = FakeEnvironment(tmp_path / "project", name=".venv")
    near.program("pip", f"#!{near.bin}/python")
    near.program("python", "")
    for own in (sys.prefix, str(link)):
        path = f"{own}/bin:{near.bin}:/usr/bin:/bin"
        hook = caller | {"PRE_COMMIT": "1", variable: own, "PATH": path}
        assert judged(tool, hook, tmp_path) is None
        assert judged(tool, hook, tmp_path / "project") == str(near.path)
        value = json.loads(call([*tool, "doctor", "--json"], hook, tmp_path / "project").out)
        codes = [finding["code"] for finding in value["findings"]]
        assert not {"other-venv", "conda", "path-hides-python", "path-hides-program"}.intersection(codes)
        assert call([*tool, "freeze"], hook, tmp_path / "project").status == 0


def test_the_configuration_names_env(bad: Path, tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.cleanenv]\nenv = '{bad}'\n")
    assert judged(tool, caller, tmp_path) == str(bad)
    assert judged(tool, caller, tmp_path, "--shell-only") is None


def test_codes_are_ignored(bad: Path, tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    """On the command line, in the project's file and in the user's; one line says which."""
    words = [*tool, "doctor", str(bad), "--ignore", "env-shebang", "--ignore", "path-missing"]
    done = call(words, caller, tmp_path)
    assert done.status == 1
    assert "[env-shebang]" not in done.out
    assert done.out.endswith("\n\nignored: env-shebang\n")
    (tmp_path / "pyproject.toml").write_text("[tool.cleanenv]\nignore = ['env-pth-code']\n")
    user = Path(caller["HOME"], ".config/cleanenv/config.toml")
    user.parent.mkdir(parents=True)
    user.write_text("ignore = ['env-leftover']\n")
    done = call(words, caller, tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out.endswith(": nothing found\n\nignored: env-leftover, env-pth-code, env-shebang\n")
    value = json.loads(call([*words, "--json"], caller, tmp_path).out)
    assert (value["findings"], value["ignored"]) == ([], ["env-leftover", "env-pth-code", "env-shebang"])


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("path-mising", "did you mean 'path-missing'?"),
        ("ROS", "each finding shows its code in brackets"),
        ("", "each finding shows its code in brackets"),
    ],
)
def test_an_unknown_code_is_refused(
    code: str, advice: str, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    done = call([*tool, "doctor", "--ignore", code], caller, tmp_path)
    assert done == (2, "", f"Error: --ignore {code!r} is not a code of doctor's: {advice}\n")
    (tmp_path / "pyproject.toml").write_text(f"[tool.cleanenv]\nenv = 'x'\nignore = ['ros', '{code}']\n")
    done = call([*tool, "doctor", "--shell-only"], caller, tmp_path)
    place = f"{tmp_path}/pyproject.toml:3: '{code}' in 'ignore'"
    assert done == (2, "", f"Error: {place} is not a code of doctor's: {advice}\n")


@pytest.mark.parametrize(
    ("ignored", "statuses"),
    [
        ((), {"error": 1, "warning": 1, "note": 1}),
        (("env-shebang",), {"error": 0, "warning": 1, "note": 1}),
        (("env-shebang", "env-pth-code"), {"error": 0, "warning": 0, "note": 1}),
        (("env-shebang", "env-pth-code", "env-leftover"), {"error": 0, "warning": 0, "note": 0}),
    ],
)
def test_the_status_follows_fail_on(
    ignored: tuple[str, ...], statuses: dict[str, int], bad: Path, tool: list[str], caller: dict[str, str]
) -> None:
    words = [*tool, "doctor", str(bad), "-q", *(f"--ignore={code}" for code in ignored)]
    for severity, status in statuses.items():
        assert call([*words, "--fail-on", severity], caller).status == status
    assert call(words, caller).status == statuses["note"]


def test_a_note_on_what_is_normal_does_not_fail_by_itself(
    tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """A package's own .pth file, and pytest from elsewhere."""
    fake = FakeEnvironment(tmp_path)
    fake.pth("zz.pth", "import zz")
    add(fake.site_packages, "zz", "1.0", RECORD="zz.pth,,\n")
    other = tmp_path / "other"
    other.mkdir()
    write_program(other / "pytest", "#!/usr/bin/python3\n")
    environ = caller | {"PATH": f"{fake.bin}:{other}:/usr/bin:/bin"}
    done = call([*tool, "doctor", str(fake.path)], environ)
    assert {"env-pth-package", "path-outside"} <= set(re.findall(r"\[([a-z-]+)\]$", done.out, re.MULTILINE))
    assert done.status == 0
    assert call([*tool, "doctor", str(fake.path), "--fail-on", "note"], environ).status == 1
    assert call([*tool, "doctor", str(fake.path), "--fail-on", "warning"], environ).status == 0


def test_codes_are_completed(tool: list[str], caller: dict[str, str]) -> None:
    done = call([*tool, "doctor", "--ignore", "path-"], caller | {"_CLEANENV_COMPLETE": "1"})
    meanings = {line.split("\t")[1]: line.split("\t")[2] for line in done.out.splitlines()}
    assert meanings["path-missing"] == "a directory on PATH does not exist"
    assert all(code.startswith("path-") for code in meanings)
    assert len(meanings) > 5


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
        (("--shell-only", "my_env"), "--shell-only"),
        (("--fail-on", "info"), "--fail-on"),
        (("--ignore",), "--ignore"),
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
    assert (done.status, done.err) == (1, "wrote page.html\n")
    assert len(json.loads(done.out)["findings"]) == 3
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert page.read_text().endswith("</html>\n")
    version = importlib.metadata.version("cleanenv-shell")
    placed = rf'<p class="placed">20\d\d-\d\d-\d\d [0-9:]+ [+-]\d{{4}} · {re.escape(platform.node())} · .*{version}</p>'
    assert re.search(placed, page.read_text()) is not None
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
    assert value["environment"] == {"path": str(bad), "kind": "venv", "python": "3.11.5", "active": False}
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
        assert_sound(done.out)


@pytest.mark.parametrize("kind", MAKERS)
def test_in_a_clean_command_of_any_kind_nothing_is_found(
    kind: str, tool: list[str], hostile_caller: dict[str, str], tmp_path: Path
) -> None:
    MAKERS[kind](sys.executable, tmp_path / "my env")
    done = call([*tool, "run", "my env", "--", *tool, "doctor", "my env"], hostile_caller, tmp_path)
    assert (done.status, done.err) == (0, "")
    assert_sound(done.out)


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
    assert {finding["code"] for finding in value["findings"]} <= {"path-outside"}
    assert value["wanted"] == ["PYTHONPATH", "ROS_DISTRO"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("thing/__init__.py", ""), ("thing.py", "x = 1\n"), ("json.py", "")],
)
def test_what_was_let_in_and_hides_something_is_a_note(
    name: str, content: str, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    """A package of ENV's or a module of the standard library; alone it does not fail."""
    env = make_venv(tmp_path / "my_env")
    (next(env.glob("lib/python3*/site-packages")) / "thing.py").touch()
    file = tmp_path / "wanted" / name
    file.parent.mkdir(parents=True)
    file.write_text(content)
    inside = [*tool, "run", "-q", "--set", f"PYTHONPATH={tmp_path}/wanted", str(env), "--", *tool, "doctor", "--json"]
    done = call(inside, caller)
    (found,) = [item for item in json.loads(done.out)["findings"] if item["code"] == "allowed-hides"]
    assert (found["severity"], done.status) == ("note", 0)
    assert found["hides"][0]["package"] == name.partition("/")[0].removesuffix(".py")
    assert found["fact"].endswith("(PYTHONPATH was explicitly allowed)")
    assert call([*inside, "--fail-on", "note"], caller).status == 1


def test_what_is_wanted_no_more_is_not_shown() -> None:
    assert diagnosis.wanted({"CLEANENV_WANTED": "A B PYTHONPATH", "A": "", "B": "1"}) == {"A", "B"}
    assert diagnosis.wanted({"A": ""}) == frozenset()


def test_in_a_clean_shell_on_a_terminal_nothing_is_found(
    found: Found, venv: Path, tool: list[str], hostile_caller: dict[str, str], tmp_path: Path
) -> None:
    """By the `cleanenv` that the shell defines: nothing of cleanenv is on PATH."""
    with Session(found, venv, tool, hostile_caller, tmp_path) as session:
        session.ready()
        session.enter("cleanenv doctor --ignore path-outside")
        session.wait_for("nothing found")
        session.wait_prompt(session.marker)
        session.enter("cleanenv doctor --shell-only")
        session.wait_for("this shell: nothing found")
        session.wait_prompt(session.marker)
        assert session.leave() == 0


def test_in_a_clean_shell_that_reads_a_script_nothing_is_found(
    venv: Path, tool: list[str], hostile_caller: dict[str, str]
) -> None:
    bash = find_shell("bash").program
    done = call([*tool, "shell", str(venv), "--shell", bash], hostile_caller, given="cleanenv doctor --shell-only\n")
    assert (done.status, done.out, done.err) == (0, "this shell: nothing found\n", "")
