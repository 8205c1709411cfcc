"""`cleanenv freeze ENV` without a file or another form: the way that hooks take."""

from __future__ import annotations

from cleanenv.environments import inventory
from cleanenv.freeze import requirements_text
from cleanenv.freeze.requirements_text import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.problem import Problem

PLAIN = Choice()


def freeze(
    environment: Environment,
    choice: Choice = PLAIN,
    home: str | None = None,
) -> tuple[str, list[Problem]]:
    """Return what `pip freeze` would print in ``environment``, and the problems that go to stderr.

    ``home`` is the user's home directory, for what ``choice.exact`` finds there.
    Raises EnvironmentUnusableError.
    """
    contents = inventory.read(environment, everywhere=choice.exact, home=home)
    problems = contents.problems
    text = ""
    for distribution in requirements_text.choose(contents, choice, problems):
        for line in requirements_text.lines(contents, distribution, choice, problems):
            text += f"{requirements_text.printed(line)}\n"
    return text, problems
