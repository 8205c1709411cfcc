"""Which version control system a directory belongs to, in pip's order."""

from __future__ import annotations

from cleanenv.freeze.version_control import bazaar, git_repository, mercurial, subversion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleanenv.freeze.version_control.source import Source


class System:
    """A version control system; ``label`` is what pip calls it in comments.

    ``root`` returns the top of the working copy around a directory, None if
    there is none. ``source`` returns what is checked out in a directory, of
    which ``root`` is known; it gets the user's environment, which says where
    the user's own configuration is, and raises RemoteUnknownError or
    UnreadableError.
    """

    __slots__ = ("label", "root", "source")

    def __init__(
        self,
        label: str,
        root: Callable[[str], str | None],
        source: Callable[[str, Mapping[str, str]], Source],
    ) -> None:
        self.label = label
        self.root = root
        self.source = source


SYSTEMS = (
    System("Bazaar", bazaar.root, bazaar.source),
    System("Git", git_repository.root, git_repository.source),
    System("Mercurial", mercurial.root, mercurial.source),
    System("Subversion", subversion.root, subversion.source),
)


def owner(location: str) -> System | None:
    """Return the system whose working copy holds ``location``: the innermost; of two with the same top the later.

    pip compares the lengths of the paths (VcsSupport.get_backend_for_dir).
    """
    by_root: dict[str, System] = {}
    for system in SYSTEMS:
        root = system.root(location)
        if root is not None:
            by_root[root] = system
    if not by_root:
        return None
    return by_root[max(by_root, key=len)]
