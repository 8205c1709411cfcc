"""What an environment holds, and which problems the rest is."""

from __future__ import annotations

import json
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from cleanenv.environments import inventory
from cleanenv.errors import EnvironmentUnusableError
from tests.support.fake_environment import FakeEnvironment

if TYPE_CHECKING:
    from pathlib import Path


def test_the_name_is_the_metadata_s_and_the_version_the_folder_s(fake: FakeEnvironment) -> None:
    fake.add("Zope.Interface", "5.0")
    info = fake.site_packages / "some_thing-1.0.RC1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("metadata-version: 2.1\r\nSummary: x\r\nNAME: Some-Thing\r\nVersion: 9\r\n\r\n")
    assert fake.freeze() == (["Some-Thing==1.0rc1", "Zope.Interface==5.0"], [])


def test_a_version_that_is_none_is_written_as_it_was(fake: FakeEnvironment) -> None:
    info = fake.add("odd", "1.0_custom")
    assert fake.freeze()[0] == ["odd===1.0_custom"]
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0-custom\n")
    assert fake.freeze()[0] == ["odd===1.0-custom"]


def test_a_leftover_is_not_a_distribution(fake: FakeEnvironment) -> None:
    fake.add("pip")
    (fake.site_packages / "~ip-1.0.dist-info").mkdir()
    lines, warnings = fake.freeze(tools=True)
    assert lines == ["pip==1.0"]
    assert len(warnings) == 1
    assert "~ip-1.0.dist-info" in warnings[0]
    assert fake.codes() == ["leftover"]


def test_of_two_versions_the_higher_is_listed_and_both_are_named(fake: FakeEnvironment) -> None:
    fake.add("demo", "1.9")
    fake.add("Demo", "1.10")
    lines, warnings = fake.freeze()
    assert lines == ["Demo==1.10"]
    assert "demo-1.9.dist-info" in warnings[0]
    assert "Demo-1.10.dist-info" in warnings[0]
    assert fake.codes() == ["duplicate"]


def test_of_two_versions_the_one_with_metadata_is_listed(fake: FakeEnvironment) -> None:
    fake.add("demo", "1.0")
    (fake.site_packages / "demo-2.0.dist-info").mkdir()
    assert fake.freeze()[0] == ["demo==1.0"]
    assert fake.codes() == ["broken", "duplicate"]


def test_the_first_on_the_path_wins(fake: FakeEnvironment) -> None:
    egg = fake.site_packages / "demo-2.0-py3.8.egg" / "EGG-INFO"
    egg.mkdir(parents=True)
    (egg / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: demo\nVersion: 2.0\n")
    (fake.site_packages / "eggs.pth").write_text(f"./{egg.parent.name}\n")
    assert fake.freeze() == (["demo==2.0"], [])
    fake.add("demo", "1.0")
    assert fake.freeze() == (["demo==1.0"], [])


@pytest.mark.parametrize("damage", ["missing", "empty", "folder"])
def test_without_metadata_the_folder_tells(damage: str, fake: FakeEnvironment) -> None:
    metadata = fake.add("Some_Name", "2.0") / "METADATA"
    fake.add("sound")
    metadata.unlink()
    if damage == "empty":
        metadata.write_text("")
    elif damage == "folder":
        metadata.mkdir()
    lines, warnings = fake.freeze()
    assert lines == ["some-name==2.0", "sound==1.0"]
    assert "Some_Name-2.0.dist-info" in warnings[0]


def test_a_long_head_is_read_on(fake: FakeEnvironment) -> None:
    info = fake.add("demo")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nSummary: {'x' * 5000}\nName: Demo\nVersion: 1.0\n")
    assert fake.freeze() == (["Demo==1.0"], [])


def test_a_body_tells_no_name(fake: FakeEnvironment) -> None:
    info = fake.add("demo")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nVersion: 1.0\n\nName: body\n")
    lines, warnings = fake.freeze()
    assert lines == ["demo==1.0"]
    assert "no name" in warnings[0]


def test_what_lies_outside_is_left_out_and_named(fake: FakeEnvironment, tmp_path: Path) -> None:
    other = FakeEnvironment.bare(tmp_path / "ros", "3.8")
    other.add("rospy")
    other.add("catkin-pkg")
    fake.add("mine")
    (fake.site_packages / "ros.pth").write_text(f"{other.site_packages}\n")
    lines, warnings = fake.freeze()
    assert lines == ["mine==1.0"]
    assert len(warnings) == 1
    assert "catkin-pkg, rospy" in warnings[0]
    assert str(other.site_packages) in warnings[0]
    assert "ros.pth" in warnings[0]
    assert fake.freeze(exact=True) == (["catkin-pkg==1.0", "mine==1.0", "rospy==1.0"], [])


def test_ubuntu_s_artefact_is_left_out(fake: FakeEnvironment) -> None:
    fake.add("pkg_resources", "0.0.0")
    fake.add("mine")
    assert fake.freeze()[0] == ["mine==1.0"]
    assert fake.codes() == ["left-out"]
    assert fake.freeze(exact=True) == (["mine==1.0", "pkg_resources==0.0.0"], [])


def test_system_site_packages_are_reported_and_not_listed(tmp_path: Path) -> None:
    fake = FakeEnvironment.bare(tmp_path / "env", system=True)
    base = FakeEnvironment.bare(tmp_path / "base")
    (base.path / "pyvenv.cfg").unlink()  # a base Python, not an environment
    base.add("from-base")
    base.add("mine", "9")
    fake.add("mine")
    config = fake.path / "pyvenv.cfg"
    config.write_text(config.read_text().replace("/nonexistent/bin", f"{base.path}/bin"))
    assert fake.freeze()[0] == ["mine==1.0"]
    assert fake.codes() == ["system-site-packages"]
    assert fake.freeze(exact=True) == (["from-base==1.0", "mine==1.0"], [])


def test_credentials_are_masked_and_told(fake: FakeEnvironment) -> None:
    url = "https://me:secret@example.org/a.git"
    fake.add("demo", direct_url__json=f'{{"url": "{url}", "vcs_info": {{"vcs": "git", "commit_id": "f00"}}}}')
    lines, warnings = fake.freeze()
    assert lines == ["demo @ git+https://me:****@example.org/a.git@f00"]
    assert "demo" in warnings[0]
    assert "secret" not in warnings[0]
    assert fake.freeze(exact=True) == ([f"demo @ git+{url}@f00"], [])


def conda(fake: FakeEnvironment, *records: str) -> None:
    """Make ``fake`` an environment of conda with these files in conda-meta."""
    (fake.path / "pyvenv.cfg").unlink()
    (fake.path / "conda-meta").mkdir()
    for record in records:
        (fake.path / "conda-meta" / record).write_text("{}")


@pytest.mark.parametrize(
    "origin",
    [
        {"url": "file:///home/conda/feedstock_root/work", "dir_info": {}},
        {"url": "file:///croot/idna_1666125576474/work", "dir_info": {}, "subdirectory": "x"},
        {"url": "file:///tmp/build/demo-1.0-py3-none-any.whl", "archive_info": {}},
    ],
)
def test_what_conda_built_is_listed_by_version(origin: dict[str, object], fake: FakeEnvironment) -> None:
    conda(fake)
    fake.add("demo", direct_url__json=json.dumps(origin))
    lines, warnings = fake.freeze()
    assert lines == ["demo==1.0"]
    assert warnings == [
        "the paths of the machine that built them are recorded for demo: listed by version; --exact prints the paths"
    ]
    assert fake.freeze(exact=True)[0][0].startswith(f"demo @ {origin['url']}")


def test_there_is_one_remark_for_all_that_conda_built(fake: FakeEnvironment) -> None:
    conda(fake)
    for number in range(300):
        fake.add(f"p{number:03}", direct_url__json='{"url": "file:///croot/p/work", "dir_info": {}}')
    lines, [warning] = fake.freeze()
    assert "p000, p001, p002, p003, p004 and 295 more" in warning
    assert lines[-1] == "p299==1.0"
    assert fake.codes() == ["conda"]


def test_other_origins_in_conda_s_environments_stay(fake: FakeEnvironment, tmp_path: Path) -> None:
    conda(fake)
    (tmp_path / "here").mkdir()
    here = f"file://{tmp_path}/here"
    fake.add("local", direct_url__json=json.dumps({"url": here, "dir_info": {}}))
    fake.add("remote", direct_url__json='{"url": "https://example.org/a.whl", "archive_info": {}}')
    fake.add("vcs", direct_url__json='{"url": "file:///gone", "vcs_info": {"vcs": "git", "commit_id": "abc"}}')
    expected = [f"local @ {here}", "remote @ https://example.org/a.whl", "vcs @ git+file:///gone@abc"]
    assert fake.freeze() == (expected, [])


def test_elsewhere_a_path_that_is_gone_stays(fake: FakeEnvironment) -> None:
    fake.add("demo", direct_url__json='{"url": "file:///croot/demo/work", "dir_info": {}}')
    assert fake.freeze() == (["demo @ file:///croot/demo/work"], [])


@pytest.mark.parametrize(
    ("metadata_version", "recorded", "files", "is_reported"),
    [
        ("0.0.0", "16.2.0", True, True),
        ("1.0", "2.0", True, True),
        ("1.0.dev1", "1.0", True, True),
        ("1.0", "1.0.0", True, False),
        ("1.0rc1", "1.0.rc1", True, False),
        ("1.0", "1.0", True, False),
        ("0.20", "2.50.0", False, False),  # another package of that name
        ("1.0", "not_a_version", True, False),
    ],
)
def test_versions_that_conda_contradicts(
    metadata_version: str, recorded: str, files: bool, is_reported: bool, fake: FakeEnvironment
) -> None:
    record = f"path-{recorded}-py311h06a4308_0.json"
    conda(fake, record)
    info = fake.add("path", metadata_version)
    content = {"files": [f"{info.relative_to(fake.path)}/METADATA" if files else "bin/dot"]}
    (fake.path / "conda-meta" / record).write_text(json.dumps(content))
    lines, warnings = fake.freeze()
    assert lines == [f"path=={metadata_version}"]
    expected = f"'path=={metadata_version}' is version {recorded} for conda: listed as its metadata says"
    assert warnings == ([expected] if is_reported else [])


def test_a_zipped_egg_that_is_none(fake: FakeEnvironment) -> None:
    (fake.site_packages / "bad.egg").write_bytes(b"PK\x03\x04 no zip")
    with zipfile.ZipFile(fake.site_packages / "empty.egg", "w") as egg:
        egg.writestr("EGG-INFO/other", "")
    (fake.site_packages / "eggs.pth").write_text("./bad.egg\n./empty.egg\n")
    fake.add("mine")
    assert fake.freeze()[0] == ["mine==1.0"]


def test_an_environment_without_packages(fake: FakeEnvironment) -> None:
    assert fake.freeze() == ([], [])


@pytest.mark.parametrize("gone", ["lib", "lib/python3.11/site-packages"])
def test_an_environment_without_site_packages_cannot_be_used(gone: str, fake: FakeEnvironment) -> None:
    shutil.rmtree(fake.path / gone)
    with pytest.raises(EnvironmentUnusableError, match="recreate it") as caught:
        inventory.read(fake.environment)
    assert str(fake.path) in str(caught.value)
