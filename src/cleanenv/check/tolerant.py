"""The imports of a file that this Python cannot parse, by a parser that takes errors: Python 2, or newer syntax."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from parso.grammar import load_grammar
from parso.tree import BaseNode, Leaf

from cleanenv.check import condition
from cleanenv.check.guards import IMPORT_ERRORS
from cleanenv.check.use import FALLBACK, OPTIONAL, TYPING, UNGUARDED, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parso.tree import NodeOrLeaf

    from cleanenv.check.condition import Target

LARGEST = 1 << 20  # parso takes some seconds for a megabyte


def uses(code: bytes, target: Target, cell: int = 0) -> list[Use]:
    """Return the imports that can be made out in ``code``; none in a file larger than LARGEST."""
    if len(code) > LARGEST:
        return []
    try:
        tree = load_grammar().parse(code)
    except (RecursionError, UnicodeDecodeError, LookupError):
        return []
    return list(_uses(tree, target, cell))


def _uses(tree: BaseNode, target: Target, cell: int) -> Iterator[Use]:
    for node in _imports(tree):
        guard, group, is_lazy = _position(node, target)
        if guard is None:
            continue
        for module, names in _modules(node):
            yield Use(module, node.start_pos[0], names, guard, group, is_lazy, cell)


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


def _position(node: NodeOrLeaf, target: Target) -> tuple[str | None, int, bool]:
    """Return the guard of an import, None if it never runs; its group; and whether it is in a function."""
    guard: str | None = UNGUARDED
    group = 0
    is_lazy = False
    below: NodeOrLeaf = node
    above = node.parent
    while above is not None:
        if above.type in ("funcdef", "async_funcdef"):
            is_lazy = True
        elif above.type == "try_stmt" and guard != TYPING:
            found = _guard_by_try(above, below)
            if found:
                guard, group = found, above.start_pos[0]
        elif above.type == "if_stmt":
            outcome = _outcome(above, below, target)
            if outcome.is_typing and outcome.value is False:
                guard = TYPING
            elif outcome.value is False:
                return None, 0, is_lazy
        below, above = above, above.parent
    return guard, group, is_lazy


def _guard_by_try(statement: BaseNode, part: NodeOrLeaf) -> str:
    """Return what ``part``, a child of a ``try`` statement, is by the handlers in it."""
    clauses = [child for child in statement.children if child.type in ("except_clause", "keyword")]
    texts = [_text(clause) for clause in clauses]
    # As words: Python 2 has `except ImportError, error`.
    catches = any(text == "except" or not IMPORT_ERRORS.isdisjoint(_words(text)) for text in texts)
    if not catches:
        return UNGUARDED
    index = statement.children.index(part)
    return OPTIONAL if index == 2 else FALLBACK  # noqa: PLR2004  `try`, `:`, then its suite


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


def _words(text: str) -> list[str]:
    return "".join(character if character.isalnum() else " " for character in text).split()


def _outcome(statement: BaseNode, part: NodeOrLeaf, target: Target) -> condition.Outcome:
    """Decide the condition of the branch of an ``if`` that ``part`` is; an ``else`` has the opposite of the first."""
    index = statement.children.index(part)
    keyword = statement.children[index - 2] if index > 1 else None
    is_else = index > 0 and _text(statement.children[index - 2]) == "else"
    test = statement.children[1] if is_else else statement.children[index - 2]
    if keyword is None or (is_else and len(statement.children) > 7):  # noqa: PLR2004  there are `elif` branches
        return condition.UNKNOWN
    try:
        expression = ast.parse(_text(test), mode="eval").body
    except (SyntaxError, ValueError):
        return condition.UNKNOWN
    outcome = condition.decide(expression, target, frozenset())
    if is_else and outcome.value is not None:
        return condition.Outcome(not outcome.value, outcome.is_typing)
    return outcome
