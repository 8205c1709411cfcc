"""package.xml of ROS as a manifest: REP 127, 140 and 149."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from cleanenv.check.declared.manifest import PACKAGE_XML, Declared, Manifest, line_of
from cleanenv.environments import metadata
from cleanenv.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

# What is there when a package runs; what only building needs does not count (REP 149).
RUNTIME = ("depend", "exec_depend", "run_depend")
TESTS = "test_depend"
_TOKEN = re.compile(r"""\s*(?:(\(|\)|==|!=|<=|>=|<|>)|"([^"]*)"|'([^']*)'|(\$?[\w.\-]+))""")
_LARGEST = 1 << 20


class _ConditionError(Exception):
    """A condition that is not one by REP 149."""


def read(path: str, shown: str, variables: Mapping[str, str]) -> Manifest | None:
    """Return what the file declares, with conditions decided by ``variables``; None if it is another kind of XML.

    A condition on a variable that is not set counts as true. Raises UsageError if it cannot be read.
    """
    try:
        content = metadata.read(path, _LARGEST)
        root = ET.fromstring(content)  # noqa: S314  Expat bounds what entities expand to since 2.4.1
    except OSError as error:
        raise UsageError(f"cannot read '{shown}' ({(error.strerror or 'unreadable').lower()})") from error
    except (ET.ParseError, ValueError, LookupError) as error:
        raise UsageError(f"'{shown}' is not valid XML ({error})") from error
    if root.tag != "package":
        return None
    text = content.decode("utf-8", "replace")
    manifest = Manifest(path, shown, PACKAGE_XML)
    manifest.project = (root.findtext("name") or "").strip()
    for element in root:
        name = (element.text or "").strip()
        if not name or element.tag not in (*RUNTIME, TESTS) or not _applies(element.get("condition"), variables):
            continue
        group = "test" if element.tag == TESTS else ""
        written = f"<{element.tag}>{name}</{element.tag}>"
        manifest.add(Declared(name, written, f"{shown}:{line_of(text, f'>{name}<')}", group))
    return manifest


def version(path: str) -> str:
    """Return the version in a package.xml, empty if it cannot be read."""
    try:
        root = ET.fromstring(metadata.read(path, _LARGEST))  # noqa: S314  as above
    except (OSError, ET.ParseError, ValueError, LookupError):
        return ""
    return (root.findtext("version") or "").strip()


def _applies(text: str | None, variables: Mapping[str, str]) -> bool:
    if text is None or not text.strip():
        return True
    try:
        return _Condition(text, variables).value()
    except _ConditionError:
        return True


class _Condition:
    """A condition and how far it has been read: comparisons with ``and``, ``or`` and brackets."""

    def __init__(self, text: str, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._tokens: list[str] = []
        end = 0
        text = text.rstrip()
        while end < len(text):
            match = _TOKEN.match(text, end)
            if match is None:
                raise _ConditionError
            # A text in quotes is never a name or an operator; '=' marks it.
            operator, double, single, word = match.groups()
            quoted = double if double is not None else single
            self._tokens.append(f"={quoted}" if quoted is not None else operator or word)
            end = match.end()
        self._tokens.reverse()

    def value(self) -> bool:
        result = self._either()
        if self._tokens:
            raise _ConditionError
        return result

    def _either(self) -> bool:
        result = self._both()
        while self._next_is("or"):
            right = self._both()
            result = result or right
        return result

    def _both(self) -> bool:
        result = self._comparison()
        while self._next_is("and"):
            right = self._comparison()
            result = result and right
        return result

    def _comparison(self) -> bool:
        if self._next_is("("):
            result = self._either()
            if not self._next_is(")"):
                raise _ConditionError
            return result
        left = self._operand()
        operator = self._take()
        right = self._operand()
        if left is None or right is None:
            return True
        # As texts, by REP 149.
        results = {
            "==": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }
        if operator not in results:
            raise _ConditionError
        return results[operator]

    def _operand(self) -> str | None:
        """Return the next operand, None for a variable that is not set."""
        token = self._take()
        if token.startswith("$"):
            return self._variables.get(token[1:])
        return token.removeprefix("=")

    def _take(self) -> str:
        if not self._tokens:
            raise _ConditionError
        return self._tokens.pop()

    def _next_is(self, token: str) -> bool:
        if self._tokens and self._tokens[-1] == token:
            self._tokens.pop()
            return True
        return False
