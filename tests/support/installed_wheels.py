"""Wheels made of a few files, and environments into which uv installs them without any index."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.environments import make_venv
from tests.support.surroundings import skip_or_fail

UV = Path(sys.executable).with_name("uv")


def build(directory: Path, name: str, files: Mapping[str, str], version: str = "1.0", scripts: str = "") -> Path:
    """Build a wheel of ``files`` in ``directory``; ``scripts`` are lines of console_scripts."""
    info = f"{name}-{version}.dist-info"
    contents = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if scripts:
        contents[f"{info}/entry_points.txt"] = f"[console_scripts]\n{scripts}\n"
    rows = []
    for path, text in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        quoted = f'"{path}"' if "," in path else path
        rows.append(f"{quoted},sha256={digest},{len(text.encode())}\n")
    contents[f"{info}/RECORD"] = "".join(rows) + f"{info}/RECORD,,\n"
    wheel = directory / f"{name}-{version}-py3-none-any.whl"
    directory.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
    return wheel


def install(environment: Path, *wheels: Path, cache: Path, mode: str = "hardlink") -> None:
    """Install wheels as from an index, by name: no direct_url.json is written."""
    if not UV.exists():
        skip_or_fail("uv is not installed")
    names = [wheel.name.split("-")[0] + "==" + wheel.name.split("-")[1] for wheel in wheels]
    links = dict.fromkeys(str(wheel.parent) for wheel in wheels)
    words = [UV, "pip", "install", "-q", "--offline", "--no-index", "--link-mode", mode, "--python", environment]
    for link in links:
        words += ["--find-links", link]
    environ = {"PATH": os.defpath, "HOME": str(cache), "UV_CACHE_DIR": str(cache)}
    subprocess.run([*map(str, words), *names], env=environ, check=True, timeout=60)


def environment(path: Path, *wheels: Path, cache: Path | None = None) -> Path:
    """Make an environment at ``path`` with ``wheels`` in it, and return its site-packages."""
    make_venv(path)
    install(path, *wheels, cache=cache or path.with_name("cache"), mode="copy" if cache is None else "hardlink")
    return next(path.glob("lib/python*/site-packages"))
