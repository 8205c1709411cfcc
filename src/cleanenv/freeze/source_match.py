"""Whether a distribution came from the URL or directory that a requirement names."""

from __future__ import annotations

import os

from cleanenv.environments.direct_url import file_url, local_path, unquoted
from cleanenv.freeze import requirements_text
from cleanenv.system import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory

_COMMIT_LENGTHS = (40, 64)  # SHA-1, SHA-256
_SHORTEST_COMMIT = 4  # git's own minimum for an abbreviation
_HEX = frozenset("0123456789abcdef")
_NO_HASHES = ("egg", "subdirectory")


def is_from(inventory: Inventory, distribution: Distribution, url: str | None) -> bool:
    """Whether ``distribution`` was installed from ``url``, in any revision."""
    if url is None or (distribution.origin is None and not inventory.links):
        return False
    path = _path(url)
    if path is not None and _is_one_of(path, _directories(inventory, distribution)):
        return True
    reference = _reference(inventory, distribution)
    return reference != "" and _Source(reference).place == _Source(url).place


def verdict(
    inventory: Inventory,
    distribution: Distribution,
    url: str,
    *,
    is_editable: bool,
) -> tuple[bool, str] | None:
    """Return None if ``distribution`` came from ``url``; else whether that is certain, and where it came from.

    ``is_editable`` is whether the requirement is one that wants the directory
    itself, not a copy.
    """
    path = _path(url)
    project = inventory.project_of(distribution)
    directories = _directories(inventory, distribution)
    if path is not None and _is_one_of(path, directories):
        if not is_editable or project is not None:
            return None
        return True, f"is a copy of '{directories[0].rstrip('/')}', not editable"
    if path is not None and project is not None:
        return True, f"is installed from '{project}'"
    return _reference_verdict(inventory, distribution, url, project)


def _reference_verdict(
    inventory: Inventory, distribution: Distribution, url: str, project: str | None
) -> tuple[bool, str] | None:
    """Return the verdict on a URL that is not that of the directory ``distribution`` is installed from."""
    reference = _reference(inventory, distribution)
    if not reference:
        return True, "is installed from an index"
    installed = _Source(reference)
    wanted = _Source(url)
    if installed.place != wanted.place or _differ(installed.subdirectory, wanted.subdirectory):
        return True, f"is installed from '{credentials.masked(reference)}'"
    if wanted.revision == "":
        return _hash_verdict(installed.hashes, wanted.hashes)
    verdict = _revision_verdict(distribution, installed.revision, wanted.revision)
    if verdict is None or project is None or not wanted.place.startswith("git+"):
        return verdict
    return _verdict_of_clone(project, wanted.revision, verdict)


def directory_of(url: str | None) -> str | None:
    """Return the directory that the ``file:`` URL of a requirement names, None for anything else."""
    path = _path(url) if url is not None else None
    return path if path is not None and os.path.isdir(path) else None


class _Source:
    """A URL in its parts: ``place`` in a form to compare, without credentials; ``revision`` of a VCS URL, else empty.

    ``hashes`` and ``subdirectory`` are those of its fragment.
    """

    __slots__ = ("hashes", "place", "revision", "subdirectory")

    def __init__(self, url: str) -> None:
        url, _, fragment = url.partition("#")
        self.hashes: dict[str, str] = {}
        self.subdirectory = ""
        for pair in fragment.split("&"):
            key, _, value = pair.partition("=")
            if key == "subdirectory":
                self.subdirectory = os.path.normpath(unquoted(value))
            elif value and key not in _NO_HASHES:
                self.hashes[key] = value
        self.revision = ""
        try:
            self.place = f"file://{os.path.realpath(local_path(url))}"
        except ValueError:
            pass
        else:
            return
        scheme, mark, rest = url.partition("://")
        scheme = scheme.lower()
        server, slash, path = rest.partition("/")
        if "+" in scheme and "@" in path:
            path, _, self.revision = path.rpartition("@")
        server = server.rpartition("@")[2].lower()
        if scheme.endswith("file"):
            path = os.path.realpath(slash + unquoted(path))
            server = slash = ""
        self.place = f"{scheme}{mark}{server}{slash}{unquoted(path)}".rstrip("/").removesuffix(".git")


def _path(url: str) -> str | None:
    """Return the path that a ``file:`` URL names, with its ``#subdirectory=``; None for another URL."""
    try:
        path = local_path(url)
    except ValueError:
        return None
    return os.path.join(path, _Source(url).subdirectory)


def _directories(inventory: Inventory, distribution: Distribution) -> list[str]:
    """Return the directories that ``distribution`` is installed from: of an editable or a plain install of a directory.

    There may be two for one that setuptools' ``develop`` installed: the directory of
    its code, and that of its project, which is on the second line of the .egg-link.
    """
    project = inventory.project_of(distribution)
    origin = distribution.origin
    if origin is not None:
        if origin.kind != "dir":
            return []
        directory = project or local_path(origin.url)
        return [os.path.join(directory, origin.subdirectory or "")]
    if project is None:
        return []
    directories = [project]
    link = inventory.link_of(distribution.name)
    if link is not None:
        above = _second_line(link)
        if above:
            directories.append(os.path.normpath(os.path.join(project, above)))
    return directories


def _second_line(file: str) -> str:
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as lines:
            next(lines, "")
            return next(lines, "").strip()
    except OSError:
        return ""


def _is_one_of(path: str, directories: list[str]) -> bool:
    """Whether ``path`` is one of ``directories``, whatever links lead there."""
    return any(_is_same(path, directory) for directory in directories)


def _is_same(first: str, second: str) -> bool:
    if os.path.realpath(first) == os.path.realpath(second):
        return True
    try:
        return os.path.samefile(first, second)  # capitals, on a file system that has none; bind mounts
    except (OSError, ValueError):
        return False


def _reference(inventory: Inventory, distribution: Distribution) -> str:
    """Return the URL that ``distribution`` would be listed with, empty for one from an index."""
    if inventory.project_of(distribution) is not None:
        exact = requirements_text.Choice(exact=True)
        line = requirements_text.lines(inventory, distribution, exact, [])[-1]
        target = line.removeprefix("-e ")
        return file_url(target) if target.startswith("/") else target
    origin = distribution.origin
    return origin.reference(origin.url) if origin is not None else ""


def _differ(first: str, second: str) -> bool:
    """Whether two subdirectories are different ones; one that is not known is like every other."""
    return bool(first and second) and first != second


def _revision_verdict(distribution: Distribution, installed: str, wanted: str) -> tuple[bool, str] | None:
    """Return how the commit ``installed`` differs from the revision ``wanted``; None if it does not."""
    origin = distribution.origin
    requested = origin.requested_revision if origin is not None else None
    commit = wanted.lower()
    is_hex = _HEX.issuperset(commit)
    if wanted == requested or commit == installed:
        return None
    if is_hex and len(commit) >= _SHORTEST_COMMIT and installed.startswith(commit):
        return None
    fact = f"is installed at {installed}"
    if requested is not None and requested != installed:
        fact += f", which was '{requested}'"
    # A branch or a tag may well be at the installed commit.
    return is_hex and len(commit) in _COMMIT_LENGTHS, fact


def _verdict_of_clone(project: str, wanted: str, otherwise: tuple[bool, str]) -> tuple[bool, str] | None:
    """Return the verdict on the branch or tag ``wanted`` of the clone at ``project``, of which the references tell.

    ``otherwise`` is the verdict if they do not.
    """
    from cleanenv.freeze.version_control import git_refs, git_repository

    repository = git_repository.around(project)
    if repository is None:
        return otherwise
    is_checked_out = git_refs.is_checked_out(repository, unquoted(wanted))
    if is_checked_out is None:
        return otherwise
    return None if is_checked_out else (True, otherwise[1])


def _hash_verdict(installed: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[bool, str] | None:
    """Return how two sets of hashes differ, None if they agree or one has none."""
    for algorithm, value in wanted.items():
        recorded = installed.get(algorithm)
        if recorded is not None and recorded != value:
            return True, f"is installed from a file with {algorithm}={recorded}"
    return None
