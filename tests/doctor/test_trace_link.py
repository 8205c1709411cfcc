"""Where a leaked variable comes from: the process that had it first, and with --trace the file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from cleanenv.doctor import diagnosis, trace_link
from cleanenv.doctor.diagnosis import Diagnosis
from cleanenv.doctor.finding import Finding, Hidden, Subject
from cleanenv.doctor.report import html, json_document, wording
from cleanenv.errors import ShellUnusableError
from cleanenv.shell import detect
from cleanenv.system import processes
from cleanenv.system.invocation import Invocation
from cleanenv.trace import tracing
from cleanenv.trace.attribution import Values, attribute
from cleanenv.trace.model import Change, Place, Replay
from cleanenv.trace.start import Start
from cleanenv.trace.tracing import Trace, Variable
from tests.doctor.report.test_json_document import VALIDATOR
from tests.support.command import Done, call
from tests.support.installed_shells import find_shell


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    """Return a folder with a module."""
    folder = tmp_path / "leak"
    folder.mkdir()
    (folder / "thing.py").touch()
    return folder


@pytest.fixture
def leaky(home: Path, leak: Path, caller: dict[str, str]) -> dict[str, str]:
    """Return the caller, whose .bashrc reads a file that sets PYTHONPATH in its third line."""
    (home / ".bashrc").write_text("# mine\n\n. ~/ros.sh\n")
    (home / "ros.sh").write_text(f"# theirs\n\nexport PYTHONPATH={leak}\n")
    return caller | {"SHELL": find_shell("bash").program}


def in_bash(environ: dict[str, str], tool: list[str], *words: str) -> Done:
    """Call doctor in an interactive bash, which has read its .bashrc."""
    command = " ".join(f"'{word}'" for word in (*tool, "doctor", *words))
    return call([environ["SHELL"], "-ic", f"{command}; echo status=$?"], environ)


def test_the_process_that_had_it_first_is_named(leaky: dict[str, str], leak: Path, tool: list[str], venv: Path) -> None:
    done = in_bash(leaky, tool, str(venv))
    assert done.out.endswith("status=1\n")
    assert f"    PYTHONPATH={leak}\n" in done.out
    assert ") started without it: its own startup or a command in it set it\n" in done.out
    assert ".bashrc" not in done.out


def test_the_file_and_the_line_are_named(leaky: dict[str, str], leak: Path, tool: list[str], venv: Path) -> None:
    done = in_bash(leaky, tool, str(venv), "--trace")
    assert f"    set at ~/.bashrc:3 › ~/ros.sh:3: export PYTHONPATH={leak}\n" in done.out
    assert done.out.endswith("status=1\n")


def test_json_has_the_chain(leaky: dict[str, str], leak: Path, home: Path, tool: list[str], venv: Path) -> None:
    value = json.loads(in_bash(leaky, tool, str(venv), "--trace", "--json").out.partition("status=")[0])
    VALIDATOR.validate(value)
    finding = next(item for item in value["findings"] if item["code"] == "pythonpath-adds")
    assert [(place["file"], place["line"]) for place in finding["trace"][0]["chain"]] == [
        (f"{home}/.bashrc", 3),
        (f"{home}/ros.sh", 3),
    ]
    assert finding["trace"][0]["new"] == str(leak)


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_password_is_shown(leaky: dict[str, str], home: Path, tool: list[str], form: tuple[str, ...]) -> None:
    """Neither in the variable's value nor in the line that sets it."""
    line = 'export PIP_EXTRA_INDEX_URL="https://me:secret@example.org/simple"'
    (home / ".bashrc").write_text(f"{line}\n", encoding="ascii")
    out = in_bash(leaky, tool, "--trace", *form).out
    assert "pip-extra-index" in out
    assert out.count("me:****@example.org/simple") >= 3
    assert "secret" not in out


def test_what_no_startup_file_sets_is_said_so(caller: dict[str, str], leak: Path, tool: list[str], venv: Path) -> None:
    environ = caller | {"SHELL": find_shell("bash").program, "PYTHONPATH": str(leak)}
    done = in_bash(environ, tool, str(venv), "--trace")
    assert re.search(r"    no startup file sets PYTHONPATH: bash \(pid \d+\) was started with it\n", done.out)


def test_without_a_finding_nothing_is_traced(home: Path, caller: dict[str, str], tool: list[str], venv: Path) -> None:
    (home / ".bashrc").write_text(f"touch {home}/mark-$$\n")
    environ = caller | {"SHELL": find_shell("bash").program}
    done = call([*tool, "doctor", str(venv), "--trace"], environ)
    assert (done.status, done.err) == (0, "")
    assert sorted(path.name for path in home.iterdir()) == [".bashrc"]


def diagnosed(*findings: Finding) -> Diagnosis:
    return Diagnosis(None, "", findings or (Finding("a-b", "error", "fact", "remedy", "PYTHONPATH", "/leak"),))


def asking(environ: dict[str, str]) -> Subject:
    """Return the shell of ``environ`` alone."""
    return diagnosis.read_subject(None, Invocation(environ, "/"))


def test_a_shell_that_cannot_be_traced_leaves_the_findings(
    monkeypatch: pytest.MonkeyPatch, caller: dict[str, str]
) -> None:
    def refuse(*_: object) -> None:
        raise ShellUnusableError("the shell 'x' is unknown")

    monkeypatch.setattr(detect, "choose", refuse)
    diagnosis, remarks = trace_link.trace(diagnosed(), asking(caller))
    assert diagnosis == diagnosed()
    assert remarks == ["no trace: the shell 'x' is unknown"]


def test_a_shell_that_was_assumed_is_a_remark(monkeypatch: pytest.MonkeyPatch, caller: dict[str, str]) -> None:
    monkeypatch.setattr(processes, "walk", lambda _: iter(()))
    monkeypatch.setattr(detect, "from_shellingham", lambda: None)
    monkeypatch.setattr(detect, "login_shell", lambda: "/usr/sbin/nologin")
    _, remarks = trace_link.trace(diagnosed(), asking(caller | {"SHELL": ""}))
    reason = "your shell by the password database, '/usr/sbin/nologin', is not one that cleanenv can start"
    assert remarks == [f"{reason}: this is bash; choose another with --shell"]


def test_an_endless_startup_is_a_remark(monkeypatch: pytest.MonkeyPatch, home: Path, caller: dict[str, str]) -> None:
    (home / ".bashrc").write_text("export PYTHONPATH=/leak\nwhile :; do :; done\n")
    monkeypatch.setattr(processes, "walk", lambda _: iter(()))
    monkeypatch.setattr(tracing, "LIMIT", 2.0)
    diagnosis, remarks = trace_link.trace(diagnosed(), asking(caller | {"SHELL": find_shell("bash").program}))
    assert remarks == ["the startup of bash did not end within 2 seconds: see 'cleanenv trace'"]
    assert diagnosis.trace is not None
    assert [change.new for change in diagnosis.trace.variables[0].changes] == ["/leak"]


def test_an_exported_function_is_not_traced(caller: dict[str, str]) -> None:
    """Its name is none that a shell sets by a line."""
    given = diagnosed(Finding("a-b", "error", "fact", "remedy", "BASH_FUNC_cd%%", "() { :; }"))
    assert trace_link.trace(given, asking(caller)) == (given, [])


ADDS = Change("PYTHONPATH", "/a", "/leak:/a", (Place("/home/me/.bashrc", 3),), "export PYTHONPATH=/leak:/a")
OTHER = Change("PYTHONPATH", None, "/a", (Place("/etc/profile", None, note="read"),), "")
UNSET = Change("PYTHONPATH", "/b", None, (Place("/home/me/.bashrc", 9, "clean"),), "unset PYTHONPATH\x1b")
AT_LOGIN = Change("PYTHONPATH", None, "/c", (Place("/home/me/.profile", 1),), "export PYTHONPATH=/c")

SET_ADDS = "set at ~/.bashrc:3: export PYTHONPATH=/leak:/a"
SET_OTHER = "set at /etc/profile (read)"
LATER = "not set by this startup: set later by hand, by a file sourced later or by an activation"
BEFORE = "no startup file sets PYTHONPATH: bash (pid 7) was started with it"


def traced(now: str, replayed: str, started: str | None, *changes: Change, finished: bool = True) -> Trace:
    """Return the trace of PYTHONPATH in a running bash."""
    values = Values(now, replayed, started, is_start_known=True, is_complete=finished, pid=7)
    given = attribute(values, [AT_LOGIN])
    variable = Variable("PYTHONPATH", changes, values, None, given, (AT_LOGIN,))
    replay = Replay(changes, finished=finished)
    return Trace("bash", "/bin/bash", False, 20.0, (variable,), replay, start=Start(7, environ={}))


@pytest.mark.parametrize(
    ("now", "entries", "hides", "lines"),
    [
        ("/leak:/a", ("/leak",), (), [SET_ADDS]),
        ("/leak:/a", ("/leak/",), (), [SET_ADDS]),
        ("/leak/:/a", ("/leak/",), (), [SET_ADDS]),
        ("/leak:/a", ("/a",), (), [SET_OTHER]),
        ("/leak:/a", (), (Hidden("numpy", "/leak", "1.0"),), [SET_ADDS]),
        ("/leak:/a", (), (), [SET_OTHER, SET_ADDS, "unset at ~/.bashrc:9 (in clean()): unset PYTHONPATH\x1b"]),
        # Near misses: entries that look like those of the startup.
        ("/typed:/leak:/a", ("/typed",), (), [LATER]),
        ("/leak/deeper:/leak:/a", ("/leak/deeper",), (), [LATER]),
        ("/leak2:/leak:/a", ("/leak2",), (), [LATER]),
        ("/typed", (), (), [LATER]),
        ("/typed:/a", (), (), [SET_OTHER, "'/typed' is not set by this startup" + LATER.partition("startup")[2]]),
        ("/inherited:/leak:/a", ("/inherited",), (), [BEFORE]),
        ("/c:/leak:/a", ("/c",), (), ["set at ~/.profile:1 (at login): export PYTHONPATH=/c"]),
    ],
)
def test_a_place_is_named_only_for_what_the_replay_produced(
    now: str, entries: tuple[str, ...], hides: tuple[Hidden, ...], lines: list[str]
) -> None:
    finding = Finding("a-b", "error", "fact", "remedy", "PYTHONPATH", now, (), hides, entries=entries)
    trace = traced(now, "/leak:/a", "/inherited:/c", OTHER, ADDS, UNSET)
    diagnosis = Diagnosis(None, "", (finding,), trace=trace)
    shown = [line for line in wording.traces(finding, diagnosis, "/home/me") if "(at login)" not in line or entries]
    assert shown == lines
    assert all("\x1b" not in text for line in wording.lines(diagnosis, "") for _, text in line.words)
    assert "\x1b" not in html.render(diagnosis, "/home/me")
    VALIDATOR.validate(json.loads(json_document.render(diagnosis)))


def test_of_a_startup_cut_short_nothing_is_said_to_be_later() -> None:
    finding = Finding("a-b", "error", "fact", "remedy", "PYTHONPATH", "/typed", entries=("/typed",))
    trace = traced("/typed", "/a", None, OTHER, finished=False)
    lines = list(wording.traces(finding, Diagnosis(None, "", (finding,), trace=trace), "/home/me"))
    assert lines == ["no startup file sets PYTHONPATH"]


@pytest.mark.parametrize(
    ("chain", "line"),
    [
        ([("/home/me/.bashrc", 3)], "~/.bashrc:3"),
        ([("/home/me/.bashrc", 3), ("/opt/ros/humble/setup.bash", 11)], "~/.bashrc:3"),
        ([("/home/me/.zshrc", 70), ("/home/me/.oh-my-zsh/oh-my-zsh.sh", 1)], "~/.zshrc:70"),
        ([("/home/me/.profile", 5), ("/home/me/.bashrc", 3), ("/home/me/ws/setup.sh", 1)], "~/.bashrc:3"),
        ([("/etc/profile", 27), ("/etc/profile.d/ros.sh", 1), ("/opt/ros/setup.sh", 9)], "/etc/profile.d/ros.sh:1"),
        (
            [("/home/me/.config/fish/config.fish", 2), ("/home/me/.config/fish/conf.d/x.fish", 4)],
            "~/.config/fish/conf.d/x.fish:4",
        ),
    ],
)
def test_the_line_to_delete_is_the_users_own(chain: list[tuple[str, int]], line: str) -> None:
    places = tuple(Place(file, number) for file, number in chain)
    finding = Finding("a-b", "error", "fact", "remedy", "PYTHONPATH", "/a", entries=("/a",))
    trace = traced("/a", "/a", None, Change("PYTHONPATH", None, "/a", places))
    deletion = wording.deletion(finding, Diagnosis(None, "", (finding,), trace=trace), "/home/me")
    assert deletion == f"and delete the line {line}, which sets it in every new shell"


def test_the_schema_refuses_a_chain_of_something_else() -> None:
    value = json.loads(json_document.render(diagnosed()))
    VALIDATOR.validate(value)
    value["findings"][0]["trace"] = [{"old": None, "new": None, "text": "", "chain": [{"file": 1}]}]
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(value)


def test_no_variable_is_asked_after_where_nothing_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object) -> Iterator[processes.Process]:
        yield processes.Process(0, "read", "", ())
        raise AssertionError

    monkeypatch.setattr(processes, "walk", fail)
    subject = asking({"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    assert diagnosis.examine(subject).findings == ()
    with pytest.raises(AssertionError):
        list(subject.ancestors)


@pytest.mark.parametrize("option", ["--login", "--no-login"])
def test_the_login_is_chosen_for_a_trace_alone(option: str, caller: dict[str, str], tool: list[str]) -> None:
    refusal = "Error: --login and --no-login choose what --trace replays: add --trace\n"
    assert call([*tool, "doctor", option], caller) == (2, "", refusal)
