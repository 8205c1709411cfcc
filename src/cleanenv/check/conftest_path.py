"""Whether pytest's conftest.py changes sys.path for the tests beside and below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.check import source_file
from cleanenv.check.source_file import Source, UnreadableSourceError

if TYPE_CHECKING:
    from cleanenv.check.project import Project

CONFTEST = "conftest"
_SYS_PATH = b"sys.path"


class ConftestPath:
    """Looks for it, in each directory once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, bool] = {}

    def is_changed_for(self, source: Source) -> bool:
        """Tell whether a conftest.py beside or above ``source`` changes sys.path."""
        return any(self._changes(directory) for directory in self._project.above(source.directory))

    def _changes(self, directory: str) -> bool:
        known = self._known.get(directory)
        if known is None:
            known = self._known[directory] = self._mentions_path(directory)
        return known

    def _mentions_path(self, directory: str) -> bool:
        here = self._project.directories.get(directory)
        if here is None or CONFTEST not in here.modules:
            return False
        path = f"{directory}/{CONFTEST}.py"
        try:
            return _SYS_PATH in source_file.read(Source(path, path, source_file.MODULE))
        except UnreadableSourceError:
            return False
