"""Where a distribution was installed from: direct_url.json (PEP 610)."""

# On the way of `freeze`, run in hooks: json only where there is a direct_url.json, and never urllib.parse.
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_HEX = frozenset("0123456789abcdefABCDEF")
# What a path may have as it is in a URL (RFC 3986, 2.3), and the slash between its parts.
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~/")


class Origin:
    """A valid direct_url.json.

    ``url`` as recorded; ``kind`` one of ``"vcs"``, ``"archive"``, ``"dir"``;
    ``vcs`` and ``commit`` for the first, ``hashes`` as (algorithm, value) for
    the second, ``editable`` for the third; ``subdirectory`` for all.
    """

    __slots__ = ("commit", "editable", "hashes", "kind", "subdirectory", "url", "vcs")

    def __init__(self, url: str, kind: str) -> None:
        self.url = url
        self.kind = kind
        self.vcs = ""
        self.commit = ""
        self.hashes: list[tuple[str, str]] = []
        self.editable = False
        self.subdirectory: str | None = None

    def reference(self, url: str) -> str:
        """Return what stands behind ``name @`` in a requirement, with ``url`` for the recorded one (PEP 440)."""
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
            value["vcs_info"] = {"vcs": self.vcs, "commit_id": self.commit}
        elif self.kind == "archive":
            value["archive_info"] = {"hashes": dict(self.hashes)} if self.hashes else {}
        else:
            value["dir_info"] = {"editable": True} if self.editable else {}
        if self.subdirectory:
            value["subdirectory"] = self.subdirectory
        return value


def parse(data: bytes) -> Origin:
    """Parse the content of a direct_url.json; raise ValueError, saying what is wrong, where it breaks PEP 610."""
    import json

    try:
        value = json.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError("it is no object")  # noqa: TRY004 - every caller wants one kind of error
    kinds = [kind for kind in ("vcs", "archive", "dir") if value.get(f"{kind}_info") is not None]
    if len(kinds) != 1:
        raise ValueError("not exactly one of vcs_info, archive_info and dir_info is there")
    info = value[f"{kinds[0]}_info"]
    if not isinstance(info, dict):
        raise ValueError(f"{kinds[0]}_info is no object")  # noqa: TRY004
    origin = Origin(_text(value, "url") or _missing("url"), kinds[0])
    origin.subdirectory = _text(value, "subdirectory")
    if origin.kind == "vcs":
        origin.vcs = _text(info, "vcs") or _missing("vcs")
        origin.commit = _text(info, "commit_id") or _missing("commit_id")
        _text(info, "requested_revision")
    elif origin.kind == "archive":
        origin.hashes = _hashes(info)
    else:
        origin.editable = _editable(info)
        local_path(origin.url)
    return origin


def local_path(url: str) -> str:
    """Return the path that a ``file:`` URL names; raise ValueError where it names none on this machine."""
    if url[:5].lower() != "file:":
        raise ValueError("its url is no file: URL")
    path = url[5:].partition("#")[0].partition("?")[0]
    if path.startswith("//"):
        host, slash, path = path[2:].partition("/")
        if host not in ("", "localhost"):
            raise ValueError("its url names another machine")
        path = slash + path
    if not path.startswith("/"):
        raise ValueError("its url is no absolute path")
    return unquoted(path)


def file_url(path: str) -> str:
    """Return the ``file:`` URL of ``path``, made absolute; local_path is its inverse."""
    data = os.fsencode(os.path.abspath(path))
    quoted = ""
    for byte in data:
        quoted += chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"
    return f"file://{quoted}"


def unquoted(path: str) -> str:
    """Return ``path`` with each ``%2F`` and its like decoded; a ``%`` that begins none stays."""
    first, *rest = path.split("%")
    whole = [first.encode("utf-8", "surrogateescape")]
    for part in rest:
        code = part[:2]
        if len(code) == 2 and _HEX.issuperset(code):  # noqa: PLR2004
            whole.append(bytes.fromhex(code) + part[2:].encode("utf-8", "surrogateescape"))
        else:
            whole.append(b"%" + part.encode("utf-8", "surrogateescape"))
    return b"".join(whole).decode("utf-8", "surrogateescape")


def _text(value: Mapping[str, object], key: str) -> str | None:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise ValueError(f"{key} is no string")
    return found


def _missing(key: str) -> str:
    raise ValueError(f"{key} is missing")


def _editable(info: Mapping[str, object]) -> bool:
    editable = info.get("editable")
    if editable is not None and not isinstance(editable, bool):
        raise ValueError("editable is neither true nor false")
    return bool(editable)


def _hashes(info: Mapping[str, object]) -> list[tuple[str, str]]:
    hashes = info.get("hashes")
    legacy = _text(info, "hash")
    found: list[tuple[str, str]] = []
    if hashes is not None:
        if not isinstance(hashes, dict):
            raise ValueError("hashes is no object")
        for algorithm, value in hashes.items():
            if not isinstance(value, str):
                raise ValueError("a hash is no string")  # noqa: TRY004
            found.append((algorithm, value))
    if legacy is not None:
        algorithm, equals, value = legacy.partition("=")
        if not equals:
            raise ValueError("hash has no '='")
        if hashes is None:
            found.append((algorithm, value))
        elif (algorithm, value) not in found:
            raise ValueError("hash and hashes contradict each other")
    return found
