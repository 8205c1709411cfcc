"""Editable projects in every version control system: byte for byte what pip prints, which asks the real programs."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import projects
from tests.support.git_repositories import commit, git
from tests.support.working_copies import brz, hg, require, subversion_repository, svn

if TYPE_CHECKING:
    from pathlib import Path

    from tests.freeze.version_control.conftest import Bench


def mercurial_clone(directory: Path, below: str = "") -> Path:
    """Make a Mercurial repository with a project in ``below`` of it, and a clone of it; return the clone's project."""
    require("hg")
    origin = directory / "hg-origin"
    origin.mkdir()
    hg(origin, "init", "-q")
    if below:
        projects.project(origin / below, "demo")
    else:
        _fill(origin)
    hg(origin, "add", "-q")
    hg(origin, "commit", "-q", "-m", "x")
    hg(directory, "clone", "-q", str(origin), "hg-clone")
    return directory / "hg-clone" / below


def _fill(directory: Path) -> None:
    (directory / "setup.py").write_text("")


def working_copy(directory: Path, path: str = "trunk") -> Path:
    """Make a Subversion repository and check ``path`` of it out; return the working copy."""
    require("svn", "svnadmin")
    url = subversion_repository(directory / "svn-origin")
    svn(directory, "mkdir", "-q", "--parents", "-m", "x", f"{url}/{path}@")
    svn(directory, "checkout", "-q", f"{url}/{path}@", "svn-copy")
    copy = directory / "svn-copy"
    _fill(copy)
    svn(copy, "add", "-q", "setup.py")
    svn(copy, "commit", "-q", "-m", "y")
    return copy


def breezy_branch(directory: Path) -> Path:
    """Make a Breezy branch with a project."""
    require("brz")
    origin = directory / "brz-origin"
    origin.mkdir()
    brz(origin, "init", "-q")
    _fill(origin)
    brz(origin, "add", "-q")
    brz(origin, "commit", "-q", "-m", "x")
    return origin


# Mercurial.


def test_a_clone_of_mercurial(bench: Bench) -> None:
    bench.install(mercurial_clone(bench.directory))
    [line] = bench.agreed(f"-e hg+file://{bench.directory}/hg-origin@")
    assert line.endswith("#egg=demo")


def test_a_directory_below_a_clone_of_mercurial(bench: Bench) -> None:
    bench.install(mercurial_clone(bench.directory, "python/one"), "a-b")
    [line] = bench.agreed("-e hg+file://")
    assert line.endswith("#egg=a_b&subdirectory=python/one")


def test_a_source_directory_of_mercurial(bench: Bench) -> None:
    clone = mercurial_clone(bench.directory)
    (clone / "src").mkdir()
    bench.install(clone / "src")
    bench.agreed("-e hg+file://")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a",
        "https://user:secret@example.org/a",
        "ssh://hg@example.org/a b",
        "../hg-origin",
        "~/a",
        "a%%b",
        "https://example.org/a # no comment",
        "hg://example.org/a",
        "",
        "https://example.org/a\n  b",
    ],
)
def test_paths_of_mercurial(url: str, bench: Bench) -> None:
    clone = mercurial_clone(bench.directory)
    (clone / ".hg" / "hgrc").write_text(f"# x\n[paths]\nother = y\ndefault = {url}\n\ndefault:pushurl = z\n")
    bench.install(clone)
    bench.agreed("-e hg:" if url.startswith("hg:") else "-e hg+")


@pytest.mark.parametrize(
    "text",
    [
        "[paths]\ndefault = a\n%unset default\n",
        "[paths]\ndefault = a\n[ui]\ndefault = b\n%unset default\n",
        "[paths]\ndefault = a\n[paths]\ndefault=b\n",
        "[ui]\nusername = x\n",
        "%include more\n[paths]\nother = 1\n",
        "[paths]\n; default = b\n%include ../more\n",
        "",
    ],
)
def test_configurations_of_mercurial(text: str, bench: Bench) -> None:
    clone = mercurial_clone(bench.directory)
    (clone / ".hg" / "hgrc").write_text(text)
    (clone / ".hg" / "more").write_text("[paths]\ndefault = https://example.org/included\n")
    (clone / "more").write_text("[paths]\ndefault = https://example.org/above\n")
    bench.install(clone)
    bench.agreed()


def test_the_users_configuration_of_mercurial(bench: Bench) -> None:
    clone = mercurial_clone(bench.directory)
    (clone / ".hg" / "hgrc").unlink()
    (bench.home / ".hgrc").write_text("[paths]\ndefault = https://example.org/home\n")
    bench.install(clone)
    bench.agreed("-e hg+https://example.org/home@")
    (bench.home / ".config" / "hg").mkdir(parents=True)
    (bench.home / ".config" / "hg" / "hgrc").write_text("[paths]\ndefault = https://example.org/config\n")
    bench.agreed("-e hg+https://example.org/config@")


def test_a_clone_of_mercurial_without_commit(bench: Bench) -> None:
    require("hg")
    empty = bench.directory / "empty"
    empty.mkdir()
    hg(empty, "init", "-q")
    _fill(empty)
    bench.install(empty)
    bench.agreed("## !! Could not determine repository location")
    assert bench.problems == ["editable"]


def test_a_shared_clone_of_mercurial(bench: Bench) -> None:
    origin = mercurial_clone(bench.directory)
    hg(bench.directory, "--config", "extensions.share=", "share", "-q", str(origin), "shared")
    bench.install(bench.directory / "shared")
    bench.agreed(f"-e hg+file://{bench.directory}/hg-origin@")


def test_a_dirstate_of_the_second_version(bench: Bench) -> None:
    # Mercurial itself reads it only if told that it may be slow, or if it was built with Rust; pip cannot tell it.
    origin = mercurial_clone(bench.directory)
    slow = ("--config", "storage.dirstate-v2.slow-path=allow")
    hg(bench.directory, *slow, "--config", "format.use-dirstate-v2=yes", "clone", "-q", str(origin), "newer")
    newer = bench.directory / "newer"
    assert "dirstate-v2" in (newer / ".hg" / "requires").read_text()
    bench.install(newer)
    commit_checked_out = hg(newer, *slow, "parents", "--template={node}")
    assert bench.cleanenv() == [f"-e hg+file://{origin}@{commit_checked_out}#egg=demo"]


# Subversion.


@pytest.mark.parametrize("path", ["trunk", "a b/ü", "x&y/trunk", "p%q+r@s", "proj/~u/it's(1)"])
def test_a_working_copy_of_subversion(path: str, bench: Bench) -> None:
    bench.install(working_copy(bench.directory, path))
    [line] = bench.agreed(f"-e svn+file://{bench.directory}/svn-origin/")
    assert line.endswith("@1#egg=demo")


def test_an_updated_and_a_switched_working_copy(bench: Bench) -> None:
    copy = working_copy(bench.directory)
    bench.install(copy)
    svn(copy, "update", "-q")
    first = bench.agreed("-e svn+")
    assert "/trunk@2#" in first[0]
    url = f"{bench.directory.as_uri()}/svn-origin"
    svn(copy, "copy", "-q", "-m", "z", f"{url}/trunk", f"{url}/branch")
    svn(copy, "switch", "-q", f"{url}/branch")
    (copy / "more").write_text("")
    svn(copy, "add", "-q", "more")
    assert "/branch@3#" in bench.agreed("-e svn+")[0]


def test_below_a_working_copy_pip_sees_no_version_control(bench: Bench) -> None:
    copy = working_copy(bench.directory)
    bench.install(projects.project(copy / "below", "demo"))
    bench.agreed("# Editable install with no version control (demo==1.0)", "-e /")


def test_a_damaged_working_copy(bench: Bench) -> None:
    copy = working_copy(bench.directory)
    bench.install(copy)
    (copy / ".svn" / "wc.db").write_bytes(b"not a database")
    assert bench.cleanenv()[0] == "## !! Could not determine repository location"
    assert bench.problems == ["editable"]


def test_a_working_copy_is_not_written_to(bench: Bench) -> None:
    copy = working_copy(bench.directory)
    bench.install(copy)
    before = {path: path.stat().st_mtime_ns for path in (copy / ".svn").rglob("*")}
    bench.cleanenv()
    assert {path: path.stat().st_mtime_ns for path in (copy / ".svn").rglob("*")} == before


def test_a_working_copy_of_an_old_subversion(bench: Bench) -> None:
    copy = projects.legacy_project(bench.directory / "old", "demo")
    (copy / ".svn").mkdir()
    own = ["10", "", "dir", "7", "https://example.org/svn/trunk", "https://example.org/svn", "", "", "", "", "5"]
    file = ["setup.py", "file", "", "", "", "", "", "", "", "9"]
    (copy / ".svn" / "entries").write_text("\n\f\n".join("\n".join(entry) for entry in (own, file, [])))
    bench.install(copy)
    assert bench.agreed() == ["-e svn+https://example.org/svn/trunk@9#egg=demo"]


# Breezy.


def test_a_branch_of_breezy(bench: Bench) -> None:
    origin = breezy_branch(bench.directory)
    brz(bench.directory, "branch", "-q", "brz-origin", "a branch")
    brz(bench.directory, "checkout", "-q", "brz-origin", "heavy")
    brz(bench.directory, "checkout", "-q", "--lightweight", "a branch", "light")
    (origin / "more").write_text("")
    brz(origin, "add", "-q")
    brz(origin, "commit", "-q", "-m", "y")
    for index, name in enumerate(("brz-origin", "a branch", "heavy", "light")):
        bench.install(bench.directory / name, f"e{index}")
    expected = ("# Editable Bazaar install with no remote (e0==1.0)", "-e /", "-e bzr+file:", "-e bzr+file:")
    assert len(bench.agreed(*expected)) == 5


@pytest.mark.parametrize(
    "url", ["https://user:s3cret@example.org/a", "../a%20b/", "/abs/olute/", "bzr+ssh://h/x", "file:///x/"]
)
def test_parents_of_a_branch_of_breezy(url: str, bench: Bench) -> None:
    origin = breezy_branch(bench.directory)
    (origin / ".bzr" / "branch" / "branch.conf").write_text(f"# x\nparent_location = {url}\n")
    bench.install(origin)
    bench.agreed("-e bzr+")


# One inside the other, and links.


def test_the_innermost_repository_counts(bench: Bench) -> None:
    outer = bench.directory / "outer"
    outer.mkdir()
    (outer / "file").write_text("")
    commit(outer, "https://example.org/outer.git")
    shutil.move(mercurial_clone(bench.directory), outer / "c")
    bench.install(outer / "c", "in-git")
    inner = projects.repository(outer / "c" / "d", "x", "https://example.org/inner.git")
    bench.install(inner, "in-hg")
    bench.install(working_copy(bench.directory), "svn")
    both = working_copy_in(bench.directory / "both")
    commit(both, "https://example.org/both.git")
    bench.install(both, "both")
    lines = bench.agreed("-e svn+", "-e hg+", "-e git+https://example.org/inner.git", "-e svn+")
    assert len(lines) == 4


def working_copy_in(directory: Path) -> Path:
    """Make a working copy of Subversion below ``directory``."""
    directory.mkdir()
    return working_copy(directory)


def mono(directory: Path) -> Path:
    """Make a repository with a project, and another one with a link to it; return the link."""
    projects.repository(directory / "mono", "demo", "https://example.org/mono.git", "lib")
    app = directory / "app"
    (app / "libs").mkdir(parents=True)
    (app / "f").write_text("")
    commit(app, "https://example.org/app.git")
    (app / "libs" / "lib").symlink_to("../../mono/lib")
    return app / "libs" / "lib"


def test_the_physical_directory_decides(bench: Bench) -> None:
    bench.install(mono(bench.directory), "by-link")
    (bench.directory / "plain-link").symlink_to("mono")
    bench.install(bench.directory / "plain-link" / "lib", "linked-parent")
    (bench.directory / "lib-link").symlink_to("mono/lib")
    bench.install(bench.directory / "lib-link", "outside")
    whole = projects.repository(bench.directory / "whole", "w", "https://example.org/whole.git")
    (bench.directory / "app" / "whole").symlink_to(whole)
    bench.install(bench.directory / "app" / "whole", "whole-link")
    lines = bench.agreed(*["-e git+https://example.org/mono.git"] * 3, "-e git+https://example.org/whole.git")
    assert len(lines) == 4


def test_a_link_from_a_repository_to_a_directory_without_one(bench: Bench) -> None:
    free = projects.project(bench.directory / "free", "demo")
    app = projects.repository(bench.directory / "app", "app", "https://example.org/app.git")
    (app / "free").symlink_to(free)
    bench.install(app / "free")
    bench.agreed("# Editable install with no version control", "-e ")


def test_a_link_to_a_clone_of_mercurial(bench: Bench) -> None:
    clone = mercurial_clone(bench.directory, "python")
    app = projects.repository(bench.directory / "app", "app", "https://example.org/app.git")
    (app / "linked").symlink_to(clone)
    bench.install(app / "linked")
    bench.agreed("-e hg+file:")


def test_submodules_and_damaged_repositories(bench: Bench) -> None:
    part = projects.repository(bench.directory / "part", "part", None)
    whole = projects.repository(bench.directory / "whole", "whole", "https://example.org/whole.git")
    git(whole, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(part), "part")
    bench.install(whole / "part", "a")
    damaged = projects.project(whole / "damaged", "damaged")
    (damaged / ".git").mkdir()
    bench.install(damaged, "b")
    pointer = projects.project(bench.directory / "pointer", "pointer")
    (pointer / ".git").write_text("gitdir: /nonexistent\n")
    bench.install(pointer / ".", "c")
    (bench.directory / "alone").mkdir()
    (bench.directory / "alone" / ".git").mkdir()
    bench.install(bench.directory / "alone", "d")
    bench.agreed("-e git+file:", "-e git+https://example.org/whole.git")
