"""Requirements files and what they include, as pip reads them."""

from __future__ import annotations

import os

from cleanenv.environments import direct_url
from cleanenv.errors import UsageError
from cleanenv.freeze import named_file, requirement_line, requirements_lines, requirements_options
from cleanenv.freeze.request import FileRequirement
from cleanenv.system import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cleanenv.freeze.requirement_line import Requested
    from cleanenv.freeze.requirements_options import Options

DEEPEST = 50
_SHOWN = 200


def read(
    path: str,
    directory: str,
    environ: Mapping[str, str],
    projects: Collection[str] = (),
) -> list[FileRequirement]:
    """Return the requirements of the file at ``path`` and of those that it includes, each file's once.

    ``directory`` is where relative paths in requirements begin, as for pip, which
    takes the working directory; ``environ`` holds the values of ``${NAME}``;
    ``projects`` are the directories of editable installs, whose paths may stand
    as `pip freeze` prints them, with blanks that pip itself does not read.
    Raises UsageError, with file and line, if pip would not take the file.
    """
    reader = _Reader(directory, environ, projects)
    reader.read(os.path.join(directory, path), path, is_constraint=False)
    return reader.requirements


class _Reader:
    """Reads a file and those below it into ``requirements``."""

    def __init__(self, directory: str, environ: Mapping[str, str], projects: Collection[str]) -> None:
        self.requirements: list[FileRequirement] = []
        self._projects = projects
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
            if requested is not None and is_constraint:
                _check_constraint(requested, is_editable=not text)
        except ValueError as error:
            reason, _, _ = str(error).partition("\n")
            reason = requirements_lines.collapse(reason, line, self._environ)
            raise _unreadable(line, where, reason) from error
        if requested is not None:
            written = requirements_options.split(line)[0] or line
            is_editable = options.editable is not None or not text
            self.requirements.append(
                FileRequirement(written, where, requested, is_constraint=is_constraint, is_editable=is_editable)
            )
        elif options.requirement is not None:
            # Those that a constraints file includes with -r are requirements to pip.
            self._include(path, shown, options.requirement, f"{_quoted(line)} ({where})", is_constraint=False)
        elif options.constraint is not None:
            self._include(path, shown, options.constraint, f"{_quoted(line)} ({where})", is_constraint=True)

    def _requested(self, text: str, options: Options) -> Requested | None:
        if text and options.editable is not None:  # as pip has it, it is the text that is editable
            return requirement_line.parse_editable(text, "", self._directory)
        if text:
            return requirement_line.parse(text, self._directory)
        if options.unquoted is not None and options.unquoted in self._projects:  # as `pip freeze` prints it
            return requirement_line.parse_editable(options.unquoted, "", self._directory)
        editable = self._editable(options)
        if editable is None:
            return None
        return requirement_line.parse_editable(editable, options.condition or "", self._directory)

    def _editable(self, options: Options) -> str | None:
        """Return the path or URL after ``-e`` as pip reads it; raise ValueError, with the reason, if it does not."""
        if options.refusal is None:
            return options.editable
        if options.editable is not None:
            path, _ = requirement_line.split_extras(options.editable)
            if os.path.isdir(os.path.join(self._directory, path)):
                return options.editable
        raise ValueError(options.refusal)

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
    data = named_file.read(path, shown)
    try:
        return requirements_lines.decode(data)
    except requirements_lines.NotTextError as error:
        raise UsageError(f"'{shown}' {error.fact}", error.remedy) from error


def _check_constraint(requested: Requested, *, is_editable: bool) -> None:
    """Raise ValueError, with the reason, if pip does not take ``requested`` in a constraints file."""
    if is_editable:
        raise ValueError("a constraint cannot be editable")
    if requested.name is None:
        raise ValueError("a constraint needs a name")
    if requested.extras:
        raise ValueError("a constraint cannot have extras")


def _unreadable(line: str, where: str, reason: str) -> UsageError:
    reason = credentials.masked(reason)[:_SHOWN]
    return UsageError(f"{_quoted(line)} ({where}) is not a requirement ({reason})", "correct the line")


def _quoted(line: str) -> str:
    """Return ``line`` as a message has it; the rest of a long one, such as a row of hashes, is not shown."""
    line = credentials.masked(line)
    if len(line) > _SHOWN:
        line = f"{line[:_SHOWN]}…"
    return f"'{line}'"
