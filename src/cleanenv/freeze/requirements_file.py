"""Requirements files, read by pip-requirements-parser, which keeps pip's own rules."""

from __future__ import annotations

import os
import stat

from cleanenv.environments.problem import printable
from cleanenv.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from packaging.markers import Marker
    from packaging.specifiers import SpecifierSet
    from pip_requirements_parser import InstallRequirement


class Wanted:
    """One requirement of a file.

    ``name`` as written, None where the line names none (a path, a URL without
    ``#egg=``); ``url`` what a URL or a path resolves to, None where it names a
    version; ``marker`` its condition; ``where`` file and line; ``is_constraint``
    whether it stands in a file that ``-c`` names.
    """

    __slots__ = ("is_constraint", "is_editable", "marker", "name", "specifier", "text", "url", "where")

    def __init__(self, text: str, where: str, *, is_constraint: bool, is_editable: bool) -> None:
        self.text = text
        self.where = where
        self.is_constraint = is_constraint
        self.is_editable = is_editable
        self.name: str | None = None
        self.specifier: SpecifierSet | None = None
        self.marker: Marker | None = None
        self.url: str | None = None


def read(path: str, folder: str) -> list[Wanted]:
    """Return the requirements of the file at ``path``, seen from ``folder``, and of those that it includes.

    Raises UsageError, naming file and line, where one cannot be read, includes
    itself, or holds a line that is no requirement.
    """
    found = []
    for wanted in _read(os.path.join(folder, path), path, (), is_constraint=False):
        if wanted.url is not None:
            wanted.url = _absolute(wanted.url, folder)
        found.append(wanted)
    return found


def _read(path: str, shown: str, above: Sequence[str], *, is_constraint: bool) -> Iterator[Wanted]:
    from pip_requirements_parser import InstallRequirement, InvalidRequirementLine, OptionLine, RequirementsFile

    _require_text(path, shown)
    here = (*above, os.path.realpath(path))
    for line in RequirementsFile.parse(path, include_nested=False, is_constraint=is_constraint):
        number = line.line_number
        where = f"{printable(shown)}:{number}"
        if isinstance(line, OptionLine):
            for option, constrains in (("requirements", is_constraint), ("constraints", True)):
                for name in line.options.get(option) or ():
                    yield from _nested(path, shown, name, where, here, is_constraint=constrains)
        elif isinstance(line, InvalidRequirementLine):
            reason = printable(str(line.error_message).partition("\n")[0])
            raise UsageError(f"no requirement at {where}, '{printable(line.line or '')}' ({reason}): mend the line")
        elif isinstance(line, InstallRequirement):
            yield _wanted(line, where, is_constraint=is_constraint)


def _nested(
    path: str, shown: str, name: str, where: str, above: Sequence[str], *, is_constraint: bool
) -> Iterator[Wanted]:
    if "://" in name:
        raise UsageError(f"{where} includes '{printable(name)}', and URLs are not fetched: download it first")
    nested = os.path.join(os.path.dirname(path), name)
    if os.path.realpath(nested) in above:
        raise UsageError(f"{where} includes '{printable(name)}', which includes it: take one of the lines out")
    nested_shown = os.path.join(os.path.dirname(shown), name)
    if not os.path.exists(nested):
        raise UsageError(f"{where} includes '{printable(name)}', which is not there: mend the line")
    yield from _read(nested, nested_shown, above, is_constraint=is_constraint)


def _require_text(path: str, shown: str) -> None:
    try:
        is_pipe = not stat.S_ISREG(os.stat(path).st_mode)
        if is_pipe and not os.path.isdir(path):
            raise UsageError(f"'{printable(shown)}' is a pipe or a device, and is read twice: write it to a file first")
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise UsageError(f"cannot read '{printable(shown)}' ({reason}): name a requirements file") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, which pip takes too
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if b"\0" not in data:
            return
    raise UsageError(f"'{printable(shown)}' is no text: name a requirements file")


def _wanted(line: InstallRequirement, where: str, *, is_constraint: bool) -> Wanted:
    wanted = Wanted(str(line.line), where, is_constraint=is_constraint, is_editable=bool(line.is_editable))
    wanted.name = str(line.name) if line.name else None
    wanted.marker = line.marker
    if line.link is not None:
        wanted.url = str(line.link.url)
    elif line.req is not None:
        wanted.specifier = line.req.specifier
    return wanted


def _absolute(url: str, folder: str) -> str:
    """Return ``url``, and a path as a ``file:`` URL seen, as by pip, from the working folder."""
    if "://" in url or url.startswith("file:"):
        return url
    return "file://" + os.path.abspath(os.path.join(folder, url))
