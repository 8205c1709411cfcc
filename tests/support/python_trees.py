"""Python files of this machine by the thousand, and what the parser says that they import."""

from __future__ import annotations

import ast
import os
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

DYNAMIC = ("import_module", "__import__", "importorskip")


def files(most: int) -> list[Path]:
    """Return up to ``most`` files of the standard library and of what is installed here, spread over all of them."""
    found: list[Path] = []
    for directory in dict.fromkeys((sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), *sys.path[1:])):
        if os.path.isdir(directory):
            found += sorted(Path(directory).rglob("*.py"))
    unique = list(dict.fromkeys(found))
    return unique[:: max(1, len(unique) // most)]


def parsed(data: bytes) -> ast.Module | None:
    """Return the tree of a source, None if this Python does not take it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError):
        return None


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield what the statements of ``tree`` import absolutely."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            value = node.args[0].value
            if name in DYNAMIC and isinstance(value, str) and value and not value.startswith("."):
                yield value
