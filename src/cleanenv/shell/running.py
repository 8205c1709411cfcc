"""The shells that run above, and how each was started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.shell import detect, registry
from cleanenv.shell.arguments import SCRIPT, asks_for_login

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanenv.shell.definition import Shell
    from cleanenv.system.processes import Process


def is_login(processes: Iterable[Process], program: str) -> bool:
    """Tell whether the nearest of ``processes`` that runs ``program`` was started as a login shell."""
    for process in processes:
        if process.program == program and process.argv:
            return is_login_process(registry.by_program(program), process)
    return False


def is_login_process(shell: Shell | None, process: Process) -> bool:
    """Tell whether ``process``, which runs ``shell``, was started as a login shell."""
    if not process.argv:
        return False
    return process.argv[0].startswith("-") or asks_for_login(shell, words_of(shell, process))


def words_of(shell: Shell | None, process: Process) -> tuple[str, ...]:
    """Return the arguments of ``process`` that ``shell`` itself gets: not those of a Python that runs it."""
    words = process.argv[1:]
    if shell is None or registry.by_program(process.program) is not None:
        return words
    for index, word in enumerate(words):
        if registry.by_program(word) is shell:  # python3 /usr/bin/xonsh, python3 -m xonsh
            return words[index + 1 :]
    return words


def of_shell(processes: Iterable[Process], shell: Shell, program: str) -> Iterator[Process]:
    """Yield those of ``processes`` that are ``shell``, run by ``program``: the user's own first, then the nearest.

    One that runs a script is passed over, as its startup is not the user's.
    """
    users = detect.users_shell(processes, os.path.dirname(program))
    if users is not None and _is_run_by(users[1], shell, program):
        yield users[1]
    for process in processes:
        if _is_run_by(process, shell, program):
            yield process


def _is_run_by(process: Process, shell: Shell, program: str) -> bool:
    seen = detect.see(process, os.path.dirname(program))
    if seen is None or seen.use == SCRIPT or seen.found.shell is not shell:
        return False
    # xonsh is run by a Python: then the program that was found on PATH stands for it.
    is_run_itself = seen.found.program == process.program
    return not is_run_itself or os.path.realpath(process.program) == os.path.realpath(program)
