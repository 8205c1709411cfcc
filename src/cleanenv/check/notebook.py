"""The code cells of a Jupyter notebook (nbformat 3 and 4), as Python."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from cleanenv.check.source_file import Cell, UnreadableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Cell magics whose cell stays Python; all others hand it to another program, or to another language.
PYTHON_MAGICS = frozenset(("capture", "prun", "time", "timeit"))
_PYTHON = ("python", "ipython", "")
# A line of IPython's own: `%magic`, `!command`, `?help`, `help?`, and `name = !command`.
_MAGIC_LINE = re.compile(r"^(\s*)(?:[%!?]|[\w.]+\?{1,2}\s*$|[\w.,\s]+=\s*[%!](?!=)).*$")


def cells(data: bytes) -> Iterator[Cell]:
    """Yield the code cells with their number, which counts all cells from 1 on.

    Raises UnreadableSourceError if ``data`` is not a notebook.
    """
    try:
        notebook: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError("it is not a notebook (not JSON)") from error
    if not isinstance(notebook, dict):
        raise UnreadableSourceError("it is not a notebook (no object at its top)")
    if _language(notebook) not in _PYTHON:
        return
    for number, cell in enumerate(_all_cells(notebook), start=1):
        if cell.get("cell_type") != "code":
            continue
        code = python(_text(cell.get("source", cell.get("input"))))
        if code is not None:
            yield Cell(number, code.encode("utf-8", "surrogatepass"))


def python(text: str) -> str | None:
    """Return the text of a cell with IPython's own lines blanked, None if the cell is not Python."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and first[2:].split(" ")[0].strip() not in PYTHON_MAGICS:
        return None
    # `pass`, since the line may be all that there is in a block.
    plain = [_MAGIC_LINE.sub(r"\1pass", line) for line in lines]
    return "\n".join(plain) + "\n"


def _all_cells(notebook: dict[str, object]) -> Iterator[dict[str, object]]:
    parts: list[object] = [notebook]
    worksheets = notebook.get("worksheets")  # nbformat 3
    if isinstance(worksheets, list):
        parts += worksheets
    for part in parts:
        found = part.get("cells") if isinstance(part, dict) else None
        if isinstance(found, list):
            yield from (cell for cell in found if isinstance(cell, dict))


def _language(notebook: dict[str, object]) -> str:
    """Return the language of a notebook's kernel, empty if it does not say."""
    metadata = notebook.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(key)
        language = part.get(name) if isinstance(part, dict) else None
        if isinstance(language, str):
            return language.lower()
    return ""


def _text(source: object) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return ""
