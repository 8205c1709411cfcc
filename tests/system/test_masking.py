"""Passwords and tokens in reports: masked by the name, by the shape, in URLs; all else stays readable."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from cleanenv.system import masking
from cleanenv.system.credentials import MASK
from tests.support.command import call

SECRET_NAMES = (
    *("TWINE_PASSWORD", "UV_PUBLISH_TOKEN", "POETRY_PYPI_TOKEN_PYPI", "PDM_PUBLISH_PASSWORD", "CONDA_TOKEN"),
    *(
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "PGPASSWORD",
        "MYSQL_PWD",
        "SSHPASS",
        "GITHUB_PAT",
        "OPENAI_API_KEY",
    ),
    *("NPM_CONFIG__AUTHTOKEN", "BORG_PASSPHRASE", "pip_token", "UV_INDEX_X_PASSWORD", "DJANGO_SECRET", "HTTP_AUTH"),
)
OTHERS = {
    "PWD": "/home/someone",
    "OLDPWD": "/home/someone",
    "SSH_AUTH_SOCK": "/run/user/1/agent",
    "PASSWORD_STORE_DIR": "/home/someone/.password-store",
    "MONKEY": "banana",
    "KEYTIMEOUT": "1000",
    "TOKENIZERS_PARALLELISM": "false",
    "SSL_KEY": "/etc/ssl/private/key.pem",
    "GIT_ASKPASS": "/usr/bin/askpass",
    "PASSENGER": "one of two",
    "AUTHOR": "somebody",
    "SECRET_FILE": "/run/secrets/x",
}
SHAPES = (
    "pypi-AgEIcHlwaS5vcmcCJDU2Mjg",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "github_pat_11ABCDEFG0aaaaaaaaaaaa_bbbbbbbbbbbb",
    "glpat-abcdefghij0123456789",
    "AKIAIOSFODNN7EXAMPLE",
    "xoxb-123456789012-abcdefghij",
    "hf_abcdefghijABCDEFGHIJ0123456789",
    "npm_abcdefghijABCDEFGHIJ0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
)
LINES = (
    "export TWINE_PASSWORD={}",
    "export A=1 TWINE_PASSWORD='{}' B=2",
    'TWINE_PASSWORD="{}" twine upload dist/*',
    "setenv TWINE_PASSWORD {}",
    "set -gx TWINE_PASSWORD '{}'",
    "set --global --export TWINE_PASSWORD {}",
    "$TWINE_PASSWORD = '{}'",
    "$env.TWINE_PASSWORD = '{}'",
    "load-env {{TWINE_PASSWORD: '{}'}}",
    "set-env TWINE_PASSWORD {}",
    "os.environ['TWINE_PASSWORD'] = '{}'",
    "login --password {} --user me",
    "login --auth-token={}",
    "curl -H 'Authorization: Bearer {}'",
    "pip install --index-url https://me:{}@example.org/simple",
    "password = {}",
)
PLAIN = (
    "export PYTHONPATH=/opt/ros/lib:$PYTHONPATH",
    "export TWINE_PASSWORD=$(pass show pypi)",
    'export TWINE_PASSWORD="$OTHER"',
    "export TWINE_PASSWORD=`cat ~/.token`",
    "PIP_INDEX_URL=https://example.org/simple",
    "fix: remove /leak from PYTHONPATH, or unset it",
    "PATH=/usr/bin:/bin",
    "set -euo pipefail; cd /tmp && ls --key",
    "set --query TOKEN; or return",
    "the token: it is missing",
)


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_by_the_name(name: str) -> None:
    assert masking.is_secret(name, "hunter2")
    assert not masking.is_secret(name, "")


@pytest.mark.parametrize("name", OTHERS)
def test_no_secret(name: str) -> None:
    assert not masking.is_secret(name, OTHERS[name])


@pytest.mark.parametrize("token", SHAPES)
@pytest.mark.parametrize("line", ["{}", "export X={}", "curl -u {}: x", "'{}'", "a\n{}\nb"])
def test_by_the_shape(token: str, line: str) -> None:
    shown = masking.text(line.format(token), [])
    assert token not in shown
    assert MASK in shown


@pytest.mark.parametrize("line", LINES)
def test_in_a_line(line: str) -> None:
    shown = masking.text(line.format("s3cr3tvalue"), [])
    assert shown == line.format(MASK)


@pytest.mark.parametrize("line", PLAIN)
def test_a_line_without_any(line: str) -> None:
    assert masking.text(line, []) == line


class Found(NamedTuple):
    """As a finding: the value of a variable, and texts about it."""

    variable: str
    value: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """As a change of a startup."""

    name: str
    old: str | None
    new: str | None
    text: str


@dataclass(frozen=True)
class Report:
    """As a trace, or a diagnosis."""

    steps: tuple[Step, ...]
    found: list[Found]
    origins: MappingProxyType[str, str]
    number: float = 1.5


def test_in_a_whole_report() -> None:
    """A secret of one place is masked in all others too, a short one only where it is the value."""
    report = Report(
        (Step("MY_TOKEN", None, "first-value", "read MY_TOKEN"), Step("MY_TOKEN", "first-value", "abc", "x abc")),
        [Found("UV_TOKEN", "other-value", ("it is other-value", "and first-value, and known-value"))],
        MappingProxyType({"UV_TOKEN": "set to other-value"}),
    )
    assert masking.masked(report, ["known-value"]) == Report(
        (Step("MY_TOKEN", None, MASK, "read MY_TOKEN"), Step("MY_TOKEN", MASK, MASK, "x abc")),
        [Found("UV_TOKEN", MASK, (f"it is {MASK}", f"and {MASK}, and {MASK}"))],
        MappingProxyType({"UV_TOKEN": f"set to {MASK}"}),
    )


def test_a_long_value_takes_no_longer_than_its_length() -> None:
    for part in ("a", "eyJ", "A=", "-", "'", "set ", "--x ", "://", "sk-"):
        masking.text(part * 200_000, [])


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_trace(tool: list[str], caller: dict[str, str], options: tuple[str, ...]) -> None:
    rc = Path(caller["HOME"]) / ".bashrc"
    rc.write_text(
        "export TWINE_PASSWORD=pypi-SECRET\nlater=$TWINE_PASSWORD\nexport PIP_EXTRA_INDEX_URL=https://me:SECRET@x.org/\n"
    )
    given = caller | {"CONDA_TOKEN": "SECRET-of-now"}
    names = ("TWINE_PASSWORD", "PIP_EXTRA_INDEX_URL")
    words = [*tool, "trace", *names, "--shell", "bash", *options]
    done = call(words, given)
    assert done.status == 0
    assert "SECRET" not in done.out
    assert set(names) <= set(re.findall(r"\w+", done.out))
    assert MASK in done.out
    assert "pypi-SECRET" in call([*words, "--show-secrets"], given).out


def test_doctor(tool: list[str], caller: dict[str, str], tmp_path: Path) -> None:
    leaks = {"PYTHONPATH": "/opt/ghp_16C7e42F292c6912E7710c838347Ae178B4a/lib", "PIP_PASSWORD": "hunter22"}
    leaks |= {"PIP_TARGET": "/x/hunter22", "PIP_EXTRA_INDEX_URL": "https://me:hunter22@example.org/simple"}
    words = [*tool, "doctor", "--json", "--html", str(tmp_path / "page.html")]
    done = call(words, caller | leaks)
    assert (done.status, done.err) == (1, f"wrote {tmp_path}/page.html\n")
    for report in (done.out, (tmp_path / "page.html").read_text(), call([*tool, "doctor"], caller | leaks).out):
        assert "PIP_TARGET" in report
        assert "hunter22" not in report
        assert "16C7e42F" not in report
    values = {
        found["variable"]: found["value"]
        for found in json.loads(call([*words, "--show-secrets"], caller | leaks).out)["findings"]
    }
    assert values["PIP_TARGET"] == leaks["PIP_TARGET"]
    assert values["PYTHONPATH"] == leaks["PYTHONPATH"]
