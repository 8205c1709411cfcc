"""`cleanenv freeze ENV` without a file or another form: the way that hooks take."""

from __future__ import annotations

from cleanenv.environments import inventory
from cleanenv.freeze import requirements_text
from cleanenv.freeze.requirements_text import Choice
from cleanenv.system import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleanenv.environments.environment import Environment
    from cleanenv.environments.problem import Problem

PLAIN = Choice()


def freeze(
    environment: Environment,
    choice: Choice = PLAIN,
    environ: Mapping[str, str] | None = None,
) -> tuple[str, list[Problem]]:
    """Return what `pip freeze` would print in ``environment``, and the problems that go to stderr.

    ``environ`` is the user's environment, which says where the user's own packages and git configuration are.
    Raises EnvironmentUnusableError.
    """
    contents = inventory.read(environment, everywhere=choice.exact, environ=environ)
    problems = contents.problems
    text = ""
    for distribution in requirements_text.choose(contents, choice, problems):
        for line in requirements_text.lines(contents, distribution, choice, problems):
            text += f"{requirements_text.printed(line)}\n"
    return text, problems


def print_listing(
    environment: Environment,
    choice: Choice = PLAIN,
    environ: Mapping[str, str] | None = None,
    output: str | None = None,
) -> None:
    """Print what ``freeze`` returns: the listing to standard output or the file ``output``, the problems to stderr."""
    listing, problems = freeze(environment, choice, environ)
    write(listing, output)
    warn(problems)


def warn(problems: Sequence[Problem]) -> None:
    """Print ``problems`` to stderr, the credentials in them masked."""
    if problems:
        from cleanenv.system import console

        console.warn(credentials.masked(problem.message) for problem in problems)


def write(listing: str, output: str | None) -> None:
    """Write ``listing`` to the file ``output``, whole or not at all, or to standard output for None and '-'."""
    data = listing.encode("utf-8", "surrogateescape")  # UTF-8 whatever the locale says
    if output is None or output == "-":
        from cleanenv.system import console

        console.write(data)
    else:
        from cleanenv.system import atomic_write

        atomic_write.write(output, data)
