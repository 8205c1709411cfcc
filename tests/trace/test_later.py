"""What was set after the startup is never blamed on the startup, in real shells on a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.running_shell import FILES, PROMPTS, SHELLS, Running, setting
from tests.support.trace_cases import Variable, home_of

RC = "/opt/from-rc"
LATER = "not set by this startup: set later by hand, by a file sourced later or by an activation"


def startup(shell: str, *lines: str) -> dict[str, str]:
    return {FILES[shell]: PROMPTS[shell] + "".join(f"{line}\n" for line in lines)}


def line_of(shell: str, number: int = 1) -> str:
    """Return the place of a line after those of the prompt."""
    return f"~/{FILES[shell]}:{PROMPTS[shell].count(chr(10)) + number}"


def traced(running: Running, name: str) -> Variable:
    (variable,) = running.trace(name)["variables"]
    return variable


def entries(variable: Variable) -> dict[str, str]:
    return {entry["text"]: entry["set_by"] for entry in variable["entries"]}


@pytest.mark.parametrize("shell", SHELLS)
def test_typed(shell: str) -> None:
    """In the place of the startup's value, in front of it, behind it, and a scalar."""
    with home_of("myself", {}) as home:
        files = startup(shell, setting(shell, "PYTHONPATH", RC), setting(shell, "MY_TOOL", "rc"))
        with Running(shell, home, files=files) as running:
            variable = traced(running, "PYTHONPATH")
            assert (variable["set_by"], entries(variable)) == ("startup", {RC: "startup"})
            assert variable["now"] == variable["replayed"] == RC

            running.type(setting(shell, "PYTHONPATH", "/opt/typed"))
            variable = traced(running, "PYTHONPATH")
            assert (variable["now"], variable["replayed"]) == ("/opt/typed", RC)
            assert (variable["set_by"], entries(variable)) == ("later", {"/opt/typed": "later"})
            assert variable["lost"] == [RC]
            text = running.call("trace", "PYTHONPATH")
            assert f"├── at the end of the startup: '{RC}'\n├── set now to '/opt/typed'\n│   └── {LATER}\n" in text

            running.type(setting(shell, "PYTHONPATH", f"/opt/typed:{RC}"))
            variable = traced(running, "PYTHONPATH")
            assert entries(variable) == {"/opt/typed": "later", RC: "startup"}
            assert variable["lost"] == []

            running.type(setting(shell, "PYTHONPATH", f"{RC}/:{RC}-2"))
            assert entries(traced(running, "PYTHONPATH")) == {RC: "startup", f"{RC}-2": "later"}

            assert traced(running, "MY_TOOL")["set_by"] == "startup"
            running.type(setting(shell, "MY_TOOL", "typed"))
            assert traced(running, "MY_TOOL")["set_by"] == "later"


@pytest.mark.parametrize("shell", SHELLS)
def test_sourced_activated_unset(shell: str, tmp_path: Path) -> None:
    """The overlay of a workspace by hand, an environment's activation, and a variable taken away."""
    with home_of("myself", {}) as home:
        suffix = ".fish" if shell == "fish" else ""
        underlay = tmp_path / f"under{suffix}"
        overlay = tmp_path / f"over{suffix}"
        add = "{}:$PYTHONPATH" if shell != "fish" else "{} $PYTHONPATH"
        underlay.write_text(setting(shell, "PYTHONPATH", "/under/lib") + "\n")
        overlay.write_text(setting(shell, "PYTHONPATH", add.format("/over/lib")) + "\n")
        activate = tmp_path / f"activate{suffix}"
        activate.write_text(
            setting(shell, "VIRTUAL_ENV", "/my/env") + "\n" + setting(shell, "LD_LIBRARY_PATH", "/my/env/lib") + "\n"
        )
        files = startup(shell, f". {underlay}" if shell != "fish" else f"source {underlay}")
        with Running(shell, home, files=files) as running:
            running.type(f"source {overlay}")
            variable = traced(running, "PYTHONPATH")
            assert entries(variable) == {"/over/lib": "later", "/under/lib": "startup"}
            assert variable["set_by"] == "later"

            running.type(f"source {activate}")
            variables = {one["name"]: one for one in running.trace("VIRTUAL_ENV", "LD_LIBRARY_PATH")["variables"]}
            assert {name: one["set_by"] for name, one in variables.items()} == {
                "VIRTUAL_ENV": "later",
                "LD_LIBRARY_PATH": "later",
            }
            text = running.call("trace", "VIRTUAL_ENV")
            assert "nothing in this startup sets it; it was set later, in this shell\n" in text

            report = running.call("doctor", "--trace")
            assert report.count(f"set at {line_of(shell)} › {underlay}:1: ") == 1
            assert LATER in report
            assert f"delete the line {line_of(shell)}, which sets it in every new shell" in report
            findings = json.loads(running.call("doctor", "--trace", "--json"))["findings"]
            set_by = {finding["fact"].split("'")[1]: finding["set_by"] for finding in findings if finding["set_by"]}
            assert set_by["/over/lib"] == "later"
            assert set_by["/under/lib"] == "startup"

            running.type("unset PYTHONPATH" if shell != "fish" else "set -e PYTHONPATH")
            variable = traced(running, "PYTHONPATH")
            assert (variable["now"], variable["set_by"], variable["lost"]) == (None, "later", ["/under/lib"])
            assert "not set now: taken away later, by hand, " in running.call("trace", "PYTHONPATH")


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_shell_was_started_with_is_not_called_later(shell: str) -> None:
    """Nor what each start makes anew: the shell's own number, or the time, in a path."""
    pid = {"bash": "$$", "zsh": "$$", "fish": "$fish_pid"}[shell]
    now = "$(date +%s%N)" if shell != "fish" else "(date +%s%N)"
    with home_of("myself", {}) as home:
        files = startup(
            shell,
            setting(shell, "PYTHONPATH", "/rc:$PYTHONPATH" if shell != "fish" else "/rc $PYTHONPATH"),
            setting(shell, "RUN_1", f"/run/multi_{pid}/bin"),
            setting(shell, "RUN_2", f"/run/multi_{now}/bin"),
            setting(shell, "RUN_3", "/opt/python-3.10/bin"),
        )
        with Running(shell, home, files=files, more={"PYTHONPATH": "/inherited", "KEPT": "1"}) as running:
            found = {one["name"]: one for one in running.trace("PYTHONPATH", "KEPT", "RUN_*")["variables"]}
            assert entries(found["PYTHONPATH"]) == {"/rc": "startup", "/inherited": "before"}
            assert found["PYTHONPATH"]["started"] == "/inherited"
            assert (found["KEPT"]["set_by"], found["KEPT"]["lost"]) == ("before", [])
            assert [found[f"RUN_{number}"]["set_by"] for number in (1, 2, 3)] == ["startup"] * 3
            running.type(setting(shell, "RUN_3", "/opt/python-3.11/bin"))
            assert traced(running, "RUN_3")["set_by"] == "later"
