"""`cleanenv verify` of what conda installed, by conda-meta."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cleanenv.integrity import report, verification
from tests.support.fake_environment import FakeEnvironment


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def conda(tmp_path: Path) -> FakeEnvironment:
    """Return an environment with one package of conda's, as conda 24 records it; its RECORD is that of the build."""
    fake = FakeEnvironment(tmp_path, kind="conda")
    info = fake.add("six", RECORD="six.py,sha256=AAAA,1\nsix-1.0.dist-info/RECORD,,\n")
    (fake.site_packages / "six.py").write_bytes(b"six = 1\n")
    site = fake.site_packages.relative_to(fake.path)
    script = f"#!{fake.path}/bin/python\n".encode()
    (fake.bin / "six").write_bytes(script)
    metadata = (info / "METADATA").read_bytes()
    paths = [
        {
            "_path": f"{site}/six.py",
            "path_type": "hardlink",
            "sha256": "00",
            "sha256_in_prefix": sha256(b"six = 1\n"),
            "size_in_bytes": 8,
        },
        {"_path": f"{site}/__pycache__/six.cpython-311.pyc", "path_type": "hardlink", "sha256_in_prefix": "00"},
        {"_path": f"{site}/six-1.0.dist-info/METADATA", "path_type": "hardlink", "sha256_in_prefix": sha256(metadata)},
        {
            "_path": "bin/six",
            "path_type": "hardlink",
            "prefix_placeholder": "/build/prefix",
            "size_in_bytes": 999,
            "sha256_in_prefix": sha256(script),
        },
        *({"_path": f"bin/{name}", "path_type": "softlink"} for name in ("tool", "python", "python3.11")),
    ]
    document = {"name": "six", "version": "1.0", "paths_data": {"paths": paths}}
    (fake.path / "conda-meta/six-1.0-py_0.json").write_text(json.dumps(document))
    (fake.path / "conda-meta/history").write_text("")
    return fake


def lines(fake: FakeEnvironment) -> list[str]:
    return report.words(verification.verify(fake.environment)).splitlines()


def test_what_conda_installed_is_sound(conda: FakeEnvironment) -> None:
    """By what conda wrote last, and not by the RECORD of the package's build; bytecode may be missing."""
    assert lines(conda) == ["1 distribution, 6 files: all as recorded"]


def test_changed_and_missing(conda: FakeEnvironment) -> None:
    (conda.site_packages / "six.py").write_bytes(b"six = 2\n")
    (conda.bin / "six").unlink()
    (conda.site_packages / "evil.py").write_bytes(b"")
    assert lines(conda) == [
        "changed: six 1.0: six.py (same size, other content)",
        "missing: six 1.0: bin/six",
        "unowned: evil.py",
        "1 distribution, 6 files, by hashes: 2 wrong, 1 unowned",
        f"fix: conda install --force-reinstall --prefix {conda.path} six",
    ]


def test_what_pip_installed_beside(conda: FakeEnvironment) -> None:
    """By its RECORD, as anywhere."""
    conda.add("idna", RECORD="idna.py,sha256=AAAA,1\nidna-1.0.dist-info/METADATA,,\nidna-1.0.dist-info/RECORD,,\n")
    assert "missing: idna 1.0: idna.py" in lines(conda)


def test_a_file_of_conda_that_is_broken(conda: FakeEnvironment) -> None:
    (conda.path / "conda-meta/broken.json").write_text("{")
    (conda.path / "conda-meta/list.json").write_text("[]")
    (conda.path / "conda-meta/odd.json").write_text('{"name": "odd", "paths_data": {"paths": [1, {"_path": 2}]}}')
    assert lines(conda)[-1].endswith("files: all as recorded")


def test_what_conda_recorded_before_hashes(conda: FakeEnvironment) -> None:
    """Only presence can be compared then."""
    path = conda.path / "conda-meta/six-1.0-py_0.json"
    files = [entry["_path"] for entry in json.loads(path.read_text())["paths_data"]["paths"]]
    path.write_text(json.dumps({"name": "six", "version": "1.0", "files": files}))
    assert lines(conda)[-1].endswith("files: all as recorded")
    (conda.site_packages / "six.py").unlink()
    assert "missing: six 1.0: six.py" in lines(conda)
