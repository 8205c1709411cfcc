"""What is wrong with an environment, as data."""

# On the way of `freeze`, run in hooks: no dataclasses (12 ms).
from __future__ import annotations


class Problem:
    """One thing that a reader of the listing should know; it never stops the listing.

    ``code`` is stable and for programs: ``leftover``, ``duplicate``, ``broken``,
    ``system-site-packages``, ``left-out``, ``masked``, ``python``, ``cycle``,
    ``editable``, ``conda``, ``path-code``. ``fact`` says what is the case, ``remedy`` what
    follows for the listing or what to do, empty if there is nothing to add;
    ``path`` is the file or directory that it is about. The text is raw: whoever
    prints it makes control characters visible.
    """

    __slots__ = ("code", "fact", "path", "remedy")

    def __init__(self, code: str, fact: str, remedy: str, path: str) -> None:
        self.code = code
        self.fact = fact
        self.remedy = remedy
        self.path = path

    @property
    def message(self) -> str:
        """The fact and the remedy as one sentence."""
        return f"{self.fact}: {self.remedy}" if self.remedy else self.fact

    def __repr__(self) -> str:
        return f"Problem({self.code!r}, {self.message!r})"
