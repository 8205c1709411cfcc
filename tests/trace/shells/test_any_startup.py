"""Startups put together by chance: each lasting change is told, with the line that made it, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.installed_shells import find_shell
from tests.support.trace_cases import document, home_of, trace

NAMES = ("X", "Y", "PYTHONPATH")
BEFORE = (
    *(f"put_{name}() {{ {name}=$1; }}; hide_{name}() {{ local {name}=h; :; }}" for name in NAMES),
    "give() { echo $1; }; e=export",
)
SET, EXPORT, UNSET, DEFAULT, APPEND, GIVE_EMPTY = "set", "export", "unset", "default", "append", "give empty"
# What runs at the first prompt: a function that an eval makes, by which the last line asks for it.
HOOK = "eval 'hook() {{ X=hooked; }}'; {install}"
INSTALL = {"bash": "PROMPT_COMMAND=hook", "zsh": "precmd_functions+=(hook)"}
Effect = tuple[str, str, str]  # what, of which variable, with which value

# What each line does, command by command: {v} and {w} are two variables, {i} is a number of its own.
LINES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "export {v}=a{i}": ((SET, "v", "a{i}"), (EXPORT, "v", "")),
    'export {v}="a b{i}"': ((SET, "v", "a b{i}"), (EXPORT, "v", "")),
    "export {v}=`give c{i}`": ((SET, "v", "c{i}"), (EXPORT, "v", "")),
    "export {v}=m{i} {w}=k{i}": ((SET, "v", "m{i}"), (SET, "w", "k{i}"), (EXPORT, "v", ""), (EXPORT, "w", "")),
    "export {v}=": ((SET, "v", ""), (EXPORT, "v", "")),
    "export {v}": ((GIVE_EMPTY, "v", ""), (EXPORT, "v", "")),
    "$e {v}=y{i}": ((SET, "v", "y{i}"), (EXPORT, "v", "")),
    "n={v}; export $n=y{i}": ((SET, "v", "y{i}"), (EXPORT, "v", "")),
    "typeset -x {v}=x{i}": ((SET, "v", "x{i}"), (EXPORT, "v", "")),
    "true && export {v}=g{i}": ((SET, "v", "g{i}"), (EXPORT, "v", "")),
    "{v}=b{i}": ((SET, "v", "b{i}"),),
    "{v}='b c{i}'": ((SET, "v", "b c{i}"),),
    "{v}=$(give d{i})": ((SET, "v", "d{i}"),),
    "{v}=1$(give d{i})2": ((SET, "v", "1d{i}2"),),
    "{v}+=z{i}": ((APPEND, "v", "z{i}"),),
    "{v}=o{i} {w}=p{i}": ((SET, "v", "o{i}"), (SET, "w", "p{i}")),
    "{v}=q{i}; [ -n x ]": ((SET, "v", "q{i}"),),
    "true && {v}=g{i}": ((SET, "v", "g{i}"),),
    "false || {v}=g{i}": ((SET, "v", "g{i}"),),
    "if true; then {v}=j{i}; fi": ((SET, "v", "j{i}"),),
    "case x in x) {v}=k{i} ;; esac": ((SET, "v", "k{i}"),),
    "for {v} in p{i} q{i}; do :; done": ((SET, "v", "p{i}"), (SET, "v", "q{i}")),
    "read {v} <<<r{i}": ((SET, "v", "r{i}"),),
    "eval '{v}=e{i}'": ((SET, "v", "e{i}"),),
    "eval 'export {v}=e{i}'": ((SET, "v", "e{i}"), (EXPORT, "v", "")),
    "put_{v} f{i}": ((SET, "v", "f{i}"),),
    "eval 'made_{i}() {{ {v}=$1; }}'; made_{i} f{i}": ((SET, "v", "f{i}"),),
    'eval "made_{i}() {{ export {v}=f{i}; }}" && made_{i}': ((SET, "v", "f{i}"), (EXPORT, "v", "")),
    "IFS=: put_{v} f{i}": ((SET, "v", "f{i}"),),
    "export IFS": (),
    "IFS=$' \\t\\n'": (),
    "exec {{fd}}</dev/null {{fe}}>/dev/null": (),
    ": ${{{v}:=d{i}}}": ((DEFAULT, "v", "d{i}"),),
    '[ -n "${{{v}:=d{i}}}" ]': ((DEFAULT, "v", "d{i}"),),
    "{w}=${{{v}:=d{i}}}": ((DEFAULT, "v", "d{i}"), (SET, "w", "{v}")),
    "unset {v}": ((UNSET, "v", ""),),
    "n={v}; unset $n": ((UNSET, "v", ""),),
    "unset {v} {w}": ((UNSET, "v", ""), (UNSET, "w", "")),
    "{v}=t{i} true": (),
    "{v}=t{i} give x": (),
    "({v}=s{i}; export {v})": (),
    "n=$({v}=s{i}; give x)": (),
    "hide_{v}": (),
    "[ -n x ]": (),
    "give x{i}": (),
}
# Of a few kinds each: one that makes a tracer look after every command would hide what it passes over.
ANY_LINES = st.lists(st.sampled_from(sorted(LINES)), min_size=2, max_size=6).flatmap(
    lambda kinds: st.lists(st.tuples(st.sampled_from(kinds), st.permutations(NAMES)), min_size=10, max_size=30)
)


def changes(
    shell: str, lines: list[tuple[str, list[str]]], *, is_hooked: bool
) -> Iterator[tuple[str, str | None, int | None]]:
    """Yield each change of an exported variable: its name, the value, None for unset, and the line.

    What bash runs at the prompt has PROMPT_COMMAND as its outermost place, which is no line.
    """
    values: dict[str, str] = {}
    exported: set[str] = set()
    for number, (line, (v, w, _)) in enumerate(lines, len(BEFORE) + 1):
        before = {name: values.get(name) if name in exported else None for name in NAMES}
        steps = []
        for what, place, value in LINES[line]:
            name = {"v": v, "w": w}[place]
            text = values.get(v, "") if value == "{v}" else value.format(i=number)
            if what == SET or (what == DEFAULT and not values.get(name)):
                values[name] = text
            elif what == GIVE_EMPTY and shell == "zsh":
                values.setdefault(name, "")
            elif what == APPEND:
                values[name] = values.get(name, "") + text
            elif what == EXPORT:
                exported.add(name)
            elif what == UNSET:
                values.pop(name, None)
                exported.discard(name)
            steps.append({name: values.get(name) if name in exported else None for name in NAMES})
        # A loop's variable changes at each turn; all else of a line is one command, or leaves one change a variable.
        for after in steps if line.startswith("for ") else steps[-1:]:
            yield from ((name, after[name], number) for name in NAMES if after[name] != before[name])
            before = after
    if is_hooked and "X" in exported and values.get("X") != "hooked":
        yield "X", "hooked", len(BEFORE) + len(lines) + 1 if shell == "zsh" else None


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=ANY_LINES, is_hooked=st.booleans())
def test_each_change_is_told_with_its_line(shell: str, lines: list[tuple[str, list[str]]], *, is_hooked: bool) -> None:
    find_shell(shell)
    text = [line.format(v=v, w=w, i=number) for number, (line, (v, w, _)) in enumerate(lines, len(BEFORE) + 1)]
    if is_hooked:
        text.append(HOOK.format(install=INSTALL[shell]))
    with home_of("myself", {f".{shell}rc": "\n".join([*BEFORE, *text, ""])}) as home:
        found = document(trace("myself", home, *NAMES, "--shell", shell, "--json"))
    told = [
        (variable["name"], change["new"], change["chain"][0]["line"])
        for variable in found["variables"]
        for change in variable["changes"]
        if change["exported"]
    ]
    expected = list(changes(shell, lines, is_hooked=is_hooked))
    assert told == [change for name in NAMES for change in expected if change[0] == name], "\n".join(text)
