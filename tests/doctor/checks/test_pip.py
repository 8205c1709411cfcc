"""pip's and uv's settings that send packages elsewhere, from variables and from files."""

from __future__ import annotations

import locale
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleanenv.doctor.checks import pip, pip_config
from cleanenv.doctor.codes import SEVERITY
from tests.conftest import skip_or_fail
from tests.support import namespace
from tests.support.doctor_stage import Case, Stage, Variables, codes, only, with_pip


@pytest.fixture(autouse=True)
def no_system_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what this machine has in /etc; one test lays a file of its own over it."""
    monkeypatch.setattr(pip_config, "_system", lambda _: iter(()))


def user_file(stage: Stage, text: str) -> Variables:
    stage.write("home/.config/pip/pip.conf", text)
    return {}


CASES = {
    "pip-target": Case(
        lambda stage: user_file(stage, "[global]\ntarget = /opt/packages\n"),
        lambda stage: user_file(stage, "[list]\ntarget = /opt/packages\n"),
    ),
    "pip-prefix": Case(lambda _: {"PIP_PREFIX": "/opt"}, lambda _: {"PIP_PREFIX": ""}),
    "pip-root": Case(lambda _: {"PIP_ROOT": "/mnt"}, lambda _: {"PIP_ROOT_USER_ACTION": "ignore"}),
    "pip-python": Case(lambda _: {"PIP_PYTHON": "/usr/bin/python3"}, lambda _: {"PIP_PYTHON_VERSION": "3.8"}),
    "pip-config-broken": Case(
        lambda stage: user_file(stage, "[global\ntarget = x\n"),
        lambda stage: user_file(stage, "# nothing yet\n[global]\n"),
    ),
    "pip-user": Case(
        lambda stage: user_file(stage, "[install]\nuser = yes\n"),
        lambda stage: user_file(stage, "[install]\nuser = false\n"),
    ),
    "pip-no-index": Case(
        lambda _: {"PIP_NO_INDEX": "1"}, lambda _: {"PIP_INDEX_URL": "https://example.org/simple", "PIP_NO_INDEX": "0"}
    ),
    "pip-choice": Case(
        lambda _: {"PIP_CONSTRAINT": "/etc/constraints.txt"},
        lambda _: {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_DEFAULT_TIMEOUT": "60", "PIP_CERT": "/etc/ssl/ca.pem"},
    ),
    "uv-elsewhere": Case(
        lambda _: {"UV_PROJECT_ENVIRONMENT": "/opt/env"},
        lambda stage: {"UV_PROJECT_ENVIRONMENT": str(stage.env.path), "UV_SYSTEM_PYTHON": "0", "UV_PYTHON": "3.11"},
    ),
    "uv-choice": Case(lambda _: {"UV_NO_INDEX": "true"}, lambda _: {"UV_DEFAULT_INDEX": "https://example.org/simple"}),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_shown(code: str, stage: Stage) -> None:
    found = only(pip.findings(stage.subject(CASES[code].shows(stage))), code)
    assert found.severity == SEVERITY[code]
    assert found.remedy


@pytest.mark.parametrize("code", CASES)
def test_what_is_near_is_not(code: str, stage: Stage) -> None:
    assert codes(pip.findings(stage.subject(CASES[code].near(stage)))) == []


@pytest.mark.parametrize(
    ("value", "expected"), [("3.11", []), ("3.11.5", []), ("3.1", ["uv-elsewhere"]), ("3.8", ["uv-elsewhere"])]
)
def test_a_version_for_uv(value: str, expected: list[str], stage: Stage) -> None:
    """A version that ENV's Python has is no other Python."""
    assert codes(pip.findings(stage.subject({"UV_PYTHON": value}))) == expected


def test_the_interpreter_of_env_for_uv(stage: Stage) -> None:
    assert codes(pip.findings(stage.subject({"UV_PYTHON": f"{stage.bin}/python"}))) == []
    assert codes(pip.findings(stage.subject({"UV_PYTHON": "/usr/bin/python3"}))) == ["uv-elsewhere"]


# (where the file lies; the variables that make it count)
PLACES: tuple[tuple[str, Variables], ...] = (
    ("home/.pip/pip.conf", {}),
    ("home/.config/pip/pip.conf", {}),
    ("config/pip/pip.conf", {"XDG_CONFIG_HOME": "{top}/config"}),
    ("my_env/pip.conf", {}),
    ("elsewhere.conf", {"PIP_CONFIG_FILE": "{top}/elsewhere.conf"}),
)


@pytest.mark.skipif(sys.platform == "darwin", reason="pip's places on macOS are others")
@pytest.mark.parametrize(("place", "variables"), PLACES)
def test_every_place_is_read(place: str, variables: Variables, stage: Stage) -> None:
    file = stage.write(place, "[global]\nno_index = on\n")
    environ = {name: value.format(top=stage.top) for name, value in variables.items()}
    found = only(pip.findings(stage.subject(environ)), "pip-no-index")
    assert found.evidence == (f"{file}: [global] no-index = on",)
    assert found.remedy == f"remove the line from '{file}'"


def test_a_named_file_is_read_in_the_place_of_the_users(stage: Stage) -> None:
    """As pip has it; /dev/null stands for no file at all."""
    stage.write("home/.pip/pip.conf", "[global]\ntarget = a\n")
    stage.write("my_env/pip.conf", "[global]\nprefix = b\n")
    named = stage.write("named.conf", "[install]\nroot = c\n")

    def found(value: str) -> list[str]:
        return codes(pip.findings(stage.subject({"PIP_CONFIG_FILE": value})))

    assert found(str(named)) == ["pip-root", "pip-prefix"]
    assert found("/nonexistent/pip.conf") == ["pip-target", "pip-prefix"]
    assert found(os.devnull) == []


def test_bytes_that_are_no_text(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locale, "getpreferredencoding", lambda **_: "utf-8")  # Latin-1 would take all bytes
    stage.write("home/.pip/pip.conf").write_bytes(b"[global]\ntarget = \xff\xfe\n")
    assert codes(pip.findings(stage.subject({}))) == ["pip-config-broken"]


def test_pip_reads_it_too(stage: Stage) -> None:
    """A real pip names the same settings, and refuses what we call broken."""
    python = with_pip()
    if python is None:
        skip_or_fail("no Python with pip here")
        return
    environ = {"HOME": str(stage.home), "PATH": os.defpath, "PIP_USER": "yes"}
    file = stage.write("home/.config/pip/pip.conf", "[global]\ntarget = /opt/packages\n[install]\nno-index = true\n")

    def told() -> subprocess.CompletedProcess[str]:
        words = [python, "-m", "pip", "config", "list"]
        return subprocess.run(words, env=environ, capture_output=True, text=True, check=False)

    assert {"global.target='/opt/packages'", "install.no-index='true'", ":env:.user='yes'"} <= set(
        told().stdout.splitlines()
    )
    assert codes(pip.findings(stage.subject(environ))) == ["pip-user", "pip-target", "pip-no-index"]
    file.write_text("[global\n", encoding="ascii")
    assert told().returncode != 0
    assert "pip-config-broken" in codes(pip.findings(stage.subject(environ)))


LOOK = """
import sys
from cleanenv.doctor.checks import pip
from cleanenv.doctor.finding import Subject
for finding in pip.findings(Subject({}, None, "/", sys.argv[1])):
    print(finding.code, *finding.evidence)
"""


SYSTEM = ("pip.conf", "xdg/pip/pip.conf")


@pytest.mark.parametrize("place", SYSTEM)
def test_the_systems_file(place: str, tmp_path: Path, stage: Stage) -> None:
    """In a mount namespace with an /etc of its own."""
    if not namespace.is_possible(tmp_path):
        skip_or_fail("an overlay over /etc takes root")
    for file in (tmp_path / "etc" / name for name in SYSTEM):  # the machine's own, empty
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "etc" / place).write_text("[global]\ntarget = /opt/packages\n", encoding="ascii")
    words = [*namespace.over_etc(tmp_path / "etc"), sys.executable, "-I", "-c", LOOK, str(stage.home)]
    done = subprocess.run(words, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"pip-target /etc/{place}: [global] target = /opt/packages\n"
