"""Code that adds to the search path: what is written out is read, the rest is named, and nothing is run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cleanenv.environments.environment import read_environment
from cleanenv.freeze import plain
from cleanenv.freeze.requirements_text import Choice
from tests.support import fake_environment, projects
from tests.support.command import run
from tests.support.freezing import clean_freeze

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.fake_environment import FakeEnvironment

UV = (
    'import site; site.addsitedir(__import__("os").fsdecode(b"{0}/one")); '
    'site.addsitedir(__import__("os").fsdecode(b"{0}/two"))'
)
FINDER = "import __editable___demo_1_0_finder; __editable___demo_1_0_finder.install()"
NAMESPACE = (
    "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('a',));"
    "importlib = __import__('importlib.util');mp = (m or []) and m.__dict__.setdefault('__path__',[]);"
    "(p not in mp) and mp.append(p)"
)
SHIM = (
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; "
    "enabled and __import__('_distutils_hack').add_shim(); "
)


@pytest.mark.parametrize(
    "line",
    [
        UV,
        'import site; site.addsitedir("{0}/one"); site.addsitedir("{0}/two")',
        "import site; site.addsitedir('{0}/one'); site.addsitedir(b'{0}/two')",
    ],
)
def test_a_directory_that_is_written_out_is_an_entry(line: str, fake: FakeEnvironment, tmp_path: Path) -> None:
    fake_environment.add(tmp_path / "one", "first")
    fake_environment.add(tmp_path / "two", "second")
    fake_environment.add(tmp_path / "three", "third")
    (tmp_path / "two" / "more.pth").write_text(f"{tmp_path}/three\n")
    fake.pth("overlay.pth", line.format(tmp_path))
    lines, warnings = fake.freeze()
    assert lines == []
    assert [warning.split(":")[-1] for warning in warnings] == [" first", " second", " third"]
    assert all("overlay.pth" in warning for warning in warnings[:2])
    assert fake.freeze(exact=True) == (["first==1.0", "second==1.0", "third==1.0"], [])


@pytest.mark.parametrize(
    "line",
    [
        "import sys; sys.path.append('/x')",
        "import sys; sys.path[0:0] = ['/x']",
        "import sys; sys.path += ['/x']",
        "import os, site; site.addsitedir(os.environ['X'])",
        "import site; site.addsitedir('relative')",
        "import site; site.addsitedir('/x' + '/y')",
        "import base64; exec(base64.b64decode('cGFzcw=='))",
        "import hook",
        "import os, hook; hook.run()",
        "import package.hook",
        "import os; __import__('hook').run()",
    ],
)
def test_code_that_may_add_is_named(line: str, fake: FakeEnvironment) -> None:
    (fake.site_packages / "hook.py").write_text("import sys\nsys.path.insert(0, '/x')\n")
    (fake.site_packages / "package").mkdir()
    (fake.site_packages / "package" / "__init__.py").write_text("from site import addsitedir\naddsitedir('/x')\n")
    file = fake.pth("code.pth", line)
    expected = f"code in '{file}' may add to the search path: what it adds is not listed"
    assert fake.freeze() == ([], [expected])
    assert fake.freeze(exact=True) == ([], [expected])


@pytest.mark.parametrize(
    "line",
    [
        "import sys",
        "import _virtualenv",
        SHIM,
        FINDER,
        NAMESPACE,
        "import harmless",
        "import sys; sys.__plen = len(sys.path)",
        "import sys; exec('import os\\n\\n if os.getenv(\"X\"):\\n  import coverage\\n  coverage.process_startup()')",
        "import os; os.environ.setdefault('A', 'b')",
        "import sys; sys.path_hooks.append(None)",
        "# import site; site.addsitedir('/x')",
    ],
)
def test_harmless_code_is_not_named(line: str, fake: FakeEnvironment) -> None:
    (fake.site_packages / "harmless.py").write_text(
        "import os, sys\nprint(os.path.join('a', sys.prefix), sys.path_hooks)\n"
    )
    (fake.site_packages / "__editable___demo_1_0_finder.py").write_text("import sys\nsys.path.append('placeholder')\n")
    fake.pth("code.pth", line)
    assert fake.freeze() == ([], [])


@pytest.mark.parametrize(("text", "is_named"), [("import sys\nsys.path.append('x')\n", True), ("import os\n", False)])
def test_sitecustomize(text: str, is_named: bool, fake: FakeEnvironment) -> None:
    (fake.site_packages / "sitecustomize.py").write_text(text)
    (fake.site_packages / "usercustomize.py").write_text("import sys; sys.path.append('x')")  # not read in a venv
    assert fake.codes() == (["path-code"] if is_named else [])


def conda(fake: FakeEnvironment) -> None:
    (fake.path / "pyvenv.cfg").unlink()
    (fake.path / "conda-meta").mkdir()


def test_conda_s_sitecustomize_beside_the_library(fake: FakeEnvironment) -> None:
    conda(fake)
    (fake.library / "sitecustomize.py").write_text("from site import addsitedir\naddsitedir('x')\n")
    assert fake.codes() == ["path-code"]


@pytest.mark.parametrize("other", ["python3.1", "python3.10", "python3.11t"])
def test_conda_s_packages_of_another_directory_are_named(other: str, fake: FakeEnvironment) -> None:
    conda(fake)
    fake.add("mine")
    (fake.bin / "python").unlink()
    (fake.bin / "python3.11").write_text("")
    (fake.bin / "python").symlink_to("python3.11")
    fake_environment.add(fake.path / "lib" / other / "site-packages", "idna")
    lines, [warning] = fake.freeze()
    assert lines == ["mine==1.0"]
    assert f"lib/{other}/site-packages' has packages" in warning


def test_exact_lists_what_the_users_and_the_systems_pth_files_name(tmp_path: Path) -> None:
    python = sys._base_executable  # type: ignore[attr-defined]
    run(python, "-I", "-m", "venv", "--system-site-packages", tmp_path / "env")
    path = tmp_path / "env"
    run(path / "bin" / "python", "-m", "pip", "install", "-q", "-U", "pip", projects.wheel(tmp_path, "own"))
    home = tmp_path / "home"
    user_site = home / ".local" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    fake_environment.add(tmp_path / "other", "zz")
    fake_environment.add(tmp_path / "coded", "yy")
    fake_environment.add(user_site, "user")
    (user_site / "u.pth").write_text(f"{tmp_path}/other\nimport site; site.addsitedir('{tmp_path}/coded')\n")
    environment = read_environment(str(path))
    assert environment is not None
    text, _ = plain.freeze(environment, Choice(exact=True), {"HOME": str(home)})
    assert text.encode() == clean_freeze(path, env={"HOME": str(home)})
    assert {"zz==1.0", "yy==1.0", "user==1.0"} <= set(text.splitlines())


def test_an_environment_made_by_another_ones_python(tmp_path: Path) -> None:
    base = fake_environment.FakeEnvironment.bare(tmp_path / "base")
    (base.path / "pyvenv.cfg").unlink()
    base.add("from-base")
    middle = fake_environment.FakeEnvironment.bare(tmp_path / "middle")
    middle.configure(home=f"{base.path}/bin")
    middle.add("from-middle")
    fake = fake_environment.FakeEnvironment.bare(tmp_path / "env")
    fake.configure(home=f"{middle.path}/bin", include_system_site_packages="true")
    assert fake.freeze(exact=True)[0] == ["from-base==1.0"]


def test_environments_that_name_each_other_end(tmp_path: Path) -> None:
    fake = fake_environment.FakeEnvironment.bare(tmp_path / "env")
    fake.configure(home=f"{fake.path}/bin", include_system_site_packages="true")
    fake.add("mine")
    assert fake.freeze(exact=True)[0] == ["mine==1.0"]


def test_pypy_s_own_packages_are_named_and_listed_with_exact(tmp_path: Path) -> None:
    library = tmp_path / "base" / "lib" / "pypy3.9"
    fake_environment.add(library, "cffi", "1.15.1")
    fake_environment.add(library, "readline", "6.2")
    env = tmp_path / "env"
    site_packages = env / "lib" / "pypy3.9" / "site-packages"
    fake_environment.add(site_packages, "mine")
    fake_environment.add(site_packages, "cffi", "2.0")
    (env / "bin").mkdir()
    (env / "pyvenv.cfg").write_text(
        f"home = {tmp_path}/base/bin\ninclude-system-site-packages = false\nversion = 3.9.16\n"
    )
    environment = read_environment(str(env))
    assert environment is not None
    text, [problem] = plain.freeze(environment)
    assert text == "cffi==2.0\nmine==1.0\n"
    assert problem.message == f"left out, since '{library}' is outside the environment: readline"
    assert plain.freeze(environment, Choice(exact=True))[0] == "cffi==1.15.1\nmine==1.0\nreadline==6.2\n"
