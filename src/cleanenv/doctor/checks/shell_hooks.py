"""Files and commands that shells run unasked because a variable says so, and functions that replace programs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.doctor import codes, remedies
from cleanenv.doctor.checks import path
from cleanenv.doctor.remedies import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleanenv.doctor.finding import Finding, Subject

# (variable; who runs the file that it names)
FILES = (("BASH_ENV", "every bash script"), ("ENV", "every interactive sh, dash, ksh and busybox"))
PROMPT_COMMAND = "PROMPT_COMMAND"
PROMPTS = ("PS0", "PS4")  # expanded, so that a command substitution in them is run
SUBSTITUTES = ("$(", "`", "${ ")
FUNCTION = "BASH_FUNC_"  # bash exports a function as BASH_FUNC_name%%, older ones as BASH_FUNC_name()


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield files and commands that shells run at their start or prompt, and functions named as ENV's programs."""
    yield from _startup_files(subject)
    yield from _prompt_commands(subject)
    yield from _functions(subject)


def _startup_files(subject: Subject) -> Iterator[Finding]:
    for variable, shells in FILES:
        value = subject.environ.get(variable, "")
        if not value:
            continue
        evidence = []
        if "$" not in value and not os.path.isfile(value):  # the shell expands it
            evidence.append(f"'{value}' does not exist")
        yield _finding("shell-startup", variable, value, f"{shells} runs '{value}' first", evidence)


def _prompt_commands(subject: Subject) -> Iterator[Finding]:
    for variable in (PROMPT_COMMAND, *PROMPTS):
        value = subject.environ.get(variable, "")
        if not value:
            continue
        if variable == PROMPT_COMMAND or any(sign in value for sign in SUBSTITUTES):
            fact = f"every bash that is started from this shell runs '{value}'"
            yield _finding("shell-prompt", variable, value, fact)


def _functions(subject: Subject) -> Iterator[Finding]:
    programs = path.programs(subject.environment) if subject.environment is not None else []
    for variable, value in sorted(subject.environ.items()):
        if not variable.startswith(FUNCTION):
            continue
        name = variable.removeprefix(FUNCTION).removesuffix("%%").removesuffix("()")
        if path.is_pythons(name) or name in programs:
            yield codes.finding(
                "shell-function",
                f"in bash, '{name}' is an exported function, not a program",
                "unset it, and remove 'export -f' from the file that defines it",
                variable=variable,
                value=value,
                line=Command(remedies.UNSET_FUNCTION, name),
            )


def _finding(code: str, variable: str, value: str, fact: str, evidence: Iterable[str] = ()) -> Finding:
    remedy = f"unset {variable}, and remove it from the file that sets it"
    line = remedies.unset(variable)
    return codes.finding(code, fact, remedy, variable=variable, value=value, evidence=evidence, line=line)
