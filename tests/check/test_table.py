"""Every source of leaks, every guard and every manifest, each with each: what is reported, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from cleanenv.check.command import Options
from tests.support.check_scene import CheckScene, Variables, install, package_xml

LEAKED, STANDS_IN, OPTIONAL, ROS = "import-leaked", "import-stands-in", "import-leaked-optional", "import-ros"

# Each puts distribution 'Leaky' with the module 'leaky' where ENV's Python finds it, and returns the variables.
Source = Callable[[CheckScene], Variables]


def pythonpath(scene: CheckScene) -> Variables:
    install(scene.leak, "Leaky", module="leaky")
    return {"PYTHONPATH": str(scene.leak)}


def relative_pythonpath(scene: CheckScene) -> Variables:
    install(scene.leak, "Leaky", module="leaky")
    return {"PYTHONPATH": "/nowhere:../leak"}


def user_site(scene: CheckScene) -> Variables:
    scene.env.configure(include_system_site_packages="true")
    install(scene.env.home / f".local/lib/{scene.env.version}/site-packages", "Leaky", module="leaky")
    return {}


def user_base(scene: CheckScene) -> Variables:
    scene.env.configure(include_system_site_packages="true")
    install(scene.top / f"elsewhere/lib/{scene.env.version}/site-packages", "Leaky", module="leaky")
    return {"PYTHONUSERBASE": str(scene.top / "elsewhere")}


def system_site(scene: CheckScene) -> Variables:
    scene.env.configure(include_system_site_packages="true")
    install(scene.env.base_packages, "Leaky", module="leaky")
    return {}


def pth(scene: CheckScene) -> Variables:
    install(scene.leak, "Leaky", module="leaky")
    scene.env.pth("extra.pth", str(scene.leak))
    return {}


SOURCES: dict[str, Source] = {
    "PYTHONPATH": pythonpath,
    "relative": relative_pythonpath,
    "user-site": user_site,
    "user-base": user_base,
    "system-site": system_site,
    "pth": pth,
}

PLAIN, GUARDED, FOR_TYPES, NEVER = "plain", "guarded", "for types", "never"
GUARDS: dict[str, tuple[str, str]] = {
    "top": (PLAIN, "import leaky\n"),
    "from": (PLAIN, "from leaky.inner import thing\n"),
    "function": (PLAIN, "def f():\n    import leaky\n"),
    "reraised": (PLAIN, "try:\n    import leaky\nexcept ImportError as e:\n    raise SystemExit(1) from e\n"),
    "other-error": (PLAIN, "try:\n    import leaky\nexcept OSError:\n    pass\n"),
    "alternatives": (PLAIN, "try:\n    import leaky\nexcept ImportError:\n    import gone\n"),
    "new-python": (PLAIN, "import sys\nif sys.version_info >= (3, 11):\n    import leaky\n"),
    "dynamic": (PLAIN, "import importlib\nimportlib.import_module('leaky')\n"),
    "import-error": (GUARDED, "try:\n    import leaky\nexcept ImportError:\n    leaky = None\n"),
    "not-found": (GUARDED, "try:\n    import leaky\nexcept (ModuleNotFoundError, OSError):\n    pass\n"),
    "bare": (GUARDED, "try:\n    import leaky\nexcept:\n    pass\n"),
    "suppress": (GUARDED, "import contextlib\nwith contextlib.suppress(ImportError):\n    import leaky\n"),
    "find-spec": (GUARDED, "from importlib.util import find_spec\nif find_spec('leaky'):\n    import leaky\n"),
    "standard-fallback": (GUARDED, "try:\n    import leaky\nexcept ImportError:\n    import json\n"),
    "importorskip": (GUARDED, "import pytest\nleaky = pytest.importorskip('leaky')\n"),
    "typing": (FOR_TYPES, "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import leaky\n"),
    "typing-alias": (FOR_TYPES, "import typing as t\nif t.TYPE_CHECKING:\n    import leaky\n"),
    "typing-else": (PLAIN, "if TYPE_CHECKING:\n    pass\nelse:\n    import leaky\n"),
    "old-python": (NEVER, "import sys\nif sys.version_info < (3, 8):\n    import leaky\n"),
    "other-platform": (NEVER, "import sys\nif sys.platform == 'win32':\n    import leaky\n"),
    "false": (NEVER, "if False:\n    import leaky\n"),
    "relative-import": (NEVER, "from . import leaky\n"),
    "in-a-text": (NEVER, '"""\nimport leaky\n"""\n'),
    "in-a-comment": (NEVER, "x = 1  # import leaky\n"),
}

# Each manifest with what a plain import is then; the ones in the second half do not declare it.
MANIFESTS: dict[str, tuple[str, dict[str, str]]] = {
    "none": (LEAKED, {}),
    "requirements": (STANDS_IN, {"requirements.txt": "other\nleaky>=0.5\n"}),
    "pyproject": (STANDS_IN, {"pyproject.toml": '[project]\nname = "p"\ndependencies = ["Leaky"]\n'}),
    "poetry": (STANDS_IN, {"pyproject.toml": '[tool.poetry]\nname = "p"\n[tool.poetry.dependencies]\nleaky = "^1"\n'}),
    "setup.cfg": (STANDS_IN, {"setup.cfg": "[options]\ninstall_requires =\n    leaky\n"}),
    "setup.py": (STANDS_IN, {"setup.py": "from setuptools import setup\nsetup(install_requires=['leaky'])\n"}),
    "package.xml": (ROS, {"package.xml": package_xml("p", "<exec_depend>python3-leaky</exec_depend>")}),
    "requirements-without": (LEAKED, {"requirements.txt": "other\n# leaky\n"}),
    "pyproject-without": (LEAKED, {"pyproject.toml": '[project]\nname = "p"\ndependencies = ["leaky-other"]\n'}),
    "package.xml-without": (LEAKED, {"package.xml": package_xml("p", "<build_depend>leaky</build_depend>")}),
}


def expected(kind: str, declared: str) -> list[tuple[str, str]]:
    """Return what is reported of the module at default strictness."""
    if kind in (FOR_TYPES, NEVER):
        return []
    if kind == GUARDED and declared == LEAKED:
        return [(OPTIONAL, "leaky")]
    return [(declared, "leaky")]


# All guards with all manifests through one source, and all sources with all manifests and four guards.
CASES = {("PYTHONPATH", guard, manifest) for guard, manifest in product(GUARDS, MANIFESTS)}
CASES |= set(product(SOURCES, ("top", "function", "import-error", "typing"), MANIFESTS))


def test_the_table_is_large() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize(("source", "guard", "manifest"), sorted(CASES))
def test_each_with_each(source: str, guard: str, manifest: str, tmp_path: Path) -> None:
    scene = CheckScene(tmp_path)
    environ = SOURCES[source](scene)
    kind, code = GUARDS[guard]
    scene.write("app/main.py", code)
    declared, files = MANIFESTS[manifest]
    for name, text in files.items():
        scene.write(name, text)
    assert [found for found in scene.found(environ) if found[1] == "leaky"] == expected(kind, declared)
    assert scene.warnings == []


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("guard", ["typing", "typing-alias"])
def test_strictness_reports_what_is_for_types(source: str, guard: str, tmp_path: Path) -> None:
    scene = CheckScene(tmp_path)
    environ = SOURCES[source](scene)
    scene.write("app/main.py", GUARDS[guard][1])
    assert scene.found(environ, is_strict=True) == [("import-typing", "leaky")]


@pytest.mark.parametrize("source", SOURCES)
def test_the_leak_is_named(source: str, tmp_path: Path) -> None:
    """By its directory, and by the variable if there is one."""
    scene = CheckScene(tmp_path)
    environ = SOURCES[source](scene)
    scene.write("main.py", "import leaky\n")
    (found,) = scene.check(environ).findings
    assert found.leak is not None
    assert (Path(found.leak.path) / "leaky").is_dir()
    assert found.finding.variable == ("PYTHONPATH" if "PYTHONPATH" in environ else "")
    assert (found.distribution, found.version) == ("Leaky", "1.0")


@pytest.mark.parametrize("source", SOURCES)
def test_what_env_has_itself_is_no_leak(source: str, tmp_path: Path) -> None:
    """Unless it is hidden, which only PYTHONPATH does."""
    scene = CheckScene(tmp_path)
    environ = SOURCES[source](scene)
    install(scene.env.site_packages, "Leaky", "2.0", module="leaky")
    scene.write("requirements.txt", "leaky\n")
    scene.write("main.py", "import leaky\n")
    hides = "PYTHONPATH" in environ
    assert scene.found(environ) == ([("import-shadowed", "leaky")] if hides else [])


@pytest.mark.parametrize("variable", ["PYTHONPATH"])
def test_what_was_let_in_on_purpose_is_no_leak(variable: str, scene: CheckScene) -> None:
    install(scene.leak, "Leaky", module="leaky")
    scene.write("main.py", "import leaky\n")
    environ = {variable: str(scene.leak), "CLEANENV_WANTED": variable}
    result = scene.check(environ)
    assert result.findings == ()
    assert result.wanted == (variable,)


def test_without_the_users_directory_there_is_no_leak(scene: CheckScene) -> None:
    environ = user_site(scene)
    scene.write("main.py", "import leaky\n")
    assert scene.found(environ) == [(LEAKED, "leaky")]
    assert scene.found(environ | {"PYTHONNOUSERSITE": "1"}) == []


def test_in_conda_the_users_directory_goes_first(tmp_path: Path) -> None:
    scene = CheckScene(tmp_path, "conda")
    install(scene.env.home / f".local/lib/{scene.env.version}/site-packages", "Leaky", module="leaky")
    install(scene.env.site_packages, "Leaky", "2.0", module="leaky")
    scene.write("main.py", "import leaky\n")
    assert scene.found({}) == [("import-shadowed", "leaky")]


def test_only_named_files_count_with_an_option(scene: CheckScene) -> None:
    environ = pythonpath(scene)
    scene.write("main.py", "import leaky\n")
    scene.write("requirements.txt", "leaky\n")
    scene.write("ci.txt", "other\n")
    assert scene.check(environ, Options(files=("ci.txt",))).of_code(LEAKED)
    assert scene.check(environ, Options(files=("requirements.txt",))).of_code(STANDS_IN)
