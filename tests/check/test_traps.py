"""What makes a checker report too much or too little on real projects; each has been reported of one."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from cleanenv.check import source_file, wording
from cleanenv.check.command import Options
from cleanenv.errors import UsageError
from tests.support.check_scene import CheckScene, install, notebook, only, package_xml, ros_package
from tests.support.fake_environment import FakeEnvironment

LEAKED = "import-leaked"
PLATFORM = "darwin" if sys.platform == "darwin" else f"{os.uname().machine}-linux-gnu"  # as tags of modules end


def leaked(scene: CheckScene, environ: dict[str, str] | None = None) -> list[str]:
    """Return what is imported from a leak alone."""
    return [module for code, module in scene.found(environ) if code == LEAKED]


# A copy of the project itself in a leak.


@pytest.mark.parametrize("space", ["devel", "install"])
def test_a_built_copy_of_the_workspace_is_no_leak(scene: CheckScene, space: str) -> None:
    packages = ros_package(scene.project / space, "my_msgs")
    install(packages, "my_node")
    scene.write("src/my_msgs/package.xml", package_xml("my_msgs"))
    scene.write("src/my_node/package.xml", package_xml("my_node", "<exec_depend>my_msgs</exec_depend>"))
    scene.write("src/my_node/src/my_node/__init__.py")
    scene.write("src/my_node/scripts/run.py", "import my_node\nfrom my_msgs.msg import Thing\n")
    assert scene.found({"PYTHONPATH": str(packages)}) == []


def test_another_copy_of_the_project_hides_it(scene: CheckScene) -> None:
    install(scene.leak, "app")
    scene.write("pyproject.toml", '[project]\nname = "app"\n')
    scene.write("src/app/__init__.py")
    scene.write("tests/test_app.py", "import app\n")
    found = only(scene.check(), "import-hides-yours")
    assert (found.module, found.finding.line) == ("app", "unset PYTHONPATH")
    assert scene.found({}) == []


@pytest.mark.parametrize("name", ["tests", "scripts", "utils"])
def test_a_leaked_directory_of_a_common_name_hides_yours(scene: CheckScene, name: str) -> None:
    """As distributions do that install their tests."""
    install(scene.leak, "sloppy", module=name)
    scene.write(f"{name}/__init__.py")
    scene.write(f"{name}/helper.py")
    scene.write("bin/run.py", f"from {name}.helper import x\n")
    assert scene.found() == [("import-hides-yours", name)]


@pytest.mark.parametrize("path", ["app.py", "src/helper.py"])
def test_what_lies_beside_a_script_goes_first(scene: CheckScene, path: str) -> None:
    install(scene.leak, "tool")
    scene.write(path, "import tool\n")
    scene.write(os.path.join(os.path.dirname(path), "tool.py"))
    assert scene.found() == []


@pytest.mark.parametrize("is_script", [False, True])
def test_a_neighbour_in_a_package_is_found_by_scripts_alone(scene: CheckScene, is_script: bool) -> None:
    """As rospkg has a distro.py of its own, and imports the distribution of that name."""
    install(scene.leak, "distro")
    scene.write("app/__init__.py")
    scene.write("app/distro.py")
    first = "#!/usr/bin/env python3\n" if is_script else "# of the package\n"
    scene.write("app/detect.py", f"{first}import distro\nif __name__ == '__main__':\n    pass\n")
    assert leaked(scene) == ([] if is_script else ["distro"])


# Namespace packages.


def test_a_namespace_package_is_looked_into(scene: CheckScene) -> None:
    """As google and azure are (PEP 420): what ENV has of it and what only the leak has."""
    install(scene.env.site_packages, "google-own", module="google.own")
    install(scene.leak, "google-leaked", module="google.leaked")
    (scene.env.site_packages / "google/__init__.py").unlink(missing_ok=True)
    scene.write("a.py", "import google.own\nfrom google import own\n")
    assert scene.found() == []
    scene.write("b.py", "import google.leaked.x\n")
    scene.write("c.py", "from google import (own,\n    leaked)\n")
    assert leaked(scene) == ["google.leaked"]
    found = only(scene.check(), LEAKED)
    assert [place.shown for place in found.places] == ["b.py:1", "c.py:1"]
    assert found.distribution == "google-leaked"


@pytest.mark.parametrize(
    "text",
    [
        "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
        "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n",
        "__import__('pkg_resources').declare_namespace(__name__)\n",
    ],
)
def test_a_package_that_extends_its_path(scene: CheckScene, text: str) -> None:
    for directory, name in ((scene.env.site_packages, "own"), (scene.leak, "leaked")):
        install(directory, f"shared-{name}", module=f"shared.{name}")
        (directory / "shared/__init__.py").write_text(text)
    scene.write("a.py", "import shared.own\n")
    scene.write("b.py", "import shared.leaked\n")
    assert scene.found() == [(LEAKED, "shared.leaked")]


def test_a_directory_of_data_is_no_package(scene: CheckScene) -> None:
    (scene.leak / "data/files").mkdir(parents=True)
    scene.write("a.py", "try:\n    import data\nexcept ImportError:\n    data = None\nimport data\n")
    assert scene.found() == []
    assert scene.found(shows_all=True) == [("import-nowhere", "data")]


# A name that is both local and third-party.


def test_a_local_module_elsewhere_is_another(scene: CheckScene) -> None:
    install(scene.leak, "yaml")
    scene.write("tests/yaml.py")
    scene.write("tests/test_a.py", "import yaml\n")
    scene.write("src/app.py", "import yaml\n")
    found = only(scene.check(), LEAKED)
    assert [place.shown for place in found.places] == ["src/app.py:1"]


def test_a_directory_without_init_gives_way(scene: CheckScene) -> None:
    """A namespace package of the project's loses against any package on the path."""
    install(scene.leak, "docker")
    scene.write("docker/build.py")
    scene.write("app.py", "import docker\n")
    assert leaked(scene) == ["docker"]
    scene.write("docker/__init__.py")
    assert leaked(scene) == []


def test_a_package_inside_a_package_is_not_at_the_top(scene: CheckScene) -> None:
    install(scene.leak, "yaml")
    scene.write("app/__init__.py")
    scene.write("app/_vendor/__init__.py")
    scene.write("app/_vendor/yaml/__init__.py")
    scene.write("app/main.py", "import yaml\n")
    assert leaked(scene) == ["yaml"]


# What hides what.


def test_an_older_package_that_lacks_a_submodule(scene: CheckScene) -> None:
    install(scene.env.site_packages, "tool", "2.0")
    (scene.env.site_packages / "tool/new.py").touch()
    install(scene.leak, "tool", "1.0")
    scene.write("requirements.txt", "tool\n")
    scene.write("a.py", "import tool.new\n")
    found = only(scene.check(), "import-shadowed")
    hides = "hides: tool 1.0 is imported instead of the environment's tool 2.0"
    assert found.short == f"{hides}, and it lacks tool.new, so the import fails"
    (scene.leak / "tool/new.py").touch()
    assert "lacks" not in only(scene.check(), "import-shadowed").short


def test_a_package_that_looks_elsewhere_lacks_nothing(scene: CheckScene) -> None:
    """A catkin devel space has such ones, which run the source's __init__.py."""
    install(scene.env.site_packages, "tool", "2.0")
    (scene.env.site_packages / "tool/new.py").touch()
    install(scene.leak, "tool", "1.0")
    (scene.leak / "tool/__init__.py").write_text("__path__ = ['/ws/src/tool']\nexec(open('/ws/src/tool').read())\n")
    scene.write("requirements.txt", "tool\n")
    scene.write("a.py", "import tool.new\n")
    assert "lacks" not in only(scene.check(), "import-shadowed").short


def test_the_standard_library_can_be_hidden(scene: CheckScene) -> None:
    library = scene.env.base / f"lib/{scene.env.version}"
    for name in ("os.py", "json.py"):
        (library / name).touch()
    (scene.leak / "json.py").touch()
    (scene.leak / "os.py").touch()  # frozen: nothing goes before it
    scene.write("a.py", "import json, os\n")
    assert scene.found() == [("import-shadowed", "json")]


@pytest.mark.parametrize(
    ("python", "name", "is_standard"),
    [("3.11", "tomllib", True), ("3.10", "tomllib", False), ("3.13", "distutils", False), ("3.11", "distutils", True)],
)
def test_the_standard_library_is_that_of_the_environment(
    tmp_path: Path, python: str, name: str, is_standard: bool
) -> None:
    scene = CheckScene(tmp_path)
    scene.env = FakeEnvironment(scene.env.make("second"), python)
    library = scene.env.base / f"lib/{scene.env.version}"
    (library / "os.py").touch()
    if is_standard:
        (library / f"{name}.py").touch()
    install(scene.leak, name)
    scene.write("a.py", f"import {name}\n")
    code = "import-shadowed" if is_standard else LEAKED
    assert scene.found() == [(code, name)]


# Kinds of modules and of entries.


@pytest.mark.parametrize("file", [f"ext.cpython-311-{PLATFORM}.so", "ext.so", "ext.abi3.so", "ext.pyc", "ext.py"])
def test_modules_that_are_not_packages(scene: CheckScene, file: str) -> None:
    (scene.leak / file).touch()
    scene.write("a.py", "import ext\n")
    assert leaked(scene) == ["ext"]


@pytest.mark.parametrize("file", ["__init__.pyc", f"__init__.cpython-311-{PLATFORM}.so"])
def test_packages_without_a_source(scene: CheckScene, file: str) -> None:
    (scene.leak / "ext").mkdir()
    (scene.leak / "ext" / file).touch()
    scene.write("a.py", "import ext.part\n")
    assert leaked(scene) == ["ext"]


@pytest.mark.parametrize("file", [f"ext.cpython-39-{PLATFORM}.so", "ext.txt", "ext"])
def test_files_that_this_python_does_not_import(scene: CheckScene, file: str) -> None:
    (scene.leak / file).touch()
    scene.write("a.py", "import ext\n")
    assert scene.found() == []


def test_an_archive_leaks_too(scene: CheckScene) -> None:
    archive = scene.top / "leak.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("packed/__init__.py", "__version__ = '3.1'\n")
        file.writestr("inner/deep.py", "")
    scene.write("a.py", "import packed, deep\n")
    assert leaked(scene, {"PYTHONPATH": f"{archive}:{archive}/inner"}) == ["deep", "packed"]


def test_relative_entries_begin_at_the_project(scene: CheckScene, monkeypatch: pytest.MonkeyPatch) -> None:
    (scene.top / "elsewhere").mkdir()
    monkeypatch.chdir(scene.top / "elsewhere")
    install(scene.project / "venv/lib", "leaky")
    scene.write("venv/pyvenv.cfg")
    scene.write("a.py", "import leaky\n")
    assert leaked(scene, {"PYTHONPATH": "venv/lib"}) == ["leaky"]


@pytest.mark.parametrize("entry", ["", ".", "lib", "src"])
def test_the_projects_own_directories_are_no_leak(scene: CheckScene, entry: str) -> None:
    scene.write(f"{entry or '.'}/helper/__init__.py")
    scene.write("scripts/run.py", "import helper\n")
    assert scene.found({"PYTHONPATH": f"/nowhere:{entry}"}) == []


def test_an_entry_above_the_project_leads_to_it(scene: CheckScene) -> None:
    """As PYTHONPATH=~/src does for a checkout that is a package itself; an environment in it is another matter."""
    scene.write("__init__.py")
    scene.write("part.py")
    scene.write("my_env/pyvenv.cfg")
    install(scene.project / "my_env/lib", "leaky")
    scene.write("bin/run.py", "import project.part\nimport leaky\n")
    environ = {"PYTHONPATH": f"{scene.top}:{scene.project}/my_env/lib"}
    assert leaked(scene, environ) == ["leaky"]


def test_case_counts_in_names(scene: CheckScene) -> None:
    install(scene.leak, "leaky")
    scene.write("a.py", "try:\n    import Leaky\nexcept ImportError:\n    pass\nimport LEAKY\n")
    assert scene.found() == []


# sys.path.


@pytest.mark.parametrize("file", ["a.py", "conftest.py"])
def test_a_change_of_sys_path_makes_it_a_warning(scene: CheckScene, file: str) -> None:
    install(scene.leak, "leaky")
    scene.write("tests/a.py", "import leaky\n")
    assert only(scene.check(), LEAKED).finding.severity == "error"
    path = scene.write(f"tests/{file}", "import sys\nsys.path.insert(0, 'lib')\nimport leaky\n")
    assert path.exists()
    found = only(scene.check(), LEAKED)
    assert found.finding.severity == "warning"
    assert all(place.changes_path for place in found.places)


def test_what_such_a_file_imports_from_the_project_is_its_own(scene: CheckScene) -> None:
    install(scene.leak, "helper")
    scene.write("tools/lib/helper/__init__.py")
    scene.write("scripts/run.py", "import sys\nsys.path.append('tools/lib')\nimport helper\n")
    assert scene.found() == []
    scene.write("scripts/run.py", "import helper\n")
    assert leaked(scene) == ["helper"]


# Files.


def test_a_file_that_is_too_large_is_said(scene: CheckScene, monkeypatch: pytest.MonkeyPatch) -> None:
    install(scene.leak, "leaky")
    monkeypatch.setattr(source_file, "LARGEST", 1000)
    scene.write("big.py", b"import leaky\n" + b"#" * 2000)
    scene.write("notebooks/big.ipynb", notebook("import leaky\n" + "#" * 2000))
    result = scene.check()
    assert [found.places[0].file for found in result.findings] == ["big.py", "notebooks/big.ipynb"]
    assert {found.code for found in result.findings} == {"file-unparsed"}
    assert "more than" in result.findings[0].finding.fact


def test_one_line_of_ten_megabytes(scene: CheckScene) -> None:
    install(scene.leak, "leaky")
    scene.write("data.py", b"x = '" + b"import leaky " * 800_000 + b"'\n")
    scene.write("more.py", b"import leaky;x = [" + b"1," * 5_000_000 + b"]\n")
    codes = [code for code, _ in scene.found()]
    assert codes == ["file-unparsed"]


def test_links_do_not_lead_in_circles(scene: CheckScene) -> None:
    install(scene.leak, "leaky")
    scene.write("a/b/c.py", "import leaky\n")
    (scene.project / "a/b/up").symlink_to("..")
    (scene.project / "self").symlink_to(".")
    (scene.project / "dead.py").symlink_to("nowhere")
    (scene.project / "linked.py").symlink_to("a/b/c.py")
    found = only(scene.check(), LEAKED)
    assert [place.file for place in found.places] == ["a/b/c.py", "linked.py"]


def test_a_pipe_is_not_waited_for(scene: CheckScene) -> None:
    os.mkfifo(scene.project / "pipe.py")
    os.mkfifo(scene.project / "requirements.txt")
    scene.write("a.py", "import os\n")
    result = scene.check()
    assert [found.code for found in result.findings] in ([], ["file-unparsed"])
    assert len(scene.warnings) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfimport leaky\n",
        b"# coding: latin-1\nx = '\xe4'\nimport leaky\n",
        b"import leaky\r\nx = 1\r\n",
        b"#!/usr/bin/python\n\x0c\nimport leaky\n",
        b"x = '\xe4'\nimport leaky\n",  # not Python: no encoding is declared
    ],
)
def test_encodings(scene: CheckScene, data: bytes) -> None:
    install(scene.leak, "leaky")
    scene.write("a.py", data)
    assert leaked(scene) == ["leaky"]


@pytest.mark.parametrize("line", ["#!/usr/bin/env python3", "#!/usr/bin/python", "#!/opt/x/bin/python3.11 -E"])
def test_scripts_without_a_suffix(scene: CheckScene, line: str) -> None:
    install(scene.leak, "leaky")
    scene.write("bin/node", f"{line}\nimport leaky\n", mode=0o755)
    scene.write("bin/plain", f"{line}\nimport leaky\n", mode=0o644)
    scene.write("bin/shell", "#!/bin/sh\nimport leaky\n", mode=0o755)
    found = only(scene.check(), LEAKED)
    assert [place.shown for place in found.places] == ["bin/node:2"]


@pytest.mark.parametrize(
    "path",
    [
        ".hidden/a.py",
        "build/a.py",
        "devel/a.py",
        "node_modules/x/a.py",
        "env/lib/a.py",
        "conda/lib/a.py",
        "ignored/a.py",
        "colcon/a.py",
        "__pycache__/a.py",
    ],
)
def test_directories_that_are_left_out(scene: CheckScene, path: str) -> None:
    install(scene.leak, "leaky")
    for marker in ("env/pyvenv.cfg", "conda/conda-meta/x", "ignored/CATKIN_IGNORE", "colcon/COLCON_IGNORE"):
        scene.write(marker)
    scene.write(path, "import leaky\n")
    assert scene.found() == []


@pytest.mark.parametrize(
    ("pattern", "left"), [("b.py", ["a.py", "sub/c.py"]), ("sub", ["a.py", "b.py"]), ("s*/c.py", ["a.py", "b.py"])]
)
def test_patterns_leave_out_what_they_match(scene: CheckScene, pattern: str, left: list[str]) -> None:
    install(scene.leak, "leaky")
    for path in ("a.py", "b.py", "sub/c.py"):
        scene.write(path, "import leaky\n")
    found = only(scene.check(options=Options(excluded=(pattern,))), LEAKED)
    assert [place.file for place in found.places] == left


def test_notebooks(scene: CheckScene) -> None:
    install(scene.leak, "leaky")
    magic = "%matplotlib inline\n!pip install leaky\nx = !ls\nleaky?\nif x:\n    %time y\nimport leaky\n"
    scene.write("a.ipynb", notebook("x = 1\n", magic, "%%bash\nimport leaky\n", "%%time\nimport leaky\n"))
    scene.write("b.ipynb", notebook("import leaky\n", language="R"))
    result = scene.check()
    places = [place.shown for place in only(result, LEAKED).places]
    assert places == ["a.ipynb, cell 3:7", "a.ipynb, cell 5:2"]
    assert result.of_code("file-unparsed") == []


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({"cells": 3}), json.dumps({"cells": [1, {}]})])
def test_notebooks_that_are_none(scene: CheckScene, text: str) -> None:
    scene.write("a.ipynb", text)
    assert {code for code, _ in scene.found()} <= {"file-unparsed"}


def test_python_2_is_read_all_the_same(scene: CheckScene) -> None:
    install(scene.leak, "leaky")
    scene.write("old.py", "import leaky\ntry:\n    x\nexcept A, B:\n    print 'x'\n")
    scene.write("old_without.py", "print 'x'\n")
    codes = {found.code: found.places[0].shown for found in scene.check().findings}
    assert codes == {LEAKED: "old.py:1", "file-unparsed": "old.py:1"}


# Manifests.


def test_the_nearest_manifest_counts(scene: CheckScene) -> None:
    """In a workspace of many packages one's own is asked, and requirements files of all directories above."""
    packages = ros_package(scene.top / "ros", "std_msgs")
    install(scene.leak, "leaky")
    scene.write("one/package.xml", package_xml("one", "<depend>std_msgs</depend>"))
    scene.write("two/package.xml", package_xml("two"))
    for package in ("one", "two"):
        scene.write(f"{package}/scripts/run.py", "import std_msgs.msg\nimport leaky\n")
    scene.write("requirements.txt", "leaky\n")
    result = scene.check({"PYTHONPATH": f"{packages}:{scene.leak}"})
    assert [place.file for place in only(result, LEAKED).places] == ["two/scripts/run.py"]
    assert only(result, LEAKED).manifest == "two/package.xml"
    assert [place.file for place in only(result, "import-ros").places] == ["one/scripts/run.py"]
    assert {found.manifest for found in result.of_code("import-stands-in")} == {"requirements.txt"}


def test_a_manifest_further_up_does_not_count(scene: CheckScene) -> None:
    """A package in a repository of several is installed alone."""
    install(scene.leak, "leaky")
    scene.write("pyproject.toml", '[project]\nname = "all"\ndependencies = ["leaky"]\n')
    scene.write("packages/one/pyproject.toml", '[project]\nname = "one"\ndependencies = []\n')
    scene.write("packages/one/src/one/a.py", "import leaky\n")
    scene.write("tools/b.py", "import leaky\n")
    result = scene.check()
    assert [place.file for place in only(result, LEAKED).places] == ["packages/one/src/one/a.py"]
    assert [place.file for place in only(result, "import-stands-in").places] == ["tools/b.py"]


def test_a_tools_configuration_is_no_manifest(scene: CheckScene) -> None:
    install(scene.env.site_packages, "own")
    scene.write("sub/pyproject.toml", "[tool.ruff]\nline-length = 80\n")
    scene.write("sub/setup.cfg", "[flake8]\nmax-line-length = 80\n")
    scene.write("pyproject.toml", '[project]\nname = "p"\ndependencies = ["own"]\n')
    scene.write("sub/a.py", "import own\n")
    assert scene.found({}) == []


def test_a_manifest_that_cannot_be_read_is_a_warning(scene: CheckScene) -> None:
    scene.write("requirements.txt", "a\n--nonsense\n")
    scene.write("pyproject.toml", "[project\n")
    scene.write("package.xml", "<package>")
    scene.write("setup.cfg", "nothing = 1\n")
    scene.write("a.py", "import os\n")
    scene.check({})
    assert len(scene.warnings) == 4
    assert all(warning.startswith("not used as a manifest: ") for warning in scene.warnings)
    with pytest.raises(UsageError, match=r"requirements\.txt"):
        scene.check({}, Options(files=("requirements.txt",)))


def test_a_requirement_for_another_python_is_none(scene: CheckScene) -> None:
    install(scene.leak, "leaky")
    scene.write("a.py", "import leaky\n")
    scene.write("requirements.txt", "leaky; python_version < '3.9'\n")
    assert scene.found() == [(LEAKED, "leaky")]
    scene.write("requirements.txt", "leaky; python_version >= '3.9'\n")
    assert scene.found() == [("import-stands-in", "leaky")]


def test_a_version_that_the_leak_does_not_satisfy_is_said(scene: CheckScene) -> None:
    install(scene.leak, "leaky", "1.0")
    scene.write("a.py", "import leaky\n")
    scene.write("requirements.txt", "leaky>=1\n")
    assert "satisfy" not in only(scene.check(), "import-stands-in").short
    scene.write("requirements.txt", "leaky>=2\n")
    assert "which its version does not satisfy" in only(scene.check(), "import-stands-in").short


# What ENV has.


def test_undeclared_and_transitive(scene: CheckScene) -> None:
    install(scene.env.site_packages, "flask", requires="werkzeug>=1")
    install(scene.env.site_packages, "werkzeug")
    install(scene.env.site_packages, "PyYAML", "6.0", module="yaml")
    scene.write("requirements.txt", "flask\n")
    scene.write("a.py", "import flask, werkzeug\nimport yaml\n")
    scene.write("b.py", "try:\n    import yaml\nexcept ImportError:\n    yaml = None\n")
    result = scene.check({})
    assert [(found.code, found.module) for found in result.findings] == [
        ("import-undeclared", "yaml"),
        ("import-transitive", "werkzeug"),
    ]
    assert [place.shown for place in only(result, "import-undeclared").places] == ["a.py:2"]
    assert only(result, "import-transitive").finding.severity == "note"
    strict = scene.check({}, Options(is_strict=True))
    assert only(strict, "import-transitive").finding.severity == "error"


def test_what_an_extra_needs_counts_if_it_is_asked_for(scene: CheckScene) -> None:
    install(scene.env.site_packages, "httpx", requires="h2 ; extra == 'http2'")
    install(scene.env.site_packages, "h2")
    scene.write("a.py", "import httpx, h2\n")
    scene.write("requirements.txt", "httpx\n")
    assert scene.found({}) == [("import-undeclared", "h2")]
    scene.write("requirements.txt", "httpx[http2]\n")
    assert scene.found({}) == [("import-transitive", "h2")]


def test_metadata_names_what_an_editable_project_imports(scene: CheckScene) -> None:
    """Its list of files has none of them (PEP 794)."""
    info = scene.env.add("dist-thing")
    (info / "METADATA").write_text(
        "Metadata-Version: 2.5\nName: dist-thing\nVersion: 1\nImport-Name: thing ; private\n\n"
    )
    (scene.env.site_packages / "thing.py").touch()
    (scene.env.site_packages / "nobodys.py").touch()
    scene.write("a.py", "import thing, nobodys\n")
    scene.write("requirements.txt", "other\n")
    assert scene.found({}) == [("import-undeclared", "thing")]
    scene.write("requirements.txt", "Dist.Thing\n")
    assert scene.found({}) == []


@pytest.mark.parametrize("file", ["fast.pyx", f"fast.cpython-311-{PLATFORM}.so", "fast.so"])
def test_extension_modules_of_the_project_are_its_own(scene: CheckScene, file: str) -> None:
    install(scene.leak, "fast")
    scene.write(f"app/{file}")
    scene.write("app/a.py", "import fast\n")
    assert scene.found() == []


def test_without_a_manifest_nothing_is_undeclared(scene: CheckScene) -> None:
    install(scene.env.site_packages, "own")
    scene.write("a.py", "import own\n")
    assert scene.found({}) == []


def test_the_project_itself_need_not_be_declared(scene: CheckScene) -> None:
    install(scene.env.site_packages, "my-app", module="app")
    scene.write("pyproject.toml", '[project]\nname = "My_App"\ndependencies = []\n')
    scene.write("tests/test_a.py", "import app\n")
    assert scene.found({}) == []


@pytest.mark.parametrize("path", ["setup.py", "sub/setup.py", "template_setup.py", "build.py"])
def test_what_runs_a_build_script_brings_its_tools(scene: CheckScene, path: str) -> None:
    install(scene.env.site_packages, "setuptools")
    install(scene.leak, "catkin_pkg")
    scene.write("requirements.txt", "other\n")
    scene.write(path, "import setuptools\nfrom catkin_pkg import python_setup\n")
    assert scene.found() == []
    scene.write("app.py", "import setuptools\nfrom catkin_pkg import python_setup\n")
    assert scene.found() == [(LEAKED, "catkin_pkg"), ("import-undeclared", "setuptools")]


@pytest.mark.parametrize(("number", "says"), [(1, "computes its"), (2, "compute their")])
def test_what_is_computed_is_said(scene: CheckScene, number: int, says: str) -> None:
    install(scene.env.site_packages, "own")
    for index in range(number):
        scene.write(f"p{index}/setup.py", "from setuptools import setup\nsetup(install_requires=read())\n")
        scene.write(f"p{index}/app.py", "import own\n")
    result = scene.check()
    assert result.findings == ()
    texts = ["".join(word for _, word in line.words) for line in wording.lines(result, "")]
    assert any(f"{says} requirements, so what is missing there is not reported" in text for text in texts)


def test_what_only_building_needs(scene: CheckScene) -> None:
    install(scene.env.site_packages, "hatchling")
    text = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "p"\n'
    scene.write("pyproject.toml", text)
    scene.write("hatch_build.py", "import hatchling\n")
    assert scene.found({}) == []
    scene.write("src/p/a.py", "import hatchling\n")
    assert scene.found({}) == [("import-undeclared", "hatchling")]


def test_imports_that_find_nothing_are_asked_for(scene: CheckScene) -> None:
    scene.write("a.py", "import nowhere.at.all\ntry:\n    import guarded\nexcept ImportError:\n    pass\n")
    assert scene.found() == []
    assert scene.found(shows_all=True) == [("import-nowhere", "nowhere")]


def test_typeshed_is_never_missing(scene: CheckScene) -> None:
    scene.write("a.py", "from _typeshed import StrPath\n")
    assert scene.found(shows_all=True, is_strict=True) == []


def test_an_editable_project_is_no_leak(scene: CheckScene) -> None:
    (scene.top / "other/other").mkdir(parents=True)
    (scene.top / "other/other/__init__.py").touch()
    url = json.dumps({"url": f"file://{scene.top}/other", "dir_info": {"editable": True}})
    scene.env.add("other", direct_url__json=url)
    scene.env.pth("__editable__.other.pth", str(scene.top / "other"))
    scene.write("a.py", "import other\n")
    assert scene.found({}) == []


def test_an_editable_project_with_a_finder_is_no_leak(scene: CheckScene) -> None:
    (scene.top / "other/other").mkdir(parents=True)
    (scene.top / "other/other/__init__.py").touch()
    mapping = {"other": f"{scene.top}/other/other"}
    finder = scene.env.site_packages / "__editable___other_1_0_finder.py"
    finder.write_text(f"MAPPING: dict[str, str] = {mapping!r}\n")
    scene.write("a.py", "import other.part\n")
    assert scene.found({}) == []
