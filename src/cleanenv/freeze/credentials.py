"""Masking of credentials in URLs, since a listing is shared and a token is not."""

# On the way of `freeze`, run in hooks: no urllib.parse (15 ms).
from __future__ import annotations

MASK = "****"
_SECRET = ("token", "secret", "password", "passwd", "pwd", "key", "auth", "sig", "signature", "credential")


def masked(url: str) -> str:
    """Return ``url`` without its password, its user if that is a token, and the tokens in its query.

    A user alone stays for ssh and if it is ``git``; ``${NAME}`` stays, which is
    the name of a secret and not a secret (PEP 610).
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    end = len(rest)
    for separator in "/?#":
        index = rest.find(separator, 0, end)
        if index >= 0:
            end = index
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
    if name == "git" or scheme.endswith("ssh"):
        return user
    return MASK


def _is_variable(text: str) -> bool:
    return text.startswith("${") and text.endswith("}")


def _masked_query(rest: str) -> str:
    path, mark, query = rest.partition("?")
    if not mark:
        return rest
    # The revision and the fragment of a VCS URL come after its query.
    query, hash_mark, fragment = query.partition("#")
    pairs = "&".join(map(_masked_pair, query.split("&")))
    return f"{path}?{pairs}{hash_mark}{fragment}"


def _masked_pair(pair: str) -> str:
    key, _, value = pair.partition("=")
    if not value or _is_variable(value):
        return pair
    for word in key.lower().replace("-", "_").split("_"):
        if word.endswith(_SECRET):
            return f"{key}={MASK}"
    return pair
