"""Real stacks: what was requested, and what came of it, as names, versions and Requires-Dist lines.

``python -m tests.support.stacks`` installs them all and writes ``stacks.json`` anew.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from email.parser import HeaderParser
from pathlib import Path

FILE = Path(__file__).with_name("stacks.json")
PYTHON = "3.11"
REQUESTS = {
    "ansible": ["ansible-core"],
    "black": ["black[d,jupyter]"],
    "datascience": ["pandas[excel]", "matplotlib", "scikit-learn"],
    "django": ["django", "djangorestframework", "celery[redis]"],
    "fastapi": ["fastapi[standard]"],
    "flask": ["flask[async]"],
    "hatch": ["hatch"],
    "jupyterlab": ["jupyterlab"],
    "poetry": ["poetry"],
    "requests": ["requests[socks]", "httpx[http2,cli]"],
    "sphinx": ["sphinx", "furo"],
    "streamlit": ["streamlit"],
}
_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


def uv() -> str:
    """Return the path of uv, which is beside the Python of the tests."""
    return str(Path(sys.executable).with_name("uv"))


def install(requests: list[str], environment: Path) -> Path:
    """Make an environment from ``requests``; return its site-packages."""
    python = environment / "bin" / "python"
    for words in (["venv", "--python", PYTHON, environment], ["pip", "install", "--python", python, *requests]):
        subprocess.run([uv(), "-q", *map(str, words)], check=True, timeout=900)
    return environment / "lib" / f"python{PYTHON}" / "site-packages"


def installed(site_packages: Path) -> dict[str, list[str]]:
    """Return the requirements of each distribution in ``site_packages``, by ``name==version``."""
    found = {}
    for path in sorted(site_packages.glob("*.dist-info/METADATA")):
        head = HeaderParser().parsestr(path.read_text(encoding="utf-8", errors="replace"))
        found[f"{head['Name']}=={head['Version']}"] = head.get_all("Requires-Dist", [])
    return found


def extras_of(line: str) -> list[str]:
    """Return the extras, in normal form, in the condition of a Requires-Dist line."""
    return [re.sub(r"[-_.]+", "-", extra).lower() for extra in _EXTRA.findall(line)]


def main() -> None:
    """Write what the requests come to today."""
    stacks = {}
    requires: dict[str, list[str]] = {}
    for name, requests in REQUESTS.items():
        with tempfile.TemporaryDirectory() as directory:
            found = installed(install(requests, Path(directory) / "env"))
        stacks[name] = {"request": requests, "installed": sorted(found, key=str.lower)}
        requires.update(found)
    text = json.dumps({"stacks": stacks, "requires": _asked_for(requires)}, indent=1, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")


def _asked_for(requires: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return ``requires`` without the members of extras that nobody asks for: most are a project's own tests."""
    lines = [line for needs in requires.values() for line in needs]
    lines += [line for requests in REQUESTS.values() for line in requests]
    asked: set[str] = set()
    for line in lines:
        head = line.partition(";")[0]
        asked.update(re.sub(r"[-_.]+", "-", word.strip()).lower() for word in _in_brackets(head))
    kept = {}
    for name, needs in requires.items():
        kept[name] = [line for line in needs if _is_asked(line, asked)]
    return kept


def _in_brackets(head: str) -> list[str]:
    return head.partition("[")[2].partition("]")[0].split(",")


def _is_asked(line: str, asked: set[str]) -> bool:
    extras = extras_of(line)
    return not extras or not asked.isdisjoint(extras)


if __name__ == "__main__":
    main()
