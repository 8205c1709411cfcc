"""The imports of a file with their lines and guards, by its syntax tree."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.check import condition
from cleanenv.check.use import FALLBACK, OPTIONAL, TYPING, UNGUARDED, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleanenv.check.condition import Target

# The parser needs some hundred bytes for each byte, so a larger file is not parsed.
LARGEST = 2 << 20
IMPORT_ERRORS = frozenset(("ImportError", "ModuleNotFoundError", "Exception", "BaseException"))
_IMPORTING = ("import_module", "__import__")
_SKIPPING = "importorskip"
_FINDING = "find_spec"
_PATH_METHODS = ("append", "insert", "extend")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
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
    walk = _Walk(target, cell)
    try:
        walk.statements(tree.body, Position())
    except RecursionError as error:
        raise UnparsableError("it is nested too deep") from error
    if not walk.changes_path:
        return walk.uses
    return [use._replace(changes_path=True) for use in walk.uses]


class _Walk:
    """Collects the imports of one tree."""

    def __init__(self, target: Target, cell: int) -> None:
        self.target = target
        self.cell = cell
        self.uses: list[Use] = []
        self.changes_path = False
        self._typing_names: frozenset[str] = frozenset()
        self._groups = 0

    def statements(self, body: Iterable[ast.stmt], position: Position) -> None:
        """Collect from statements that stand under ``position``."""
        for statement in body:
            self._statement(statement, position)

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
        """Collect from what is below any other node: statements, and calls in expressions."""
        if isinstance(node, _FUNCTIONS):
            position = position._replace(is_lazy=True)
        if isinstance(node, ast.Call):
            self._call(node, position)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            self._assignment(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self._statement(child, position)
            else:
                self._any(child, position)

    def _import_from(self, node: ast.ImportFrom, position: Position) -> None:
        if node.level or node.module is None:
            return
        for alias in node.names:
            if alias.name == condition.TYPE_CHECKING_NAME and alias.asname:
                self._typing_names |= {alias.asname}
        self._add(node.module, node.lineno, position, tuple(alias.name for alias in node.names))

    def _if(self, node: ast.If, position: Position) -> None:
        outcome = condition.decide(node.test, self.target, self._typing_names)
        self._any(node.test, position)
        body = orelse = position
        if outcome.is_typing:
            if outcome.value:
                orelse = position._replace(guard=TYPING)
            else:
                body = position._replace(guard=TYPING)
        elif _asks_for_module(node.test):
            body = self._optional(position)
        if outcome.value is not False or outcome.is_typing:
            self.statements(node.body, body)
        if outcome.value is not True or outcome.is_typing:
            self.statements(node.orelse, orelse)

    def _try(self, node: ast.Try, position: Position) -> None:
        handlers = [handler for handler in node.handlers if _catches_import_error(handler)]
        is_guard = bool(handlers) and not all(_gives_up(handler.body) for handler in handlers)
        body = position
        if is_guard and position.guard != TYPING:
            body = self._optional(position)
        self.statements(node.body, body)
        for handler in node.handlers:
            inner = position
            if is_guard and handler in handlers and position.guard != TYPING:
                inner = body._replace(guard=FALLBACK)
            self.statements(handler.body, inner)
        # It runs only after the body succeeded: what the body imports is there.
        tops = {use.top for use in self.uses if body.group and use.group == body.group}
        before = len(self.uses)
        self.statements(node.orelse, position)
        for index in range(before, len(self.uses)):
            if self.uses[index].top in tops:
                self.uses[index] = self.uses[index]._replace(guard=OPTIONAL, group=body.group)
        self.statements(node.finalbody, position)

    def _with(self, node: ast.With | ast.AsyncWith, position: Position) -> None:
        inner = position
        for item in node.items:
            self._any(item.context_expr, position)
            if position.guard != TYPING and _suppresses_import_error(item.context_expr):
                inner = self._optional(position)
        self.statements(node.body, inner)

    def _optional(self, position: Position) -> Position:
        """Return ``position`` in a new group; inside another group it stays in that one."""
        if position.group:
            return position
        self._groups += 1
        return position._replace(guard=OPTIONAL, group=self._groups)

    def _call(self, node: ast.Call, position: Position) -> None:
        name = _last_name(node.func)
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


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_last_name(kind) in IMPORT_ERRORS for kind in types)


def _gives_up(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a handler only reports better that the import failed: it ends in ``raise`` or ``sys.exit()``."""
    last = body[-1]
    if isinstance(last, ast.Raise):
        return True
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return _last_name(last.value.func) in ("exit", "_exit", "quit", "abort")
    return False


def _suppresses_import_error(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or _last_name(node.func) != "suppress":
        return False
    return any(_last_name(argument) in IMPORT_ERRORS for argument in node.args)


def _asks_for_module(test: ast.expr) -> bool:
    """Tell whether a condition looks for a module: ``if importlib.util.find_spec("yaml"):``."""
    calls = (node for node in ast.walk(test) if isinstance(node, ast.Call))
    return any(_last_name(call.func) == _FINDING for call in calls)


def _is_sys_path(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "path" and _last_name(node.value) == "sys"


def _last_name(node: ast.expr | None) -> str:
    """Return the name of ``a.b.name`` and of ``name``, empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _first_text(node: ast.Call) -> str:
    """Return the text that a call has as its first argument, or by the names that it has in importlib and pytest."""
    arguments: Iterator[ast.expr] = iter(node.args[:1])
    named = (keyword.value for keyword in node.keywords if keyword.arg in ("name", "modname"))
    for argument in (*arguments, *named):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return argument.value
    return ""
