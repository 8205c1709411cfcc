"""The groups of a graph whose members all reach each other: Tarjan's strongly connected components."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet


class _Search:
    """A depth-first search, without recursion since chains of dependencies may be long.

    ``_order`` numbers the nodes as they are reached; ``_low`` has the lowest number
    that is reached from a node; ``_open`` has those whose group is not
    known yet.
    """

    def __init__(self, graph: Mapping[str, AbstractSet[str]]) -> None:
        self._graph = graph
        self._order: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._open: dict[str, None] = {}  # in order, and quick to look up
        self._path: list[tuple[str, Iterator[str]]] = []

    def groups(self) -> Iterator[set[str]]:
        for start in self._graph:
            if start not in self._order:
                self._enter(start)
            while self._path:
                yield from self._step()

    def _enter(self, node: str) -> None:
        number = len(self._order)
        self._order[node] = number
        self._low[node] = number
        self._open[node] = None
        self._path.append((node, iter(sorted(self._graph[node]))))

    def _step(self) -> Iterator[set[str]]:
        """Follow the next arrow of the node at the end of the path, or leave the node if there is none."""
        node, targets = self._path[-1]
        target = next(targets, None)
        if target is None:
            self._path.pop()
            if self._path:
                self._lower(self._path[-1][0], self._low[node])
            if self._low[node] == self._order[node]:  # nothing before it is reached: it began its group
                yield self._close(node)
        elif target not in self._order:
            self._enter(target)
        elif target in self._open:
            self._lower(node, self._order[target])

    def _lower(self, node: str, number: int) -> None:
        self._low[node] = min(self._low[node], number)

    def _close(self, first: str) -> set[str]:
        """Take the group that begins with ``first`` off the open nodes."""
        group = set()
        while True:
            node, _ = self._open.popitem()
            group.add(node)
            if node == first:
                return group


def find(graph: Mapping[str, AbstractSet[str]]) -> Iterator[set[str]]:
    """Yield each group of ``graph``, a single node too; ``graph`` has the targets of each node as nodes."""
    return _Search(graph).groups()
