"""Byte for byte what pip prints, for every interpreter present and everything that pip can install from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from cleanenv.environments.environment import read_environment
from cleanenv.freeze import plain
from cleanenv.freeze.requirements_text import Choice
from tests.support import interpreters, projects
from tests.support.command import run
from tests.support.freezing import clean_freeze
from tests.support.git_repositories import commit, git

VERSIONS = (*interpreters.VERSIONS, "3.14")
# Wheels, a namespace package, a console script, a C extension; each has wheels for 2.7 and for the newest Python.
REAL = ("six", "zope.interface", "pycodestyle")
# The last ones for 2.7 and 3.6, named since an index need not tell old pips which Python a release is for.
OLD_REAL = ("six==1.16.0", "zope.interface==5.5.2", "pycodestyle==2.8.0")
OLD_TOOLS = ("pip==21.3.1", "setuptools==59.6.0")
PEP_660 = (3, 7)  # the Pythons whose newest pip knows it; 3.6's newest needs setuptools' help, 2.7's never learnt it
NEWEST_URL = "https://example.org/newest.git"


class Home(NamedTuple):
    """A real environment, and which Python made it."""

    path: Path
    version: tuple[int, ...]

    def freeze(self, *, exact: bool = False, tools: bool = False, excluded: tuple[str, ...] = ()) -> bytes:
        """Return what cleanenv prints."""
        environment = read_environment(str(self.path))
        assert environment is not None
        text, _ = plain.freeze(environment, Choice(exact=exact, tools=tools, excluded=excluded))
        return text.encode("utf-8", "surrogateescape")


def python_of(version: str) -> Path:
    """Return the interpreter of ``version``; skip if there is none."""
    interpreter = interpreters.find(version)
    if interpreter is None:
        pytest.skip(f"no Python {version} on this machine")
    return Path(interpreter)


def create(path: Path, version: str, python: Path) -> None:
    """Make an environment with ``python``: virtualenv's for 2.7, which has no venv, else venv's, with a newest pip."""
    if version != "2.7":
        run(python, "-m", "venv", path)
        pip = OLD_TOOLS if version == "3.6" else ("pip",)
        run(path / "bin" / "python", "-m", "pip", "install", "-q", "-U", *pip)
        return
    tool = path.parent / "virtualenv"
    run(sys.executable, "-m", "venv", tool)
    run(tool / "bin" / "python", "-m", "pip", "install", "-q", "virtualenv<20.22", "setuptools<80")
    run(tool / "bin" / "python", "-m", "virtualenv", "-q", "-p", python, path)


def sources(folder: Path, archived: str) -> list[str]:
    """Return what to hand to pip: one of each kind of URL and path; the archive's project is called ``archived``."""
    vcs = projects.repository(folder / "vcs", "from-vcs", None)
    below = projects.repository(folder / "mono", "from-mono", None, "packages/one")
    assert below.is_dir()
    made = projects.project(folder / "archived", archived)
    return [
        str(projects.project(folder / "plain folder", "from-folder")),
        projects.wheel(folder, "from-wheel").as_uri(),
        projects.archive(made, folder / "archived.zip").as_uri(),
        f"git+{vcs.as_uri()}#egg=from-vcs",
        f"git+{(folder / 'mono').as_uri()}#egg=from-mono&subdirectory=packages/one",
    ]


def editables(folder: Path) -> list[Path]:
    """Return editable projects: with a remote of each kind, below a repository, without remote, without git."""
    bare = folder / "bare.git"
    bare.mkdir(parents=True)
    git(bare, "init", "-q", "--bare")
    packed = projects.repository(folder / "packed", "e-packed", "ssh://git@example.org/packed.git")
    git(packed, "pack-refs", "--all")
    detached = projects.repository(folder / "detached", "E_Detached", "https://example.org/detached")
    git(detached, "checkout", "-q", "--detach")
    worktree = projects.repository(folder / "main tree", "e-worktree", "https://example.org/tree")
    git(worktree, "worktree", "add", "-q", str(folder / "worktree"))
    many = projects.repository(folder / "many", "e-many", "https://example.org/many")
    git(many, "remote", "add", "another", "https://example.org/another")
    git(many, "remote", "rename", "origin", "zero")
    unborn = projects.project(folder / "unborn", "e-unborn")
    git(unborn, "init", "-q", "-b", "main")
    git(unborn, "remote", "add", "origin", "https://example.org/unborn")
    return [
        projects.repository(folder / "https", "e-https", NEWEST_URL),
        projects.repository(folder / "scp", "e.scp", "git@example.org:group/scp.git"),
        projects.repository(folder / "file", "e-file", str(bare)),
        projects.repository(folder / "gone", "e-gone", str(folder / "gone.git")),
        projects.repository(folder / "repo", "e-below", "https://example.org/repo.git", "python/below"),
        projects.repository(folder / "lonely", "e-lonely", None),
        projects.project(folder / "without git", "e-without"),
        packed,
        detached,
        folder / "worktree",
        many,
        unborn,
    ]


@pytest.fixture(scope="session", params=VERSIONS, ids=[f"python{version}" for version in VERSIONS])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Make an environment full of everything, by each interpreter."""
    version = str(request.param)
    folder = tmp_path_factory.mktemp("home")
    path = folder / "env"
    create(path, version, python_of(version))
    numbers = tuple(map(int, version.split(".")))
    # The newest pip for 2.7 takes the name from the directory, with a dash for the underscore.
    wanted = [
        *(REAL if numbers >= PEP_660 else OLD_REAL),
        *sources(folder, "from-archive" if numbers < (3,) else "from_archive"),
    ]
    if numbers >= PEP_660:
        for made in editables(folder / "editable"):
            wanted += ["-e", str(made)]
    run(path / "bin" / "python", "-m", "pip", "install", "-q", "--no-warn-script-location", *wanted)
    add_eggs(path, folder, numbers)
    return Home(path, numbers)


def add_eggs(path: Path, folder: Path, numbers: tuple[int, ...]) -> None:
    """Install what today's pip installs no longer: eggs, egg-info, setuptools' editables."""
    site_packages = next(path.glob("lib/python*/site-packages"))
    egg = projects.zipped_egg(site_packages, "zipped", "1.5")
    unpacked = site_packages / "unpacked-2.0-py3.8.egg" / "EGG-INFO"
    unpacked.mkdir(parents=True)
    (unpacked / "PKG-INFO").write_text("Metadata-Version: 1.1\nName: unpacked\nVersion: 2.0\n")
    (site_packages / "eggs.pth").write_text(f"# eggs\n\n./{egg.name}\n{unpacked.parent}\n/nonexistent\n")
    info = site_packages / "old_egg-1.0rc1-py3.8.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.1\nName: old-egg\nVersion: 1.0.RC1\n")
    by_distutils = "Metadata-Version: 1.0\nName: distutils.made\nVersion: 0.5\n"
    (site_packages / "distutils.made-0.5-py3.8.egg-info").write_text(by_distutils)
    for name, remote in (("develop-remote", NEWEST_URL), ("develop.lonely", None)):
        made = projects.legacy_project(folder / name, name)
        commit(made, remote)
        develop(path, site_packages, made, name, numbers)
    develop(
        path, site_packages, projects.legacy_project(folder / "src layout", "develop-plain"), "develop-plain", numbers
    )


def develop(path: Path, site_packages: Path, made: Path, name: str, numbers: tuple[int, ...]) -> None:
    """Run `setup.py develop`; where venv brings no setuptools, write what it would have written."""
    if numbers < (3, 12):
        run(path / "bin" / "python", "setup.py", "-q", "develop", cwd=made)
        return
    info = made / f"{name.replace('-', '_')}.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text(f"Metadata-Version: 1.1\nName: {name}\nVersion: 1.0\n")
    (site_packages / f"{name}.egg-link").write_text(f"{made}\n.")
    with (site_packages / "easy-install.pth").open("a") as file:
        file.write(f"{made}\n")


def test_prints_the_bytes_of_pip(home: Home) -> None:
    assert home.freeze() == clean_freeze(home.path)
    assert len(home.freeze().splitlines()) > len(REAL)


def test_prints_the_bytes_of_pip_with_its_tools(home: Home) -> None:
    assert home.freeze(tools=True) == clean_freeze(home.path, "--all")


def test_excludes_as_pip_does(home: Home) -> None:
    expected = clean_freeze(home.path, "--exclude", "Zope_Interface", "--exclude", "six")
    assert home.freeze(excluded=("Zope_Interface", "six")) == expected
    assert b"six" not in expected


# The newest virtualenv and uv know these Pythons; 2.7's environment above is an older virtualenv's.
OTHER_TOOLS = [
    (tool, version)
    for version in VERSIONS
    for tool, oldest in (("virtualenv", 9), ("uv", 7))
    if version != "2.7" and int(version.partition(".")[2]) >= oldest
]


@pytest.fixture(scope="session", params=OTHER_TOOLS, ids="-python".join)
def other_home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Make an environment by another tool than venv, with pip in it to compare with."""
    tool, version = request.param
    python = python_of(version)
    folder = tmp_path_factory.mktemp("other")
    path = folder / "env"
    wanted = ("six", projects.wheel(folder, "by-other").as_uri(), "-e", projects.project(folder / "dev", "dev-other"))
    if tool == "uv":
        run(sys.executable, "-m", "uv", "-q", "venv", "--seed", "-p", python, path)
        run(sys.executable, "-m", "uv", "-q", "pip", "install", "-p", path, *wanted)
    else:
        run(sys.executable, "-m", "virtualenv", "-q", "-p", python, path)
        run(path / "bin" / "python", "-m", "pip", "install", "-q", *wanted)
    run(path / "bin" / "python", "-m", "pip", "install", "-q", "-U", "pip")
    return Home(path, tuple(map(int, version.split("."))))


def test_prints_the_bytes_of_pip_in_other_tools_environments(other_home: Home) -> None:
    assert other_home.freeze() == clean_freeze(other_home.path)
    assert other_home.freeze(tools=True) == clean_freeze(other_home.path, "--all")
    assert b"six==" in other_home.freeze()


def test_restores_what_it_printed(tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    bare.mkdir()
    git(bare, "init", "-q", "--bare", "-b", "main")
    remote = projects.repository(tmp_path / "remote", "restored-vcs", bare.as_uri())
    git(remote, "push", "-q", "origin", "main")
    wanted = [
        "six==1.16.0",
        str(projects.project(tmp_path / "folder", "restored-folder")),
        projects.wheel(tmp_path, "restored.wheel").as_uri(),
        f"git+{projects.repository(tmp_path / 'vcs', 'from-git', None).as_uri()}#egg=from-git",
    ]
    for made in (remote, projects.project(tmp_path / "plain", "restored-plain")):
        wanted += ["-e", str(made)]
    printed = []
    for name in ("first", "second"):
        path = tmp_path / name
        run(sys.executable, "-m", "virtualenv", "-q", "--no-download", path)
        run(path / "bin" / "python", "-m", "pip", "install", "-q", *wanted)
        printed.append(Home(path, sys.version_info[:2]).freeze())
        (tmp_path / "r.txt").write_bytes(printed[-1])
        wanted = ["-r", str(tmp_path / "r.txt")]
    assert printed[0] == printed[1]
    assert len(printed[0].splitlines()) == 7


def test_exact_lists_the_systems_packages_as_pip_does(tmp_path: Path) -> None:
    python = sys._base_executable  # type: ignore[attr-defined]
    run(python, "-I", "-m", "venv", "--system-site-packages", tmp_path / "env")
    path = tmp_path / "env"
    run(path / "bin" / "python", "-m", "pip", "install", "-q", "-U", "pip", projects.wheel(tmp_path, "own"))
    home = Home(path, sys.version_info[:2])
    assert home.freeze(exact=True) == clean_freeze(path)
    assert [line.split()[0] for line in home.freeze().splitlines()] == [b"own"]
