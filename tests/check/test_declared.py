"""Requirements as the formats write them: each with its line and its group; nothing else is one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cleanenv.check.declared import package_xml, pyproject, requirements_txt, setup_cfg, setup_py
from cleanenv.check.declared.manifest import Manifest
from cleanenv.errors import UsageError

PYPROJECT = """[build-system]
requires = ["hatchling>=1"]

[project]
name = "Thing"
dependencies = [
    "flask>=2",
    'zope.interface ; python_version >= "3"',
    "local @ file:///x",
]

[project.optional-dependencies]
docs = ["sphinx"]

[dependency-groups]
test = ["pytest", { include-group = "base" }]
base = ["attrs[extra]"]

[tool.poetry.dependencies]
python = "^3.10"
requests = { version = "^2", optional = true }

[tool.poetry.group.dev.dependencies]
black = "*"

[tool.pdm.dev-dependencies]
lint = ["ruff"]

[tool.uv]
dev-dependencies = ["mypy"]

[tool.hatch.envs.style]
dependencies = ["isort"]
"""
SETUP_CFG = """[metadata]
name = thing

[options]
install_requires =
    flask>=2
    # a comment
    zope.interface; python_version >= "3"
setup_requires = wheel
tests_require = pytest

[options.extras_require]
docs =
    sphinx
"""
SETUP_PY = """from setuptools import setup
BASE = ['flask>=2', 'zope.interface']
MORE = ('attrs',)
if True:
    BASE.append('requests')
extras = {'docs': ['sphinx'], 'all': ['sphinx'] + BASE}
setup(name='thing', install_requires=BASE + list(MORE), extras_require=extras, setup_requires=['wheel'])
"""


def lines(manifest: Manifest | None) -> list[tuple[str, str, str]]:
    """Return name, place and group of each requirement."""
    assert manifest is not None
    found = []
    for name, declarations in manifest.requirements.items():
        found += [(name, declared.where.rpartition(":")[2], declared.group) for declared in declarations]
    return sorted(found, key=lambda item: (int(item[1]), item))


def test_pyproject(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(PYPROJECT)
    manifest = pyproject.read(str(path), "sub/pyproject.toml")
    assert lines(manifest) == [
        ("hatchling", "2", "build"),
        ("flask", "7", ""),
        ("zope-interface", "8", ""),
        ("local", "9", ""),
        ("sphinx", "13", "extra docs"),
        ("pytest", "16", "group test"),
        ("attrs", "17", "group base"),
        ("requests", "21", ""),
        ("black", "24", "group dev"),
        ("ruff", "27", "group lint"),
        ("mypy", "30", "group dev"),
        ("isort", "33", "group style"),
    ]
    assert manifest is not None
    assert manifest.project == "Thing"
    assert manifest.requirements["attrs"][0].extras == {"extra"}
    assert manifest.requirements["flask"][0].where == "sub/pyproject.toml:7"


@pytest.mark.parametrize("text", ["", "[tool.black]\nx = 1\n", "[build-system]\nrequires = []\n", "project = 3\n"])
def test_a_tools_configuration_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    assert pyproject.read(str(path), "x") is None


def test_setup_cfg(tmp_path: Path) -> None:
    path = tmp_path / "setup.cfg"
    path.write_text(SETUP_CFG)
    assert lines(setup_cfg.read(str(path), "x")) == [
        ("flask", "6", ""),
        ("zope-interface", "8", ""),
        ("wheel", "9", "build"),
        ("pytest", "10", "extra test"),
        ("sphinx", "14", "extra docs"),
    ]
    path.write_text("[flake8]\nx = 1\n")
    assert setup_cfg.read(str(path), "x") is None
    path.write_text("[options]\ninstall_requires = file: requirements.txt\n")
    manifest = setup_cfg.read(str(path), "x")
    assert manifest is not None
    assert manifest.is_computed


def test_setup_py(tmp_path: Path) -> None:
    path = tmp_path / "setup.py"
    path.write_text(SETUP_PY)
    manifest = setup_py.read(str(path), "x")
    assert manifest is not None
    assert not manifest.is_computed
    assert set(manifest.requirements) == {"flask", "zope-interface", "attrs", "requests", "sphinx", "wheel"}
    assert manifest.requirements["flask"][0].where == "x:2"
    assert manifest.requirements["wheel"][0].group == "build"


@pytest.mark.parametrize(
    "call",
    [
        "setup(install_requires=read())",
        "setup(install_requires=requirements)",
        "setup(**arguments())",
        "setup(extras_require=make())",
        "setup(install_requires=open('gone.txt').read().splitlines())",
        "setup(install_requires=[x for x in os.listdir()])",
    ],
)
def test_what_setup_py_computes_is_said(tmp_path: Path, call: str) -> None:
    path = tmp_path / "setup.py"
    path.write_text(f"from setuptools import setup\n{call}\n")
    manifest = setup_py.read(str(path), "x")
    assert manifest is not None
    assert manifest.is_computed


@pytest.mark.parametrize(
    "code",
    [
        "setup(name='x')",
        "with open('req.txt') as f:\n    lines = [line.strip() for line in f]\nsetup(install_requires=lines)",
        "setup(install_requires=open('req.txt').read().split())",
        "d = generate_distutils_setup(packages=['x'])\nsetup(**d)",
        "d = dict()\nd = {'install_requires': ['a']}\nsetup(**d)",
        "R = ['a']\nR.extend(['%s; x' % r for r in ['b']])\nsetup(install_requires=R)",
        "setup(install_requires='a\\nb\\n'.splitlines())",
        "a = b\nb = a\nsetup(install_requires=a)",
    ],
)
def test_what_it_writes_out_is_known(tmp_path: Path, code: str) -> None:
    path = tmp_path / "setup.py"
    (tmp_path / "req.txt").write_text("a\n")
    path.write_text(f"from setuptools import setup\n{code}\n")
    manifest = setup_py.read(str(path), "x")
    assert manifest is not None
    assert not manifest.is_computed


def test_a_file_that_does_not_call_setup_is_none(tmp_path: Path) -> None:
    path = tmp_path / "setup.py"
    path.write_text("print('a')\n")
    assert setup_py.read(str(path), "x") is None


def test_requirements_files(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("attrs\n")
    (tmp_path / "pins.txt").write_text("flask==1\nonly-pinned==1\n")
    path = tmp_path / "requirements.txt"
    path.write_text("# c\nFlask[async]>=2 \\\n  --hash=sha256:abc\n-r base.txt\n-c pins.txt\n-e .\n./x.tar.gz\n")
    manifest = requirements_txt.read(str(path), "requirements.txt", str(tmp_path), {})
    assert set(manifest.requirements) == {"flask", "attrs"}
    flask = manifest.requirements["flask"][0]
    assert (flask.where, flask.asked) == ("requirements.txt:2", "Flask[async]>=2")
    assert flask.extras == {"async"}


PACKAGE = """<?xml version="1.0"?>
<package format="3">
  <name>thing</name>
  <version>1.2.3</version>
  <build_depend>build_only</build_depend>
  <buildtool_depend>catkin</buildtool_depend>
  <depend>std_msgs</depend>
  <exec_depend>rospy</exec_depend>
  <test_depend>rostest</test_depend>
  <exec_depend condition="$ROS_PYTHON_VERSION == 2">python-yaml</exec_depend>
  <exec_depend condition="$ROS_PYTHON_VERSION == 3">python3-yaml</exec_depend>
</package>
"""


def test_package_xml(tmp_path: Path) -> None:
    path = tmp_path / "package.xml"
    path.write_text(PACKAGE)
    manifest = package_xml.read(str(path), "x", {"ROS_PYTHON_VERSION": "3"})
    assert lines(manifest) == [
        ("std_msgs", "7", ""),
        ("rospy", "8", ""),
        ("rostest", "9", "test"),
        ("python3-yaml", "11", ""),
    ]
    assert manifest is not None
    assert manifest.project == "thing"
    assert package_xml.version(str(path)) == "1.2.3"


VARIABLES = {"ROS_VERSION": "1", "ROS_DISTRO": "noetic", "EMPTY": ""}


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ("", True),
        ("$ROS_VERSION == 1", True),
        ("$ROS_VERSION == 2", False),
        ("$ROS_VERSION != 2", True),
        ("2 == $ROS_VERSION", False),
        ("'$ROS_VERSION' == 1", False),
        ('$ROS_DISTRO == "noetic"', True),
        ("$ROS_DISTRO >= melodic", True),
        ("$ROS_DISTRO < melodic", False),
        ("$ROS_VERSION == 2 or $ROS_DISTRO == noetic", True),
        ("$ROS_VERSION == 1 and $ROS_DISTRO == humble", False),
        ("$ROS_VERSION == 2 and $ROS_DISTRO == noetic or $ROS_VERSION == 1", True),
        ("$ROS_VERSION == 2 and ($ROS_DISTRO == noetic or $ROS_VERSION == 1)", False),
        ("($ROS_VERSION == 1)", True),
        ("$EMPTY == x", False),
        ("$UNSET == x", True),
        ("$ROS_VERSION = 2", True),  # not a condition
        ("$ROS_VERSION == 2 $", True),
        ("(", True),
    ],
)
def test_conditions(tmp_path: Path, condition: str, applies: bool) -> None:
    path = tmp_path / "package.xml"
    escaped = condition.replace("<", "&lt;").replace('"', "&quot;")
    path.write_text(f'<package><name>x</name><depend condition="{escaped}">a</depend></package>')
    manifest = package_xml.read(str(path), "x", VARIABLES)
    assert manifest is not None
    assert bool(manifest.requirements) == applies


def test_other_xml_is_none(tmp_path: Path) -> None:
    path = tmp_path / "package.xml"
    path.write_text("<packages/>")
    assert package_xml.read(str(path), "x", {}) is None
    assert package_xml.version(str(path)) == ""


def test_entities_do_not_grow_without_bound(tmp_path: Path) -> None:
    """Expat's own bound (billion laughs)."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    path = tmp_path / "package.xml"
    path.write_text(f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><package><name>&e11;</name></package>')
    with pytest.raises(UsageError):
        package_xml.read(str(path), "x", {})


READERS: dict[str, Callable[[str, str], Manifest | None]] = {
    "pyproject.toml": pyproject.read,
    "setup.cfg": setup_cfg.read,
    "package.xml": lambda path, shown: package_xml.read(path, shown, {}),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("data", [b"\xff\xfe", b"[", b"<", b"\0"])
def test_what_is_not_of_the_format_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    # A NUL is fine in XML's prolog for none of them, "[" begins no table and no section.
    with pytest.raises(UsageError, match=r"^('shown' |shown:1: )"):
        READERS[name](str(path), "shown")


@pytest.mark.parametrize("text", [f"x = {'9' * 5000}", f"{'a.' * 20_000}b = 1", f"x = {'[' * 3000}", "d = 2026-13-45"])
def test_toml_that_takes_too_much_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match="not valid TOML"):
        pyproject.read(str(path), "shown")
    assert pyproject.dynamic_files(str(path)) == []


@pytest.mark.parametrize("name", [*READERS, "setup.py"])
def test_a_file_that_is_gone_is_refused(tmp_path: Path, name: str) -> None:
    read = READERS.get(name, setup_py.read)
    with pytest.raises(UsageError, match="no such file"):
        read(str(tmp_path / name), "shown")
