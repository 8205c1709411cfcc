"""Whether a distribution came from the URL or path that a requirement names."""

from __future__ import annotations

import os

from cleanenv.environments.direct_url import file_url, local_path
from cleanenv.freeze import credentials, requirements_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.distribution import Distribution
    from cleanenv.environments.inventory import Inventory

_COMMIT_LENGTHS = (40, 64)  # SHA-1, SHA-256
_HEX = frozenset("0123456789abcdef")
_NO_HASHES = ("egg", "subdirectory")


def is_from(inventory: Inventory, distribution: Distribution, url: str | None) -> bool:
    """Whether ``distribution`` was installed from ``url``, in any revision."""
    if url is None or (distribution.origin is None and not inventory.links):
        return False
    installed, _ = _parts(_reference(inventory, distribution))
    wanted, _ = _parts(url)
    return installed == wanted


def verdict(
    inventory: Inventory,
    distribution: Distribution,
    url: str,
) -> tuple[bool, str] | None:
    """Return None if ``distribution`` came from ``url``; else whether that is certain, and where it came from."""
    reference = _reference(inventory, distribution)
    if not reference:
        return True, "is installed from an index"
    installed, revision = _parts(reference)
    wanted, wanted_revision = _parts(url)
    if installed != wanted:
        return True, f"is installed from '{credentials.masked(reference)}'"
    if wanted_revision in ("", revision):
        return _hash_verdict(reference, url)
    # A branch or a tag may well be at the installed commit.
    return _is_commit(wanted_revision), f"is installed at {revision}"


def _hash_verdict(reference: str, url: str) -> tuple[bool, str] | None:
    """Return how the hashes in the fragments of two URLs differ, None if they agree or one has none."""
    installed = _hashes(reference)
    for algorithm, value in _hashes(url).items():
        recorded = installed.get(algorithm)
        if recorded is not None and recorded != value:
            return True, f"is installed from a file with {algorithm}={recorded}"
    return None


def _hashes(url: str) -> dict[str, str]:
    """Return what is in the fragment of ``url`` besides ``egg=`` and ``subdirectory=``."""
    _, _, fragment = url.partition("#")
    hashes = {}
    for pair in fragment.split("&"):
        key, _, value = pair.partition("=")
        if value and key not in _NO_HASHES:
            hashes[key] = value
    return hashes


def _reference(inventory: Inventory, distribution: Distribution) -> str:
    """Return the URL that ``distribution`` would be listed with, empty for one from an index."""
    if inventory.project_of(distribution) is not None:
        exact = requirements_text.Choice(exact=True)
        line = requirements_text.lines(inventory, distribution, exact, [])[-1]
        target = line.removeprefix("-e ")
        return file_url(target) if target.startswith("/") else target
    origin = distribution.origin
    return origin.reference(origin.url) if origin is not None else ""


def _parts(url: str) -> tuple[str, str]:
    """Return ``url`` without revision, credentials and fragment; and the revision, of a VCS URL."""
    url, _, _ = url.partition("#")
    try:
        return f"file://{os.path.realpath(local_path(url))}", ""
    except ValueError:
        pass
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    revision = ""
    if "+" in scheme:
        path, _, revision = path.partition("@")
    server = host.rpartition("@")[2]
    plain = f"{scheme}{mark}{server}{slash}{path}"
    return plain.rstrip("/").removesuffix(".git"), revision


def _is_commit(text: str) -> bool:
    return len(text) in _COMMIT_LENGTHS and _HEX.issuperset(text)
