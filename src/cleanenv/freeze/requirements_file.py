"""Requirements files and what they include, as pip reads them."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from cleanenv.environments import direct_url
from cleanenv.errors import UsageError
from cleanenv.freeze import credentials, requirement_line, requirements_lines, requirements_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanenv.freeze.requirement_line import Requested
    from cleanenv.freeze.requirements_options import Options

# With a hash for each wheel of a thousand packages a file has some 5 MB.
LARGEST = 16 << 20
DEEPEST = 50
_SHOWN = 200


@dataclass(frozen=True)
class FileRequirement:
    """One requirement of a file.

    ``text`` as it is written there, variables not replaced; ``where`` file and
    line, ``requirements.txt:3``; ``is_constraint`` whether ``-c`` names the
    file; ``requested`` what it asks for.
    """

    text: str
    where: str
    requested: Requested
    is_constraint: bool
    is_editable: bool


def read(path: str, directory: str, environ: Mapping[str, str]) -> list[FileRequirement]:
    """Return the requirements of the file at ``path`` and of those that it includes, each file's once.

    ``directory`` is where relative paths in requirements begin, as for pip, which
    takes the working directory; ``environ`` holds the values of ``${NAME}``.
    Raises UsageError, with file and line, if pip would not take the file.
    """
    reader = _Reader(directory, environ)
    reader.read(os.path.join(directory, path), path, is_constraint=False)
    return reader.requirements


class _Reader:
    """Reads a file and those below it into ``requirements``."""

    def __init__(self, directory: str, environ: Mapping[str, str]) -> None:
        self.requirements: list[FileRequirement] = []
        self._directory = directory
        self._environ = environ
        self._above: list[str] = []
        # A second reading would add nothing, and files that each include the next one twice would take forever.
        self._done: set[tuple[str, bool]] = set()

    def read(self, path: str, shown: str, *, is_constraint: bool) -> None:
        """Add the requirements of the file at ``path``, which messages call ``shown``."""
        real = os.path.realpath(path)
        if (real, is_constraint) in self._done:
            return
        self._done.add((real, is_constraint))
        self._above.append(real)
        for number, line in requirements_lines.logical_lines(_content(path, shown)):
            self._read_line(path, shown, f"{shown}:{number}", line, is_constraint=is_constraint)
        self._above.pop()

    def _read_line(
        self,
        path: str,
        shown: str,
        where: str,
        line: str,
        *,
        is_constraint: bool,
    ) -> None:
        expanded = requirements_lines.expand(line, self._environ)
        text, rest = requirements_options.split(expanded)
        try:
            options = requirements_options.parse(rest)
            requested = self._requested(text, options)
        except ValueError as error:
            raise _unreadable(line, where, error) from error
        if requested is not None:
            written = requirements_options.split(line)[0] or line
            is_editable = not text
            self.requirements.append(FileRequirement(written, where, requested, is_constraint, is_editable))
        elif options.requirement is not None:
            # Those that a constraints file includes with -r are requirements to pip.
            self._include(path, shown, options.requirement, f"{_quoted(line)} ({where})", is_constraint=False)
        elif options.constraint is not None:
            self._include(path, shown, options.constraint, f"{_quoted(line)} ({where})", is_constraint=True)

    def _requested(self, text: str, options: Options) -> Requested | None:
        if text:
            return requirement_line.parse(text, self._directory)
        if options.editable is not None:
            return requirement_line.parse_editable(options.editable, options.condition or "", self._directory)
        return None

    def _include(
        self,
        path: str,
        shown: str,
        name: str,
        line: str,
        *,
        is_constraint: bool,
    ) -> None:
        if name[:5].lower() == "file:":
            nested = nested_shown = _path_of(name, line)
        elif "://" in name:
            raise UsageError(f"{line} includes a URL, and URLs are not fetched", "download it and include the file")
        else:
            nested = os.path.join(os.path.dirname(path), name)
            nested_shown = os.path.join(os.path.dirname(shown), name)
        if os.path.realpath(nested) in self._above:
            raise UsageError(f"{line} includes a file that includes it again", "remove one of the two lines")
        if not os.path.lexists(nested):
            raise UsageError(f"{line} includes a file that does not exist", "correct the path")
        if len(self._above) >= DEEPEST:
            raise UsageError(f"{line} includes a file {DEEPEST} levels deep", "include it from one above")
        self.read(nested, nested_shown, is_constraint=is_constraint)


def _path_of(url: str, line: str) -> str:
    try:
        path = direct_url.local_path(url)
    except ValueError:
        path = ""
    if not path or "\0" in path:
        raise UsageError(f"{line} does not name a file on this machine", "correct the path")
    return path


def _content(path: str, shown: str) -> str:
    try:
        data = _read_whole(path)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise UsageError(f"cannot read '{shown}' ({reason})", "name a requirements file") from error
    if data is None:
        raise UsageError(f"'{shown}' is a pipe or a device", "write it to a file first")
    if len(data) > LARGEST:
        raise UsageError(f"'{shown}' has more than {LARGEST >> 20} MiB", "name a requirements file")
    try:
        return requirements_lines.decode(data)
    except ValueError as error:
        raise UsageError(f"'{shown}' is not text ({error})", "name a requirements file") from error


def _read_whole(path: str) -> bytes | None:
    """Return the content of the file, up to one byte over LARGEST; None for a pipe or a device."""
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(LARGEST + 1)


def _open_at_once(path: str, flags: int) -> int:
    """Open ``path`` without waiting for the writer of a named pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _unreadable(line: str, where: str, error: ValueError) -> UsageError:
    reason, _, _ = str(error).partition("\n")
    reason = credentials.masked_in(reason)[:_SHOWN]
    return UsageError(f"{_quoted(line)} ({where}) is not a requirement ({reason})", "correct the line")


def _quoted(line: str) -> str:
    """Return ``line`` as a message has it; the rest of a long one, such as a row of hashes, is not shown."""
    line = credentials.masked_in(line)
    if len(line) > _SHOWN:
        line = f"{line[:_SHOWN]}…"
    return f"'{line}'"
