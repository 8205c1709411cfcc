"""The imports of a file with their lines and guards, by its syntax tree."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check import condition, guards
from cleanenv.check.use import FALLBACK, OPTIONAL, TYPING, UNGUARDED, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleanenv.check.condition import Target

# The parser needs some hundred bytes for each byte, so a larger file is not parsed.
LARGEST = 2 << 20
_IMPORTING = ("import_module", "__import__")
_SKIPPING = "importorskip"
_PATH_METHODS = ("append", "insert", "extend")
# Expressions are nine tenths of a tree; without one of these words none of them imports or changes sys.path.
_CALLS = (b"import_module", b"__import__", b"importorskip", b"sys.path", b"addsitedir")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_STATEMENTS = (ast.stmt, ast.ExceptHandler, ast.match_case)
_BODIES = ("body", "orelse", "finalbody")
_PARTS = ("handlers", "cases")
_TRY = tuple(getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name))


class UnparsableError(Exception):
    """A file that this Python's parser does not take; the text says why."""


class Position(NamedTuple):
    """Under which condition a statement stands; see Use for the fields."""

    guard: str = UNGUARDED
    group: int = 0
    is_lazy: bool = False


def uses(code: bytes, target: Target, cell: int = 0) -> list[Use]:
    """Return the imports in ``code``, those that ``target`` never runs left out; raise UnparsableError."""
    if len(code) > LARGEST:
        raise UnparsableError(f"it has more than {LARGEST >> 20} MiB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in the project's texts
            tree = ast.parse(code)
    except SyntaxError as error:
        line = f" in line {error.lineno}" if error.lineno else ""
        raise UnparsableError(f"{error.msg}{line}") from error
    except (ValueError, MemoryError, RecursionError) as error:  # NUL bytes, nesting
        raise UnparsableError("it cannot be parsed") from error
    walk = _Walk(target, cell, has_calls=any(word in code for word in _CALLS))
    try:
        walk.statements(tree.body, Position())
    except RecursionError as error:
        raise UnparsableError("it is nested too deep") from error
    if not walk.changes_path:
        return walk.uses
    return [use._replace(changes_path=True) for use in walk.uses]


class _Walk:
    """Collects the imports of one tree."""

    def __init__(self, target: Target, cell: int, *, has_calls: bool) -> None:
        self.target = target
        self.cell = cell
        self._has_calls = has_calls
        self.uses: list[Use] = []
        self.changes_path = False
        self._typing_names: frozenset[str] = frozenset()
        self._groups = 0
        # Names that say whether an optional import succeeded: `HAS_YAML = False`, `yaml = None`.
        self._flags: set[str] = set()

    def statements(self, body: Iterable[ast.stmt], position: Position) -> None:
        """Collect from statements that stand under ``position``."""
        assured: dict[str, int] = {}
        for statement in body:
            before = len(self.uses)
            self._statement(statement, position)
            if assured:
                self._assure(assured, before)
            if isinstance(statement, _TRY) and position.guard != TYPING and guards.leaves(statement):
                # After it the imports of its body have succeeded, or this line is not reached.
                for use in self.uses[before:]:
                    if use.guard == OPTIONAL:
                        assured[use.top] = use.group

    def _assure(self, assured: Mapping[str, int], start: int) -> None:
        """Let the imports from number ``start`` on be as optional as those of the same package before them."""
        for index in range(start, len(self.uses)):
            use = self.uses[index]
            if use.guard == UNGUARDED and use.top in assured:
                self.uses[index] = use._replace(guard=OPTIONAL, group=assured[use.top])

    def _statement(self, node: ast.stmt, position: Position) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._add(alias.name, node.lineno, position)
        elif isinstance(node, ast.ImportFrom):
            self._import_from(node, position)
        elif isinstance(node, ast.If):
            self._if(node, position)
        elif isinstance(node, _TRY):
            self._try(node, position)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            self._with(node, position)
        else:
            self._any(node, position)

    def _any(self, node: ast.AST, position: Position) -> None:
        """Collect from what is below any other statement; expressions are only looked at where a call may import."""
        if isinstance(node, _FUNCTIONS):
            position = position._replace(is_lazy=True)
        if self._has_calls and isinstance(node, ast.stmt):
            self._expressions(node, position)
        for field in _BODIES:
            self.statements(getattr(node, field, ()), position)
        for field in _PARTS:
            for part in getattr(node, field, ()):
                self.statements(part.body, position)

    def _expressions(self, node: ast.AST, position: Position) -> None:
        """Collect from calls in ``node``, not from the statements below it."""
        if isinstance(node, ast.Call):
            self._call(node, position)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            self._assignment(node)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, _STATEMENTS):
                self._expressions(child, position)

    def _import_from(self, node: ast.ImportFrom, position: Position) -> None:
        if node.level or node.module is None:
            return
        for alias in node.names:
            if alias.name == condition.TYPE_CHECKING_NAME and alias.asname:
                self._typing_names |= {alias.asname}
        self._add(node.module, node.lineno, position, tuple(alias.name for alias in node.names))

    def _if(self, node: ast.If, position: Position) -> None:
        outcome = condition.decide(node.test, self.target, self._typing_names)
        self._condition(node.test, position)
        body = orelse = position
        if outcome.is_typing:
            if outcome.value:
                orelse = position._replace(guard=TYPING)
            else:
                body = position._replace(guard=TYPING)
        elif guards.asks_for_module(node.test) or not self._flags.isdisjoint(guards.names_in(node.test)):
            body = orelse = self._optional(position)
        if outcome.value is not False or outcome.is_typing:
            self.statements(node.body, body)
        if outcome.value is not True or outcome.is_typing:
            self.statements(node.orelse, orelse)

    def _condition(self, node: ast.expr, position: Position) -> None:
        if self._has_calls:
            self._expressions(node, position)

    def _try(self, node: ast.Try, position: Position) -> None:
        handlers = [handler for handler in node.handlers if guards.catches_import_error(handler)]
        is_guard = bool(handlers) and not all(guards.gives_up(handler.body) for handler in handlers)
        body = position
        if is_guard and position.guard != TYPING:
            body = self._optional(position)
        self.statements(node.body, body)
        for handler in node.handlers:
            inner = position
            if is_guard and handler in handlers and position.guard != TYPING:
                inner = body._replace(guard=FALLBACK)
            self.statements(handler.body, inner)
            if inner.guard == FALLBACK:
                self._flags.update(guards.assigned(handler.body))
        # It runs only after the body succeeded: what the body imports is there, and so, to the program, is what a
        # handler sets instead of it.
        tops = {use.top for use in self.uses if body.group and use.group == body.group}
        for handler in handlers:
            tops.update(guards.assigned(handler.body) if body.group else ())
        before = len(self.uses)
        self.statements(node.orelse, position)
        for index in range(before, len(self.uses)):
            if self.uses[index].top in tops:
                self.uses[index] = self.uses[index]._replace(guard=OPTIONAL, group=body.group)
        self.statements(node.finalbody, position)

    def _with(self, node: ast.With | ast.AsyncWith, position: Position) -> None:
        inner = position
        for item in node.items:
            self._condition(item.context_expr, position)
            if position.guard != TYPING and guards.suppresses_import_error(item.context_expr):
                inner = self._optional(position)
        self.statements(node.body, inner)

    def _optional(self, position: Position) -> Position:
        """Return ``position`` in a new group; inside another group it stays in that one."""
        if position.group:
            return position
        self._groups += 1
        return position._replace(guard=OPTIONAL, group=self._groups)

    def _call(self, node: ast.Call, position: Position) -> None:
        name = guards.last_name(node.func)
        if name in _IMPORTING or name == _SKIPPING:
            argument = _first_text(node)
            if argument and not argument.startswith("."):
                guarded = self._optional(position) if name == _SKIPPING else position
                self._add(argument, node.lineno, guarded)
        elif name in _PATH_METHODS and isinstance(node.func, ast.Attribute):
            if _is_sys_path(node.func.value):
                self.changes_path = True
        elif name == "addsitedir":
            self.changes_path = True

    def _assignment(self, node: ast.Assign | ast.AugAssign) -> None:
        targets: Sequence[ast.expr] = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            whole = target.value if isinstance(target, ast.Subscript) else target
            if _is_sys_path(whole):
                self.changes_path = True

    def _add(self, module: str, line: int, position: Position, names: tuple[str, ...] = ()) -> None:
        use = Use(module, line, names, position.guard, position.group, position.is_lazy, self.cell)
        self.uses.append(use)


def _is_sys_path(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "path" and guards.last_name(node.value) == "sys"


def _first_text(node: ast.Call) -> str:
    """Return the text that a call has as its first argument, or by the names that it has in importlib and pytest."""
    arguments: Iterator[ast.expr] = iter(node.args[:1])
    named = (keyword.value for keyword in node.keywords if keyword.arg in ("name", "modname"))
    for argument in (*arguments, *named):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return argument.value
    return ""
