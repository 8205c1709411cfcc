"""Whether a distribution came from the URL or path that a requirement names."""

from __future__ import annotations

import os

from cleanenv.environments.direct_url import file_url, local_path
from cleanenv.freeze import credentials, requirements_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory

_COMMIT = (40, 64)
_HEX = frozenset("0123456789abcdef")


def is_from(inventory: Inventory, found: Distribution, url: str | None) -> bool:
    """Whether ``found`` was installed from ``url``, a file URL or another, in any revision."""
    if url is None or (found.origin is None and not inventory.links):
        return False
    here, _ = _parts(_reference(inventory, found))
    there, _ = _parts(url)
    return here == there


def verdict(inventory: Inventory, found: Distribution, url: str) -> tuple[bool, str] | None:
    """Return None if ``found`` came from ``url``; else whether that is sure, and what is the case."""
    reference = _reference(inventory, found)
    if not reference:
        return True, "is installed from an index"
    shown = credentials.masked(reference)
    here, here_revision = _parts(reference)
    there, there_revision = _parts(url)
    if here != there:
        return True, f"is installed from '{shown}'"
    if there_revision in ("", here_revision):
        return _hash_verdict(reference, url)
    return _is_commit(there_revision), f"is installed at {here_revision}"


def _hash_verdict(here: str, there: str) -> tuple[bool, str] | None:
    """Return how the hashes in the fragments of two URLs differ, None where they agree or one has none."""
    for algorithm, value in _hashes(there).items():
        recorded = _hashes(here).get(algorithm)
        if recorded is not None and recorded != value:
            return True, f"is installed from a file with {algorithm}={recorded}"
    return None


def _hashes(url: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in url.partition("#")[2].split("&"))
    return {key: value for key, _, value in pairs if value and key not in ("egg", "subdirectory")}


def _reference(inventory: Inventory, found: Distribution) -> str:
    """Return the URL that ``found`` would be listed with, empty for one from an index."""
    if inventory.project_of(found) is not None:
        line = requirements_text.lines(inventory, found, requirements_text.Choice(exact=True), [])[-1]
        target = line.removeprefix("-e ")
        return file_url(target) if target.startswith("/") else target
    return found.origin.reference(found.origin.url) if found.origin is not None else ""


def _parts(url: str) -> tuple[str, str]:
    """Return ``url`` without revision, credentials and fragment; and the revision, of a VCS URL."""
    url = url.partition("#")[0]
    revision = ""
    scheme, mark, rest = url.partition("://")
    if "+" in scheme:
        host, slash, path = rest.partition("/")
        path, _, revision = path.partition("@") if "@" in path else (path, "", "")
        rest = host + slash + path
    try:
        return "file://" + os.path.realpath(local_path(url)), ""
    except ValueError:
        pass
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}".rstrip("/").removesuffix(".git"), revision


def _is_commit(revision: str) -> bool:
    return len(revision) in _COMMIT and _HEX.issuperset(revision)
