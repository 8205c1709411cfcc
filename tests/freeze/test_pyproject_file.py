"""--check pyproject.toml: dependencies, extras and dependency groups."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from cleanenv.errors import UsageError
from cleanenv.freeze import check, pyproject_file
from cleanenv.freeze.requirements_text import Choice
from tests.support import projects
from tests.support.fake_environment import FakeEnvironment

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
[project]
name = "My.Root"
version = "1.0"
requires-python = ">=3.9"
dependencies = [
    "six>=1",
    "colorama ; sys_platform == 'never'",
    'lib @ file:../lib',
]
[project.optional-dependencies]
Web_App = ["flask[async]>=2"]
all = ["my-root[web-app,docs]", "idna"]
docs = ["sphinx", "My_Root[all]"]
old = ["my_root[nonsense] ; python_version < '3'", "attrs"]

[dependency-groups]
test = ["pytest", { include-group = "Type.Check" }]
type-check = ["mypy", { include-group = "more" }]
more = ["pluggy"]
self = ["my-root[web-app]"]
"""


def read(directory: Path, text: str, extras: tuple[str, ...] = (), groups: tuple[str, ...] = ()) -> list[str]:
    """Return each requirement and where it is."""
    path = directory / "pyproject.toml"
    path.write_text(text)
    values = {"sys_platform": "linux", "python_version": "3.11", "extra": ""}
    request = pyproject_file.read(str(path), "pyproject.toml", extras, groups, values)
    return [f"{requirement.text} {requirement.where}" for requirement in request.requirements]


@pytest.mark.parametrize(
    ("extras", "groups", "expected"),
    [
        ((), (), []),
        (("web-app",), (), ["flask[async]>=2 pyproject.toml:12"]),
        (("WEB.App", "web_app"), (), ["flask[async]>=2 pyproject.toml:12"]),
        (("all",), (), ["sphinx pyproject.toml:14", "flask[async]>=2 pyproject.toml:12", "idna pyproject.toml:13"]),
        (("docs",), (), ["sphinx pyproject.toml:14", "flask[async]>=2 pyproject.toml:12", "idna pyproject.toml:13"]),
        (("old",), (), ["attrs pyproject.toml:15"]),
        ((), ("test",), ["pytest pyproject.toml:18", "mypy pyproject.toml:19", "pluggy pyproject.toml:20"]),
        ((), ("More", "type_check"), ["pluggy pyproject.toml:20", "mypy pyproject.toml:19"]),
        ((), ("self",), ["flask[async]>=2 pyproject.toml:12"]),
        (("old",), ("more",), ["attrs pyproject.toml:15", "pluggy pyproject.toml:20"]),
    ],
)
def test_what_it_asks_for(
    extras: tuple[str, ...], groups: tuple[str, ...], expected: list[str], tmp_path: Path
) -> None:
    always = [
        *("six>=1 pyproject.toml:7", "colorama ; sys_platform == 'never' pyproject.toml:8"),
        "lib @ file:../lib pyproject.toml:9",
    ]
    assert read(tmp_path, TEXT, extras, groups) == [*always, *expected]


@pytest.mark.parametrize(
    ("text", "extras", "groups", "says"),
    [
        (TEXT, ("nope",), (), "has no extra 'nope': name one of all, docs, old, web-app"),
        (TEXT, (), ("nope",), "has no dependency group 'nope': name one of more, self, test, type-check"),
        ("[project]\nname = 'a'\n", ("x",), (), "has no extra 'x': remove the option"),
        ("[tool.poetry]\nname = 'a'\n", (), (), "has no [project] table"),
        ("[project]\nversion = '1'\n", (), (), "has no name"),
        ("[project\n", (), (), "not valid TOML"),
        ("[project]\nname = 'a'\ndependencies = 'six'\n", (), (), "'dependencies' in 'pyproject.toml' is not a list"),
        ("[project]\nname = 'a'\ndependencies = [1]\n", (), (), "'dependencies' in 'pyproject.toml' is not a list"),
        (
            "[project]\nname = 'a'\ndependencies = ['six=1']\n",
            (),
            (),
            "'six=1' (pyproject.toml:3) is not a requirement",
        ),
        (
            "[project]\nname = 'a'\nrequires-python = 'x'\n",
            (),
            (),
            "'requires-python' in 'pyproject.toml' is not a ver",
        ),
        ("project = 1\n", (), (), "'project' in 'pyproject.toml' is not a table"),
        ("[dependency-groups]\na = [{include-group = 'a'}]\n", (), ("a",), "includes itself"),
        ("[dependency-groups]\na = [{include-group='b'}]\nb = [{include-group='a'}]\n", (), ("b",), "includes itself"),
        ("[dependency-groups]\na = [{include-group = 'b'}]\n", (), ("a",), "has no dependency group 'b'"),
        ("[dependency-groups]\na = [{x = 'b'}]\n", (), ("a",), "'a' in 'pyproject.toml' is not a list of requirements"),
        ("[dependency-groups]\na = 'six'\n", (), ("a",), "'a' in 'pyproject.toml' is not a list"),
        ("[dependency-groups]\na-b = []\nA_b = []\n", (), ("a-b",), "has the dependency group 'a-b' twice"),
        ("[project]\nname = 'a'\ndependencies = ['x @ https://u:s3cret@e.org/a b']\n", (), (), "u:****@e.org"),
    ],
)
def test_what_cannot_be_read(
    text: str, extras: tuple[str, ...], groups: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text, extras, groups)
    assert says in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert caught.value.remedy


def test_groups_need_no_project(tmp_path: Path) -> None:
    assert read(tmp_path, "[dependency-groups]\na = ['six']\n", (), ("a",)) == ["six pyproject.toml:2"]


def kinds(fake: FakeEnvironment, directory: Path, **options: object) -> list[tuple[str, str | None]]:
    chosen = check.Options(**options)  # type: ignore[arg-type]
    report = check.check(fake.environment, "pyproject.toml", str(directory), Choice(), {}, options=chosen)
    return [(difference.kind, difference.name) for difference in report.differences]


def test_the_project_itself_may_be_installed(fake: FakeEnvironment, tmp_path: Path) -> None:
    project = projects.project(tmp_path / "root", "my-root")
    lib = projects.project(tmp_path / "lib", "lib")
    (project / "pyproject.toml").write_text(TEXT)
    fake.add("six")
    fake.add("lib", direct_url__json=json.dumps({"url": lib.as_uri(), "dir_info": {"editable": True}}))
    assert kinds(fake, project) == []
    fake.add("my_root", direct_url__json=json.dumps({"url": project.as_uri(), "dir_info": {"editable": True}}))
    assert kinds(fake, project) == []
    assert kinds(fake, project, groups=("more",)) == [("missing", "pluggy")]
    fake.add("pluggy")
    assert kinds(fake, project) == [("extra", "pluggy")]
    assert kinds(fake, project, groups=("more",)) == []


@pytest.mark.parametrize("extras", [(), ("x",)])
def test_dynamic_dependencies_are_those_of_the_installed_project(
    extras: tuple[str, ...], fake: FakeEnvironment, tmp_path: Path
) -> None:
    text = "[project]\nname = 'app'\ndynamic = ['dependencies', 'optional-dependencies']\n"
    (tmp_path / "pyproject.toml").write_text(text)
    assert ("missing", "app") in kinds(fake, tmp_path, extras=extras)
    fake.add("app", requires=["lib", "more ; extra == 'x'"])
    missing = [name for kind, name in kinds(fake, tmp_path, extras=extras) if kind == "missing"]
    assert missing == (["lib", "more"] if extras else ["lib"])


@pytest.mark.parametrize(
    ("wanted", "python", "is_other"),
    [
        (">=3.9", "3.11.5", False),
        (">=3.12", "3.11.5", True),
        ("<3.11", "3.11.5", True),
        (">=3.11.4", "3.11.5", False),
        (">=3.11.6", "3.11.5", True),
        ("==3.11.*", "3.11.5", False),
        (">=3.11.4", "3.11", False),  # no more is known of it
        (">=3.12", "3.11", True),
    ],
)
def test_the_python_that_it_asks_for(
    wanted: str, python: str, is_other: bool, fake: FakeEnvironment, tmp_path: Path
) -> None:
    fake.configure(version=python)
    (tmp_path / "pyproject.toml").write_text(f"[project]\nname = 'app'\nrequires-python = '{wanted}'\n")
    assert kinds(fake, tmp_path) == ([("other version", "python")] if is_other else [])


def test_the_markers_are_those_of_the_environment(fake: FakeEnvironment, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'app'\ndependencies = ['a ; python_version < \"3.11\"', 'b ; python_version == \"3.11\"']\n"
    )
    assert kinds(fake, tmp_path) == [("missing", "b")]


def test_names_of_groups_and_extras_are_refused_for_other_files(fake: FakeEnvironment, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("")
    for chosen in (check.Options(extras=("x",)), check.Options(groups=("x",))):
        with pytest.raises(UsageError, match="options for a pyproject"):
            check.check(fake.environment, "r.txt", str(tmp_path), Choice(), {}, options=chosen)


def test_the_groups_are_those_that_pip_installs(tmp_path: Path, pip: Path) -> None:
    """Of the same file, pip takes them by the same names."""
    for name in ("pytest", "mypy", "pluggy"):
        projects.wheel(tmp_path / "wheels", name)
    (tmp_path / "pyproject.toml").write_text(TEXT)
    for group in ("test", "TYPE_check", "more"):
        command = [pip, "-m", "pip", "install", "--dry-run", "--no-index", "--find-links=wheels", "--group", group]
        done = subprocess.run(
            [*map(str, command), "--quiet", "--report", "report.json"],
            cwd=tmp_path,
            check=True,
            timeout=100,
            capture_output=True,
        )
        assert done.returncode == 0
        items = json.loads((tmp_path / "report.json").read_text())["install"]
        installed = {item["metadata"]["name"] for item in items}
        own = {line.split()[0] for line in read(tmp_path, TEXT, (), (group,))} - {"six>=1", "colorama", "lib"}
        assert own == installed
