"""What guards an import against its own failure: handlers, ``suppress``, flags, a search for the module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

IMPORT_ERRORS = frozenset(("ImportError", "ModuleNotFoundError", "Exception", "BaseException"))
_FINDING = "find_spec"


def catches_import_error(handler: ast.ExceptHandler) -> bool:
    """Tell whether ``handler`` runs when an import fails."""
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(last_name(kind) in IMPORT_ERRORS for kind in types)


def gives_up(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a handler only reports better that the import failed: it ends in ``raise`` or ``sys.exit()``."""
    last = body[-1]
    if isinstance(last, ast.Raise):
        return True
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return last_name(last.value.func) in ("exit", "_exit", "quit", "abort")
    return False


def leaves(statement: ast.stmt) -> bool:
    """Tell whether every handler of a ``try`` ends what is going on: the function, the loop or the program."""
    handlers: Sequence[ast.ExceptHandler] = getattr(statement, "handlers", ())
    for handler in handlers:
        if not isinstance(handler.body[-1], (ast.Return, ast.Continue, ast.Break)) and not gives_up(handler.body):
            return False
    return bool(handlers)


def assigned(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names that the statements of a handler give values to."""
    for statement in body:
        if isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def names_in(test: ast.expr) -> set[str]:
    """Return the names in a condition."""
    return {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}


def suppresses_import_error(node: ast.expr) -> bool:
    """Tell whether ``node`` is ``contextlib.suppress(ImportError)``."""
    if not isinstance(node, ast.Call) or last_name(node.func) != "suppress":
        return False
    return any(last_name(argument) in IMPORT_ERRORS for argument in node.args)


def asks_for_module(test: ast.expr) -> bool:
    """Tell whether a condition looks for a module: ``if importlib.util.find_spec("yaml"):``."""
    calls = (node for node in ast.walk(test) if isinstance(node, ast.Call))
    return any(last_name(call.func) == _FINDING for call in calls)


def last_name(node: ast.expr | None) -> str:
    """Return the name of ``a.b.name`` and of ``name``, empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
