"""The trace for people: a tree for each variable, with colours on a terminal, plain elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleanenv.system import provenance
from cleanenv.system.console import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.text import Text
    from rich.tree import Tree

    from cleanenv.trace.model import Change, Place, Replay
    from cleanenv.trace.tracing import Trace, Variable

NAME, PLACE, ADDED, REMOVED, DIM, ALARM = "bold", "cyan", "green", "red", "dim", "yellow"
LONGEST = 400  # characters of a value or a line that are shown

Words = tuple[str, str]  # a style and a text


class Branch(NamedTuple):
    """A line of the report and those that hang from it."""

    style: str
    text: str
    branches: Sequence[Branch] = ()


def render(trace: Trace, environ: Mapping[str, str], *, is_terminal: bool, with_missing: bool) -> str:
    """Return the report for the terminal that ``environ`` describes, else plain; NO_COLOR is obeyed."""
    home = environ.get("HOME", "")
    branches = [Branch(style, text) for style, text in _head(trace)]
    branches += [_tree(variable, trace, home) for variable in trace.variables]
    branches += [Branch(style, text) for style, text in _foot(trace, home, with_missing=with_missing)]
    if is_terminal:
        return _styled(branches, environ)
    return "".join(f"{line}\n" for line in _plain(branches))


def _plain(branches: Sequence[Branch]) -> Iterator[str]:
    """Yield the lines as rich draws them, without it: importing that takes longer than all the rest."""
    for branch in branches:
        yield branch.text
        last = len(branch.branches) - 1
        for number, inner in enumerate(branch.branches):
            first, others = ("└── ", "    ") if number == last else ("├── ", "│   ")
            guide = first
            for line in _plain([inner]):
                yield guide + line
                guide = others


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
    for pattern in trace.unmatched:
        yield "", f"No variable that is set now or by this startup matches '{pattern}'."
    if not trace.variables and not trace.unmatched:
        yield "", "Nothing that leaks is set, by this startup or now. Name a variable to trace any other."


def _tree(variable: Variable, trace: Trace, home: str) -> Branch:
    branches: list[Branch] = []
    for change in variable.changes:
        details = [Branch(style, text) for style, text in _change(change)]
        branches.append(Branch(PLACE, chain(change.chain, home), details))
    if not variable.changes:
        branches.append(Branch(ALARM, _without_change(variable, trace, home)))
    elif variable.replayed is None:
        branches.append(Branch(DIM, "not set at the end of the startup"))
    if variable.origin is not None:
        branches.append(Branch(DIM, f"set now: {readable(variable.origin.sentence)}"))
    elif variable.now is None:
        branches.append(Branch(DIM, "not set now"))
    return Branch(NAME, variable.name, branches)


def _without_change(variable: Variable, trace: Trace, home: str) -> str:
    """Return what is known of a variable that was not seen to change: of a startup cut short, not that nothing does."""
    if not trace.replay.finished:
        return f"not set before {_cut_short(trace, home)}: what later lines set is not known"
    fact = "nothing in this startup sets it"
    if variable.now is None:
        return fact
    if _is_set_in_shell(variable, trace):
        return f"{fact}; it was set later, in this shell"
    if not trace.login:
        return f"{fact}; it may come from the login: see with --login"
    return fact


def _is_set_in_shell(variable: Variable, trace: Trace) -> bool:
    """Tell whether the process that started without the value is the shell that was traced."""
    origin = variable.origin
    if origin is None or origin.how not in (provenance.WITHOUT, provenance.OTHER_VALUE):
        return False
    return origin.program in (trace.shell, os.path.basename(trace.program))


def _cut_short(trace: Trace, home: str) -> str:
    """Return the words for what ended the startup before its end, and where."""
    replay: Replay = trace.replay
    where = f" at {chain(replay.last, home)}" if replay.last else ""
    if replay.timed_out:
        return f"the time limit ({trace.timeout:g} s) ended the startup{where}"
    return f"the startup ended early{where}"


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
    for entry in dict.fromkeys(change.added):
        yield ADDED, f"added {_value(entry)}"
    for entry in dict.fromkeys(change.removed):
        yield REMOVED, f"removed {_value(entry)}"
    if change.added or change.removed:
        return
    if sorted((change.old or "").split(":")) != sorted((change.new or "").split(":")):
        # An empty entry, or one that is there twice: that is seen in the values alone.
        yield ADDED, f"changed to {_value(change.new or '')}, was {_value(change.old or '')}"
    else:
        yield ADDED, f"changed to {_value(change.new or '')}: the same entries, in another order"


def _foot(trace: Trace, home: str, *, with_missing: bool) -> Iterator[Words]:
    replay = trace.replay
    if not replay.finished:
        sentence = _cut_short(trace, home)
        advice = "raise it with --timeout" if replay.timed_out else "later lines were not traced"
        yield ALARM, f"{sentence[0].upper()}{sentence[1:]}: {advice}."
    for skipped in replay.skipped:
        if skipped.is_common:
            continue
        yield ALARM, f"Skipped '{_short(skipped.text)}' at {chain(skipped.chain, home)}: {skipped.reason}."
    if with_missing:
        for missing in replay.missing:
            yield DIM, f"Looked for {_path(missing.file, home)}: {missing.reason}."
    for note in replay.notes:
        yield DIM, f"Note: {readable(note)}."


def chain(places: Sequence[Place], home: str) -> str:
    """Return the files and lines that led to a change, from the file that the shell read by itself."""
    return " › ".join(_place(place, home) for place in places)


def _place(place: Place, home: str) -> str:
    text = _path(place.file, home)
    if place.line is not None:
        text += f":{place.line}"
    remarks = []
    if place.function:
        remarks.append(readable(f"in {place.function}()"))
    if place.note:
        remarks.append(readable(place.note))
    return f"{text} ({', '.join(remarks)})" if remarks else text


def _path(file: str, home: str) -> str:
    top = home.rstrip("/")
    if top and file.startswith(f"{top}/"):
        file = f"~{file[len(top) :]}"
    return readable(file)


def _value(value: str) -> str:
    return f"'{_short(value)}'" if value else "an empty value"


def _short(text: str) -> str:
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    return readable(text)
