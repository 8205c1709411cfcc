"""The imports of a file that this Python cannot parse, by a parser that takes errors: Python 2, or newer syntax."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from parso.grammar import load_grammar
from parso.tree import BaseNode, Leaf

from cleanenv.check import blocks
from cleanenv.check.use import Use

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parso.tree import NodeOrLeaf

    from cleanenv.check.condition import Target

LARGEST = 1 << 20  # parso takes some seconds for a megabyte


def uses(code: bytes, target: Target, cell: int = 0) -> list[Use]:
    """Return the imports that can be made out in ``code``; none in a file larger than LARGEST."""
    if len(code) > LARGEST:
        return []
    text = code.decode("utf-8", "replace")
    try:
        tree = load_grammar().parse(text)
    except RecursionError:
        return []
    return list(_uses(tree, text.splitlines(), target, cell))


def _uses(tree: BaseNode, lines: Sequence[str], target: Target, cell: int) -> Iterator[Use]:
    for node in _imports(tree):
        line = node.start_pos[0]
        around = blocks.surroundings(lines, line, target)
        if around.is_dead:
            continue
        for module, names in _modules(node):
            yield Use(module, line, names, around.guard, around.group, around.is_lazy, cell)


def _imports(tree: BaseNode) -> Iterator[BaseNode]:
    waiting: list[NodeOrLeaf] = [tree]
    found = []
    while waiting:
        node = waiting.pop()
        if not isinstance(node, BaseNode):
            continue
        if node.type in ("import_name", "import_from"):
            found.append(node)
        waiting += node.children
    found.sort(key=lambda node: node.start_pos)
    yield from found


def _modules(node: BaseNode) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the module, and the names taken from it, of an import's node; nothing for a relative one."""
    text = " ".join(_text(node).replace("\\\n", " ").split())
    try:
        statement = ast.parse(text).body[0]
    except (SyntaxError, ValueError):
        return
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            yield alias.name, ()
    elif isinstance(statement, ast.ImportFrom) and not statement.level and statement.module:
        yield statement.module, tuple(alias.name for alias in statement.names)


def _text(node: NodeOrLeaf) -> str:
    """Return the text of ``node``, with what lies between its words, and without what lies before it."""
    text = ""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Leaf):
            text += part.prefix + part.value if text else part.value
        elif isinstance(part, BaseNode):
            waiting += reversed(part.children)
    return text
