"""--check: whether what is installed came from the directory or URL that a line names."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from cleanenv.freeze import check
from cleanenv.freeze.requirements_text import Choice
from tests.support import projects, working_copies
from tests.support.fake_environment import FakeEnvironment
from tests.support.git_repositories import git

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "0123456789" * 4
REMOTE = "git@github.com:example/demo.git"


def compare(fake: FakeEnvironment, text: str, directory: Path) -> list[tuple[str, str | None]]:
    """Return kind and name of each difference from the file ``text`` in ``directory``."""
    (directory / "r.txt").write_text(text)
    report = check.check(fake.environment, "r.txt", str(directory), Choice(), {})
    return [(difference.kind, difference.name) for difference in report.differences]


def editable(fake: FakeEnvironment, name: str, path: Path, *, is_editable: bool = True, **options: object) -> None:
    info = {"url": path.as_uri(), "dir_info": {"editable": is_editable}, **options}
    fake.add(name, direct_url__json=json.dumps(info), requires=["idna ; extra == 'x'"])


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a project in a repository that has a remote, which decides the line that freeze prints."""
    made = projects.repository(tmp_path / "work" / "demo", "demo", REMOTE)
    (made / "pyproject.toml").write_text('[project]\nname = "demo"\nversion = "1.0"\n')
    return made


FORMS = (
    *("-e .", "-e ./", "-e ../demo", "-e {path}", "-e {path}/", "--editable=.", "-e '.'", "-e ./sub/.."),
    *("-e file:.", "-e file:../demo", "-e file:../demo#egg=demo", "-e file://{path}", "-e file://{path}#egg=demo"),
    *(
        "demo @ file://{path}",
        "demo @ file:.",
        "Demo@file:../demo",
        "-e '{link}'",
        "-e {link}/",
        "demo @ file://{link}",
    ),
    *(".", "./", "file://{path}", "-e 'demo @ file://{path}'", "demo", "demo>=1", "-e {link}/../{linkname}"),
)


@pytest.mark.parametrize("form", FORMS)
def test_a_path_is_compared_as_a_directory(form: str, fake: FakeEnvironment, clone: Path, tmp_path: Path) -> None:
    editable(fake, "demo", clone)
    assert fake.freeze()[0][-1].startswith("-e git+ssh://git@github.com/example/demo.git@")
    link = tmp_path / "link"
    link.symlink_to(clone)
    (clone / "sub").mkdir()
    assert compare(fake, form.format(path=clone, link=link, linkname=link.name) + "\n", clone) == []
    other = projects.project(tmp_path / "work" / "other", "other")
    assert ("missing", None) in compare(fake, "-e ../other\n", clone), other


@pytest.mark.parametrize(
    "form", ["-e .[x]", "-e ./[X]", "-e {path}[x]", "demo[x] @ file://{path}", ".[x]", "-e file:.[x]", "demo[x]"]
)
def test_extras_of_a_path_count(form: str, fake: FakeEnvironment, clone: Path) -> None:
    editable(fake, "demo", clone)
    text = form.format(path=clone) + "\n"
    assert compare(fake, text, clone) == [("missing", "idna")]
    fake.add("idna")
    assert compare(fake, text, clone) == [("unpinned", "idna")]
    assert compare(fake, text.replace("[x]", "").replace("[X]", ""), clone) == [("extra", "idna")]


@pytest.mark.parametrize("kind", ["worktree", "submodule", "member", "link", "linked environment", "no repository"])
def test_wherever_the_directory_lies(kind: str, fake: FakeEnvironment, clone: Path, tmp_path: Path) -> None:
    outer = projects.repository(tmp_path / "outer", "outer", "https://example.org/outer.git")
    path = outer / "demo"
    if kind == "worktree":
        git(clone, "worktree", "add", "-q", str(path))
    elif kind == "submodule":
        git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(clone), "demo")
    elif kind == "member":
        projects.project(outer / "demo", "demo")
    elif kind == "link":
        path.symlink_to(clone)
    elif kind == "linked environment":
        path.symlink_to(clone)
        path = clone
    else:
        path = projects.project(tmp_path / "demo", "demo")
        (outer / "demo").symlink_to(path)
    editable(fake, "demo", path)
    for line in ("-e ./demo", "demo @ file:demo", f"-e {outer}/demo", "-e file:./demo#egg=demo"):
        assert compare(fake, f"{line}\n", outer) == [], line


def test_a_plain_install_of_a_directory(fake: FakeEnvironment, clone: Path) -> None:
    editable(fake, "demo", clone, is_editable=False)
    for line in (".", f"demo @ file://{clone}", "file:.", "demo"):
        assert compare(fake, f"{line}\n", clone) == [], line
    for line in ("-e .", f"-e file://{clone}", f"-e 'demo @ file://{clone}'"):
        assert compare(fake, f"{line}\n", clone) == [("other version", "demo")], line


def test_a_directory_whose_project_is_installed_from_elsewhere(
    fake: FakeEnvironment, clone: Path, tmp_path: Path
) -> None:
    """Its name is in its pyproject.toml."""
    fake.add("demo")
    assert compare(fake, "-e .\n", clone) == [("other version", "demo")]
    other = FakeEnvironment.bare(tmp_path / "other_env")
    editable(other, "demo", tmp_path)
    assert compare(other, "-e .\n", clone) == [("other version", "demo")]
    (clone / "pyproject.toml").write_text("[build-system]\nrequires = []\n")
    assert compare(other, "-e .\n", clone) == [("missing", None), ("extra", "demo")]


def test_setuptools_develop_of_a_source_directory(fake: FakeEnvironment, tmp_path: Path) -> None:
    """The .egg-link names the directory of the code, and on its second line the way to the project."""
    project = tmp_path / "demo"
    info = project / "src" / "demo.egg-info"
    info.mkdir(parents=True)
    (info / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\n")
    (fake.site_packages / "demo.egg-link").write_text(f"{project}/src\n../\n")
    (fake.site_packages / "easy-install.pth").write_text(f"{project}/src\n")
    for line in ("-e .", "-e ./src", f"-e {project}", f"demo @ file://{project}"):
        assert compare(fake, f"{line}\n", project) == [], line


def repository_install(fake: FakeEnvironment, revision: str | None, url: str = "https://example.org/a.git") -> None:
    info = {"vcs": "git", "commit_id": COMMIT}
    if revision is not None:
        info["requested_revision"] = revision
    fake.add("a", direct_url__json=json.dumps({"url": url, "vcs_info": info}))


@pytest.mark.parametrize(
    ("recorded", "wanted", "expected"),
    [
        ("dev", "dev", []),
        ("v1.0", "v1.0", []),
        ("feature/x", "feature/x", []),
        (None, COMMIT, []),
        (None, COMMIT.upper(), []),
        (None, COMMIT[:7], []),
        ("dev", COMMIT[:12], []),
        (None, COMMIT[:4], []),
        ("dev", None, []),
        ("dev", "main", [("cannot be judged", "a")]),
        (None, "main", [("cannot be judged", "a")]),
        (None, "9" * 7, [("cannot be judged", "a")]),
        (COMMIT, "9" * 40, [("other version", "a")]),
        ("dev", "9" * 40, [("other version", "a")]),
    ],
)
def test_revisions(
    recorded: str | None, wanted: str | None, expected: list[tuple[str, str]], fake: FakeEnvironment, tmp_path: Path
) -> None:
    repository_install(fake, recorded)
    url = "git+https://example.org/a.git" + (f"@{wanted}" if wanted else "")
    for line in (f"a @ {url}", f"{url}#egg=a"):
        assert compare(fake, f"{line}\n", tmp_path) == expected, line


def test_what_cannot_be_judged_says_what_is_known(fake: FakeEnvironment, tmp_path: Path) -> None:
    repository_install(fake, "dev")
    (tmp_path / "r.txt").write_text("a @ git+https://example.org/a.git@main\n")
    report = check.check(fake.environment, "r.txt", str(tmp_path), Choice(), {})
    assert not report.is_drift
    assert check.words(report) == (
        f"cannot be judged: a 1.0 is installed at {COMMIT}, which was 'dev', and 'a @ git+https://example.org/a.git@main'"
        " (r.txt:1) may have become another commit since: write the commit, or compare them yourself\n"
    )


@pytest.mark.parametrize(
    ("installed", "wanted", "is_same"),
    [
        ("https://example.org/a.git", "git+https://example.org/a", True),
        ("https://example.org/a", "git+https://EXAMPLE.org/a.git/", True),
        ("https://you:secret@example.org/a", "git+https://example.org/a", True),
        ("https://example.org/my%20a", "git+https://example.org/%6dy%20a", True),
        ("file:///some/where/a", "git+file:///some/./where/../where/a", True),
        ("https://example.org/a@b", f"git+https://example.org/a@b@{COMMIT}", True),
        ("https://example.org/a", "git+https://example.org/b", False),
        ("https://example.org/a", "git+https://example.com/a", False),
        ("https://example.org/a", "git+ssh://git@example.org/a", False),
        ("https://example.org/a", "hg+https://example.org/a", False),
    ],
)
def test_urls_of_repositories(
    installed: str, wanted: str, is_same: bool, fake: FakeEnvironment, tmp_path: Path
) -> None:
    repository_install(fake, None, installed)
    expected = [] if is_same else [("other version", "a")]
    assert compare(fake, f"a @ {wanted}\n", tmp_path) == expected


@pytest.mark.parametrize(
    ("installed", "wanted", "is_same"),
    [
        ("https://example.org/a%2Bcpu.zip", "https://example.org/a+cpu.zip", True),
        ("https://example.org/a.zip", "https://example.org/a.zip#sha256=aa", True),
        ("https://example.org/a.zip", "https://example.org/a.zip#md5=cc&sha256=aa", True),
        ("https://example.org/a.zip", "https://example.org/a.zip#sha256=bb", False),
        ("https://example.org/a.zip", "https://example.org/b.zip", False),
        ("file:///some/wheels/a.zip", "file:///some/wheels/../wheels/a.zip", True),
        ("file:///some/wheels/a.zip", "file:///other/a.zip", False),
    ],
)
def test_archives(installed: str, wanted: str, is_same: bool, fake: FakeEnvironment, tmp_path: Path) -> None:
    info = {"url": installed, "archive_info": {"hashes": {"sha256": "aa"}}}
    fake.add("a", direct_url__json=json.dumps(info))
    expected = [] if is_same else [("other version", "a")]
    assert compare(fake, f"a @ {wanted}\n", tmp_path) == expected


@pytest.mark.parametrize(("wanted", "expected"), [("one", []), ("./one/", []), ("two", [("other version", "a")])])
def test_the_subdirectory_of_a_repository(
    wanted: str, expected: list[tuple[str, str]], fake: FakeEnvironment, tmp_path: Path
) -> None:
    info = {"vcs": "git", "commit_id": COMMIT}
    origin = {"url": "https://example.org/a", "vcs_info": info, "subdirectory": "one"}
    fake.add("a", direct_url__json=json.dumps(origin))
    line = f"a @ git+https://example.org/a@{COMMIT}#subdirectory={wanted}"
    assert compare(fake, f"{line}\n", tmp_path) == expected


def test_the_json_listing_has_the_requested_revision(fake: FakeEnvironment) -> None:
    from cleanenv.freeze import views

    repository_install(fake, "dev")
    text, _ = views.freeze(fake.environment, Choice(), form="json")
    (row,) = json.loads(text)["distributions"]
    assert row["direct_url"]["vcs_info"] == {"vcs": "git", "commit_id": COMMIT, "requested_revision": "dev"}


def test_arbitrary_versions_are_compared_without_case(fake: FakeEnvironment, tmp_path: Path) -> None:
    fake.add("leg", "2010i_x")
    assert compare(fake, "leg===2010I_X\n", tmp_path) == []
    assert compare(fake, "leg===2010j_x\n", tmp_path) == [("other version", "leg")]


def test_a_path_that_is_gone(fake: FakeEnvironment, tmp_path: Path) -> None:
    editable(fake, "demo", tmp_path / "gone")
    assert not os.path.exists(tmp_path / "gone")
    assert compare(fake, "-e ./gone\n", tmp_path) == []
    assert compare(fake, "-e ./other\n", tmp_path) == [("missing", None), ("extra", "demo")]


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("main", None),
        ("refs/heads/main", None),
        ("v2", None),
        ("annotated", None),
        ("packed", None),
        ("same", None),
        ("at-the-remote", None),
        ("v1", "other version"),
        ("old-annotated", "other version"),
        ("old-packed", "other version"),
        ("behind", "cannot be judged"),
        ("unknown", "cannot be judged"),
    ],
)
def test_branches_and_tags_of_an_editable_clone(
    wanted: str, kind: str | None, fake: FakeEnvironment, clone: Path, tmp_path: Path
) -> None:
    git(clone, "tag", "old-packed")
    git(clone, "tag", "v1")
    git(clone, "branch", "behind")
    git(clone, "tag", "-a", "-m", "x", "old-annotated")
    git(clone, "commit", "-q", "--allow-empty", "-m", "more")
    git(clone, "tag", "-a", "-m", "x", "packed")
    git(clone, "pack-refs", "--all")
    git(clone, "tag", "v2")
    git(clone, "tag", "-a", "-m", "x", "annotated")
    git(clone, "branch", "same")
    git(clone, "update-ref", "refs/remotes/origin/at-the-remote", "HEAD")
    editable(fake, "demo", clone)
    line = f"-e git+ssh://{REMOTE.replace(':', '/')}@{wanted}#egg=demo\n"
    assert compare(fake, line, tmp_path) == ([(kind, "demo")] if kind else [])


def test_clones_of_mercurial_and_subversion(fake: FakeEnvironment, tmp_path: Path) -> None:
    working_copies.require("hg", "svn", "svnadmin")
    origin = projects.project(tmp_path / "origin", "demo")
    working_copies.hg(origin, "init", "-q")
    working_copies.hg(origin, "add", "-q")
    working_copies.hg(origin, "commit", "-q", "-m", "x")
    working_copies.hg(tmp_path, "clone", "-q", "origin", "clone")
    node = working_copies.hg(origin, "parents", "--template={node}")
    editable(fake, "demo", tmp_path / "clone")
    url = working_copies.subversion_repository(tmp_path / "svn")
    working_copies.svn(tmp_path, "checkout", "-q", url, "copy")
    (tmp_path / "copy" / "setup.py").touch()
    editable(fake, "sub", tmp_path / "copy")
    lines, warnings = fake.freeze()
    assert warnings == []
    assert compare(fake, "\n".join(lines), tmp_path) == []
    rest = f"-e svn+{url}#egg=sub\n"
    hg_url = f"-e hg+{origin.as_uri()}"
    for revision, kind in ((f"@{node}", None), ("", None), (f"@{node[:12]}", None), ("@default", "cannot be judged")):
        differences = compare(fake, f"{rest}{hg_url}{revision}#egg=demo\n", tmp_path)
        assert differences == ([(kind, "demo")] if kind else [])
    assert compare(fake, f"{rest}{hg_url}@{'0' * 40}#egg=demo\n", tmp_path) == [("other version", "demo")]
    assert compare(fake, f"{rest}-e git+{origin.as_uri()}#egg=demo\n", tmp_path) == [("other version", "demo")]
