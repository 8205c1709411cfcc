"""What a command's text says that it sets for itself, or for its function, alone."""

from __future__ import annotations

import re

# A word as shells quote it; a substitution may hold brackets three deep, which is as far as startup files go.
SUBSTITUTION = r"\$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|`[^`]*`"
WORD = rf"(?:{SUBSTITUTION}|\$'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\.|\$(?!\()|[^\s\"'\\;&|`$])*"
ASSIGNMENT = rf"[A-Za-z_]\w*\+?={WORD}"
# Assignments with a command behind them: not with a redirection or a comment, and not the last of many by itself.
PREFIX = re.compile(rf"(?:{ASSIGNMENT}\s+)+(?=[^\s;&|<>0-9#])(?!{ASSIGNMENT}(?:\s+{ASSIGNMENT})*\s*$)", re.DOTALL)
# The builtins that declare a variable of the function's own: bash(1), zshbuiltins(1), ksh93(1), mksh(1), yash(1) and
# dash(1) between them. `float` and `integer` are ksh93's and zsh's; `readonly` is not here, as it declares in none.
DECLARATION = re.compile(r"(?:(?:builtin|command)\s+)*(?:local|declare|typeset|float|integer)(?=\s)")
OPTION = r"([-+]\w+)(?=\s|$)"
NAME = r"(?=[\"']?([A-Za-z_]\w*)(?:[+=\[\"'\s]|$))"  # also in quotes, as in `local 'X=a b'`
ARGUMENT = re.compile(rf"\s+(?:{OPTION}|(?:{NAME}|)(?:\w+\+?=\([^)]*\)|{WORD}))", re.DOTALL)


def local_names(command: str) -> list[str]:
    """Return the names that ``command``, run in a function, declares as the function's own.

    None where its option ``-g`` makes them global, and where it is no declaration.
    """
    declaration = DECLARATION.match(command)
    if declaration is None:
        return []
    names: list[str] = []
    end = declaration.end()
    while (argument := ARGUMENT.match(command, end)) is not None and argument.end() > end:
        end = argument.end()
        option, name = argument.groups()
        if option is not None:
            if option.startswith("-") and "g" in option:
                return []
        elif name is not None:
            names.append(name)
    return names


def before_command(command: str) -> str:
    """Return the assignments that ``command`` begins with and that hold for the rest of it alone, else nothing."""
    prefix = PREFIX.match(command)
    return prefix[0] if prefix is not None else ""


def is_before_command(name: str, command: str) -> bool:
    """Tell whether ``command`` sets ``name`` for itself alone, as ``NAME=value command`` does."""
    return re.search(rf"(?<!\S){name}\+?=", before_command(command)) is not None
