"""Where a distribution was installed from: direct_url.json (PEP 610)."""

# On the way of `freeze`, run in hooks: json only where there is a direct_url.json, and never urllib.parse.
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("vcs", "archive", "dir")
_HEX = frozenset("0123456789abcdefABCDEF")
# What a path may have as it is in a URL (RFC 3986, 2.3), and the slash between its parts.
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~/")


class Origin:
    """A valid direct_url.json.

    ``url`` as recorded; ``kind`` one of KINDS; ``vcs``, ``commit`` and
    ``requested_revision``, None if none was asked for, for the first, ``hashes``
    as (algorithm, value) for the second, ``editable`` for the third;
    ``subdirectory`` for all.
    """

    __slots__ = ("commit", "editable", "hashes", "kind", "requested_revision", "subdirectory", "url", "vcs")

    def __init__(self, url: str, kind: str) -> None:
        self.url = url
        self.kind = kind
        self.vcs = ""
        self.commit = ""
        self.requested_revision: str | None = None
        self.hashes: list[tuple[str, str]] = []
        self.editable = False
        self.subdirectory: str | None = None

    def reference(self, url: str) -> str:
        """Return what follows ``name @`` in a requirement, with ``url`` for the recorded one (PEP 440)."""
        fragments = []
        if self.kind == "vcs":
            url = f"{self.vcs}+{url}@{self.commit}"
        elif self.hashes:
            fragments.append("=".join(self.hashes[0]))
        if self.subdirectory:
            fragments.append(f"subdirectory={self.subdirectory}")
        return f"{url}#{'&'.join(fragments)}" if fragments else url

    def as_json(self, url: str) -> dict[str, object]:
        """Return the origin as direct_url.json spells it, with ``url`` for the recorded one."""
        value: dict[str, object] = {"url": url}
        if self.kind == "vcs":
            info = {"vcs": self.vcs, "commit_id": self.commit}
            if self.requested_revision is not None:
                info["requested_revision"] = self.requested_revision
            value["vcs_info"] = info
        elif self.kind == "archive":
            value["archive_info"] = {"hashes": dict(self.hashes)} if self.hashes else {}
        else:
            value["dir_info"] = {"editable": True} if self.editable else {}
        if self.subdirectory:
            value["subdirectory"] = self.subdirectory
        return value


def parse(data: bytes) -> Origin:
    """Parse the content of a direct_url.json; raise ValueError, with the reason, if it breaks PEP 610."""
    value = _object(data)
    kinds = [kind for kind in KINDS if value.get(f"{kind}_info") is not None]
    if len(kinds) != 1:
        raise ValueError("it has not exactly one of vcs_info, archive_info and dir_info")
    kind = kinds[0]
    info = value[f"{kind}_info"]
    if not isinstance(info, dict):
        raise ValueError(f"{kind}_info is not an object")  # noqa: TRY004 - every caller wants one kind of error
    origin = Origin(_required_text(value, "url"), kind)
    origin.subdirectory = _text(value, "subdirectory")
    if kind == "vcs":
        origin.vcs = _required_text(info, "vcs")
        origin.commit = _required_text(info, "commit_id")
        origin.requested_revision = _text(info, "requested_revision")
    elif kind == "archive":
        origin.hashes = _hashes(info)
    else:
        origin.editable = _editable(info)
        local_path(origin.url)
    return origin


def local_path(url: str) -> str:
    """Return the path that a ``file:`` URL names; raise ValueError if it names none on this machine."""
    if url[:5].lower() != "file:":
        raise ValueError("its url is not a file: URL")
    path = url[5:].partition("#")[0].partition("?")[0]
    if path.startswith("//"):
        host, slash, path = path[2:].partition("/")
        if host not in ("", "localhost"):
            raise ValueError("its url names another machine")
        path = slash + path
    if not path.startswith("/"):
        raise ValueError("its url is not an absolute path")
    return unquoted(path)


def file_url(path: str) -> str:
    """Return the ``file:`` URL of ``path``, made absolute; local_path is its inverse."""
    quoted = ""
    for byte in os.fsencode(os.path.abspath(path)):
        quoted += chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"
    return f"file://{quoted}"


def unquoted(path: str) -> str:
    """Return ``path`` with each ``%2F`` and its like decoded; a ``%`` that begins none stays."""
    first, *parts = path.split("%")
    data = [first.encode("utf-8", "surrogateescape")]
    for part in parts:
        code, rest = part[:2], part[2:]
        if len(code) == 2 and _HEX.issuperset(code):  # noqa: PLR2004 - two digits
            data.append(bytes.fromhex(code) + rest.encode("utf-8", "surrogateescape"))
        else:
            data.append(b"%" + part.encode("utf-8", "surrogateescape"))
    return b"".join(data).decode("utf-8", "surrogateescape")


def _object(data: bytes) -> Mapping[str, object]:
    import json

    try:
        value = json.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError("it is not an object")  # noqa: TRY004
    return value


def _text(value: Mapping[str, object], key: str) -> str | None:
    text = value.get(key)
    if text is not None and not isinstance(text, str):
        raise ValueError(f"{key} is not a string")
    return text


def _required_text(value: Mapping[str, object], key: str) -> str:
    text = _text(value, key)
    if not text:
        raise ValueError(f"{key} is missing")
    return text


def _editable(info: Mapping[str, object]) -> bool:
    editable = info.get("editable")
    if editable is not None and not isinstance(editable, bool):
        raise ValueError("editable is neither true nor false")
    return bool(editable)


def _hashes(info: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the hashes of ``archive_info``, by its key ``hashes`` and the older ``hash``."""
    hashes: list[tuple[str, str]] = []
    recorded = info.get("hashes")
    if recorded is not None:
        if not isinstance(recorded, dict):
            raise ValueError("hashes is not an object")
        for algorithm, value in recorded.items():
            if not isinstance(value, str):
                raise ValueError("a hash is not a string")  # noqa: TRY004
            hashes.append((algorithm, value))
    legacy = _text(info, "hash")
    if legacy is None:
        return hashes
    algorithm, equals, value = legacy.partition("=")
    if not equals:
        raise ValueError("hash has no '='")
    if recorded is None:
        hashes.append((algorithm, value))
    elif (algorithm, value) not in hashes:
        raise ValueError("hash and hashes contradict each other")
    return hashes
