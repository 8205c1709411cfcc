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
from tests.support import namespace
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, only, with_pip
from tests.support.surroundings import skip_or_fail


@pytest.fixture(autouse=True)
def no_system_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what this machine has in /etc; one test lays a file of its own over it."""
    monkeypatch.setattr(pip_config, "_system", lambda _: iter(()))


def user_file(scene: Scene, text: str) -> Variables:
    scene.write("home/.config/pip/pip.conf", text)
    return {}


CASES = {
    "pip-target": by_variables(
        lambda scene: user_file(scene, "[global]\ntarget = /opt/packages\n"),
        lambda scene: user_file(scene, "[list]\ntarget = /opt/packages\n"),
    ),
    "pip-prefix": by_variables(lambda _: {"PIP_PREFIX": "/opt"}, lambda _: {"PIP_PREFIX": ""}),
    "pip-root": by_variables(lambda _: {"PIP_ROOT": "/mnt"}, lambda _: {"PIP_ROOT_USER_ACTION": "ignore"}),
    "pip-python": by_variables(lambda _: {"PIP_PYTHON": "/usr/bin/python3"}, lambda _: {"PIP_PYTHON_VERSION": "3.8"}),
    "pip-config-broken": by_variables(
        lambda scene: user_file(scene, "[global\ntarget = x\n"),
        lambda scene: user_file(scene, "# nothing yet\n[global]\n"),
    ),
    "pip-user": by_variables(
        lambda scene: user_file(scene, "[install]\nuser = yes\n"),
        lambda scene: user_file(scene, "[install]\nuser = false\n"),
    ),
    "pip-no-index": by_variables(
        lambda _: {"PIP_NO_INDEX": "1"}, lambda _: {"PIP_INDEX_URL": "https://example.org/simple", "PIP_NO_INDEX": "0"}
    ),
    "pip-choice": by_variables(
        lambda _: {"PIP_CONSTRAINT": "/etc/constraints.txt"},
        lambda _: {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_DEFAULT_TIMEOUT": "60", "PIP_CERT": "/etc/ssl/ca.pem"},
    ),
    "uv-elsewhere": by_variables(
        lambda _: {"UV_PROJECT_ENVIRONMENT": "/opt/env"},
        lambda scene: {"UV_PROJECT_ENVIRONMENT": str(scene.env.path), "UV_SYSTEM_PYTHON": "0", "UV_PYTHON": "3.11"},
    ),
    "uv-choice": by_variables(
        lambda _: {"UV_NO_INDEX": "true"}, lambda _: {"UV_DEFAULT_INDEX": "https://example.org/simple"}
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_it_is_reported(code: str, tmp_path: Path) -> None:
    finding = only(pip.findings(CASES[code].reported[0](tmp_path)), code)
    assert finding.severity == SEVERITY[code]
    assert finding.remedy


@pytest.mark.parametrize("code", CASES)
def test_a_near_miss_is_not(code: str, tmp_path: Path) -> None:
    assert codes(pip.findings(CASES[code].near_misses[0](tmp_path))) == []


@pytest.mark.parametrize(
    ("value", "expected"), [("3.11", []), ("3.11.5", []), ("3.1", ["uv-elsewhere"]), ("3.8", ["uv-elsewhere"])]
)
def test_a_version_for_uv(value: str, expected: list[str], scene: Scene) -> None:
    """A version that ENV's Python has is no other Python."""
    assert codes(pip.findings(scene.subject({"UV_PYTHON": value}))) == expected


def test_the_interpreter_of_env_for_uv(scene: Scene) -> None:
    assert codes(pip.findings(scene.subject({"UV_PYTHON": f"{scene.bin}/python"}))) == []
    assert codes(pip.findings(scene.subject({"UV_PYTHON": "/usr/bin/python3"}))) == ["uv-elsewhere"]


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
def test_every_place_is_read(place: str, variables: Variables, scene: Scene) -> None:
    file = scene.write(place, "[global]\nno_index = on\n")
    environ = {name: value.format(top=scene.top) for name, value in variables.items()}
    finding = only(pip.findings(scene.subject(environ)), "pip-no-index")
    assert finding.evidence == (f"{file}: [global] no-index = on",)
    assert finding.remedy == f"remove the line from '{file}'"


def test_a_named_file_is_read_in_the_place_of_the_users(scene: Scene) -> None:
    """As pip has it; /dev/null stands for no file at all."""
    scene.write("home/.pip/pip.conf", "[global]\ntarget = a\n")
    scene.write("my_env/pip.conf", "[global]\nprefix = b\n")
    named = scene.write("named.conf", "[install]\nroot = c\n")

    def codes_with(value: str) -> list[str]:
        return codes(pip.findings(scene.subject({"PIP_CONFIG_FILE": value})))

    assert codes_with(str(named)) == ["pip-root", "pip-prefix"]
    assert codes_with("/nonexistent/pip.conf") == ["pip-target", "pip-prefix"]
    assert codes_with(os.devnull) == []


def test_bytes_that_are_no_text(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locale, "getpreferredencoding", lambda **_: "utf-8")  # Latin-1 would take all bytes
    scene.write("home/.pip/pip.conf").write_bytes(b"[global]\ntarget = \xff\xfe\n")
    assert codes(pip.findings(scene.subject({}))) == ["pip-config-broken"]


def test_pip_reads_it_too(scene: Scene) -> None:
    """A real pip names the same settings, and refuses what we call broken."""
    python = with_pip()
    if python is None:
        skip_or_fail("no Python with pip here")
        return
    environ = {"HOME": str(scene.home), "PATH": os.defpath, "PIP_USER": "yes"}
    file = scene.write("home/.config/pip/pip.conf", "[global]\ntarget = /opt/packages\n[install]\nno-index = true\n")

    def output() -> subprocess.CompletedProcess[str]:
        words = [python, "-m", "pip", "config", "list"]
        return subprocess.run(words, env=environ, capture_output=True, text=True, check=False)

    assert {"global.target='/opt/packages'", "install.no-index='true'", ":env:.user='yes'"} <= set(
        output().stdout.splitlines()
    )
    assert codes(pip.findings(scene.subject(environ))) == ["pip-user", "pip-target", "pip-no-index"]
    file.write_text("[global\n", encoding="ascii")
    assert output().returncode != 0
    assert "pip-config-broken" in codes(pip.findings(scene.subject(environ)))


LOOK = """
import sys
from cleanenv.doctor.checks import pip
from cleanenv.doctor.finding import Subject
for finding in pip.findings(Subject({}, None, "/", sys.argv[1])):
    print(finding.code, *finding.evidence)
"""


SYSTEM = ("pip.conf", "xdg/pip/pip.conf")


@pytest.mark.parametrize("place", SYSTEM)
def test_the_systems_file(place: str, tmp_path: Path, scene: Scene) -> None:
    """In a mount namespace with an /etc of its own."""
    if not namespace.is_possible(tmp_path):
        skip_or_fail("an overlay over /etc takes root")
    for file in (tmp_path / "etc" / name for name in SYSTEM):  # the machine's own, empty
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "etc" / place).write_text("[global]\ntarget = /opt/packages\n", encoding="ascii")
    words = [*namespace.over_etc(tmp_path / "etc"), sys.executable, "-I", "-c", LOOK, str(scene.home)]
    done = subprocess.run(words, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"pip-target /etc/{place}: [global] target = /opt/packages\n"
