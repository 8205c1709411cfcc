"""A program that needs a library which only the caller's LD_LIBRARY_PATH leads to, and that is not passed on."""

# On the way of `run` if LD_LIBRARY_PATH is set, as ROS does: the loader is asked only if a library seems lost.
from __future__ import annotations

from cleanenv.system import elf, loader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TIME_LIMIT = 10  # seconds


def note(program: str, clean: Mapping[str, str], caller: Mapping[str, str]) -> str | None:
    """Return a sentence if ``program`` starts in the environment of the ``caller`` and not in the ``clean`` one."""
    kept = loader.entries(clean.get(loader.VARIABLE, ""))
    dropped = loader.entries(caller[loader.VARIABLE])
    lost = loader.first_lost(program, dropped, kept)
    if lost is None or not _loader_agrees(program, lost.name, clean):
        return None
    return (
        f"'{program}' cannot start without {lost.name}, which only your {loader.VARIABLE} leads to"
        f" ('{lost.directory}'): pass it on with '--keep {loader.VARIABLE}', or '--source' the script that sets it"
    )


def _loader_agrees(program: str, name: str, clean: Mapping[str, str]) -> bool:
    """Ask the loader of ``program`` whether it misses ``name``; the program itself is not started.

    It knows what files do not show: a cache elsewhere (Guix), directories built into it (Nix), other processors.
    glibc and musl both take ``--list``.
    """
    needs = elf.needs(program)
    if needs is None or not needs.loader:
        return False
    import subprocess

    try:
        done = subprocess.run(
            [needs.loader, "--list", program],
            env=dict(clean),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode != 0 and name.encode() in done.stdout
