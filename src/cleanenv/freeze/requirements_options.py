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
# The hashes that pip trusts (pip/_internal/utils/hashes.py, STRONG_HASHES).
HASHES = ("sha256", "sha384", "sha512")
_PACKAGE_LISTS = ("--all-releases", "--no-binary", "--only-binary", "--only-final")
_EDITABLE = ("-e ", "--editable ", "--editable=")
_CONDITION = re.compile(r"\s;")  # to pip, a semicolon without a blank before it is part of the path


class Options:
    """The options of one line that say what is wanted, each None if it is missing.

    ``requirement`` and ``constraint`` are the files to include, ``editable`` the
    path or URL; of an option that is repeated the first counts, as it does for
    pip. ``condition`` is the marker after an editable, without its semicolon;
    ``unquoted`` the rest of the line after ``-e`` as it is written, if quotation
    marks and blanks make another path of it: what `pip freeze` prints for such a
    path. ``refusal`` is why pip refuses ``editable``, unless its directory exists.
    """

    __slots__ = ("condition", "constraint", "editable", "refusal", "requirement", "unquoted")

    def __init__(self) -> None:
        self.requirement: str | None = None
        self.constraint: str | None = None
        self.editable: str | None = None
        self.condition: str | None = None
        self.unquoted: str | None = None
        self.refusal: str | None = None

    def add(self, name: str, value: str) -> None:
        """Take the option ``name`` in its long form, if it is one that counts here and the first of its kind.

        Raises ValueError, with the reason, for a value that pip refuses.
        """
        _check_value(name, value)
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
    written = _after_editable(text)
    try:
        words = shlex.split(text)
    except ValueError:
        if written is None:
            raise ValueError("a quotation mark is not closed") from None
        options.unquoted = written
        options.refusal = "a quotation mark is not closed"
        return options
    has_more_words = _read_words(words, options)
    if written is None:
        return options
    # pip ignores what follows the path. `uv export` writes markers there and uv reads them.
    condition = _CONDITION.search(written, _end_of_quotation(written))
    if condition is not None:
        options.condition, _ = split(written[condition.end() :].strip())
        words = _words(written[: condition.start()])
        options.editable = words[0] if words else None
        has_more_words = len(words) > 1
    if options.editable is None or _is_url(options.editable):
        return options
    if options.editable != written:
        options.unquoted = written
    if has_more_words:
        options.refusal = "a blank ends the path: put it in quotation marks"
    return options


def _end_of_quotation(text: str) -> int:
    """Return where the quotation that ``text`` begins with ends, 0 if it begins with none."""
    return text.find(text[0], 1) + 1 if text.startswith(("'", '"')) else 0


def _words(text: str) -> list[str]:
    """Return the words of ``text`` as a shell has them, none if a quotation mark is not closed."""
    try:
        return shlex.split(text)
    except ValueError:
        return []


def _check_value(name: str, value: str) -> None:
    if name == "--hash":
        algorithm, colon, _ = value.partition(":")
        if not colon:
            raise ValueError("--hash is not of the form ALGORITHM:DIGEST")
        if algorithm not in HASHES:
            raise ValueError(f"--hash is not one of {', '.join(HASHES)}")
    elif name == "--config-settings" and "=" not in value:
        raise ValueError("--config-settings is not of the form KEY=VALUE")
    elif name in _PACKAGE_LISTS and value.startswith("-"):
        raise ValueError(f"{name} has no value")


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
