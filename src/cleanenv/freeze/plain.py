"""`cleanenv freeze ENV` without a file or another form: the way that hooks take."""

from __future__ import annotations

from cleanenv.freeze import inventory, listing
from cleanenv.freeze.listing import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cleanenv.freeze.remark import Remark
    from cleanenv.venv import Environment

PLAIN = Choice()


def freeze(environment: Environment, choice: Choice = PLAIN, home: str | None = None) -> tuple[str, list[Remark]]:
    """Return what `pip freeze` would print in ``environment``, and the remarks that go to stderr.

    ``home`` is the user's home folder, for what ``choice.exact`` finds there.
    Raises EnvironmentUnusableError.
    """
    held = inventory.read(environment, everywhere=choice.exact, home=home)
    remarks = held.remarks
    written: list[str] = []
    for found in listing.choose(held, choice, remarks):
        written += listing.lines(held, found, choice, remarks)
    written.append("")
    return "\n".join(written), remarks
