"""`cleanenv freeze ENV` without a file or another form: the way that hooks take."""

from __future__ import annotations

from cleanenv.environments import inventory
from cleanenv.freeze import requirements_text
from cleanenv.freeze.requirements_text import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.environments.environment import Environment
    from cleanenv.environments.problem import Remark

PLAIN = Choice()


def freeze(environment: Environment, choice: Choice = PLAIN, home: str | None = None) -> tuple[str, list[Remark]]:
    """Return what `pip freeze` would print in ``environment``, and the remarks that go to stderr.

    ``home`` is the user's home folder, for what ``choice.exact`` finds there.
    Raises EnvironmentUnusableError.
    """
    held = inventory.read(environment, everywhere=choice.exact, home=home)
    remarks = held.remarks
    written: list[str] = []
    for found in requirements_text.choose(held, choice, remarks):
        written += requirements_text.lines(held, found, choice, remarks)
    written.append("")
    return "\n".join(written), remarks


def print_listing(
    environment: Environment, choice: Choice = PLAIN, home: str | None = None, output: str | None = None
) -> None:
    """Print what ``freeze`` returns: the listing to standard output or the file ``output``, the remarks to stderr."""
    listing, remarks = freeze(environment, choice, home)
    write(listing, output)
    if remarks:
        from cleanenv.system import console

        console.warn(remark.message for remark in remarks)


def write(listing: str, output: str | None) -> None:
    """Write ``listing`` to the file ``output``, whole or not at all, or to standard output for None and '-'."""
    data = listing.encode("utf-8", "surrogateescape")  # UTF-8 whatever the locale says
    if output is None or output == "-":
        from cleanenv.system import console

        console.write(data)
    else:
        from cleanenv.system import atomic_write

        atomic_write.write(output, data)
