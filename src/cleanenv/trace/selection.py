"""Which variables are traced: those that were named, by names and globs, else those that count as leaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.clean import policy
from cleanenv.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.trace.model import Change

GLOB = "*?["
SIGNS_OF_GLOBS = f"{GLOB}]!-^"
# The kinds of variables that are traced if none is named, besides PATH.
LEAKING = (
    policy.PYTHON,
    policy.INSTALLER,
    policy.LINKER,
    policy.ROS,
    policy.OTHER_ENVIRONMENT,
    policy.VERSION_MANAGER,
    policy.MODULES,
)


def check(patterns: Sequence[str]) -> None:
    """Raise UsageError for a pattern that no variable's name matches."""
    for pattern in patterns:
        # The signs of a glob stand for letters; POSIX.1, 3.216 (Name) says which others there are.
        name = "".join("_" if sign in SIGNS_OF_GLOBS else sign for sign in pattern) if is_glob(pattern) else pattern
        is_word = name.isascii() and name.replace("_", "a").isalnum()
        if not is_word or name[0].isdecimal():
            raise UsageError(
                f"'{pattern}' is not a variable name", "use letters, digits and '_', and '*' or '?' for several names"
            )


def is_glob(pattern: str) -> bool:
    """Tell whether ``pattern`` stands for more than one name."""
    return any(sign in pattern for sign in GLOB)


def is_leak(name: str) -> bool:
    """Tell whether ``name`` is traced if no name is given."""
    if name == "PATH":
        return True
    return policy.kept(name) is None and policy.hazard(name) in LEAKING


def names(patterns: Sequence[str], changes: Sequence[Change], environ: Mapping[str, str]) -> list[str]:
    """Return the variables to report: each that was named, and those set now or in the replay that match."""
    known = dict.fromkeys([*(change.name for change in changes), *environ])
    if not patterns:
        return [name for name in known if is_leak(name)]
    named = [pattern for pattern in patterns if not is_glob(pattern)]
    matching = [name for name in known if policy.matches(name, patterns)]
    return list(dict.fromkeys([*named, *matching]))


def unmatched(patterns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return the globs that match none of ``names``."""
    globs = [pattern for pattern in patterns if is_glob(pattern)]
    return tuple(glob for glob in globs if not any(policy.matches(name, [glob]) for name in names))
