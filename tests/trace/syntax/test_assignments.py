"""What a command sets for itself, or for its function, alone."""

from __future__ import annotations

import pytest

from cleanenv.trace.syntax import assignments


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("local X", ["X"]),
        ("local X=1 Y Z+=3", ["X", "Y", "Z"]),
        ("typeset -x X=1", ["X"]),
        ("declare -i -x X", ["X"]),
        ("builtin command local X=1", ["X"]),
        ("integer X=1", ["X"]),
        ("float X", ["X"]),
        ("local X='a Y' Z", ["X", "Z"]),
        ('local X="a \\" Y" Z', ["X", "Z"]),
        ("local X=$(set Y Z) W", ["X", "W"]),
        ("local X=$'a\\' Y' Z", ["X", "Z"]),
        ("local 'X=a Y' Z", ["X", "Z"]),
        ("local -a X=(a Y b) Z", ["X", "Z"]),
        ("local X=a; Y=1", ["X"]),
        ("local X && export Y", ["X"]),
        ('local "$n" X', ["X"]),
        ("declare -g X=1", []),
        ("typeset -gx X=1", []),
        ("typeset -x -g X=1", []),
        ("local X=-g", ["X"]),
        ("local", []),
        ("localize X", []),
        ("export X=1", []),
        ("readonly X=1", []),
        ("echo local X", []),
    ],
)
def test_local_names(command: str, names: list[str]) -> None:
    assert assignments.local_names(command) == names


@pytest.mark.parametrize(
    ("command", "is_passing"),
    [
        ("X=1 f", True),
        ("A=2 X=1 f", True),
        ("X+=1 f", True),
        ("X=$(echo a b) f", True),
        ("X='a b' eval :", True),
        ("X=1", False),
        ("X=1 Y=2", False),
        ("X='a f'", False),
        ("X=1 >file", False),
        ("X=1; f", False),
        ("f X=1", False),
        ("XX=1 f", False),
        ("export X=1", False),
    ],
)
def test_before_a_command(command: str, is_passing: bool) -> None:
    assert assignments.is_before_command("X", command) == is_passing
