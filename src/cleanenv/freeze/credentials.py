"""Masking credentials in URLs, since a listing is shared and a token is not."""

# On the way of `freeze`, run in hooks: no urllib.parse (15 ms).
from __future__ import annotations

MASK = "****"
_SECRET = ("token", "secret", "password", "passwd", "pwd", "key", "auth", "sig", "signature", "credential")


def masked(url: str) -> str:
    """Return ``url`` without its password, its user where that is a token, and the tokens in its query.

    A user alone stays for ssh and where it is ``git``; ``${NAME}`` stays, since it
    names a secret and is none (PEP 610).
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    end = min((index for index in map(rest.find, "/?#") if index >= 0), default=len(rest))
    user, at, host = rest[:end].rpartition("@")
    if at:
        user = _masked_user(user, scheme)
    return f"{scheme}{mark}{user}{at}{host}{_masked_query(rest[end:])}"


def masked_in(line: str) -> str:
    """Return ``line`` with each URL in it masked, as in ``--index-url https://you:secret@example.org``."""
    return " ".join([masked(word) for word in line.split(" ")])


def _masked_user(user: str, scheme: str) -> str:
    name, colon, password = user.partition(":")
    if _is_variable(name) and (not colon or _is_variable(password)):
        return user
    if colon:
        return f"{name}:{MASK}" if password else user
    return user if name == "git" or scheme.endswith("ssh") else MASK


def _is_variable(text: str) -> bool:
    return text.startswith("${") and text.endswith("}")


def _masked_query(rest: str) -> str:
    path, mark, query = rest.partition("?")
    if not mark:
        return rest
    # The revision and the fragment stand behind the query of a VCS URL.
    query, hash_mark, fragment = query.partition("#")
    pairs = "&".join(map(_masked_pair, query.split("&")))
    return f"{path}?{pairs}{hash_mark}{fragment}"


def _masked_pair(pair: str) -> str:
    key, equals, value = pair.partition("=")
    words = key.lower().replace("-", "_").split("_")
    if equals and value and not _is_variable(value) and any(word.endswith(_SECRET) for word in words):
        return f"{key}={MASK}"
    return pair
