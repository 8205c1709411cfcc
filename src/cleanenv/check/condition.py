"""The conditions of ``if`` statements that are known before a program runs: the Python's version, the platform."""

from __future__ import annotations

import ast
import os
import sys
from typing import NamedTuple

TYPE_CHECKING_NAME = "TYPE_CHECKING"
# six's, and those that projects give to what they find out themselves.
_MAJOR_NAMES = {2: ("PY2", "IS_PY2", "is_py2"), 3: ("PY3", "IS_PY3", "is_py3")}
_SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}


class Target(NamedTuple):
    """For which Python conditions are decided: ``version`` in numbers, and whether it is PyPy."""

    version: tuple[int, ...]
    is_pypy: bool = False


class Outcome(NamedTuple):
    """``value`` of a condition, None if it is not known; ``is_typing`` if it holds for type checkers alone."""

    value: bool | None
    is_typing: bool = False


UNKNOWN = Outcome(None)


def decide(test: ast.expr, target: Target, typing_names: frozenset[str]) -> Outcome:
    """Decide ``test``; ``typing_names`` are those that the file gives to typing.TYPE_CHECKING."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = decide(test.operand, target, typing_names)
        if inner.value is None:
            return UNKNOWN
        return Outcome(not inner.value, inner.is_typing)
    if isinstance(test, ast.BoolOp):
        return _decide_many(test, target, typing_names)
    if _is_type_checking(test, typing_names):
        return Outcome(value=False, is_typing=True)
    try:
        value = _value(test, target)
    except _UnknownValueError:
        return UNKNOWN
    return Outcome(bool(value))


def _decide_many(test: ast.BoolOp, target: Target, typing_names: frozenset[str]) -> Outcome:
    """Decide ``a and b`` or ``a or b``: one part may settle it."""
    settling = isinstance(test.op, ast.Or)
    outcomes = [decide(part, target, typing_names) for part in test.values]
    for outcome in outcomes:
        if outcome.value is settling:
            return outcome
    if any(outcome.value is None for outcome in outcomes):
        return UNKNOWN
    # Of `TYPE_CHECKING or False` the first part decides what it means.
    return Outcome(not settling, any(outcome.is_typing for outcome in outcomes))


def _is_type_checking(test: ast.expr, typing_names: frozenset[str]) -> bool:
    if isinstance(test, ast.Attribute):
        return test.attr == TYPE_CHECKING_NAME
    return isinstance(test, ast.Name) and (test.id == TYPE_CHECKING_NAME or test.id in typing_names)


class _UnknownValueError(Exception):
    """The value of an expression is not known without running the program."""


def _value(node: ast.expr, target: Target) -> object:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(_value(element, target) for element in node.elts)
    if isinstance(node, ast.Compare):
        return _compared(node, target)
    if isinstance(node, ast.Subscript):
        return _part(node, target)
    if isinstance(node, ast.Call):
        return _called(node, target)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return _named(ast.unparse(node), target)
    raise _UnknownValueError


def _named(name: str, target: Target) -> object:
    known: dict[str, object] = {
        "sys.version_info": target.version,
        "sys.version_info.major": target.version[0],
        "sys.version_info.minor": target.version[1],
        "sys.platform": sys.platform,
        "os.name": os.name,
        "sys.implementation.name": "pypy" if target.is_pypy else "cpython",
    }
    # `from sys import version_info` is as usual as `import sys`.
    for full_name in (name, f"sys.{name}"):
        if full_name in known:
            return known[full_name]
    last = name.rpartition(".")[2]
    for major, names in _MAJOR_NAMES.items():
        if last in names:
            return target.version[0] == major
    raise _UnknownValueError


def _part(node: ast.Subscript, target: Target) -> object:
    """Return ``sys.version_info[0]`` or ``sys.version_info[:2]``."""
    whole = _value(node.value, target)
    if not isinstance(whole, tuple):
        raise _UnknownValueError
    if isinstance(node.slice, ast.Slice):
        lower = _value(node.slice.lower, target) if node.slice.lower is not None else None
        upper = _value(node.slice.upper, target) if node.slice.upper is not None else None
        if not isinstance(lower, int | None) or not isinstance(upper, int | None) or node.slice.step is not None:
            raise _UnknownValueError
        return whole[lower:upper]
    index = _value(node.slice, target)
    if not isinstance(index, int) or not -len(whole) <= index < len(whole):
        raise _UnknownValueError
    return whole[index]


def _called(node: ast.Call, target: Target) -> object:
    """Return ``sys.platform.startswith("win")``, ``platform.system()`` or ``platform.python_implementation()``."""
    function = node.func
    if not isinstance(function, ast.Attribute):
        raise _UnknownValueError
    name = ast.unparse(function)
    if not node.args:
        if name == "platform.system":
            return _SYSTEMS.get(sys.platform, "")
        if name == "platform.python_implementation":
            return "PyPy" if target.is_pypy else "CPython"
        raise _UnknownValueError
    text = _value(function.value, target)
    if function.attr == "startswith" and isinstance(text, str) and len(node.args) == 1:
        prefix = _value(node.args[0], target)
        if isinstance(prefix, str):
            return text.startswith(prefix)
        if isinstance(prefix, tuple):
            return text.startswith(tuple(str(part) for part in prefix))
    raise _UnknownValueError


def _compared(node: ast.Compare, target: Target) -> object:
    left = _value(node.left, target)
    for comparison, operand in zip(node.ops, node.comparators, strict=True):
        right = _value(operand, target)
        if not _holds(left, comparison, right):
            return False
        left = right
    return True


def _holds(left: object, comparison: ast.cmpop, right: object) -> bool:
    if isinstance(comparison, (ast.In, ast.NotIn)):
        if not isinstance(right, (tuple, str)) or (isinstance(right, str) and not isinstance(left, str)):
            raise _UnknownValueError
        is_in = left in right
        return is_in if isinstance(comparison, ast.In) else not is_in
    if isinstance(comparison, (ast.Eq, ast.NotEq)):
        return (left == right) is isinstance(comparison, ast.Eq)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _is_ordered(_numbers(left), comparison, _numbers(right))
    if isinstance(left, int) and isinstance(right, int):
        return _is_ordered((left,), comparison, (right,))
    raise _UnknownValueError


def _numbers(values: tuple[object, ...]) -> tuple[int, ...]:
    """Return what is before the first text in a version: the release level of sys.version_info is one."""
    numbers: list[int] = []
    for value in values:
        if not isinstance(value, int):
            break
        numbers.append(value)
    return tuple(numbers)


def _is_ordered(left: tuple[int, ...], comparison: ast.cmpop, right: tuple[int, ...]) -> bool:
    if isinstance(comparison, ast.Lt):
        return left < right
    if isinstance(comparison, ast.LtE):
        return left <= right
    if isinstance(comparison, ast.Gt):
        return left > right
    if isinstance(comparison, ast.GtE):
        return left >= right
    raise _UnknownValueError
