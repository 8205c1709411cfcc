"""A refusal keeps its parts, and is one sentence."""

from __future__ import annotations

import pickle

import pytest

from cleanenv import errors
from cleanenv.session.setup_script import SourceFailedError


def test_a_refusal_is_a_fact_and_a_remedy() -> None:
    error = errors.UsageError("'x' is not a directory", "name another")
    assert (error.fact, error.remedy, error.status) == ("'x' is not a directory", "name another", 2)
    assert str(error) == "'x' is not a directory: name another"


def test_a_fact_may_stand_alone() -> None:
    error = errors.CleanenvError("'a: b' cannot be read")
    assert (error.fact, error.remedy) == ("'a: b' cannot be read", "")
    assert str(error) == "'a: b' cannot be read"


def test_a_failed_setup_file_has_the_status_of_the_file() -> None:
    assert SourceFailedError("it failed", status=7).status == 7


@pytest.mark.parametrize("error", [errors.UsageError("a", "b"), errors.CommandNotFoundError("a")])
def test_a_refusal_survives_a_copy(error: errors.CleanenvError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  made right here
    assert (type(copy), str(copy)) == (type(error), str(error))
