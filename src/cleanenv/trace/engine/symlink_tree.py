"""A configuration folder that looks like the user's and is not: made of links, in a temporary folder."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

DEEPEST = 4  # folders below each other that are made anew; deeper ones are linked as a whole


def lay(
    source: str,
    target: str,
    *,
    copied: Collection[str] = (),
    left_out: Collection[str] = (),
    rewrite: Callable[[bytes], bytes] | None = None,
    depth: int = 0,
) -> None:
    """Make ``target`` a folder of links to what is in ``source``, its folders made anew.

    Files called as in ``copied`` are copied, those in ``left_out`` left out;
    a file that ``rewrite`` would change is written changed.
    """
    os.makedirs(target, exist_ok=True)
    try:
        entries = sorted(os.scandir(source), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        place = os.path.join(target, entry.name)
        if entry.name in left_out:
            continue
        if entry.is_dir(follow_symlinks=False) and depth < DEEPEST:
            lay(entry.path, place, rewrite=rewrite, depth=depth + 1)
        elif entry.name in copied:
            _copy(entry.path, place)
        else:
            link(entry.path, place, rewrite)


def link(source: str, target: str, rewrite: Callable[[bytes], bytes] | None = None) -> None:
    """Make ``target`` a link to ``source``, or a file of its own if ``rewrite`` would change what is in it."""
    if rewrite is None or not _rewritten(source, target, rewrite):
        os.symlink(os.path.abspath(source), target)


def _copy(source: str, target: str) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError:
        os.symlink(source, target)


def _rewritten(source: str, target: str, rewrite: Callable[[bytes], bytes]) -> bool:
    if not os.path.isfile(source):
        return False
    try:
        with open(source, "rb") as file:
            text = file.read()
    except OSError:
        return False
    changed = rewrite(text)
    if changed == text:
        return False
    with open(target, "wb") as file:
        file.write(changed)
    return True
