"""`cleanenv freeze > requirements.txt`, typed in every clean shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanenv.shell.detect import Found
from tests.support.environments import make_venv
from tests.support.sessions import Session

REDIRECT = {"nushell": "out>"}  # '>' compares there
LISTING = "App==1.0\nlib==2.0\n"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment with two distributions, and a leftover that is warned of."""
    path = make_venv(tmp_path_factory.mktemp("full") / "full_env")
    site_packages = next(path.glob("lib/python*/site-packages"))
    for name, version in (("App", "1.0"), ("lib", "2.0"), ("~ib", "1.0")):
        info = site_packages / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    return path


def test_the_listing_alone_goes_to_the_file(
    found: Found, full: Path, tool: list[str], caller: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "requirements.txt"
    with Session(found, full, tool, caller | {"PYTHONPATH": "/leak"}, tmp_path) as session:
        session.ready()
        session.enter(f"cleanenv freeze {REDIRECT.get(found.shell.name, '>')} requirements.txt")
        session.wait(lambda: file.exists() and file.read_text(encoding="utf-8").endswith("lib==2.0\n"), "the listing")
        session.wait_for("leftover of an interrupted uninstall")
        session.wait_prompt(session.marker)
    assert file.read_text(encoding="utf-8") == LISTING
