"""Masking of credentials in URLs, since a listing is shared and a token is not."""

# On the way of `freeze`, run in hooks: no urllib.parse (15 ms).
from __future__ import annotations

MASK = "****"
_SECRET = ("token", "secret", "password", "passwd", "pwd", "key", "auth", "sig", "signature", "credential")
# What services want in the place of the password when the user is the token.
_NO_PASSWORDS = frozenset(("", "x-oauth-basic", "x-access-token", "x"))
# No name that people choose is so long and has both letters and digits.
_TOKEN_LENGTH = 20
_SCHEME_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."
_PAIR_ENDS = "?#& \t\"'"
_ENDS = "/?#\"' \t"


def masked(text: str) -> str:
    """Return ``text``, a URL or a line with some, without the credentials of each URL in it.

    Those are the password, the user if that is a token, and tokens in the query
    and the fragment. A user alone stays for ssh and if it is ``git``;
    ``${NAME}`` stays, which is the name of a secret and not a secret (PEP 610).
    """
    if "://" not in text:
        return text
    before, *parts = text.split("://")
    result = _masked_pairs(before)
    for part in parts:
        scheme = before[len(before.rstrip(_SCHEME_LETTERS)) :]
        end = _end_of_authority(part, scheme)
        authority = _masked_authority(part[:end], scheme)
        result += f"://{authority}{_masked_pairs(part[end:])}"
        before = part
    return result


def _masked_authority(authority: str, scheme: str) -> str:
    user, at, host = authority.rpartition("@")
    if at:
        user = _masked_user(user, scheme)
    name, colon, port = host.rpartition(":")
    if at and colon and not _may_be_port(port, scheme):
        host = f"{name}:{MASK}"
    return f"{user}{at}{host}"


def _end_of_authority(rest: str, scheme: str) -> int:
    """Return where user, password, host and port end in ``rest``, what follows ``://``.

    A password that was not encoded may have ``/``, ``?``, ``#`` and blanks in
    it (RFC 3986 forbids them). It has if what precedes them cannot be a host
    and a port, and an ``@`` follows.
    """
    end = _first(rest, _ENDS, 0)
    at = rest.find("@", end)
    if end == len(rest) or at < 0 or ("@" in rest[:end] and scheme.endswith("ssh")):
        return end
    host = rest[:end].rpartition("@")[2]
    _, colon, port = host.rpartition(":")
    if rest[end] in "?#":
        is_in_password = end > 0 and "=" not in rest[end:at]  # else a query, or a fragment such as #egg=a@1
    else:
        is_in_password = colon != "" and not _may_be_port(port, scheme)
    return _first(rest, _ENDS, at) if is_in_password else end


def _may_be_port(text: str, scheme: str) -> bool:
    """Whether ``text`` may stand after the colon of a host: also ``org`` in ``ssh://git@host:org/repository``."""
    return text == "" or text.isdigit() or text.endswith("]") or _is_variable(text) or scheme.endswith("ssh")


def _first(text: str, characters: str, start: int) -> int:
    """Return the index of the first of ``characters`` in ``text`` from ``start`` on, the length if there is none."""
    end = len(text)
    for character in characters:
        index = text.find(character, start, end)
        if index >= 0:
            end = index
    return end


def _masked_user(user: str, scheme: str) -> str:
    name, colon, password = user.partition(":")
    if not colon:
        is_plain = name == "git" or (scheme.endswith("ssh") and not _looks_like_token(name))
        return name if is_plain or _is_variable(name) else MASK
    is_token = password in _NO_PASSWORDS or _looks_like_token(name)
    if is_token and not _is_variable(name):
        name = MASK
    if password not in _NO_PASSWORDS and not _is_variable(password):
        password = MASK
    return f"{name}:{password}"


def _looks_like_token(name: str) -> bool:
    word = name.replace("_", "").replace("-", "")
    return len(word) >= _TOKEN_LENGTH and word.isalnum() and not word.isalpha() and not word.isdigit()


def _is_variable(text: str) -> bool:
    return text.startswith("${") and text.endswith("}")


def _masked_pairs(rest: str) -> str:
    """Return ``rest``, what follows the host, with the tokens in its query and its fragment masked."""
    if "?" not in rest and "#" not in rest and "&" not in rest:
        return rest
    result = ""
    start = 0
    for index, character in enumerate(rest):
        if character in _PAIR_ENDS:
            result += _masked_pair(rest[start:index]) + character
            start = index + 1
    return result + _masked_pair(rest[start:])


def _masked_pair(pair: str) -> str:
    key, _, value = pair.partition("=")
    if not value or _is_variable(value):
        return pair
    for word in key.lower().replace("-", "_").split("_"):
        if word.endswith(_SECRET):
            return f"{key}={MASK}"
    return pair
