"""How far a check has come is for terminals, and only if it takes long."""

from __future__ import annotations

import io
import sys

import pytest

from cleanenv.check import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, after: float) -> str:
    """Return what three files leave on ``stream``."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_AFTER", after)
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    steps = progress.Progress(3)
    for _ in range(3):
        steps.step()
    steps.end()
    return stream.getvalue()


def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, Terminal(), 0.0)
    assert "checking 3 of 3 files" in text
    assert text.endswith("\r\x1b[K")


def test_not_in_the_first_second(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), 100.0) == ""


def test_not_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), 0.0) == ""
