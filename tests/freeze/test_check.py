"""--check: the differences between environment and file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cleanenv.errors import UsageError
from cleanenv.freeze import check
from cleanenv.freeze.requirements_text import Choice
from tests.support import projects
from tests.support.fake_environment import FakeEnvironment
from tests.support.git_repositories import git

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "0123456789" * 4


ENVIRON = {"VERSION": "1.5", "PROJECTS": "/some"}


def kinds(fake: FakeEnvironment, text: str, *, name: str = "r.txt", **options: object) -> list[tuple[str, str | None]]:
    """Return kind and name of each difference."""
    (fake.path / name).write_text(text)
    chosen = check.Options(**options)  # type: ignore[arg-type]
    report = check.check(fake.environment, name, str(fake.path), Choice(), ENVIRON, options=chosen)
    harmless = {"cannot be judged"} if chosen.strict else {"cannot be judged", "unpinned"}
    assert report.is_drift == any(difference.kind not in harmless for difference in report.differences)
    return [(difference.kind, difference.name) for difference in report.differences]


@pytest.fixture
def full(fake: FakeEnvironment) -> FakeEnvironment:
    fake.add("Plain.Name", "1.5")
    fake.add("from-git", direct_url__json=(
        f'{{"url": "https://u:p@example.org/a.git", "vcs_info": {{"vcs": "git", "commit_id": "{COMMIT}"}}}}'
    ))  # fmt: skip
    fake.add("from-zip", direct_url__json='{"url": "https://example.org/z.zip", "archive_info": {"hash": "sha256=aa"}}')
    fake.add("dev", direct_url__json='{"url": "file:///some/dev", "dir_info": {"editable": true}}')
    fake.add("odd", "1.0_x")
    fake.add("pip", "25.0")
    return fake


SAME = f"""\
plain-name==1.5
from-git @ git+https://u:p@example.org/a.git@{COMMIT}
from-zip @ https://example.org/z.zip#sha256=aa
-e /some/dev
odd===1.0_x
"""


def test_its_own_listing_is_not_drift(full: FakeEnvironment) -> None:
    assert kinds(full, "".join(f"{line}\n" for line in full.freeze()[0])) == []
    assert kinds(full, SAME) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("plain-name==1.5", "Plain_Name>=1,<2", []),
        ("plain-name==1.5", "plain-name", []),
        ("plain-name==1.5", "plain-name[nonsense]==1.5", [("cannot be judged", "Plain.Name")]),
        ("plain-name==1.5", "plain-name==1.5.0", []),
        ("plain-name==1.5", f"plain-name==1.5 \\\n --hash=sha256:{'0' * 64}", []),
        ("plain-name==1.5", "plain-name==1.6", [("other version", "Plain.Name")]),
        ("plain-name==1.5", "plain-name==1.6; python_version < '3'", [("extra", "Plain.Name")]),
        ("plain-name==1.5", "plain-name; python_version == '3.11'", []),
        ("plain-name==1.5", "", [("extra", "Plain.Name")]),
        ("plain-name==1.5", "plain-name @ https://example.org/x.zip", [("other version", "Plain.Name")]),
        ("plain-name==1.5", "plain-name==${VERSION}", []),
        ("odd===1.0_x", "odd===1.0_y", [("other version", "odd")]),
        ("odd===1.0_x", "odd>=1.0", [("cannot be judged", "odd")]),
        (COMMIT, "9" * 40, [("other version", "from-git")]),
        (COMMIT, "main", [("cannot be judged", "from-git")]),
        (f"@{COMMIT}", "", []),
        ("u:p@example", "example", []),
        ("a.git", "b.git", [("other version", "from-git")]),
        ("sha256=aa", "sha256=bb", [("other version", "from-zip")]),
        ("#sha256=aa", "", []),
        ("-e /some/dev", "-e /some/dev/", []),
        ("-e /some/dev", "-e ${PROJECTS}/dev", []),
        ("-e /some/dev", "-e /some/./other/../dev", []),
        ("-e /some/dev", "-e file:///some/dev#egg=dev", []),
        ("-e /some/dev", "dev @ file:///some/dev", []),
        ("-e /some/dev", "dev", []),
        ("-e /some/dev", "-e /other", [("missing", None), ("extra", "dev")]),
        ("-e /some/dev", "dev\nhttps://example.org/unknown.zip", [("cannot be judged", None)]),
        ("-e /some/dev", "dev\nabsent>=2", [("missing", "absent")]),
        ("-e /some/dev", "dev\npip==25.0", []),
        ("-e /some/dev", "dev\npip==24.0", [("other version", "pip")]),
        ("-e /some/dev", "dev\n-c c.txt", [("other version", "Plain.Name")]),
    ],
)
def test_each_change_is_reported(
    old: str, new: str, expected: list[tuple[str, str | None]], full: FakeEnvironment
) -> None:
    (full.path / "c.txt").write_text("plain-name<1\nabsent==1\nodd\n")
    assert old in SAME
    assert kinds(full, SAME.replace(old, new)) == expected


def test_a_version_of_thousands_of_digits(full: FakeEnvironment) -> None:
    """It is another version, or one refusal: packaging before 26.2 compares no number that int() does not take."""
    (full.path / "c.txt").write_text("plain-name<1\nabsent==1\nodd\n")
    text = SAME.replace("plain-name==1.5", f"plain-name=={'9' * 5000}")
    refusal = ""
    reported: list[tuple[str, str | None]] = []
    try:
        reported = kinds(full, text)
    except UsageError as error:
        refusal = str(error)
    assert reported == [("other version", "Plain.Name")] or ("(4300)" in refusal and len(refusal) < 500)


@pytest.mark.parametrize("name", ["my dev", "it's mine", "100%41", "#;@?&=$,", 'say "dev"'])
def test_the_path_of_an_editable_may_hold_anything(name: str, fake: FakeEnvironment, tmp_path: Path) -> None:
    made = tmp_path / name
    fake.add("dev", direct_url__json=json.dumps({"url": made.as_uri(), "dir_info": {"editable": True}}))
    assert kinds(fake, "".join(f"{line}\n" for line in fake.freeze()[0])) == []


def test_a_relative_file_url_begins_at_the_working_directory(fake: FakeEnvironment) -> None:
    made = fake.path.parent / "my dev"
    fake.add("dev", direct_url__json=json.dumps({"url": made.as_uri(), "dir_info": {"editable": True}}))
    for line in ("-e file:../my%20dev#egg=dev", "-e file:../my%20dev", "dev @ file:../my%20dev", '-e "../my dev"'):
        assert kinds(fake, f"{line}\n") == []


def test_top_level_asks_for_roots_alone(fake: FakeEnvironment) -> None:
    fake.add("app", requires=["lib"])
    fake.add("lib")
    fake.add("forgotten")
    assert kinds(fake, "app==1.0\n") == [("extra", "forgotten"), ("unpinned", "lib")]
    assert kinds(fake, "app==1.0\n", top_level=True) == [("extra", "forgotten")]


def test_an_editable_of_a_repository(fake: FakeEnvironment, tmp_path: Path) -> None:
    made = projects.repository(tmp_path / "dev", "dev", "https://example.org/dev")
    fake.add("dev", direct_url__json=f'{{"url": "{made.as_uri()}", "dir_info": {{"editable": true}}}}')
    (line,) = fake.freeze()[0]
    assert kinds(fake, f"{line}\n") == []
    git(made, "commit", "-q", "--allow-empty", "-m", "more")
    assert kinds(fake, f"{line}\n") == [("other version", "dev")]


def test_text_and_json(fake: FakeEnvironment) -> None:
    fake.add("more")
    fake.add("other", "2.0")
    (fake.path / "r.txt").write_text("other==1.0\nabsent==3\n")
    report = check.check(fake.environment, "r.txt", str(fake.path), Choice(), {})
    assert check.words(report) == (
        "other version: other 2.0 is installed, but 'other==1.0' (r.txt:1) asks for another: "
        "install that one, or change the line\n"
        "missing: 'absent==3' (r.txt:2) is not installed: install it, or remove the line\n"
        "extra: more==1.0 is installed but not in r.txt: uninstall it, or add the line\n"
    )
    value = json.loads(check.render(report))
    assert (value["version"], value["environment"], value["file"]) == (1, str(fake.path), "r.txt")
    assert value["drift"] is True
    assert value["warnings"] == []
    assert [
        {key: difference[key] for key in ("kind", "name", "installed", "wanted", "where")}
        for difference in value["differences"]
    ] == [
        {"kind": "other version", "name": "other", "installed": "2.0", "wanted": "other==1.0", "where": "r.txt:1"},
        {"kind": "missing", "name": "absent", "installed": None, "wanted": "absent==3", "where": "r.txt:2"},
        {"kind": "extra", "name": "more", "installed": "1.0", "wanted": None, "where": None},
    ]
