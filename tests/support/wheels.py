"""Wheels made by hand, and pip and uv told to take nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path


def wheel(directory: Path, name: str, version: str = "1.0", *, module: str = "", requires: str = "") -> Path:
    """Write the wheel of a distribution with one package called ``module``, by default like it."""
    directory.mkdir(parents=True, exist_ok=True)
    module = module or name.replace("-", "_")
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    path = directory / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{module}/__init__.py", "")
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}\n")
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", f"{module}/__init__.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return path


def configure(home: Path, wheels: Path) -> None:
    """Let pip and uv look into ``wheels`` alone, by the files in ``home`` that they read."""
    for tool, file in (("pip", "pip.conf"), ("uv", "uv.toml")):
        (home / f".config/{tool}").mkdir(parents=True, exist_ok=True)
        head = "[global]\n" if tool == "pip" else ""
        links = f"find-links = {wheels}" if tool == "pip" else f'find-links = ["{wheels}"]'
        (home / f".config/{tool}/{file}").write_text(f"{head}no-index = true\n{links}\n")
