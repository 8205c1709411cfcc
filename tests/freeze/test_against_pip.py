"""Byte for byte what pip prints, for every interpreter present and everything that pip can install from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from cleanenv import venv
from cleanenv.freeze import plain
from cleanenv.freeze.listing import Choice
from freeze import projects
from freeze.rooms import VERSIONS, clean_freeze, git, run

# Wheels, a namespace package, a console script, a C extension; each has wheels for 2.7 and for the newest Python.
REAL = ("six", "zope.interface", "pycodestyle")
PEP_660 = (3, 7)  # the Pythons whose newest pip knows it; 3.6's newest needs setuptools' help, 2.7's never learnt it
SPELLED_BY_FOLDER = (3, 7)  # before, pip took the name from the folder, with dashes for underscores
NEWEST_URL = "https://example.org/newest.git"


class Home(NamedTuple):
    """A real environment, and which Python made it."""

    path: Path
    version: tuple[int, ...]

    def freeze(self, *, exact: bool = False, tools: bool = False, excluded: tuple[str, ...] = ()) -> bytes:
        """Return what cleanenv prints."""
        environment = venv.read(str(self.path))
        assert environment is not None
        text, _ = plain.freeze(environment, Choice(exact=exact, tools=tools, excluded=excluded))
        return text.encode("utf-8", "surrogateescape")


def create(path: Path, version: str, python: Path) -> None:
    """Make an environment with ``python``: virtualenv's for 2.7, which has no venv, else venv's, with a newest pip."""
    if version != "2.7":
        run(python, "-m", "venv", path)
        pip = ["pip", "setuptools<80"] if version >= "3.12" or version == "3.6" else ["pip"]
        run(path / "bin" / "python", "-m", "pip", "install", "-q", "-U", *pip)
        return
    tool = path.parent / "virtualenv"
    run(sys.executable, "-m", "venv", tool)
    run(tool / "bin" / "python", "-m", "pip", "install", "-q", "virtualenv<20.22", "setuptools<80")
    run(tool / "bin" / "python", "-m", "virtualenv", "-q", "-p", python, path)


def sources(folder: Path) -> list[str]:
    """Return what to hand to pip: one of each kind of URL and path."""
    vcs = projects.repository(folder / "vcs", "from-vcs", None)
    below = projects.repository(folder / "mono", "from-mono", None, "packages/one")
    assert below.is_dir()
    made = projects.project(folder / "archived", "from_archive")
    return [
        str(projects.project(folder / "plain folder", "from-folder")),
        projects.wheel(folder, "from-wheel").as_uri(),
        projects.archive(made, folder / "archived.zip").as_uri(),
        f"from-vcs @ git+{vcs.as_uri()}",
        f"from-mono @ git+{(folder / 'mono').as_uri()}#subdirectory=packages/one",
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
def home(
    request: pytest.FixtureRequest, interpreters: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """An environment full of everything, by each interpreter."""
    version = str(request.param)
    if version not in interpreters:
        pytest.skip(f"no Python {version} on this machine")
    folder = tmp_path_factory.mktemp("home")
    path = folder / "env"
    create(path, version, interpreters[version])
    numbers = tuple(map(int, version.split(".")))
    wanted = [*REAL, *sources(folder)]
    if numbers >= PEP_660:
        for made in editables(folder / "editable"):
            wanted += ["-e", str(made)]
    run(path / "bin" / "python", "-m", "pip", "install", "-q", "--no-warn-script-location", *wanted)
    return Home(path, numbers)


def spelled(lines: bytes, home: Home) -> bytes:
    """Return ``lines`` with names as the newest pip for the interpreter spells them."""
    if home.version >= SPELLED_BY_FOLDER:
        return lines
    written = []
    for line in lines.decode().splitlines():
        name, space, rest = line.partition(" @ ") if " @ " in line else line.partition("==")
        written.append(name.replace("_", "-") + space + rest)
    return "".join(f"{line}\n" for line in sorted(written, key=str.lower)).encode()


def test_prints_the_bytes_of_pip(home: Home) -> None:
    assert home.freeze() == spelled(clean_freeze(home.path), home) == spelled(home.freeze(), home)
    assert len(home.freeze().splitlines()) > len(REAL)


def test_prints_the_bytes_of_pip_with_its_tools(home: Home) -> None:
    assert home.freeze(tools=True) == clean_freeze(home.path, "--all")


def test_excludes_as_pip_does(home: Home) -> None:
    expected = clean_freeze(home.path, "--exclude", "Zope_Interface", "--exclude", "six")
    assert home.freeze(excluded=("Zope_Interface", "six")) == expected
    assert b"six" not in expected
