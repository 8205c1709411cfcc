"""What a function or a command sets for itself alone does not last, and what it hid comes back."""

from __future__ import annotations

from cleanenv.trace.engine.ledger import Ledger
from cleanenv.trace.engine.scopes import Scopes
from cleanenv.trace.engine.timeline import Step, Timeline
from cleanenv.trace.model import Place

RC = Place("/home/me/.rc", 1)
IN_F = Place("/home/me/.rc", 5, "f")


def lasting(timeline: Timeline) -> list[tuple[str | None, str | None, str]]:
    """Return what was and what came of X, with the function in which it was set."""
    return [(change.old, change.new, change.chain[-1].function) for change in timeline.finish()]


def test_a_scope_hides_until_its_function_is_left() -> None:
    scopes: Scopes[str] = Scopes()
    scopes.begin("X", "outer", 2)
    assert scopes.is_hidden("X", "inner", 2)
    assert scopes.is_hidden("X", "outer", 3)
    assert not scopes.is_hidden("X", "new", 1)
    assert not scopes.is_hidden("Y", "inner", 2)
    scopes.leave(2)
    assert scopes.is_in_scope("X")
    scopes.leave(1)
    assert not scopes.is_in_scope("X")
    assert scopes.end("X", "seen last") == "outer"
    assert scopes.end("X", "seen last") == "seen last"


def test_a_scope_within_another_changes_nothing() -> None:
    scopes: Scopes[str] = Scopes()
    assert scopes.begin("X", "outer", 2)
    assert not scopes.begin("X", "inner", 3)
    scopes.leave(2)
    assert scopes.is_hidden("X", "new", 2)
    assert scopes.end("X", "") == "outer"


def test_a_scope_after_another_that_was_not_seen_to_end_hides_the_same() -> None:
    scopes: Scopes[str] = Scopes()
    scopes.begin("X", "outer", 2)
    scopes.leave(1)
    assert scopes.begin("X", "inner", 2)
    assert scopes.end("X", "") == "outer"


def test_a_commands_own_ends_also_where_the_value_comes_back() -> None:
    scopes: Scopes[str] = Scopes()
    scopes.begin("X", "outer", 1, of_command=True)
    assert scopes.is_hidden("X", "inner", 1)
    assert not scopes.is_hidden("X", "outer", 1)


def test_a_functions_own_does_not_last() -> None:
    timeline = Timeline({"X": "1"})
    timeline.enter(Step((RC,), "f"))
    timeline.enter(Step((RC, IN_F), "local X=2", ("X",), 2))
    timeline.take({"X": "2"})
    timeline.enter(Step((RC, IN_F), "X=3"))
    timeline.take({"X": "3"})
    timeline.take({"X": "1"})
    timeline.enter(Step((RC,), "g"))
    timeline.enter(Step((RC, IN_F), "X=4"))
    timeline.take({"X": "4"})
    assert lasting(timeline) == [("1", "4", "f")]


def test_what_was_taken_for_passing_and_stayed_is_a_change() -> None:
    timeline = Timeline({})
    timeline.enter(Step((RC, IN_F), "typeset X=1", ("X",), 2))
    timeline.take({"X": "1"})
    timeline.enter(Step((RC,), ":"))
    assert lasting(timeline) == [(None, "1", "f")]


def test_what_is_set_for_a_command_does_not_last() -> None:
    timeline = Timeline({"X": "1"})
    for _ in range(2):
        timeline.enter(Step((RC,), "X=2 f"))
        timeline.take({"X": "2", "Y": "3"})
        timeline.enter(Step((RC, IN_F), ":"))
        timeline.take({"X": "1", "Y": "3"})
    timeline.enter(Step((RC,), "X=5"))
    timeline.take({"X": "5", "Y": "3"})
    assert [(change.name, change.old, change.new) for change in timeline.finish()] == [
        ("Y", None, "3"),
        ("X", "1", "5"),
    ]


def test_a_ledger_knows_no_variable_of_the_shells_own() -> None:
    ledger = Ledger({"PWD": "/", "X": "1"})
    ledger.record("PWD", "/tmp", (RC,))  # noqa: S108  no file
    ledger.record("X", "1", (RC,))
    ledger.record("X", None, (RC,))
    assert ledger.values == {}
    assert [(change.old, change.new) for change in ledger.changes] == [("1", None)]
