"""pip's own reading of requirements files: run by the Python of an environment that has pip, in the directory at hand.

It gets a JSON list of files on standard input, and prints what pip makes of each: null if it refuses the file, else
the requirements as [name, URL, whether it is editable, whether it is a constraint, the extras]. Nothing is fetched or
built.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "generated.txt"


def requirements(text: str) -> Iterator[list[object]]:
    from pip._internal.network.session import PipSession
    from pip._internal.req.constructors import install_req_from_parsed_requirement
    from pip._internal.req.req_file import parse_requirements
    from pip._vendor.packaging.utils import canonicalize_name

    Path(FILE).write_text(text, encoding="utf-8")
    for parsed in parse_requirements(FILE, PipSession()):
        made = install_req_from_parsed_requirement(parsed)
        extras = sorted(canonicalize_name(extra) for extra in made.extras)
        yield [made.name, made.link and made.link.url, made.editable, made.constraint, extras]


def main() -> None:
    from pip._internal.exceptions import PipError

    def answer(text: str) -> list[list[object]] | None:
        try:
            return list(requirements(text))
        except (PipError, ValueError):  # pip itself does not catch all that packaging raises
            return None

    json.dump([answer(text) for text in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
