"""A tree of lines, with colours on a terminal, plain elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.text import Text
    from rich.tree import Tree

DIM = "dim"


class Branch(NamedTuple):
    """A line of the report and those that hang from it."""

    style: str
    text: str
    branches: Sequence[Branch] = ()


def plain(branches: Sequence[Branch]) -> Iterator[str]:
    """Yield the lines as rich draws them, without it: importing that takes longer than all the rest."""
    for branch in branches:
        yield branch.text
        last = len(branch.branches) - 1
        for number, inner in enumerate(branch.branches):
            first, others = ("└── ", "    ") if number == last else ("├── ", "│   ")
            guide = first
            for line in plain([inner]):
                yield guide + line
                guide = others


def styled(branches: Sequence[Branch], environ: Mapping[str, str]) -> str:
    """Return the tree for the terminal that ``environ`` describes; NO_COLOR is obeyed."""
    import io

    from rich.console import Console

    file = io.StringIO()
    console = Console(file=file, force_terminal=True, highlight=False, _environ=environ)
    for branch in branches:
        console.print(_drawn(branch) if branch.branches else _text(branch))
    return file.getvalue()


def _text(branch: Branch) -> Text:
    from rich.text import Text

    return Text(branch.text, style=branch.style)


def _drawn(branch: Branch) -> Tree:
    from rich.tree import Tree

    tree = Tree(_text(branch), guide_style=DIM)
    tree.children = [_drawn(inner) for inner in branch.branches]
    return tree
