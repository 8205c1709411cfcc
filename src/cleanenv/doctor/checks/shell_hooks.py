"""What shells run unasked because a variable says so, and exported functions in the place of programs."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from cleanenv.doctor.checks import path
from cleanenv.doctor.codes import SEVERITY
from cleanenv.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanenv.doctor.finding import Subject

# (variable; who runs the file that it names)
FILES = (("BASH_ENV", "every script of bash"), ("ENV", "every interactive sh, dash, ksh and busybox"))
COMMANDS = ("PROMPT_COMMAND", "PS0", "PS4")
SUBSTITUTES = ("$(", "`", "${ ")
FUNCTION = "BASH_FUNC_"


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield files and commands that shells run at their start or prompt, and functions named as ENV's programs."""
    for variable, who in FILES:
        value = subject.environ.get(variable, "")
        if value:
            yield _finding("shell-startup", variable, value, f"{who} first runs '{value}'", _there(value))
    for variable in COMMANDS:
        value = subject.environ.get(variable, "")
        if value and (variable == COMMANDS[0] or any(sign in value for sign in SUBSTITUTES)):
            yield _finding("shell-prompt", variable, value, f"every bash below this one runs '{value}'", ())
    own = path.programs(subject.environment) if subject.environment is not None else []
    for variable, value in sorted(subject.environ.items()):
        name = variable.removeprefix(FUNCTION).removesuffix("%%").removesuffix("()")
        if variable.startswith(FUNCTION) and (path.is_pythons(name) or name in own):
            fact = f"in bash, '{name}' is an exported function, not a program"
            remedy = "unset it, and take 'export -f' out of the file that defines it"
            yield Finding(
                "shell-function",
                SEVERITY["shell-function"],
                fact,
                remedy,
                variable,
                value,
                line=f"unset -f {quote(name)}",
            )


def _finding(code: str, variable: str, value: str, fact: str, evidence: tuple[str, ...]) -> Finding:
    remedy = f"unset {variable}, and take it out of the file that sets it"
    return Finding(code, SEVERITY[code], fact, remedy, variable, value, evidence, line=f"unset {variable}")


def _there(value: str) -> tuple[str, ...]:
    if "$" in value or os.path.isfile(value):
        return ()
    return (f"'{value}' is not there",)
