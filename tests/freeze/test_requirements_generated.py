"""Thousands of generated lines are taken and refused as pip's own parser does it, and mean the same."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

from cleanenv.environments.names import canonical
from cleanenv.errors import UsageError
from cleanenv.freeze import requirements_file
from tests.support import pip_parser, projects
from tests.support.command import run

VARIABLES = {"VERSION": "1.0", "EMPTY": "", "NAME": "foo", "TARGET": "demo"}

NAMES = (
    *("foo", "Foo.Bar_baz", "foo-1", "f", "1foo", "foo[x]", "foo[x,Y_z]", "foo[]", "foo [x]", "${NAME}", "foo\t"),
    *("foo_", "-foo", "foo bar", "foo[", "foo[x", "foo[x]]", "foo[x y]", "f\N{LATIN SMALL LETTER E WITH ACUTE}"),
    *("${UNSET}", "$NAME", "'foo'", "foo\\", "foo/", "!", "foo@bar"),
)
VERSIONS = (
    *("", "", "==1.0", " == 1.0", ">=1,<2", ">= 1 , < 2", "~=1.4", "==1.*", "===odd", "!=1", "(>=1)", " (>=1,<2)"),
    *("==${VERSION}", "=1", "==", "==${EMPTY}", ">=1 <2", "=>1", "==1.0.*.0", "1.0", "<", "~=1", ",", "==1;"),
    *(" @ https://e.org/a.zip", "@https://e.org/a", " @ file:///a/b%20c", " @ git+https://e.org/a@f0#egg=foo"),
    *(" @ ", " @ a b", " @ https://e.org/a;b", " @ https://e.org/a #c", "@", " @ ../a", " @ file:demo"),
)
CONDITIONS = (
    *("", "", "", " ; python_version > '3'", ";python_version>'3'", '; os_name == "posix"', "; extra == 'x'"),
    *("; python_version > '3' and (os_name == 'a' or os_name != 'b')", " ;", "; ", "; nonsense", "; python_version"),
    *("; python_version > 3", "; (os_name == 'a'", "; os_name == 'a' python_version", "; 'a' == 'b'", "; os.name=='a'"),
)
OPTIONS = (
    *("", "", "", " --hash=sha256:00", " --hash sha512:0f --hash=sha384:00", " -C a=b", " -Ca=b", " --pre"),
    *(" --config-settings='a=b c'", " --config-settings a=b -C c=", " --index-url https://e.org/", " -i x -f y"),
    *(" --hash=md5:00", " --hash=sha1:00", " --hash=sha256", " --hash", " --hash=:", " --hash='sha256:00", " --has=x"),
    *(" --config-settings a", " -C", " --nonsense", " -x", " --pre=1", " -", " --", " -- foo", " --no-binary=-x"),
    *(' --hash="sha256:00"', " --hash=sha256:${EMPTY}", " --no-deps", " --user", " --only-final=foo", " -e demo"),
)
COMMENTS = (
    "",
    "",
    "",
    " # why",
    "  #why",
    "\t# why",
    "#why",
    " # why \\",
    " \\",
    "\\",
    " \\\n",
    " \\\n  # why",
    "\\\n",
)
PATHS = (
    *("./demo", "demo/", ".//demo", "demo/../demo", "./demo[x]", "./demo[x, y]", "./my demo", "./my demo[x]", "demo"),
    *(
        "file:demo",
        "file:./demo#egg=demo",
        "file:../{here}/demo",
        "file://{path}/demo",
        "{path}/demo",
        "{path}/my demo",
    ),
    *(
        "file:my%20demo",
        "./${TARGET}",
        "wheels/foo-1.0-py2.py3-none-any.whl",
        "./wheels/foo-1.0-py2.py3-none-any.whl[x]",
    ),
    *("git+https://e.org/a", "git+https://e.org/a@f0#egg=foo", "git+ssh://git@e.org/a#egg=foo&subdirectory=b"),
    *("https://e.org/a.zip", "https://e.org/foo-1.0-py3-none-any.whl#sha256=00", "hg+https://e.org/a#egg=foo"),
    *("svn+https://e.org/a#egg=foo", "bzr+lp:a#egg=foo", "git+git@e.org:a.git#egg=foo", "git@e.org:a.git", "foo:bar"),
    *(
        "git+https://e.org/a#egg=foo==1",
        "git+https://e.org/a#egg=",
        "git+https://e.org/a#egg=-foo",
        "ftp://e.org/a.zip",
    ),
    *("git+foo://e.org/a#egg=foo", "https://e.org/not-a-wheel.whl", "./demo[", "./demo[]", "./demo[!]"),
    *("foo @ file://{path}/demo", "foo[x] @ git+https://e.org/a@f0", "git://e.org/a#egg=foo", "git+file://{path}/demo"),
)
EDITABLES = (*("", "", "-e ", "-e", "--editable ", "--editable=", "--edit ", "-e  ", "-e\t", "-E ", "-e '", '-e "'),)
INCLUDES = (
    *(
        "-r more.txt",
        "-rmore.txt",
        "--requirement more.txt",
        "--requirement=more.txt",
        "--req more.txt",
        "-r 'more.txt'",
    ),
    *("-c limits.txt", "--constraint=limits.txt", "-r file://{path}/more.txt", "-r gone.txt", "-r", "-r generated.txt"),
    *("-r ./more.txt -c limits.txt", "-c editable.txt", "--no-index", "--pre --pre"),
    *("--no-index=1", "-i", "-i https://e.org", "--trusted-host e.org", "-f", "--only-binary :all:"),
    *(
        "--prefer-binary",
        "--require-hashes",
        "--all-releases :all:",
        "--extra-index https://e.org",
        "--no",
        "# -r gone.txt",
    ),
    *(
        "-r more.txt # why",
        "-r 'more.txt",
        "-r more.txt foo",
        "foo -r more.txt",
        "-e",
        "-c",
        "--find-links=x --pre -i y",
    ),
)


def generated(count: int) -> list[str]:
    """Return ``count`` files of a line or two, the same ones each time."""
    source = random.Random(13)  # noqa: S311 - no secret depends on it

    def line() -> str:
        tail = source.choice(CONDITIONS) + source.choice(OPTIONS) + source.choice(COMMENTS)
        kind = source.randrange(10)
        if kind < 4:
            return source.choice(NAMES) + source.choice(VERSIONS) + tail
        if kind < 8:
            return source.choice(EDITABLES) + source.choice(PATHS) + (tail if kind < 6 else "")
        return source.choice(INCLUDES) + (tail if kind == 8 else "")

    return ["\n".join(line() for _ in range(source.choice((1, 1, 1, 2)))) + "\n" for _ in range(count)]


def ask_cleanenv(path: Path, text: str) -> list[list[object]] | None:
    (path / pip_parser.FILE).write_text(text, encoding="utf-8")
    try:
        requirements = requirements_file.read(pip_parser.FILE, str(path), VARIABLES)
    except UsageError:
        return None
    answers: list[list[object]] = []
    for requirement in requirements:
        requested = requirement.requested
        extras = sorted(requested.extras)
        answers.append([requested.name, requested.url, requirement.is_editable, requirement.is_constraint, extras])
    return answers


def comparable(answers: list[list[object]] | None) -> object:
    """Return what has to be the same; each once, since a file that is included twice is read once."""
    if answers is None:
        return None
    rows = [(name and canonical(str(name)), url is None, *map(str, rest)) for name, url, *rest in answers]
    return list(dict.fromkeys(rows))


def names_what_is_gone(answers: list[list[object]] | None) -> bool:
    """Whether a path in ``answers`` does not exist: pip refuses that, and cleanenv reports it as missing."""
    for _, url, *_ in answers or ():
        path = str(url).removeprefix("file://")
        if path != str(url) and not os.path.exists(urllib.parse.unquote(path.partition("#")[0])):
            return True
    return False


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stage")
    projects.wheel(path / "wheels", "foo")
    projects.project(path / "demo", "demo")
    projects.project(path / "my demo", "demo")
    (path / "more.txt").write_text("more>=1\n")
    (path / "limits.txt").write_text("limited<2\n")
    (path / "editable.txt").write_text("-e demo\n")
    run(sys.executable, "-m", "venv", path / "pip")
    run(path / "pip" / "bin" / "python", "-m", "pip", "install", "-q", "-U", "pip")
    return path


def test_generated_lines(stage: Path) -> None:
    texts = [text.replace("{path}", str(stage)).replace("{here}", stage.name) for text in generated(3000)]
    asked = subprocess.run(
        [stage / "pip" / "bin" / "python", pip_parser.__file__],
        cwd=stage,
        env={**os.environ, **VARIABLES, "PIP_CONFIG_FILE": os.devnull},
        input=json.dumps(texts).encode(),
        capture_output=True,
        timeout=110,
        check=True,
    )
    answers = json.loads(asked.stdout)
    assert 500 < sum(answer is not None for answer in answers) < 2500
    different = []
    for text, answer in zip(texts, answers, strict=True):
        own = ask_cleanenv(stage, text)
        if answer is None and names_what_is_gone(own):
            continue
        if comparable(own) != comparable(answer):
            different.append((text, answer, own))
    assert different == []
