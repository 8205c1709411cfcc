"""The options that a line of a requirements file may hold.

Only ``-r``, ``-c`` and ``-e`` mean something here; of the others no more is
asked than that pip knows them.
"""

from __future__ import annotations

import re
import shlex

# Options by their long name, and whether they take a value: those of pip 26.3 (req_file.SUPPORTED_OPTIONS).
OPTIONS = {
    "--all-releases": True,
    "--config-settings": True,
    "--constraint": True,
    "--editable": True,
    "--extra-index-url": True,
    "--find-links": True,
    "--hash": True,
    "--index-url": True,
    "--no-binary": True,
    "--no-index": False,
    "--no-require-hashes": False,
    "--only-binary": True,
    "--only-final": True,
    "--pre": False,
    "--prefer-binary": False,
    "--pypi-url": True,
    "--require-hashes": False,
    "--requirement": True,
    "--trusted-host": True,
    "--use-feature": True,
}
# What older releases of pip took, so that their files can still be compared with.
FORMER_OPTIONS = {
    "--allow-all-external": False,
    "--allow-external": True,
    "--allow-unverified": True,
    "--always-unzip": False,
    "--global-option": True,
    "--install-option": True,
    "--no-use-wheel": False,
    "--process-dependency-links": False,
    "--requirements": True,
    "--use-wheel": False,
}
SHORT = {
    "C": "--config-settings",
    "Z": "--always-unzip",
    "c": "--constraint",
    "e": "--editable",
    "f": "--find-links",
    "i": "--index-url",
    "r": "--requirement",
}
_EDITABLE = ("-e ", "--editable ", "--editable=")
_CONDITION = re.compile(r"\s;|;\s")


class Options:
    """The options of one line that say what is wanted, each None if it is missing.

    ``requirement`` and ``constraint`` are the files to include, ``editable`` the
    path or URL; of an option that is repeated the first counts, as it does for
    pip. ``condition`` is the marker after an editable, without its semicolon.
    """

    __slots__ = ("condition", "constraint", "editable", "requirement")

    def __init__(self) -> None:
        self.requirement: str | None = None
        self.constraint: str | None = None
        self.editable: str | None = None
        self.condition: str | None = None

    def add(self, name: str, value: str) -> None:
        """Take the option ``name`` in its long form, if it is one that counts here and the first of its kind."""
        if name in ("--requirement", "--requirements"):
            self.requirement = self.requirement or value
        elif name == "--constraint":
            self.constraint = self.constraint or value
        elif name == "--editable":
            self.editable = self.editable or value


def split(line: str) -> tuple[str, str]:
    """Return the requirement that ``line`` begins with, and its options: from the first word with a dash on."""
    words = line.split(" ")
    for index, word in enumerate(words):
        if word.startswith("-"):
            return " ".join(words[:index]).strip(), " ".join(words[index:])
    return line, ""


def parse(text: str) -> Options:
    """Parse the options of a line; raise ValueError, with the reason, if pip would not take them."""
    options = Options()
    target = _after_editable(text)
    if target is not None and target[:1] not in ("'", '"'):
        # pip ignores what follows the path. `uv export` writes markers there and uv reads them.
        match = _CONDITION.search(target)
        if match is not None:
            options.condition = target[match.end() :].strip()
            target = target[: match.start()].strip()
            text = f"-e {target}"
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
        if target is None:
            raise ValueError("a quotation mark is not closed") from None
    has_more_words = _read_words(words, options)
    # `pip freeze` prints a path with a blank or a quotation mark as it is, and so does cleanenv.
    if target is not None and (not words or (has_more_words and not _is_url(options.editable or ""))):
        options.editable = target
    return options


def _after_editable(text: str) -> str | None:
    """Return what follows ``-e`` if ``text`` begins with it."""
    for option in _EDITABLE:
        if text.startswith(option):
            return text[len(option) :].strip()
    return None


def _is_url(text: str) -> bool:
    return "://" in text or text[:5].lower() == "file:"


def _read_words(words: list[str], options: Options) -> bool:
    """Add the options among ``words`` by the rules of optparse, which pip uses; return whether other words remain."""
    pending = words[::-1]
    has_more_words = False
    while pending:
        word = pending.pop()
        if word == "--":
            return has_more_words or bool(pending)
        if word.startswith("--"):
            _read_long(word, pending, options)
        elif word.startswith("-") and word != "-":
            _read_short(word[1:], pending, options)
        else:
            has_more_words = True
    return has_more_words


def _read_long(word: str, pending: list[str], options: Options) -> None:
    written, equals, value = word.partition("=")
    name = _long_name(written)
    if not _takes_value(name):
        if equals:
            raise ValueError(f"{name} takes no value")
        return
    if not equals:
        value = _next_value(name, pending)
    options.add(name, value)


def _read_short(letters: str, pending: list[str], options: Options) -> None:
    while letters:
        name = SHORT.get(letters[0])
        if name is None:
            raise ValueError(f"pip has no option -{letters[0]} here")
        letters = letters[1:]
        if _takes_value(name):
            options.add(name, letters or _next_value(name, pending))
            return


def _long_name(written: str) -> str:
    """Return the full name of an option; as for pip, the beginning of one is enough if no other begins so."""
    if written in OPTIONS or written in FORMER_OPTIONS:
        return written
    names = [name for name in OPTIONS if name.startswith(written)]
    if not names:
        raise ValueError(f"pip has no option {written} here")
    if len(names) > 1:
        raise ValueError(f"{written} may be {' or '.join(names)}")
    return names[0]


def _takes_value(name: str) -> bool:
    return OPTIONS.get(name, False) or FORMER_OPTIONS.get(name, False)


def _next_value(name: str, pending: list[str]) -> str:
    if not pending:
        raise ValueError(f"{name} has no value")
    return pending.pop()
