"""What doctor knows of the outside is read once in a run, counted by the interpreter's own audit events."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.command import call
from tests.support.fake_environment import FakeEnvironment
from tests.support.installed_shells import find_shell

# Runs doctor with the arguments, and prints how often each file was opened and each directory listed.
COUNTING = """
import collections, json, os, sys
events = collections.Counter()
def count(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], str):
        events[f"{event} {arguments[0]}"] += 1
from cleanenv import main
from cleanenv.cli import doctor
from cleanenv.doctor import trace_link
sys.addaudithook(count)
status = main.main(["doctor", *sys.argv[2:]])
with open(sys.argv[1], "w") as file:
    json.dump(events, file)
sys.exit(status)
"""


@pytest.fixture
def env(home: Path) -> Path:
    """Return an environment."""
    return FakeEnvironment(home.parent).path


def leaks(tmp_path: Path) -> dict[str, str]:
    """Return variables that the families ask about ENV's Python for."""
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak/thing.py").touch()
    (tmp_path / "leak/libnobody.so.1").touch()
    return {
        "PYTHONPATH": f"{tmp_path}/leak",
        "PYTHONHOME": "/opt/python",
        "LD_LIBRARY_PATH": f"{tmp_path}/leak",
        "UV_PYTHON": "3.8",
        "AMENT_PREFIX_PATH": "/opt/ros/humble",
        "ROS_DISTRO": "humble",
    }


def count(tmp_path: Path, caller: dict[str, str], *words: str) -> Counter[str]:
    """Return how often each event happened in a run of doctor within two shells."""
    report = tmp_path / "report.json"
    command = [sys.executable, "-I", "-c", COUNTING, str(report), *words]
    shell = find_shell("bash").program
    environ = caller | leaks(tmp_path) | {"SHELL": shell}
    done = call([shell, "-c", '"$0" -c \'"$@"; exit $?\' "$0" "$@"; exit $?', shell, *command], environ, tmp_path)
    assert (done.status, done.err.removeprefix("wrote page.html\n")) == (1, "")
    events: Counter[str] = Counter(json.loads(report.read_text(encoding="utf-8")))
    return events


def repeated(events: Counter[str], *parts: str) -> dict[str, int]:
    """Return the events about paths that contain all of ``parts``, if they happened more than once."""
    return {event: times for event, times in events.items() if times > 1 and all(part in event for part in parts)}


@pytest.mark.parametrize("option", ["--json", "--html=page.html"])
def test_the_interpreter_of_env_is_read_once(option: str, env: Path, tmp_path: Path, caller: dict[str, str]) -> None:
    """Which Python it is is read of the directories in its lib."""
    events = count(tmp_path, caller, str(env), option)
    assert events[f"os.listdir {env}/lib"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc to be counted in")
@pytest.mark.parametrize("words", [(), ("--trace",)])
def test_the_processes_above_are_read_once(
    words: tuple[str, ...], env: Path, tmp_path: Path, caller: dict[str, str]
) -> None:
    events = count(tmp_path, caller, str(env), *words)
    assert len([event for event in events if event.startswith("open /proc/") and event.endswith("/environ")]) > 1
    assert repeated(events, "/proc/", "/cmdline") == {}
    assert repeated(events, "/proc/", "/environ") == {}
