"""The trace for people: a tree a variable, with colours on a terminal, plain elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.message import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.tree import Tree

    from cleanenv.trace.change import Change, Place
    from cleanenv.trace.inquiry import Trace, Variable

NAME, PLACE, ADDED, REMOVED, DIM, ALARM = "bold", "cyan", "green", "red", "dim", "yellow"
LONGEST = 400  # signs of a value or a line that are shown
WIDEST = 1 << 16  # columns where there is no terminal: nothing is broken

Words = tuple[str, str]  # a style and a text


def render(trace: Trace, environ: Mapping[str, str], *, is_terminal: bool, with_missing: bool) -> str:
    """Return the report for the terminal that ``environ`` describes, else plain; NO_COLOR is obeyed."""
    import io

    from rich.console import Console
    from rich.text import Text

    file = io.StringIO()
    width = None if is_terminal else WIDEST
    given = environ if is_terminal else {}
    console = Console(file=file, force_terminal=is_terminal, width=width, highlight=False, _environ=given)
    home = environ.get("HOME", "")
    for words in _head(trace):
        console.print(Text(words[1], style=words[0]))
    for variable in trace.variables:
        console.print(_tree(variable, trace, home))
    for words in _foot(trace, home, with_missing=with_missing):
        console.print(Text(words[1], style=words[0]))
    return file.getvalue()


def _head(trace: Trace) -> Iterator[Words]:
    kind = "as a login shell" if trace.login else "interactive, not as a login shell"
    how = "Replayed" if trace.replay.is_replayed else "Read, not run: the startup of"
    yield DIM, readable(f"{how} {trace.shell} ({trace.program}), {kind}.")
    if not trace.variables:
        yield "", "Nothing that leaks is set, by this startup or now. Name a variable to trace any other."


def _tree(variable: Variable, trace: Trace, home: str) -> Tree:
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(variable.name, style=NAME), guide_style=DIM)
    for change in variable.changes:
        branch = tree.add(Text(_chain(change.chain, home), style=PLACE))
        for style, text in _change(change):
            branch.add(Text(text, style=style))
    if not variable.changes:
        tree.add(Text("nothing in this startup sets it" + _advice(variable, trace), style=ALARM))
    elif variable.replayed is None:
        tree.add(Text("in the end it is not set", style=DIM))
    if variable.origin is not None:
        tree.add(Text(f"set now: {readable(variable.origin.sentence)}", style=DIM))
    elif variable.now is None:
        tree.add(Text("not set now", style=DIM))
    return tree


def _advice(variable: Variable, trace: Trace) -> str:
    if variable.now is None or trace.login:
        return ""
    return "; it may come from the login: see with --login"


def _change(change: Change) -> Iterator[Words]:
    if change.new is None:
        yield REMOVED, f"unset, was {_value(change.old or '')}"
    elif change.old is None:
        yield ADDED, f"set to {_value(change.new)}"
    elif _is_list(change.old) or _is_list(change.new):
        yield from _entries(change)
    else:
        yield ADDED, f"changed to {_value(change.new)}, was {_value(change.old)}"
    if change.text:
        yield "", f"line: {_short(change.text.expandtabs(1))}"
    for note in change.notes:
        yield DIM, readable(note)


def _is_list(value: str) -> bool:
    return ":" in value and "://" not in value


def _entries(change: Change) -> Iterator[Words]:
    for style, verb, entries in ((ADDED, "added", change.added), (REMOVED, "removed", change.removed)):
        for entry in dict.fromkeys(entries):
            yield style, f"{verb} {_value(entry)}"
    if not change.added and not change.removed:
        yield ADDED, f"changed to {_value(change.new or '')}: the same entries, in another order or number"


def _foot(trace: Trace, home: str, *, with_missing: bool) -> Iterator[Words]:
    replay = trace.replay
    where = f" at {_chain(replay.last, home)}" if replay.last else ""
    if replay.timed_out:
        yield ALARM, f"The time limit ({trace.timeout:g} s) ended the startup{where}: give more with --timeout."
    elif not replay.finished:
        yield ALARM, f"The startup ended early{where}: what comes after that was not seen."
    for skipped in replay.skipped:
        yield ALARM, f"Skipped '{_short(skipped.text)}' at {_chain(skipped.chain, home)}: {skipped.reason}."
    for missing in replay.missing if with_missing else ():
        yield DIM, f"Looked for {_path(missing.file, home)}: {missing.reason}."
    for note in replay.notes:
        yield DIM, f"Note: {readable(note)}."


def _chain(chain: Sequence[Place], home: str) -> str:
    return " › ".join(_place(place, home) for place in chain)


def _place(place: Place, home: str) -> str:
    line = f":{place.line}" if place.line is not None else ""
    remarks = [f"in {place.function}()"] if place.function else []
    remarks += [place.note] if place.note else []
    return f"{_path(place.file, home)}{line}" + (f" ({', '.join(map(readable, remarks))})" if remarks else "")


def _path(file: str, home: str) -> str:
    if home and home != "/" and file.startswith(f"{home.rstrip('/')}/"):
        file = f"~{file[len(home.rstrip('/')) :]}"
    return readable(file)


def _value(value: str) -> str:
    return f"'{_short(value)}'" if value else "an empty value"


def _short(text: str) -> str:
    return readable(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
