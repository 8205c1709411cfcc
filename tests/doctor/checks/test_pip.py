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
    "pip-extra-index": by_variables(
        lambda _: {"PIP_EXTRA_INDEX_URL": "https://me:secret@example.org/simple"},
        lambda scene: user_file(scene, "[global]\nindex-url = https://example.org/simple\nextra-index-url =\n"),
    ),
    "pip-trusted-host": by_variables(
        lambda scene: user_file(scene, "[global]\ntrusted-host = example.org\n"), lambda _: {"PIP_TRUSTED_HOST": ""}
    ),
    "uv-extra-index": by_variables(
        lambda _: {"UV_INDEX": "inner=https://me:secret@example.org/simple"},
        lambda _: {"UV_INDEX_URL": "https://example.org/simple"},
    ),
    "uv-insecure-host": by_variables(lambda _: {"UV_INSECURE_HOST": "example.org"}, lambda _: {"UV_INSECURE_HOST": ""}),
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


URL = "https://me:secret@example.org/simple"
SECRETS = ("secret", "t0ken")


@pytest.mark.parametrize(
    ("name", "value", "code", "shown"),
    [
        ("PIP_EXTRA_INDEX_URL", URL, "pip-extra-index", "https://me:****@example.org/simple"),
        (
            "PIP_EXTRA_INDEX_URL",
            f"https://a.org {URL}",
            "pip-extra-index",
            "https://a.org https://me:****@example.org/simple",
        ),
        ("PIP_FIND_LINKS", "https://t0ken@example.org/wheels", "pip-extra-index", "https://****@example.org/wheels"),
        ("PIP_FIND_LINKS", "/srv/wheels", "pip-extra-index", "/srv/wheels"),
        (
            "PIP_CONSTRAINT",
            "https://example.org/c.txt?token=t0ken",
            "pip-choice",
            "https://example.org/c.txt?token=****",
        ),
        ("PIP_TRUSTED_HOST", "example.org:8080", "pip-trusted-host", "example.org:8080"),
        ("UV_INDEX", f"inner={URL}", "uv-extra-index", "inner=https://me:****@example.org/simple"),
        ("UV_EXTRA_INDEX_URL", URL, "uv-extra-index", "https://me:****@example.org/simple"),
        ("UV_FIND_LINKS", "/srv/wheels", "uv-extra-index", "/srv/wheels"),
        ("UV_INDEX_STRATEGY", "unsafe-best-match", "uv-choice", "unsafe-best-match"),
        ("UV_INDEX_STRATEGY", "unsafe-first-match", "uv-choice", "unsafe-first-match"),
        ("UV_INSECURE_HOST", "example.org", "uv-insecure-host", "example.org"),
    ],
)
def test_what_chooses_packages(name: str, value: str, code: str, shown: str, scene: Scene) -> None:
    """Every place in which a value is printed is without its password."""
    finding = only(pip.findings(scene.subject({name: value})), code)
    assert f"'{shown}'" in finding.fact
    assert (finding.variable, finding.value, finding.evidence) == (name, shown, (f"{name}={shown}",))
    assert not any(secret in repr(finding) for secret in SECRETS)


@pytest.mark.parametrize("option", ["extra-index-url", "find-links", "trusted-host"])
def test_the_same_in_pips_file(option: str, scene: Scene) -> None:
    """With a value on several lines, as pip writes them."""
    file = scene.write("home/.config/pip/pip.conf", f"[global]\n{option} =\n    {URL}\n    https://a.org\n")
    (finding,) = pip.findings(scene.subject({}))
    shown = "https://me:****@example.org/simple https://a.org"
    assert finding.evidence == (f"{file}: [global] {option} = {shown}",)
    assert finding.line == f"{option} = {shown}"
    assert "secret" not in repr(finding)


@pytest.mark.parametrize(
    "environ",
    [
        {"UV_INDEX_STRATEGY": "first-index"},
        {"PIP_INDEX_URL": URL},
        {"UV_DEFAULT_INDEX": URL},
        {"PIP_PROXY": "http://me:secret@proxy:3128"},
        {"PIP_EXTRA_INDEX_URLS": URL},
    ],
)
def test_what_chooses_no_packages(environ: Variables, scene: Scene) -> None:
    assert codes(pip.findings(scene.subject(environ))) == []


def test_dependency_confusion_is_told_in_plain_words(scene: Scene) -> None:
    finding = only(pip.findings(scene.subject({"PIP_EXTRA_INDEX_URL": "https://a.org"})), "pip-extra-index")
    assert finding.fact == (
        "pip looks for every package in 'https://a.org' too and installs the highest version of all: whoever can"
        " upload to one of these a package named as yours decides what you get (CVE-2018-20225)"
    )
    assert finding.remedy == (
        "unset PIP_EXTRA_INDEX_URL, and remove it from the file that sets it; if you need it, let one index serve all"
        " packages (index-url), or install with --require-hashes"
    )


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
