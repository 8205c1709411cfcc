"""A project's file runs nothing without the user's consent: to this file, with this content."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanenv.clean.plan import Overrides
from cleanenv.session import config, config_table, consent
from cleanenv.session.config import Config
from tests.support.command import Done, call
from tests.support.surroundings import NOBODY, UNKNOWN_USER, skip_or_fail

OURS = "[tool.cleanenv]\n"
# What a program executes or loads by; no list of such names is complete.
RUNS_CODE = (
    "OPENSSL_CONF",
    "OPENSSL_MODULES",
    "TAR_OPTIONS",
    "VIMINIT",
    "LESSOPEN",
    "PSQLRC",
    "MPLBACKEND",
    "IPYTHONDIR",
    "LD_PRELOAD",
    "BASH_ENV",
    "A_NAME_OF_NOBODY",
)


class Project(NamedTuple):
    """A project whose file is at ``path``, and a user with a home."""

    path: Path
    caller: dict[str, str]
    tool: list[str]
    venv: Path

    def write(self, table: str) -> None:
        self.path.write_text(OURS + table, encoding="utf-8")

    def load(self, folder: Path | None = None) -> Config:
        return config.load(self.caller, str(folder or self.path.parent))

    def call(self, *words: str, folder: Path | None = None) -> Done:
        return call([*self.tool, *words], self.caller, folder or self.path.parent)

    def allow(self, *words: str) -> str:
        done = self.call("allow", *words)
        assert (done.status, done.err) == (0, "")
        return done.out

    def print(self, *names: str, options: tuple[str, ...] = ()) -> Done:
        """Run a command that prints variables."""
        return self.call("run", *options, str(self.venv), "--", "sh", "-c", f"echo {' '.join(names)}")

    @property
    def records(self) -> Path:
        return Path(self.caller["HOME"], ".local/state/cleanenv/allowed")


@pytest.fixture
def project(tmp_path: Path, caller: dict[str, str], tool: list[str], venv: Path) -> Project:
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder / "pyproject.toml", caller, tool, venv)


@pytest.mark.parametrize("name", RUNS_CODE)
@pytest.mark.parametrize("table", ["set = {{ {} = '1' }}\n", "keep = ['{}']\n", "keep = ['{}*']\n", "set.{} = '1'\n"])
def test_nothing_is_set_or_kept_before(project: Project, name: str, table: str) -> None:
    project.write(table.format(name))
    overrides = project.load().overrides
    assert (overrides.keep, overrides.assign) == ((), {})


def test_the_library_of_a_clone_is_not_loaded(project: Project) -> None:
    """OPENSSL_CONF and OPENSSL_MODULES: `import ssl` would load x.so."""
    if shutil.which("gcc") is None:
        skip_or_fail("gcc is not installed")
    folder = project.path.parent
    project.write("set = { OPENSSL_CONF = 'c', OPENSSL_MODULES = '.' }\n")
    (folder / "c").write_text(
        "openssl_conf = a\n[a]\nproviders = b\n[b]\nx = x\ndefault = d\n"
        "[x]\nmodule = x.so\nactivate = 1\n[d]\nactivate = 1\n"
    )
    (folder / "x.c").write_text('#include <stdio.h>\n__attribute__((constructor)) void f(void) { puts("ran"); }\n')
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", "x.so", "x.c"], cwd=folder, check=True)
    run = ("run", str(project.venv), "--", "python", "-c", "import ssl")
    assert project.call(*run).out == ""
    project.allow()
    assert project.call(*run).out == "ran\n", "the test shows nothing"


def test_it_takes_effect_once_the_user_has_said_so(project: Project) -> None:
    project.caller["MINE"] = "mine"
    project.write("keep = ['MINE']\nset = { A = '1', B = '2' }\n")
    path = project.path
    left_out = f"'{path}' is not allowed to keep MINE and set A, B, which is left out: read it, then run"
    assert project.print("$MINE$A$B") == (0, "\n", f"{left_out} 'cleanenv allow {path}'\n")
    assert project.print("$MINE$A$B", options=("-q",)) == (0, "\n", "")
    assert project.allow() == f"allowed {path} to keep MINE and set A, B\n"
    assert project.print("$MINE$A$B") == (0, "mine12\n", "")
    below = path.parent / "a/b"
    below.mkdir(parents=True)
    assert project.load(below).overrides.assign == {"A": "1", "B": "2"}


@pytest.mark.parametrize(
    ("table", "phrase"),
    [
        ("shell = 'fish'\n", "start the shell fish"),
        ("path = ['bin', '/opt/bin']\n", "put on PATH bin, /opt/bin"),
        ("path = 'bin'\n", "put on PATH bin"),
        ("source = ['setup.sh']\n", "source setup.sh"),
        ("keep = ['A*']\n[tool.cleanenv.set]\nB = '1'\n", "keep A* and set B"),
        ("keep = ['1', '2', '3', '4', '5', '6', '7', '8']\n", "keep 1, 2, 3, 4, 5, 6 and 2 more"),
        (f"keep = ['{'x' * 100}']\n", f"keep {'x' * 60}…"),
        ("keep = ['\\u001b[31m']\n".replace("'", '"'), "keep \\x1b[31m"),
    ],
)
def test_all_but_the_environment_needs_consent(project: Project, table: str, phrase: str) -> None:
    project.write(f"env = 'it'\n{table}")
    read = project.load()
    assert (read.env, read.shell) == ("it", None)
    assert read.overrides.path == read.overrides.source == read.overrides.keep == ()
    assert f"is not allowed to {phrase}, which" in project.call("env", str(project.venv)).err
    assert project.allow().endswith(f" to {phrase}\n")
    again = project.load()
    assert again.left_out == ""
    everything = again.overrides
    assert again.shell or everything.path or everything.source or everything.keep


@pytest.mark.parametrize("table", ["env = 'it'\n", "", "keep = []\n", "env = './it'\nset = {}\n"])
def test_the_environment_alone_needs_none(project: Project, table: str) -> None:
    project.write(table)
    read = project.load()
    assert (read.left_out, read.passed_over) == ("", "")
    assert (read.env is None) == ("env" not in table)


@pytest.mark.parametrize(
    ("change", "is_asked_again"),
    [
        ("set = { A = '2' }\n", True),
        ("set = { A = '1', B = '' }\n", True),
        ("set = { A = '1' }\nkeep = ['X']\n", True),
        ("set = { A = '1' }\nenv = 'other'\n", True),
        ("set = { a = '1' }\n", True),
        ("set = { A = '1' } # a comment\n", False),
        ("[tool.cleanenv.set]\nA = \"\\u0031\"\n[project]\nversion = '2'\n", False),
        ("set.A = '1'\n[tool.other]\nset = { X = '1' }\n", False),
    ],
)
def test_a_changed_table_asks_again(project: Project, change: str, is_asked_again: bool) -> None:
    """The table counts, not the file, which changes with each release."""
    project.write("set = { A = '1' }\n")
    project.allow()
    project.write(change)
    read = project.load()
    assert (read.overrides.assign == {}) is is_asked_again
    assert ("has changed since you allowed it" in read.left_out) is is_asked_again


NAMES = st.text("ABC_", min_size=1, max_size=4)
TABLES = st.fixed_dictionaries(
    {},
    optional={
        "keep": st.lists(st.text(max_size=5), max_size=3),
        "set": st.dictionaries(NAMES, st.text(max_size=5), max_size=3),
        "path": st.one_of(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=2)),
        "source": st.lists(st.text(max_size=5), max_size=2),
        "shell": st.text(max_size=5),
        "env": st.text(max_size=5),
    },
)


@settings(max_examples=500, deadline=None)
@given(TABLES, TABLES)
def test_two_tables_have_one_digest_only_if_they_say_the_same(one: dict[str, object], other: dict[str, object]) -> None:
    assert (consent.digest(one) == consent.digest(other)) == (one == other)
    assert consent.digest(dict(reversed(one.items()))) == consent.digest(one)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(NAMES, st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])), max_size=3)
)
def test_whatever_a_table_sets_waits_for_consent(project: Project, assign: dict[str, str]) -> None:
    consent.revoke(str(project.path), project.caller)
    lines = [f"set.{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in assign.items()]
    project.write("".join(lines).replace("\x7f", "\\u007f"))
    items = config_table.project(str(project.path), project.path.read_bytes(), "/").items
    assert project.load().overrides.assign == {}
    consent.give(str(project.path), items, project.caller)
    assert project.load().overrides.assign == items.get("set", {})


def test_a_copy_and_a_link_ask_for_themselves(project: Project) -> None:
    """Relative paths in it mean what is beside it, and that is another's choice."""
    project.write("set = { OPENSSL_CONF = 'c' }\nsource = 'setup.sh'\n")
    project.allow()
    for name in ("copy", "link"):
        clone = project.path.parents[1] / name
        clone.mkdir()
        if name == "copy":
            shutil.copy(project.path, clone)
        else:
            (clone / "pyproject.toml").symlink_to(project.path)
        assert project.load(clone).overrides.assign == {}
    through = project.path.parents[1] / "through"
    through.symlink_to(project.path.parent)
    assert project.load(through).overrides.assign == {"OPENSSL_CONF": "c"}, "the same directory"


def test_list_and_revoke(project: Project) -> None:
    folder = project.path.parents[1]
    for name in ("a", "b", "c", "a b"):
        (folder / name).mkdir()
        (folder / name / "pyproject.toml").write_text(f"{OURS}set = {{ A = '1' }}\n")
        project.allow(str(folder / name))
    assert project.call("allow", "--list", folder=folder).out.count("allowed  ") == 4
    (folder / "b/pyproject.toml").write_text(f"{OURS}set = {{ A = '2' }}\n")
    shutil.rmtree(folder / "c")
    assert project.call("allow", "--list").out == (
        f"allowed  {folder}/a b/pyproject.toml\nallowed  {folder}/a/pyproject.toml\n"
        f"changed  {folder}/b/pyproject.toml\nmissing  {folder}/c/pyproject.toml\n"
    )
    for words in (("a",), ("b/pyproject.toml",), (str(folder / "c/pyproject.toml"),)):
        done = project.call("allow", "--revoke", *words, folder=folder)
        assert (done.status, done.out) == (0, "")
        assert done.err.endswith("is no longer allowed\n")
    assert project.call("allow", "--list").out == f"allowed  {folder}/a b/pyproject.toml\n"
    done = project.call("allow", "--revoke", folder=folder / "a")
    assert done == (
        1,
        "",
        f"Error: '{folder}/a/pyproject.toml' was not allowed: 'cleanenv allow --list' lists what is\n",
    )
    assert project.load(folder / "a").overrides.assign == {}


def test_what_cannot_be_allowed(project: Project) -> None:
    cases = {
        (): "no pyproject.toml in this directory or its parents: name one",
        ("missing",): "'missing' is not a pyproject.toml: only such a file needs to be allowed",
        ("setup.cfg",): "'setup.cfg' is not a pyproject.toml: only such a file needs to be allowed",
        (".",): "cannot read '{}' (no such file or directory): name another",
        ("--list", "x"): "--list stands alone: leave out what else you gave",
        ("--list", "--revoke"): "--list stands alone: leave out what else you gave",
    }
    for words, sentence in cases.items():
        done = project.call("allow", *words)
        assert done == (2, "", f"Error: {sentence.format(project.path)}\n")
    for text in ("[project]\n", "[tool.cleanenv]\n"):
        project.path.write_text(text)
        assert project.call("allow").err == (
            f"Error: '{project.path}' says nothing under [tool.cleanenv]: there is nothing to allow\n"
        )
    project.write("set = 3\n")
    assert project.call("allow").err == f"Error: {project.path}:2: 'set' must be a table of strings\n"
    project.path.unlink()
    os.mkfifo(project.path)
    assert "cannot read" in project.call("allow", ".").err


def test_it_is_remembered_for_the_user_alone(project: Project) -> None:
    project.write("set = { A = '1' }\n")
    before = os.umask(0)
    try:
        project.allow()
    finally:
        os.umask(before)
    (record,) = project.records.iterdir()
    assert [path.stat().st_mode & 0o777 for path in (project.records, record)] == [0o700, 0o600]
    assert project.load().overrides.assign
    for path, mode in ((record, 0o622), (record, 0o660), (project.records, 0o777)):
        path.chmod(mode)
        assert project.load().overrides.assign == {}
        path.chmod(0o600 if path is record else 0o700)
    assert project.load().overrides.assign


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("user", [NOBODY, UNKNOWN_USER])
def test_a_record_of_another_does_not_count(project: Project, user: int) -> None:
    project.write("set = { A = '1' }\n")
    project.allow()
    (record,) = project.records.iterdir()
    for path in (record, project.records):
        os.chown(path, user, user)
        assert project.load().overrides.assign == {}
        os.chown(path, 0, 0)
    content = record.read_bytes()
    record.unlink()
    link = project.records.parent / "elsewhere"
    link.write_bytes(content)
    record.symlink_to(link)
    assert project.load().overrides.assign == {}, "a link"
    record.unlink()
    os.mkfifo(record)
    assert project.load().overrides.assign == {}, "a pipe, which must not block"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_root_leaves_nothing_in_the_home_of_another(project: Project) -> None:
    """As after sudo -E: that user could not change it any more."""
    home = project.caller["HOME"]
    os.chown(home, UNKNOWN_USER, UNKNOWN_USER)
    project.write("set = { A = '1' }\n")
    done = project.call("allow")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        f"Error: '{home}' belongs to another user, so no consent is remembered there:"
        " set XDG_STATE_HOME to a directory of yours\n"
    )
    assert os.listdir(home) == []
    project.caller["XDG_STATE_HOME"] = str(project.path.parent / "state")
    project.allow()
    assert project.load().overrides.assign == {"A": "1"}


def test_a_damaged_record_asks_again(project: Project) -> None:
    project.write("set = { A = '1' }\n")
    project.allow()
    (record,) = project.records.iterdir()
    whole = record.read_bytes()
    for content in (b"", whole[:-1], whole[1:], whole + b"x", b"\0\0", b"1\0\xff\0/", whole.replace(b"1\0", b"2\0", 1)):
        record.write_bytes(content)
        assert project.load().overrides.assign == {}, content
    record.write_bytes(whole)
    assert project.load().overrides.assign


def test_without_a_state_directory_there_is_no_consent(project: Project) -> None:
    project.write("set = { A = '1' }\n")
    environ = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    done = call([*project.tool, "allow"], environ, project.path.parent)
    assert (done.status, done.err) == (
        1,
        "Error: consent cannot be remembered, since there is no HOME: set XDG_STATE_HOME to a directory of yours\n",
    )
    assert config.load(environ, str(project.path.parent)).overrides.assign == {}


def test_what_is_used_is_what_was_read(project: Project) -> None:
    """The file is replaced all the time: whatever is used is one content that was allowed."""
    folder = project.path.parent
    project.write("set = { A = 'good' }\n")
    project.allow()
    for name, value in (("good", "good"), ("evil", "evil")):
        (folder / name).write_text(f"{OURS}set = {{ A = '{value}' }}\n")
    is_over = threading.Event()

    def exchange() -> None:
        while not is_over.is_set():
            for name in ("good", "evil"):
                shutil.copy(folder / name, folder / "next")
                os.replace(folder / "next", project.path)

    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        used = [project.load().overrides.assign.get("A") for _ in range(400)]
    finally:
        is_over.set()
        thread.join()
    assert set(used) == {None, "good"}


def test_many_at_a_time(project: Project) -> None:
    """Each consent is whole, and none is lost."""
    folder = project.path.parent
    for number in range(8):
        (folder / str(number)).mkdir()
        (folder / str(number) / "pyproject.toml").write_text(f"{OURS}set = {{ A = '{number}' }}\n")
    started = [
        subprocess.Popen([*project.tool, "allow", str(number)], cwd=folder, env=project.caller, stdout=subprocess.PIPE)
        for number in [*range(8), *range(8)]
    ]
    for process in started:
        process.communicate(timeout=60)
    assert {process.returncode for process in started} == {0}
    assert project.call("allow", "--list").out.count("allowed  ") == 8
    assert len(list(project.records.iterdir())) == 8


def test_freeze_says_nothing_of_what_it_does_not_use(project: Project) -> None:
    project.write(f"env = '{project.venv}'\nset = {{ A = '1' }}\n")
    done = project.call("freeze")
    assert (done.status, done.err) == (0, "")


def test_without_a_table_nothing_of_it_is_imported(project: Project) -> None:
    """Nor if there is none of ours in it: `run` has no time for it."""
    project.path.write_text("[project]\nname = 'cleanenv-shell'\n")
    code = (
        "import sys; from cleanenv.session import config; config.load({'HOME': '/x'}, sys.argv[1]);"
        "print([name for name in sys.modules if name.startswith(('cleanenv.session.', 'cleanenv.system.'))])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, project.path.parent], capture_output=True, text=True, check=True
    )
    assert done.stdout == "['cleanenv.session.config']\n"


def test_overrides_are_empty_by_default() -> None:
    """What the tests above take for nothing."""
    empty = Overrides()
    assert (empty.keep, empty.assign, empty.path, empty.source) == ((), {}, (), ())
