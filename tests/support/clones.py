"""Cloning in tests: a home whose configuration leads uv and pip to wheels in a directory instead of an index."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.support.command import Done, call
from tests.support.installed_wheels import UV


class Cloner:
    """A home in ``directory``, with wheels in its ``index``."""

    def __init__(self, directory: Path) -> None:
        self.home = directory / "home"
        self.index = directory / "index"
        self.index.mkdir(exist_ok=True)
        settings = self.home / ".config/cleanenv"
        settings.mkdir(parents=True)
        (settings / "config.toml").write_text(f'[set]\nPIP_FIND_LINKS = "{self.index}"\nPIP_NO_INDEX = "1"\n')
        (self.home / ".config/uv").mkdir()
        (self.home / ".config/uv/uv.toml").write_text(f'no-index = true\nfind-links = ["{self.index}"]\n')

    def words(self, *words: str | Path) -> list[str]:
        """Return the command that clones."""
        return [sys.executable, "-I", "-m", "cleanenv", "clone", *map(str, words)]

    def environ(self, *, with_uv: bool = True, **more: str) -> dict[str, str]:
        """Return the environment of a caller who has uv, or not."""
        path = f"{UV.parent}:/usr/bin:/bin" if with_uv else "/usr/bin:/bin"
        return {"PATH": path, "HOME": str(self.home), "LANG": "C.UTF-8", **more}

    def clone(self, *words: str | Path, with_uv: bool = True, **more: str) -> Done:
        """Clone, in an environment that has ``more`` in it."""
        return call(self.words(*words), self.environ(with_uv=with_uv, **more))


def marked(path: Path) -> bool:
    """Tell whether ``path`` says that it is not finished."""
    return os.path.lexists(path / ".cleanenv-unfinished")
