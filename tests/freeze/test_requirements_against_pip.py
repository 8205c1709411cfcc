"""Requirements files are taken and refused as the newest pip does it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from cleanenv.environments.names import canonical
from cleanenv.errors import UsageError
from cleanenv.freeze import requirements_file
from tests.support import projects

VARIABLES = {"VERSION": "1.0", "EMPTY": ""}


class Stage(NamedTuple):
    """A directory with something to install from, and an environment with the newest pip."""

    path: Path
    python: Path

    def ask_pip(self, text: bytes) -> set[str] | None:
        """Return the names that pip would install for the requirements file ``text``, None if it refuses the file."""
        (self.path / "r.txt").write_bytes(text)
        command = [
            str(self.python),
            "-m",
            "pip",
            "install",
            "--dry-run",
            "--no-deps",
            "--no-index",
            "--find-links=wheels",
        ]
        done = subprocess.run(
            [*command, "--quiet", "--report", "report.json", "-r", "r.txt"],
            cwd=self.path,
            env={**os.environ, **VARIABLES, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1"},
            capture_output=True,
            timeout=100,
            check=False,
        )
        if done.returncode:
            assert b"Traceback" not in done.stderr, done.stderr.decode()
            return None
        report = json.loads((self.path / "report.json").read_text())
        return {canonical(item["metadata"]["name"]) for item in report["install"]}

    def ask_cleanenv(self, text: bytes) -> set[str | None] | None:
        """Return the names of the requirements, None for those without, and None if the file is refused."""
        (self.path / "r.txt").write_bytes(text)
        try:
            requirements = requirements_file.read("r.txt", str(self.path), VARIABLES)
        except UsageError:
            return None
        names = [line.requested.name for line in requirements if not line.is_constraint]
        return {name and canonical(name) for name in names}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, pip: Path) -> Stage:
    path = tmp_path_factory.mktemp("stage")
    for name in ("foo", "bar"):
        projects.wheel(path / "wheels", name)
    projects.project(path / "demo", "demo")
    projects.project(path / "my demo", "demo")
    projects.repository(path / "repository", "demo", None)
    (path / "more").mkdir()
    (path / "more" / "inc.txt").write_text("bar\n-r deep.txt\n")
    (path / "more" / "deep.txt").write_text("# nothing\n")
    (path / "limits.txt").write_text("foo<2\nabsent==1\n-r more/inc.txt\n")
    (path / "extras.txt").write_text("foo[x]\n")
    (path / "editable.txt").write_text("-e demo\n")
    (path / "nameless.txt").write_text("git+file:///a\n")
    (path / "loop.txt").write_text("-r r.txt\n")
    return Stage(path, pip)


ACCEPTED = (
    "foo",
    "foo==1.0 # why",
    "foo == ${VERSION}",
    "foo \\\n # comment \\\nbar",
    "foo>=1,\\\n<2 ; python_version > '3'",
    "foo; python_version < '3'\nbar",
    "foo --config-settings=a=b -C 'c=d e'",
    "-f wheels\n--pre --prefer-binary\nfoo --index-url https://example.org/",
    "--no-require-hashes\n--only-final foo\n--all-releases=bar\nfoo",
    "--no-binary :none:\n--only-binary :all:\n--trusted-host=example.org\nfoo",
    "--extra-index https://example.org/\nfoo",
    "--requirement=more/inc.txt\nfoo",
    "-rmore/inc.txt",
    "-r {path}/more/inc.txt",
    "-r file://{path}/more/inc.txt",
    "-c limits.txt\nfoo",
    "foo -r missing.txt",
    "-e demo",
    "-e ./demo --config-settings a=b",
    "-e 'my demo'",
    "-e file:demo#egg=demo",
    "-e {path}/demo ignored",
    "--editable=file://{path}/demo",
    "./demo",
    "demo/ ; python_version > '3'",
    "demo @ file://{path}/demo",
    "demo @ file://{path}/demo; python_version > '3'",
    "file:demo/../demo",
    "wheels/foo-1.0-py2.py3-none-any.whl",
    "file://{path}/wheels/foo-1.0-py2.py3-none-any.whl",
    "demo @ git+file://{path}/repository",
    "git+file://{path}/repository#egg=demo",
    "-e git+file://{path}/repository#egg=demo",
)
REFUSED = (
    "foo --hash=md5:00",
    "foo --hash='sha256:00",
    "-e {path}/my demo",
    '-e "demo',
    "-c extras.txt\nfoo",
    "-c editable.txt\nfoo",
    "-c nameless.txt\nfoo",
    "!!! nonsense",
    "foo bar",
    "foo=1.0",
    "foo ==",
    "foo==${UNSET}",
    "foo==${EMPTY}",
    "foo ; nonsense",
    "foo @ https://example.org/a;b",
    "--nonsense",
    "foo --nonsense=x",
    "-x",
    "--pre=x",
    "--re more/inc.txt",
    "foo --hash",
    "foo --config-settings='a=b",
    "-r r.txt",
    "-r loop.txt",
    "-r missing.txt",
    "-r ${UNSET}/inc.txt",
    "-e foo://example.org/demo",
    "-e git+git@example.org:demo.git#egg=demo",
    "foo://example.org/demo",
    "./not-a-wheel.whl",
    "git+file://{path}/repository#egg=-",
    "a\0b",
)
# What pip refuses since it cannot be installed, or no longer, is compared with all the same.
TAKEN_BY_CLEANENV_ALONE = (
    "-e ./gone",
    "./gone",
    "foo --global-option=x",
    "--use-wheel\nfoo",
    "git+file://{path}/repository#egg=demo[x]",
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-32", "utf-16-be", "latin-1")


@pytest.mark.parametrize("text", ACCEPTED)
def test_takes_what_pip_takes(text: str, stage: Stage) -> None:
    data = text.replace("{path}", str(stage.path)).encode()
    expected = stage.ask_pip(data)
    assert expected is not None
    names = stage.ask_cleanenv(data)
    assert names is not None
    if "< '3'" in text:
        names.discard("foo")
    assert names in (expected, {None})


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_pip_refuses(text: str, stage: Stage) -> None:
    data = text.replace("{path}", str(stage.path)).encode()
    assert stage.ask_pip(data) is None
    assert stage.ask_cleanenv(data) is None


@pytest.mark.parametrize("text", TAKEN_BY_CLEANENV_ALONE)
def test_takes_more_where_nothing_has_to_be_installed(text: str, stage: Stage) -> None:
    data = text.replace("{path}", str(stage.path)).encode()
    assert stage.ask_pip(data) is None
    assert stage.ask_cleanenv(data) is not None


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_reads_the_encodings_that_pip_reads(encoding: str, stage: Stage) -> None:
    text = "# coding: latin-1\n# caf\N{LATIN SMALL LETTER E WITH ACUTE}\nfoo\n"
    mark = "\ufeff" if encoding.endswith("be") else ""
    data = (mark + text).encode(encoding)
    assert stage.ask_pip(data) == {"foo"}
    assert stage.ask_cleanenv(data) == {"foo"}
