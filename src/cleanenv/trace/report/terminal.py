"""The trace for people: a tree for each variable, with colours on a terminal, plain elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cleanenv.system import provenance
from cleanenv.system.console import readable
from cleanenv.trace import attribution
from cleanenv.trace.report import tree
from cleanenv.trace.report.tree import DIM, Branch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleanenv.trace.model import Change, Place, Replay
    from cleanenv.trace.tracing import Trace, Variable

NAME, PLACE, ADDED, REMOVED, ALARM = "bold", "cyan", "green", "red", "yellow"
NOT_SET = "not set by this startup"
SET_LATER = "set later by hand, by a file sourced later or by an activation"
UNSET_LATER = "taken away later, by hand, by a file sourced later or by an activation"
AT_LOGIN = "at login, before this shell was started"
LONGEST = 400  # characters of a value or a line that are shown

Words = tuple[str, str]  # a style and a text


def render(trace: Trace, environ: Mapping[str, str], *, is_terminal: bool, with_missing: bool) -> str:
    """Return the report for the terminal that ``environ`` describes, else plain; NO_COLOR is obeyed."""
    home = environ.get("HOME", "")
    branches = [Branch(style, text) for style, text in _head(trace)]
    branches += [_tree(variable, trace, home) for variable in trace.variables]
    branches += [Branch(style, text) for style, text in _foot(trace, home, with_missing=with_missing)]
    if is_terminal:
        return tree.styled(branches, environ)
    return "".join(f"{line}\n" for line in tree.plain(branches))


def _head(trace: Trace) -> Iterator[Words]:
    kind = "as a login shell" if trace.login else "interactive, not as a login shell"
    how = "Replayed" if trace.replay.is_replayed else "Read, not run: the startup of"
    yield DIM, readable(f"{how} {trace.shell} ({trace.program}), {kind}.")
    if trace.before is not None:
        yield DIM, readable(f"Also the login of {trace.before.shell} before it ({trace.before.program}).")
    for pattern in trace.unmatched:
        yield "", f"No variable that is set now or by this startup matches '{pattern}'."
    if not trace.variables and not trace.unmatched:
        yield "", "Nothing that leaks is set, by this startup or now. Name a variable to trace any other."


def _tree(variable: Variable, trace: Trace, home: str) -> Branch:
    branches: list[Branch] = []
    for change in variable.at_login:
        details = [Branch(style, text) for style, text in _change(change)]
        details.append(Branch(DIM, AT_LOGIN))
        branches.append(Branch(PLACE, chain(change.chain, home), details))
    for change in variable.changes:
        details = [Branch(style, text) for style, text in _change(change)]
        branches.append(Branch(PLACE, chain(change.chain, home), details))
    if not branches:
        branches.append(Branch(ALARM, _without_change(variable, trace, home)))
    elif variable.changes and variable.replayed is None:
        branches.append(Branch(DIM, "not set at the end of the startup"))
    branches += _now(variable, trace, home)
    return Branch(NAME, variable.name, branches)


def _now(variable: Variable, trace: Trace, home: str) -> Iterator[Branch]:
    """Yield the value now if the startup does not give it, what set it, and the process that had it first."""
    given = variable.attribution
    if given.source in (attribution.LATER, attribution.UNKNOWN, attribution.BEFORE):
        if variable.changes and variable.replayed is not None:
            yield Branch(DIM, f"at the end of the startup: {_value(variable.replayed)}")
        if variable.now is not None:
            details = [Branch(style, text) for style, text in _sources(variable, trace, home)]
            yield Branch("", f"set now to {_value(variable.now)}", details)
    if variable.now is None and given.source == attribution.LATER:
        yield Branch(ALARM, f"not set now: {UNSET_LATER}")
    elif variable.now is None:
        yield Branch(DIM, "not set now")
    if variable.origin is not None:
        yield Branch(DIM, f"set now: {readable(variable.origin.sentence)}")


def _sources(variable: Variable, trace: Trace, home: str) -> Iterator[Words]:
    """Yield what is known of the entries that the startup does not set."""
    given = variable.attribution
    is_whole = len(given.entries) == 1
    for entry in given.entries:
        words = _source(entry.source, trace, home)
        if words:
            yield ALARM, words if is_whole else f"{_value(entry.text)}: {words}"
    for text in given.lost:
        if not is_whole:
            yield ALARM, f"{_value(text)}: {UNSET_LATER}"


def set_later(trace: Trace, home: str) -> str:
    """Return the words for what sets a value that the startup does not, and for what a replay does not see of it."""
    words = SET_LATER
    if trace.replay.skipped:
        words += ", or by a command that the replay skipped"
    if trace.terminal_test is not None:
        where = chain([trace.terminal_test], home)
        words += f", or on a terminal, which the replay does not have and {where} asks for"
    return words


def _source(source: str, trace: Trace, home: str) -> str:
    """Return the words for what set an entry; empty if the changes show it."""
    if source == attribution.LATER:
        return f"{NOT_SET}: {set_later(trace, home)}"
    if source == attribution.BEFORE:
        return f"{NOT_SET}: {trace.shell} (pid {trace.start.pid}) was started with it"
    if source == attribution.UNKNOWN and trace.replay.finished:
        return NOT_SET
    return ""


def _without_change(variable: Variable, trace: Trace, home: str) -> str:
    """Return what is known of a variable that was not seen to change: of a startup cut short, not that nothing does."""
    if not trace.replay.finished:
        return f"not set before {_cut_short(trace, home)}: what later lines set is not known"
    fact = "nothing in this startup sets it"
    if variable.now is None:
        return fact
    if variable.attribution.source == attribution.LATER or _is_set_in_shell(variable, trace):
        if trace.terminal_test is None and not trace.replay.skipped:
            return f"{fact}; it was set later, in this shell"
        return fact
    if not trace.login and trace.before is None:
        return f"{fact}; it may come from the login: see with --login"
    return fact


def _is_set_in_shell(variable: Variable, trace: Trace) -> bool:
    """Tell whether the process that started without the value is the shell that was traced."""
    origin = variable.origin
    if origin is None or origin.how not in (provenance.WITHOUT, provenance.OTHER_VALUE):
        return False
    if trace.start.pid:
        return origin.pid == trace.start.pid
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
    if trace.terminal_test is not None and any(not variable.changes for variable in trace.variables):
        where = chain([trace.terminal_test], home)
        yield DIM, f"Note: {where} asks for a terminal, which the replay does not have: what depends on it is not seen."
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
