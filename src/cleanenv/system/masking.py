"""Masking of passwords and tokens in what trace and doctor report, since a report is pasted into issues and chats.

A value is a secret by the name of its variable, by its own shape, or as credentials in a URL. What is masked, here and
in ``credentials``, is what can be recognised: another secret stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from cleanenv.system import credentials
from cleanenv.system.credentials import MASK

Model = TypeVar("Model")

# Parts of a name between '_' and '-', in upper case. The first kind may be the end of a part, as in PGPASSWORD.
_ENDINGS = ("TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWORDS", "PASSWD", "PASSPHRASE", "APIKEY")
_PARTS = frozenset(("KEY", "KEYS", "CREDENTIAL", "CREDENTIALS", "AUTH", "PAT", "PASS", "SSHPASS", "PWD"))
_SHELLS_OWN = frozenset(("PWD", "OLDPWD"))  # directories
# How names end that say where a secret is, or how long it lasts, and are none.
_ABOUT = frozenset(
    (
        *("FILE", "FILES", "DIR", "PATH", "SOCK", "SOCKET", "HOME", "COMMAND", "CMD", "HELPER", "PROVIDER", "PROGRAM"),
        *("ASKPASS", "TIMEOUT", "LIFETIME", "TTL", "TYPE", "NAME", "USER", "URL", "URI", "HOST", "ENABLED", "REQUIRED"),
    )
)
_VALUES = ("old", "new", "now", "replayed", "value")  # fields of the models that hold a variable's value
_SHORTEST = 6  # characters of a value that is looked for elsewhere: a shorter one is part of many words
_SHAPES = re.compile(
    r"""
    (?<![A-Za-z0-9])(?:
        pypi-[\w-]{16,} | npm_[A-Za-z0-9]{20,} | hf_[A-Za-z0-9]{20,} | dckr_pat_[\w-]{16,} |  # registries
        gh[opsur]_[A-Za-z0-9]{20,} | github_pat_\w{20,} | gl[a-z]{2,6}-[\w-]{16,} | ATBB[A-Za-z0-9]{20,} |  # forges
        (?:AKIA|ASIA)[A-Z0-9]{16} | AIza[\w-]{30,} | ya29\.[\w-]{16,} | SG\.[\w-]{16,}\.[\w-]{16,} |  # clouds
        xox[a-z]-[\w-]{10,} | sk-[\w-]{20,} | [rs]k_(?:live|test)_[A-Za-z0-9]{16,} | tok_[A-Za-z0-9]{20,} |  # services
        eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*  # a JSON Web Token (RFC 7519)
    )
    | (?<=[Bb]earer\ )[\w.~+/-]{8,}=*  # RFC 6750
    | (?<=[Bb]asic\ )[A-Za-z0-9+/]{8,}=*  # RFC 7617
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*-----|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
# A name with what it is set to: NAME=VALUE in most shells, NAME = VALUE in xonsh, nushell and elvish, --name VALUE for
# a program, set NAME VALUE in csh and fish.
_SETTING = re.compile(
    r"""
    (?P<head> (?<![\w-]) -{0,2} (?P<name>[A-Za-z_][\w-]*) ["'\]}]* \s* (?:=|:(?=\s*["'])) \s*
            | (?<![\w-]) --? (?P<option>[A-Za-z][\w-]*) \s+
            | (?<![\w-]) (?:setenv|set-env|set(?:\s+-[\w-]+)*) \s+ (?P<word>[A-Za-z_]\w*) \s+ )
    (?P<value> "[^"]*" | '[^']*' | [^\s;&|"']+ )
    """,
    re.VERBOSE,
)


def is_secret(name: str, value: str) -> bool:
    """Tell whether the value of the variable ``name`` is a secret, by the name."""
    parts = name.upper().replace("-", "_").split("_")
    if not value or name in _SHELLS_OWN or parts[-1] in _ABOUT:
        return False
    if value.startswith(("/", "~", "./", "../")) and value.count("/") < len(value) // 4:
        return False  # the path of a key
    return any(part in _PARTS or part.endswith(_ENDINGS) for part in parts)


def secrets(environ: Mapping[str, str]) -> list[str]:
    """Return the values of ``environ`` that are secrets by their names, for ``masked``."""
    return [value for name, value in environ.items() if is_secret(name, value)]


def masked(model: Model, known: list[str]) -> Model:
    """Return ``model`` with the secrets in all its texts masked.

    It is a text, a named tuple or a dataclass, with tuples, lists and mappings of such in it. ``known`` are secrets
    that are masked wherever they stand; so are the values of all changes of a variable whose name says so.
    """
    found = set(known)
    _collect(model, found)
    by_length = sorted((secret for secret in found if len(secret) >= _SHORTEST), key=len, reverse=True)
    result = _walk(model, by_length)
    assert isinstance(result, type(model))  # noqa: S101  a walk keeps the types
    return result


def text(line: str, known: list[str]) -> str:
    """Return ``line`` with the secrets in it masked: those in ``known``, and others by shape or by the name before."""
    for secret in known:
        line = line.replace(secret, MASK)
    line = credentials.masked(line)
    line = _SHAPES.sub(MASK, line)
    return _SETTING.sub(_masked_setting, line)


def _masked_setting(match: re.Match[str]) -> str:
    name = match["name"] or match["option"] or match["word"]
    value = match["value"]
    bare = value.strip("\"'")
    if bare.startswith(("$", "`", "(")) or not is_secret(name, bare):  # it names the secret, or the program that has it
        return match[0]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{match['head']}{quote}{MASK}{quote}"


def _collect(model: object, found: set[str]) -> None:
    """Add to ``found`` the values of each change, or finding, of a variable whose name says that it is a secret."""
    if isinstance(model, str):
        return
    if isinstance(model, Mapping):
        for value in model.values():
            _collect(value, found)
        return
    if isinstance(model, (tuple, list)) and not hasattr(model, "_fields"):
        for value in model:
            _collect(value, found)
        return
    for field in _fields(model):
        value = getattr(model, field)
        if _is_secret_field(model, field):
            found.add(value)
        else:
            _collect(value, found)


def _walk(model: object, known: list[str]) -> object:
    if isinstance(model, str):
        return text(model, known)
    if isinstance(model, Mapping):
        return {key: _walk(value, known) for key, value in model.items()}
    if isinstance(model, (tuple, list)) and not hasattr(model, "_fields"):
        return type(model)(_walk(value, known) for value in model)
    fields = _fields(model)
    if not fields:
        return model
    changed = {}
    for field in fields:
        value = getattr(model, field)
        changed[field] = MASK if _is_secret_field(model, field) else _walk(value, known)
    return type(model)(**changed)


def _is_secret_field(model: object, field: str) -> bool:
    """Tell whether a field of a change, a finding or the like holds the value of a variable that is a secret."""
    name = getattr(model, "name", None) or getattr(model, "variable", None)
    value = getattr(model, field)
    return field in _VALUES and isinstance(name, str) and isinstance(value, str) and is_secret(name, value)


def _fields(model: object) -> tuple[str, ...]:
    """Return the names of the fields of a named tuple or a dataclass, none for anything else."""
    if isinstance(model, type):
        return ()
    fields: object = getattr(model, "_fields", None) or getattr(model, "__dataclass_fields__", None)
    return tuple(map(str, fields)) if isinstance(fields, (tuple, Mapping)) else ()
