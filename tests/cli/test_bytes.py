"""Names and values are bytes: they arrive as they are in every locale, whatever its encoding makes of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import installation
from tests.support.environments import make_venv
from tests.support.surroundings import skip_or_fail

LOCALES = {
    "latin-1": ("de_DE", "ISO-8859-1"),
    "euc-jp": ("ja_JP", "EUC-JP"),
    "gb18030": ("zh_CN", "GB18030"),
    "sjis": ("ja_JP", "SHIFT_JIS"),
}
BUILT_IN = ("C", "C.UTF-8")
# UTF-8, latin-1, what no encoding has, and characters whose second byte is a backslash in SJIS and GB18030.
NAMES = ("é".encode(), b"\xe9\xff", "ş漢ソ表".encode(), b"\x95\x5c it's $HOME `x` \\n")


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory of compiled locales, for LOCPATH."""
    folder = tmp_path_factory.mktemp("locales")
    program = shutil.which("localedef")
    if program is None:
        skip_or_fail("localedef is not installed")
        raise AssertionError
    for name, charmap in LOCALES.values():
        # It warns of encodings that are not ASCII below 128, and makes them all the same.
        words = [program, "-c", "-i", name, "-f", charmap, f"{folder}/{name}.{charmap}"]
        subprocess.run(words, capture_output=True, check=False)
    return folder


@pytest.fixture(scope="module")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installation.make(tmp_path_factory.mktemp("installation") / "tool")


@pytest.fixture(params=[*LOCALES, *BUILT_IN])
def in_locale(request: pytest.FixtureRequest, locales: Path, caller: dict[str, str]) -> dict[str, str]:
    if request.param in BUILT_IN:
        return caller | {"LC_ALL": request.param}
    name = ".".join(LOCALES[request.param])
    if not (locales / name).is_dir():
        skip_or_fail(f"the locale {name} cannot be compiled")
    return caller | {"LOCPATH": str(locales), "LC_ALL": name}


def output(words: list[str | bytes], environ: dict[str, str], more: dict[bytes, bytes], given: bytes = b"") -> bytes:
    done = subprocess.run(
        words,
        env={os.fsencode(k): os.fsencode(v) for k, v in environ.items()} | more,
        input=given,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b""), (words, done)
    return done.stdout


@pytest.fixture(scope="module", params=NAMES, ids=repr)
def odd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return an environment whose path has these bytes."""
    folder = tmp_path_factory.mktemp("odd")
    made = make_venv(folder / "plain")
    name: bytes = request.param
    path = os.fsencode(folder) + b"/" + name
    os.rename(made, path)
    return path


def test_every_form(launcher: Path, in_locale: dict[str, str], odd: bytes) -> None:
    """The path of ENV, and a variable that is kept."""
    more = {b"MINE": odd[-9:], b"HOME": odd}
    words: list[str | bytes] = [str(launcher), "env", "--keep", "MINE", odd, "--format"]
    expected = {b"VIRTUAL_ENV": odd} | more
    null = dict(item.split(b"=", 1) for item in output([*words, "null"], in_locale, more).split(b"\0")[:-1])
    assert null.items() >= expected.items()
    loaded = json.loads(output([*words, "json"], in_locale, more))
    encoded = {name.encode(): value.encode("utf-8", "surrogateescape") for name, value in loaded.items()}
    assert encoded == null
    shown = output(
        ["dash", "-c", b'eval "$1"; exec env -0', "dash", output([*words, "sh"], in_locale, more)],
        {"PATH": "/usr/bin:/bin"},
        {},
    )
    by_dash = dict(item.split(b"=", 1) for item in shown.split(b"\0")[:-1])
    assert by_dash.items() >= expected.items()
    for line in (b"MINE='", b"VIRTUAL_ENV='"):
        assert line in output([*words, "dotenv"], in_locale, more)


def test_run_and_shell(launcher: Path, in_locale: dict[str, str], odd: bytes) -> None:
    more = {b"MINE": odd[-9:]}
    printed = output([str(launcher), "run", "--keep", "MINE", odd, "--", "env", "-0"], in_locale, more)
    assert {b"MINE=" + odd[-9:], b"VIRTUAL_ENV=" + odd} <= set(printed.split(b"\0"))
    script = b'printf "%s\\0" "$MINE" "$VIRTUAL_ENV"\n'
    for shell in ("dash", "ash"):  # others warn of the locale, since LOCPATH is not passed on
        words: list[str | bytes] = [str(launcher), "shell", "--keep", "MINE", odd, "--shell", shell]
        assert output(words, in_locale, more, script) == odd[-9:] + b"\0" + odd + b"\0"


def test_what_is_read_by_people(launcher: Path, in_locale: dict[str, str], odd: bytes) -> None:
    """No traceback, no log, the path as it is or with its bytes made visible."""
    calls: list[list[str | bytes]] = [["env", odd], ["run", odd, "--dry-run", "--", "true"], ["freeze", odd]]
    for words in calls:
        output([str(launcher), *words], in_locale, {})
    missing = subprocess.run([str(launcher), "freeze", odd + b"-none"], env=in_locale, capture_output=True, check=False)
    assert missing.returncode == 3
    assert missing.stderr.startswith(b"Error: ")


def test_without_the_launcher(tool: list[str], in_locale: dict[str, str], odd: bytes) -> None:
    """A locale that does not go round is refused in words; else the bytes are the same."""
    words: list[str | bytes] = [*tool, "env", odd, "--format", "null"]
    done = subprocess.run(words, env=in_locale, capture_output=True, check=False)
    if done.returncode:
        assert done.returncode == 2
        assert done.stderr.endswith(b"cannot hold a name or value that was given: set LC_ALL=C.UTF-8\n")
    else:
        assert b"VIRTUAL_ENV=" + odd in done.stdout.split(b"\0")
