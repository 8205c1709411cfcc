"""Thousands of generated lines are taken and refused as pip's own parser does it, and mean the same."""

from __future__ import annotations

import json
import os
import random
import subprocess
import urllib.parse
from pathlib import Path

import pytest

from cleanenv.environments.names import canonical
from cleanenv.errors import UsageError
from cleanenv.freeze import requirements_file
from tests.support import pip_parser, projects

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
    return path


def different(stage: Path, pip: Path, texts: list[str]) -> list[tuple[str, object, object]]:
    """Return each of ``texts`` that pip reads in another way, with pip's reading and cleanenv's."""
    texts = [text.replace("{path}", str(stage)).replace("{here}", stage.name) for text in texts]
    asked = subprocess.run(
        [pip, pip_parser.__file__],
        cwd=stage,
        env={**os.environ, **VARIABLES, "PIP_CONFIG_FILE": os.devnull},
        input=json.dumps(texts).encode(),
        capture_output=True,
        timeout=110,
        check=True,
    )
    answers = json.loads(asked.stdout)
    if len(texts) > 1:  # both answers are frequent
        assert len(texts) / 10 < sum(answer is not None for answer in answers) < len(texts)
    found: list[tuple[str, object, object]] = []
    for text, answer in zip(texts, answers, strict=True):
        own = ask_cleanenv(stage, text)
        if answer is None and names_what_is_gone(own):
            continue
        if comparable(own) != comparable(answer):
            found.append((text, answer, own))
    return found


def test_generated_lines(stage: Path, pip: Path) -> None:
    assert different(stage, pip, generated(3000)) == []


# What pip's own tests of requirements files stage, told by their descriptions and written anew.
STAGED = {
    "comments and blank lines are skipped": "# first\n\n   # second\nfoo\n   \nbar # third\n",
    "a hash inside a word is no comment": "foo#bar\n",
    "a URL with a fragment and a comment": "https://e.org/a.zip#egg=foo # why\n",
    "joined lines": "foo \\\n>=1 \\\n,<2\nbar\n",
    "a joined line at the end of the file": "foo \\\n",
    "a comment ends a joined line": "foo \\\n# comment\nbar\n",
    "a comment that ends in a backslash joins nothing": "# comment \\\nfoo\n",
    "a comment with a backslash in a joined line": "foo \\\n  # comment \\\nbar\n",
    "comments are stripped after lines are joined": "foo \\\n==1 # why\n",
    "variables are replaced": "foo==${VERSION}\n",
    "a variable that is not set stays": "foo @ https://${UNSET}@e.org/a.zip\n",
    "only capitals between braces are variables": "foo @ https://e.org/$NAME/${name}/a.zip\n",
    "a variable for a whole line": "${NAME}\n",
    "a variable in an included path": "-r ${TARGET}/../more.txt\n",
    "an option only": "--no-index\n",
    "several options on a line": "--index-url https://e.org --extra-index-url https://f.org --find-links /a\n",
    "an option after a requirement": "foo --hash=sha256:ab --hash=sha384:cd\n",
    "a quoted option": "foo --config-settings=\"yaml=a b\" --config-settings 'c=d'\n",
    "an option that needs a value": "--index-url\n",
    "an unknown option": "--unknown\n",
    "an option with a wrong hash": "foo --hash=sha1:ab\n",
    "a path with markers": "./demo ; python_version > '3'\n",
    "an editable": "-e file://{path}/demo#egg=demo\n",
    "an editable with extras": "-e ./demo[x,y]\n",
    "a constraint": "-c limits.txt\n",
    "a nested file": "-r more.txt\n",
    "a nested constraint in a nested file": "-r nested/both.txt\n",
    "a nested path begins at the file": "-r nested/inner.txt\n",
    "an absolute nested path": "-r {path}/nested/inner.txt\n",
    "a file that includes itself": "-r generated.txt\n",
    "a file that includes itself by another": "-r nested/loop.txt\n",
    "no option is taken from a word": "foo-e\n",
    "markers with a dash": "foo ; python_version > '3' and platform_machine == 'x86-64'\n",
    "a URL requirement with a name": "foo @ https://e.org/a-b.zip --hash=sha256:00\n",
    "a local wheel": "./wheels/foo-1.0-py2.py3-none-any.whl\n",
    "trusted hosts": "--trusted-host=e.org\n--trusted-host=e.org:80\nfoo\n",
    "formats": "--no-binary=:all:\n--only-binary=foo,bar\nfoo\n",
    "short options": "-i https://e.org\n-f wheels\nfoo\n",
    "short options without a blank": "-ihttps://e.org\n-fwheels\n-cmore.txt\n",
    "windows line ends": "foo\r\nbar\r\n",
    "old line ends": "foo\rbar\r",
    "other separators of lines": "foo\x0cbar\x0bbaz\x1c\n",
    "a tab before a comment": "foo\t# why\n",
    "a quotation mark that is not closed": "foo --config-settings='a=b\n",
    "an equals sign alone": "foo=1.0\n",
    "an empty file": "",
}


def test_what_pips_tests_stage(stage: Path, pip: Path) -> None:
    below = stage / "nested"
    below.mkdir(exist_ok=True)
    (below / "both.txt").write_text("inner\n-c ../limits.txt\n")
    (below / "inner.txt").write_text("-r ../more.txt\ninner\n")
    (below / "loop.txt").write_text("-r ../generated.txt\n")
    assert different(stage, pip, list(STAGED.values())) == []
