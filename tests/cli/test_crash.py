"""What nobody foresaw: one sentence, status 70, and a log; never a bare traceback."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import installation
from tests.support.command import Done, call

SECRET = "hunter2-hunter2"  # noqa: S105  what must not be in the log


class Tool:
    """An installation of cleanenv in which a module can be broken."""

    def __init__(self, launcher: Path, caller: dict[str, str]) -> None:
        self.launcher = launcher
        self.package = next(launcher.parents[1].glob("lib/python*/site-packages/cleanenv"))
        self.caller = caller
        self.log = Path(caller["HOME"]) / ".local/state/cleanenv/crash.log"

    def break_with(self, line: str, module: str = "environments/discovery.py") -> None:
        """Let the first function of ``module`` begin with ``line``; at the module's top without a function."""
        path = self.package / module
        text = path.read_text(encoding="utf-8")
        marker = "def find(" if "def find(" in text else ""
        start = text.index(marker)
        body = text.index('"""\n', text.index('"""', start) + 3) + len('"""\n')
        path.write_text(f"{text[:body]}    {line}\n{text[body:]}" if marker else f"{line}\n{text}", encoding="utf-8")

    def call(self, *words: str) -> Done:
        """Call the broken tool."""
        return call([str(self.launcher), *words], self.caller)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an installation that is copied and not changed."""
    return installation.make(tmp_path_factory.mktemp("sound") / "tool")


@pytest.fixture
def tool(sound: Path, caller: dict[str, str]) -> Iterator[Tool]:
    """Return the installation; it is whole again after the test."""
    tool = Tool(sound, caller)
    kept = {path: path.read_bytes() for path in tool.package.rglob("*.py")}
    yield tool
    for path, content in kept.items():
        path.write_bytes(content)


FAILURES = {
    "KeyError": "raise KeyError('x')",
    "RecursionError": "find(*locals().values())",
    "AssertionError": "raise AssertionError",
}


@pytest.mark.parametrize("words", [("run", "x", "--", "true"), ("env", "x"), ("freeze", "x"), ("doctor", "x")])
@pytest.mark.parametrize("name", FAILURES)
def test_the_unexpected_is_one_sentence_and_a_log(tool: Tool, name: str, words: tuple[str, ...]) -> None:
    tool.break_with(FAILURES[name])
    done = tool.call(*words)
    assert done == (
        70,
        "",
        f"Error: cleanenv failed unexpectedly ({name}): report it with the log '{tool.log}'\n",
    )
    text = tool.log.read_text(encoding="utf-8")
    assert "\nPython: 3." in text
    assert "\nshell: /bin/sh\n" in text
    assert f"\ncommand line: cleanenv {words[0]} x" in text
    assert "Traceback (most recent call last):\n" in text
    assert "environments/discovery.py" in text
    assert f"\n{name}" in text
    assert stat.S_IMODE(tool.log.parent.stat().st_mode) == 0o700


def test_the_log_goes_where_the_state_belongs(tool: Tool, tmp_path: Path) -> None:
    tool.caller["XDG_STATE_HOME"] = str(tmp_path / "state")
    tool.break_with(FAILURES["KeyError"])
    assert f"'{tmp_path}/state/cleanenv/crash.log'" in tool.call("env", "x").err


@pytest.mark.parametrize("home", ["", "/nowhere", "/dev/null"])
def test_without_a_place_for_the_log_the_sentence_says_where_it_failed(tool: Tool, home: str) -> None:
    tool.caller["HOME"] = home
    tool.break_with(FAILURES["KeyError"])
    done = tool.call("env", "x")
    assert (done.status, done.out, done.err.count("\n")) == (70, "", 1)
    assert done.err.startswith("Error: cleanenv failed unexpectedly (KeyError) at cleanenv/environments/discovery.py:")
    assert "no log can be written" in done.err


def test_no_credentials_in_the_log(tool: Tool) -> None:
    """Neither of options nor of a command's arguments, nor of what the error quotes."""
    tool.caller |= {"MY_TOKEN": f"{SECRET}-1", "PIP_INDEX_URL": f"https://me:{SECRET}-2@index.example/simple"}
    tool.break_with("raise KeyError(repr(dict(environ)))")
    words = ["run", "x", "--set", f"A={SECRET}-3", "--source", f"https://me:{SECRET}-4@example.org/x"]
    done = tool.call(*words, "--", "curl", "--header", f"{SECRET}-5")
    assert done.status == 70, done
    assert SECRET not in done.err
    text = tool.log.read_text(encoding="utf-8")
    assert SECRET not in text
    assert "cleanenv run x --set A=*** --source https://***@example.org/x -- curl [2 arguments]\n" in text


def test_memory_that_is_exhausted_is_no_fault_of_cleanenvs(tool: Tool) -> None:
    tool.break_with("bytearray(1 << 62)")
    said = "Error: not enough memory: free some, or raise the limit with 'ulimit -v'\n"
    assert tool.call("env", "x") == (71, "", said)
    assert not tool.log.exists()


@pytest.mark.parametrize("module", ["errors.py", "system/invocation.py", "main.py"])
def test_an_interruption_before_main_is_silent(tool: Tool, module: str) -> None:
    """As by Ctrl-C in the first milliseconds."""
    path = tool.package / module
    text = path.read_text(encoding="utf-8").replace(
        "from __future__ import annotations\n",
        "from __future__ import annotations\nimport _signal, os\nos.kill(os.getpid(), _signal.SIGINT)\n",
        1,
    )
    path.write_text(text, encoding="utf-8")
    assert tool.call("env", "x") == (130, "", "")


@pytest.mark.parametrize("words", [("env", "x"), ("run", "x", "--", "true"), ("freeze", "x")])
def test_an_interruption_is_silent(tool: Tool, words: tuple[str, ...]) -> None:
    tool.break_with("raise KeyboardInterrupt")
    done = tool.call(*words)
    assert (done.status, done.out, done.err.strip()) == (130, "", "")  # click ends the line of '^C'


def test_a_module_that_cannot_be_imported_is_one_sentence_too(tool: Tool) -> None:
    (tool.package / "main.py").write_text("raise ValueError('broken')\n", encoding="utf-8")
    done = tool.call("env", "x")
    assert (done.status, done.out, done.err.count("\n")) == (70, "", 1)
    assert done.err.startswith("Error: cleanenv failed unexpectedly (ValueError)")


@pytest.mark.parametrize(
    "words",
    [
        ("run", "x", "tool", f"--token={SECRET}"),
        ("run", "x", "tool", "login", SECRET),
        ("run", "--keep", "A", "x", "tool", SECRET),
        ("run", "x", "-q", "tool", SECRET),
        ("run", "x", "--", "tool", SECRET),
    ],
)
def test_the_commands_own_words_are_not_in_the_log(tool: Tool, words: tuple[str, ...]) -> None:
    """With and without the dashes."""
    tool.break_with(FAILURES["KeyError"])
    assert tool.call(*words).status == 70
    assert SECRET not in tool.log.read_text(encoding="utf-8")
