"""What the tests of `pip freeze` and `uv pip freeze` stage, staged anew from their descriptions, against real pip.

The cases with version control are in test_against_pip.py beside this file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import projects
from tests.support.command import run
from tests.support.git_repositories import commit, git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.freeze.version_control.conftest import Bench


def add(bench: Bench, name: str, version: str = "1.0", origin: object = None, metadata: str | None = None) -> Path:
    """Install a distribution of metadata alone."""
    info = bench.site_packages / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" if metadata is None else metadata
    (info / "METADATA").write_text(text)
    if origin is not None:
        (info / "direct_url.json").write_text(origin if isinstance(origin, str) else json.dumps(origin))
    return info


def test_some_distributions_in_order(bench: Bench) -> None:
    for name in ("Zope.Interface", "alpha", "Beta", "_private", "x-y_z", "a1"):
        if name[0].isalnum():
            add(bench, name)
    assert bench.agreed() == ["a1==1.0", "alpha==1.0", "Beta==1.0", "x-y_z==1.0", "Zope.Interface==1.0"]


@pytest.mark.parametrize(
    "name", ["-broken-1.0.dist-info", "_bad-1.0.dist-info", "~ip-1.0.dist-info", "é-1.0.dist-info"]
)
def test_invalid_names_are_left_out(name: str, bench: Bench) -> None:
    add(bench, "sound")
    info = bench.site_packages / name
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.partition('-1.0')[0]}\nVersion: 1.0\n")
    try:
        assert bench.agreed() == ["sound==1.0"]
        assert bench.problems in (["broken"], ["leftover"])
    finally:
        (info / "METADATA").unlink()
        info.rmdir()


WHEEL = "https://example.org/p-1.0-py3-none-any.whl"
GIT = {"vcs": "git", "commit_id": "0" * 40}
# Not "[]", at which pip ends in a traceback.
ORIGINS = [
    {"url": WHEEL, "archive_info": {}},
    {"url": WHEEL, "archive_info": {"hash": "sha256=abc"}},
    {"url": WHEEL, "archive_info": {"hash": "sha256=abc", "hashes": {"sha256": "abc", "md5": "d"}}},
    {"url": WHEEL, "archive_info": {"hashes": {"sha512": "a", "md5": "d"}}, "subdirectory": "a/b"},
    {"url": "file:///a%20b/c", "dir_info": {}},
    {"url": "file:///a/b", "dir_info": {"editable": False}},
    {"url": "file:///a/b", "dir_info": {}, "subdirectory": "sub"},
    {"url": "https://example.org/a.git", "vcs_info": GIT},
    {"url": "https://example.org/a.git", "vcs_info": {**GIT, "requested_revision": "main"}, "subdirectory": "x"},
    {"url": "https://example.org/a", "vcs_info": {"vcs": "hg", "commit_id": "f" * 40}},
    {"url": "svn+ssh://example.org/a", "vcs_info": {"vcs": "svn", "commit_id": "12"}},
    {"url": "https://user:pass@example.org/a.git", "vcs_info": GIT},
    {"url": "https://${USER}:${PASS}@example.org/a.git", "vcs_info": GIT},
    {"url": "https://example.org/a.git"},
    {"vcs_info": GIT},
    {"url": "https://example.org/a.git", "vcs_info": GIT, "dir_info": {}},
    {"url": "https://example.org/a.git", "vcs_info": {"vcs": "git"}},
    {"url": "https://example.org/a.git", "vcs_info": "git"},
    {"url": 1, "dir_info": {}},
    {"url": WHEEL, "archive_info": {"hash": "no equals"}},
    {"url": WHEEL, "archive_info": {"hashes": ["a"]}},
    "no json",
    "",
]


def test_origins_of_every_kind(bench: Bench) -> None:
    for index, origin in enumerate(ORIGINS):
        add(bench, f"p{index:02}", origin=origin)
    lines = bench.agreed()
    assert len(lines) == len(ORIGINS)
    assert sum(" @ " in line for line in lines) >= 13


def test_an_editable_without_version_control_and_one_without_remote(bench: Bench) -> None:
    bench.install(projects.project(bench.directory / "plain", "plain"), "plain")
    lonely = projects.project(bench.directory / "lonely", "lonely")
    commit(lonely)
    bench.install(lonely, "version-pkg")
    gone = projects.project(bench.directory / "gone", "gone")
    commit(gone, f"{bench.directory}/deleted.git")
    bench.install(gone, "with_gone")
    bench.agreed(
        "# Editable install with no version control (plain==1.0)", "-e /", "# Editable Git install with no remote"
    )


def test_several_remotes(bench: Bench) -> None:
    made = projects.repository(bench.directory / "p", "p", None)
    bench.install(made, "p")
    git(made, "remote", "add", "zeta", "https://example.org/zeta")
    git(made, "remote", "add", "alpha", "https://example.org/alpha")
    bench.agreed("-e git+https://example.org/zeta@")
    git(made, "remote", "add", "origin", "ssh://git@example.org/origin")
    bench.agreed("-e git+ssh://git@example.org/origin@")
    git(made, "remote", "set-url", "--add", "origin", "https://example.org/second")
    bench.agreed("-e git+ssh://git@example.org/origin@")


def test_the_same_package_in_two_directories(bench: Bench) -> None:
    add(bench, "twice", "1.0")
    other = bench.directory / "other"
    other.mkdir()
    (other / "twice-2.0.dist-info").mkdir()
    (other / "twice-2.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: twice\nVersion: 2.0\n")
    pth = bench.site_packages / "other.pth"
    pth.write_text(f"{other}\n")
    try:
        assert bench.agreed() == ["twice==1.0"]
    finally:
        pth.unlink()


def test_distutils_and_setuptools_egg_info_and_links(bench: Bench) -> None:
    made = projects.legacy_project(bench.directory / "linked", "linked")
    info = made / "linked.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.1\nName: linked\nVersion: 1.0\n")
    site = bench.site_packages
    (site / "linked.egg-link").write_text(f"{made}\n.")
    (site / "easy-install.pth").write_text(f"{made}\n")
    (site / "file-3.0-py3.8.egg-info").write_text("Metadata-Version: 1.0\nName: file\nVersion: 3.0\n")
    (site / "dir-1.5.egg-info").mkdir()
    (site / "dir-1.5.egg-info" / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: dir\nVersion: 1.5\n")
    try:
        lines = bench.agreed("dir==1.5", "file==3.0", "# Editable install with no version control (linked==1.0)")
        assert lines[-1] == f"-e {made}"
    finally:
        run("sh", "-c", "rm -r linked.egg-link easy-install.pth file-3.0-py3.8.egg-info dir-1.5.egg-info", cwd=site)


@pytest.mark.parametrize(
    "version",
    ["1.0.RC1", "2020.01", "v1.0", "1.0-1", "1!2.0", "1.0+Local.1", "0.0.0", "1.0.dev", "not-a-version", "1.*"],
)
def test_versions(version: str, bench: Bench) -> None:
    info = bench.site_packages / f"p-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: p\nVersion: {version}\n")
    assert len(bench.agreed("p==")) == 1
