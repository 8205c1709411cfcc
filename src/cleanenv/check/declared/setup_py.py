"""setup.py as a manifest, read without running it: what is written out in it is known, what it computes is not."""

from __future__ import annotations

import ast
import os
import warnings
from typing import TYPE_CHECKING

from cleanenv.check.declared.manifest import BUILD, SETUP_PY, Manifest
from cleanenv.environments import metadata
from cleanenv.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEYS = {"install_requires": "", "tests_require": "extra test", "setup_requires": BUILD}
_EXTRAS = "extras_require"
CATKIN = b"generate_distutils_setup"  # takes all from package.xml, and has no requirements for pip
_CHANGING = ("append", "extend", "insert", "update")
_KEEPING = ("list", "tuple", "set", "sorted", "sum", "dict")  # what they give has the texts that they are given
_DEEPEST = 50


class _ComputedError(Exception):
    """A value is computed when setup.py runs."""


def read(path: str, shown: str) -> Manifest | None:
    """Return what the file declares, None if it does not call setup(); raise UsageError if it cannot be read.

    A branch of an ``if`` counts whatever its condition, so that nothing is called missing that may be declared.
    """
    try:
        code = metadata.read_whole(path)
    except OSError as error:
        raise UsageError(f"cannot read '{shown}' ({(error.strerror or 'unreadable').lower()})") from error
    manifest = Manifest(path, shown, SETUP_PY)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        manifest.is_computed = True
        return manifest
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func)]
    if not calls:
        return None
    reader = _Reader(manifest, tree)
    for keyword in calls[0].keywords:
        if keyword.arg is not None:
            reader.add(keyword.arg, keyword.value)
        elif CATKIN not in code:
            reader.add_all(keyword.value)
    return manifest


def _is_setup(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "setup"
    return isinstance(function, ast.Name) and function.id == "setup"


class _Reader:
    """Adds to a manifest what the arguments of setup() say, names followed to what they were given."""

    def __init__(self, manifest: Manifest, tree: ast.Module) -> None:
        self._manifest = manifest
        self._directory = os.path.dirname(manifest.path)
        self._values: dict[str, list[ast.expr]] = {}
        for name, value in _given(tree):
            self._values.setdefault(name, []).append(value)

    def add(self, key: str, value: ast.expr) -> None:
        """Add what one keyword of setup() declares."""
        if key == "name" and isinstance(value, ast.Constant) and isinstance(value.value, str):
            self._manifest.project = value.value
        try:
            if key in _KEYS:
                self._add_list(value, _KEYS[key])
            elif key == _EXTRAS:
                self._add_extras(value)
        except (_ComputedError, RecursionError):
            self._manifest.is_computed = True

    def add_all(self, value: ast.expr) -> None:
        """Add what ``**value`` declares, if that is a dictionary that is written out."""
        tables = self._tables(value)
        if not tables:
            self._manifest.is_computed = True
        for table in tables:
            for key, inner in zip(table.keys, table.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    self.add(key.value, inner)

    def _add_extras(self, value: ast.expr) -> None:
        tables = self._tables(value)
        if not tables:
            raise _ComputedError
        for table in tables:
            for key, requirements in zip(table.keys, table.values, strict=True):
                is_named = isinstance(key, ast.Constant) and isinstance(key.value, str)
                self._add_list(requirements, f"extra {ast.literal_eval(key)}" if key and is_named else "extra")

    def _tables(self, value: ast.expr) -> list[ast.Dict]:
        if isinstance(value, ast.Dict):
            return [value]
        given = self._values.get(value.id, ()) if isinstance(value, ast.Name) else ()
        return [inner for inner in given if isinstance(inner, ast.Dict)]

    def _add_list(self, value: ast.expr, group: str) -> None:
        for element in self._texts(value, 0):
            text = element.value if isinstance(element.value, str) else ""
            for line in text.splitlines():
                self._manifest.add_text(line.strip(), f"{self._manifest.shown}:{element.lineno}", group)

    def _texts(self, value: ast.expr, depth: int) -> Iterator[ast.Constant]:
        """Yield the texts in a value; raise _ComputedError if some of it is only known when setup.py runs."""
        if depth > _DEEPEST:  # names given each other
            return
        if isinstance(value, ast.Constant):
            yield value
        elif isinstance(value, ast.Name):
            if value.id not in self._values:
                raise _ComputedError
            yield from self._all(self._values[value.id], depth)
        elif isinstance(value, ast.Call):
            yield from self._called(value, depth)
        elif isinstance(value, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            # What it makes of each text is left out: markers and versions are put around names.
            yield from self._all([generator.iter for generator in value.generators], depth)
        else:
            yield from self._all(_parts(value), depth)

    def _all(self, values: Iterable[ast.expr], depth: int) -> Iterator[ast.Constant]:
        for value in values:
            yield from self._texts(value, depth + 1)

    def _called(self, call: ast.Call, depth: int) -> Iterator[ast.Constant]:
        """Yield the texts that a call is given; a file of requirements that it reads is a manifest of its own."""
        if any(self._is_requirements_file(argument) for argument in ast.walk(call)):
            return
        inner = list(call.args)
        if isinstance(call.func, ast.Attribute):  # `text.splitlines()`, `extras.values()`
            inner.append(call.func.value)
        elif not isinstance(call.func, ast.Name) or call.func.id not in _KEEPING:
            raise _ComputedError
        yield from self._all(inner, depth)

    def _is_requirements_file(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return False
        name = node.value
        return name.endswith((".txt", ".in")) and os.path.isfile(os.path.join(self._directory, name))


def _parts(value: ast.expr) -> list[ast.expr]:
    """Return what a list, a sum or an alternative consists of; nothing of a text that is put together."""
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        return value.elts
    if isinstance(value, ast.Dict):
        return value.values
    if isinstance(value, ast.Starred):
        return [value.value]
    if isinstance(value, ast.IfExp):
        return [value.body, value.orelse]
    if isinstance(value, ast.BinOp):
        return [value.left, value.right] if isinstance(value.op, ast.Add) else []
    if isinstance(value, ast.JoinedStr):
        return []
    raise _ComputedError


def _given(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name with each value that it is given, or that is added to it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node.value
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            yield node.optional_vars.id, node.context_expr
        elif isinstance(node, ast.Call):
            changed = _changed(node.func)
            if changed:
                yield from ((changed, argument) for argument in node.args)


def _changed(function: ast.expr) -> str:
    """Return the name of the list to which a call of ``function`` adds, empty if it adds to none."""
    if isinstance(function, ast.Attribute) and function.attr in _CHANGING and isinstance(function.value, ast.Name):
        return function.value.id
    return ""
