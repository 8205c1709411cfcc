"""Variables that hide others for a while: a function's own, and those that are set for one command alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(slots=True)
class Scope(Generic[Value]):
    """What a variable is outside of a function or command, and how many files and functions are open inside of it."""

    hidden: Value
    depth: int
    of_command: bool
    is_over: bool = False


class Scopes(Generic[Value]):
    """The scopes of one shell, the outermost of each variable: what is set in it, or within it, does not last."""

    def __init__(self) -> None:
        self._scopes: dict[str, Scope[Value]] = {}

    def begin(self, name: str, hidden: Value, depth: int, *, of_command: bool = False) -> bool:
        """Note that as long as ``depth`` files and functions are open another variable hides ``name``.

        Return False where one does already, within which this one is.
        """
        scope = self._scopes.get(name)
        if scope is not None and not scope.is_over:
            return False
        if scope is not None:
            # Nothing was seen of the variable since that one ended, so what it hid is what this one hides.
            hidden = scope.hidden
        self._scopes[name] = Scope(hidden, depth, of_command)
        return True

    def leave(self, depth: int) -> None:
        """Note that only ``depth`` files and functions are open by now."""
        for scope in self._scopes.values():
            if depth < scope.depth:
                scope.is_over = True

    def is_hidden(self, name: str, new: Value, depth: int) -> bool:
        """Tell whether ``new`` is a value that ``name`` has only within a scope, where ``depth`` are open."""
        scope = self._scopes.get(name)
        if scope is None or scope.is_over or depth < scope.depth:
            return False
        # A command's own variable has no end that is seen where an eval, which opens nothing, was that command.
        return not (scope.of_command and new == scope.hidden)

    def end(self, name: str, value: Value) -> Value:
        """Forget the scope of ``name``, if any, and return what it hid, else ``value``."""
        scope = self._scopes.pop(name, None)
        return value if scope is None else scope.hidden

    def is_in_scope(self, name: str) -> bool:
        """Tell whether another variable hides ``name``."""
        scope = self._scopes.get(name)
        return scope is not None and not scope.is_over

    def names(self) -> list[str]:
        """Return the names that are, or were last seen, in a scope."""
        return list(self._scopes)
