"""The trace for people: a tree a variable, with colours on a terminal, plain elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.text import Text
    from rich.tree import Tree

    from cleanenv.trace.model import Change, Place
    from cleanenv.trace.tracing import Trace, Variable

NAME, PLACE, ADDED, REMOVED, DIM, ALARM = "bold", "cyan", "green", "red", "dim", "yellow"
LONGEST = 400  # signs of a value or a line that are shown

Words = tuple[str, str]  # a style and a text


class Branch(NamedTuple):
    """A line of the report and those that hang from it."""

    style: str
    text: str
    branches: Sequence[Branch] = ()


def render(trace: Trace, environ: Mapping[str, str], *, is_terminal: bool, with_missing: bool) -> str:
    """Return the report for the terminal that ``environ`` describes, else plain; NO_COLOR is obeyed."""
    home = environ.get("HOME", "")
    branches = [
        *(Branch(*words) for words in _head(trace)),
        *(_tree(variable, trace, home) for variable in trace.variables),
        *(Branch(*words) for words in _foot(trace, home, with_missing=with_missing)),
    ]
    return _styled(branches, environ) if is_terminal else "".join(f"{line}\n" for line in _plain(branches))


def _plain(branches: Sequence[Branch]) -> Iterator[str]:
    """Yield the lines as rich draws them, without it: importing that takes longer than all the rest."""
    for branch in branches:
        yield branch.text
        last = len(branch.branches) - 1
        for number, inner in enumerate(branch.branches):
            first, others = ("└── ", "    ") if number == last else ("├── ", "│   ")
            for at, line in enumerate(_plain([inner])):
                yield f"{others if at else first}{line}"


def _styled(branches: Sequence[Branch], environ: Mapping[str, str]) -> str:
    import io

    from rich.console import Console

    file = io.StringIO()
    console = Console(file=file, force_terminal=True, highlight=False, _environ=environ)
    for branch in branches:
        console.print(_drawn(branch) if branch.branches else _text(branch))
    return file.getvalue()


def _text(branch: Branch) -> Text:
    from rich.text import Text

    return Text(branch.text, style=branch.style)


def _drawn(branch: Branch) -> Tree:
    from rich.tree import Tree

    tree = Tree(_text(branch), guide_style=DIM)
    tree.children = [_drawn(inner) for inner in branch.branches]
    return tree


def _head(trace: Trace) -> Iterator[Words]:
    kind = "as a login shell" if trace.login else "interactive, not as a login shell"
    how = "Replayed" if trace.replay.is_replayed else "Read, not run: the startup of"
    yield DIM, readable(f"{how} {trace.shell} ({trace.program}), {kind}.")
    if not trace.variables:
        yield "", "Nothing that leaks is set, by this startup or now. Name a variable to trace any other."


def _tree(variable: Variable, trace: Trace, home: str) -> Branch:
    branches = [
        Branch(PLACE, chain(change.chain, home), [Branch(*words) for words in _change(change)])
        for change in variable.changes
    ]
    if not variable.changes:
        branches.append(Branch(ALARM, "nothing in this startup sets it" + _advice(variable, trace)))
    elif variable.replayed is None:
        branches.append(Branch(DIM, "in the end it is not set"))
    if variable.origin is not None:
        branches.append(Branch(DIM, f"set now: {readable(variable.origin.sentence)}"))
    elif variable.now is None:
        branches.append(Branch(DIM, "not set now"))
    return Branch(NAME, variable.name, branches)


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
    where = f" at {chain(replay.last, home)}" if replay.last else ""
    if replay.timed_out:
        yield ALARM, f"The time limit ({trace.timeout:g} s) ended the startup{where}: give more with --timeout."
    elif not replay.finished:
        yield ALARM, f"The startup ended early{where}: what comes after that was not seen."
    for skipped in replay.skipped:
        yield ALARM, f"Skipped '{_short(skipped.text)}' at {chain(skipped.chain, home)}: {skipped.reason}."
    for missing in replay.missing if with_missing else ():
        yield DIM, f"Looked for {_path(missing.file, home)}: {missing.reason}."
    for note in replay.notes:
        yield DIM, f"Note: {readable(note)}."


def chain(places: Sequence[Place], home: str) -> str:
    """Return the files and lines that led to a change, from the file that the shell read by itself."""
    return " › ".join(_place(place, home) for place in places)


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
