"""What is wrong inside an environment, code by code, and what only looks like it."""

from __future__ import annotations

import json
from pathlib import Path

from cleanenv.doctor.finding import Subject
from tests.support.doctor_scene import Case
from tests.support.fake_environment import FakeEnvironment, add

SHIM = (
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; "
    "enabled and __import__('_distutils_hack').add_shim(); "
)
# By setuptools 69 and by setuptools 20.
NAMESPACE = (
    "import sys, types, os;has_mfs = sys.version_info > (3, 5);"
    "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',));"
    "importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');"
    "m = has_mfs and sys.modules.setdefault('zope', importlib.util.module_from_spec("
    "importlib.machinery.PathFinder.find_spec('zope', [os.path.dirname(p)])));"
    "m = m or sys.modules.setdefault('zope', types.ModuleType('zope'));"
    "mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)"
)
NESTED_NAMESPACE = NAMESPACE.replace("'zope'", "'google', 'cloud'") + (
    ";m and setattr(sys.modules['google'], 'cloud', m)"
)
OLD_NAMESPACE = (
    "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',));"
    "ie = os.path.exists(os.path.join(p,'__init__.py'));"
    "m = not ie and sys.modules.setdefault('zope', types.ModuleType('zope'));"
    "mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)"
)
EGGS_BEGIN = "import sys; sys.__plen = len(sys.path)"
EGGS_END = (
    "import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:]; p=getattr(sys,'__egginsert',0); "
    "sys.path[p:p]=new; sys.__egginsert = p+len(new)"
)
COVERAGE = (
    "import sys; exec('import os\\n\\n"
    'if os.getenv("COVERAGE_PROCESS_START") or os.getenv("COVERAGE_PROCESS_CONFIG"):\\n'
    ' try:\\n  import coverage\\n except:\\n  pass\\n else:\\n  coverage.process_startup(slug="pth")\')'
)


def no_python(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    for name in ("python", fake.version):
        (fake.bin / name).unlink()
    return fake.subject()


def dead_link(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.base / "bin" / fake.version).unlink()
    return fake.subject()


def python_is_a_folder(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.python.unlink()
    fake.python.mkdir()
    return fake.subject()


def python_not_executable(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.python.resolve().chmod(0o644)
    return fake.subject()


def python_behind_links(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.base / "link").symlink_to("bin")
    fake.python.unlink()
    fake.python.symlink_to(fake.base / "link" / fake.version)
    return fake.subject()


def python3_alone(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.bin / "python").rename(fake.bin / "python3")
    fake.program("tool", f"#!{fake.bin}/python3")
    return fake.subject()


def base_gone(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.configure(home="/nonexistent/bin")
    return fake.subject()


def base_is_a_link(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (top / "stable").symlink_to(fake.base)
    fake.configure(home=str(top / "stable" / "bin"))
    return fake.subject()


def base_upgraded(top: Path) -> Subject:
    """Let the system's python3, of which it was made, become another version."""
    fake = FakeEnvironment(top)
    fake.python.unlink()
    (fake.base / "bin" / fake.version).rename(fake.base / "bin" / "python3.12")
    (fake.base / "bin" / "python3").symlink_to("python3.12")
    (fake.bin / "python").unlink()
    (fake.bin / "python").symlink_to(fake.base / "bin" / "python3")
    return fake.subject()


def free_threaded(top: Path) -> Subject:
    fake = FakeEnvironment(top, python="3.13")
    fake.library.rename(fake.path / "lib" / "python3.13t")
    return fake.subject()


def no_library(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.path / "lib").rename(top / "taken away")
    return fake.subject()


def no_site_packages(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.site_packages.rmdir()
    return fake.subject()


def packages_in_lib64(top: Path) -> Subject:
    """Fedora's layout: compiled packages in lib64."""
    fake = FakeEnvironment(top)
    (fake.path / "lib64").mkdir()
    (fake.path / "lib64" / fake.version).mkdir()
    fake.site_packages.rename(fake.path / "lib64" / fake.version / "site-packages")
    return fake.subject()


def colon(top: Path) -> Subject:
    return FakeEnvironment(top, name="my:env").subject()


def odd_but_no_colon(top: Path) -> Subject:
    return FakeEnvironment(top, name="my_env;é").subject()


def moved(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.bin / "tool").unlink()
    fake.move("other")
    return fake.subject()


def copied(top: Path) -> Subject:
    """Leave the other one where it was: sourcing the script activates that."""
    fake = FakeEnvironment(top)
    fake.write_scripts(fake.make("other"))
    return fake.subject()


def moved_and_quoted_by_virtualenv(top: Path) -> Subject:
    fake = FakeEnvironment(top, kind="virtualenv")
    (fake.bin / "activate").write_text("VIRTUAL_ENV='/elsewhere/it'\"'\"'s'\nexport VIRTUAL_ENV\n")
    return fake.subject()


def moved_and_newest(top: Path) -> Subject:
    """As venv writes it since Python 3.12, with a branch for Windows."""
    fake = FakeEnvironment(top)
    (fake.bin / "activate").write_text(
        'case "$(uname)" in\n    CYGWIN*)\n        VIRTUAL_ENV=$(cygpath "/old")\n        export VIRTUAL_ENV\n'
        '        ;;\n    *)\n        export VIRTUAL_ENV="/old"\n        ;;\nesac\n'
    )
    return fake.subject()


def moved_for_fish(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.bin / "activate.fish").write_text('set -gx VIRTUAL_ENV "/old"\n')
    return fake.subject()


def reached_by_a_link(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.link("link")
    return fake.subject()


def relocatable(top: Path) -> Subject:
    """Uv's scripts work their place out."""
    fake = FakeEnvironment(top, kind="uv")
    here = '"$(dirname -- "$(dirname -- "$(realpath -- "$SCRIPT_PATH")")")"'
    (fake.bin / "activate").write_text(f"VIRTUAL_ENV=''{here}''\nexport VIRTUAL_ENV\n")
    fake.program(
        "tool", "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python3' \"$0\" \"$@\"\n' '''"
    )
    fake.move("other")
    for name in ("activate.csh", "activate.fish"):
        (fake.path / "bin" / name).unlink()
    return fake.subject()


def conda_has_no_scripts(top: Path) -> Subject:
    return FakeEnvironment(top, kind="conda").subject()


def program_of_another(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.program("tool", "#!/old/place/bin/python3.11 -I")
    return fake.subject()


def program_of_the_system(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.program("tool", "#! /usr/bin/python3")
    return fake.subject()


def program_with_a_long_path(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.program("tool", "#!/bin/sh\n'''exec' \"/old place/bin/python3\" \"$0\" \"$@\"\n' '''")
    return fake.subject()


def programs_of_no_python(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.program("sh-tool", "#!/bin/sh")
    fake.program("any-python", "#!/usr/bin/env python3")
    fake.program("config", "#!/usr/bin/python3-config")
    (fake.bin / "binary").write_bytes(b"\x7fELF\0#!/old/bin/python\n")
    (fake.bin / "folder").mkdir()
    other = fake.make("pipx") / "other"
    other.write_text("#!/elsewhere/bin/python\n")
    (fake.bin / "linked").symlink_to(other)
    return fake.subject()


def program_with_a_long_path_of_its_own(top: Path) -> Subject:
    fake = FakeEnvironment(top, name="my env")
    fake.program("tool", f"#!/bin/sh\n'''exec' \"{fake.bin}/python3\" \"$0\" \"$@\"\n' '''")
    return fake.subject()


def system_packages(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.configure(include_system_site_packages="TRUE")
    add(fake.base_packages, "numpy", "1.26")
    return fake.subject()


def system_packages_by_silence(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.configure(include_system_site_packages="")
    return fake.subject()


def system_packages_of_an_old_virtualenv(top: Path) -> Subject:
    fake = FakeEnvironment(top, python="2.7", kind="old")
    (fake.library / "no-global-site-packages.txt").unlink()
    return fake.subject()


def closed_old_virtualenv(top: Path) -> Subject:
    return FakeEnvironment(top, python="2.7", kind="old").subject()


def closed(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.configure(include_system_site_packages="False")
    add(fake.base_packages, "numpy", "1.26")
    return fake.subject()


def user_site(fake: FakeEnvironment) -> Path:
    return fake.home / ".local" / "lib" / fake.version / "site-packages"


def own_packages_before_conda(top: Path) -> Subject:
    fake = FakeEnvironment(top, kind="conda")
    add(fake.site_packages, "numpy", "2.0")
    add(user_site(fake), "numpy", "1.26")
    return fake.subject()


def own_packages_of_another_base(top: Path) -> Subject:
    fake = FakeEnvironment(top, kind="conda")
    add(top / "mine" / "lib" / fake.version / "site-packages", "numpy")
    return fake.subject({"PYTHONUSERBASE": str(top / "mine")})


def own_packages_shut_out(top: Path) -> Subject:
    fake = FakeEnvironment(top, kind="conda")
    add(user_site(fake), "numpy")
    return fake.subject({"PYTHONNOUSERSITE": "1"})


def own_packages_unseen(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    add(user_site(fake), "numpy")
    return fake.subject()


def own_packages_of_another_python(top: Path) -> Subject:
    fake = FakeEnvironment(top, kind="conda")
    add(fake.home / ".local" / "lib" / "python3.9" / "site-packages", "numpy")
    return fake.subject()


def leaves(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("more.pth", "# a remark", str(fake.make("elsewhere")))
    add(top / "elsewhere", "numpy")
    return fake.subject()


def leaves_by_climbing(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.make("elsewhere")
    fake.pth("more.pth", "../../../../elsewhere")
    return fake.subject()


def leaves_by_a_link(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.path / "inside").symlink_to(fake.make("elsewhere"))
    fake.pth("more.pth", str(fake.path / "inside"))
    return fake.subject()


def editable(top: Path, url: str = "") -> Subject:
    fake = FakeEnvironment(top)
    project = fake.make("project/src")
    direct = {"url": url or f"file://{project.parent}", "dir_info": {"editable": True}}
    add(fake.site_packages, "project", direct_url__json=json.dumps(direct))
    fake.pth("__editable__.project-1.0.pth", str(project))
    return fake.subject()


def editable_of_another(top: Path) -> Subject:
    return editable(top, "file:///another/project")


def egg_link(top: Path) -> Subject:
    """Install as setup.py develop did."""
    fake = FakeEnvironment(top)
    project = fake.make("project")
    info = project / "project.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: project\nVersion: 1.0\n")
    (fake.site_packages / "project.egg-link").write_text(f"{project}\n.")
    fake.pth("easy-install.pth", EGGS_BEGIN, str(project), EGGS_END)
    return fake.subject()


def stays(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.make("elsewhere")
    (fake.site_packages / "lib").mkdir()
    fake.pth("a.pth", "lib", "/nonexistent", f"#{top}/elsewhere", "")
    fake.pth(".hidden.pth", str(top / "elsewhere"))
    fake.pth("a.pth.old", str(top / "elsewhere"))
    return fake.subject()


def code(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("zz.pth", "import evil; evil.run()")
    return fake.subject()


def code_behind_a_tab(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("zz.pth", "import\tevil")
    return fake.subject()


def more_than_setuptools_wrote(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("distutils-precedence.pth", f"{SHIM}import evil")
    return fake.subject()


def namespace_with_more(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("zope-nspkg.pth", NAMESPACE.replace("'importlib.util'", "'evil'"))
    return fake.subject()


def namespace_that_imports_a_variable(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("zope-nspkg.pth", NAMESPACE.replace("__import__('importlib.util')", "__import__(p)"))
    return fake.subject()


def known_code(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("distutils-precedence.pth", SHIM)
    fake.pth("zope-nspkg.pth", NAMESPACE)
    fake.pth("zope.old-nspkg.pth", OLD_NAMESPACE)
    fake.pth("google.cloud-nspkg.pth", NESTED_NAMESPACE)
    fake.pth("easy-install.pth", EGGS_BEGIN, EGGS_END)
    fake.pth("_virtualenv.pth", "import _virtualenv")
    fake.pth("a1_coverage.pth", COVERAGE)
    fake.pth("__editable__.a-1.pth", "import __editable___a_1_finder; __editable___a_1_finder.install()")
    return fake.subject()


def no_code(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.site_packages / "important").mkdir()
    fake.pth("a.pth", "important", "# import evil", " import evil")
    return fake.subject()


def hidden_code(top: Path) -> Subject:
    """Hide it from Pythons that read hidden .pth files all the same."""
    fake = FakeEnvironment(top, python="3.7")
    fake.pth(".hidden.pth", "import evil")
    return fake.subject()


def hidden_code_unread(top: Path) -> Subject:
    fake = FakeEnvironment(top, python="3.13")
    fake.pth(".hidden.pth", "import evil")
    return fake.subject()


def code_of_a_package(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("hunter.pth", "import hunter; hunter.trace()")
    add(fake.site_packages, "hunter", RECORD="hunter.pth,sha256=x,1\nhunter/__init__.py,,\n")
    return fake.subject()


def code_of_an_editable_package(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    fake.pth("_project_editable.pth", "import _project_editable")
    direct = json.dumps({"url": f"file://{fake.make('project')}", "dir_info": {"editable": True}})
    add(fake.site_packages, "project", direct_url__json=direct, RECORD="_project_editable.pth,,\n")
    return fake.subject()


def sitecustomize(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.site_packages / "sitecustomize.py").touch()
    return fake.subject()


def sitecustomize_package(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.site_packages / "sitecustomize").mkdir()
    (fake.site_packages / "sitecustomize" / "__init__.py").touch()
    return fake.subject()


def usercustomize_of_conda(top: Path) -> Subject:
    fake = FakeEnvironment(top, kind="conda")
    (fake.site_packages / "usercustomize.py").touch()
    return fake.subject()


def usercustomize_unread(top: Path) -> Subject:
    """Close the environment: site.py does not ask for it where there is no user's top."""
    fake = FakeEnvironment(top)
    (fake.site_packages / "usercustomize.py").touch()
    return fake.subject()


def sitecustomize_by_name_only(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.site_packages / "sitecustomize").mkdir()
    (fake.site_packages / "sitecustomize.txt").touch()
    (fake.site_packages / "sitecustomize_more.py").touch()
    return fake.subject()


def sitecustomize_behind_the_systems(top: Path) -> Subject:
    """Debian's Python has one of its own, which comes first."""
    fake = FakeEnvironment(top)
    (fake.site_packages / "sitecustomize.py").touch()
    (fake.base_packages.parent / "sitecustomize.py").touch()
    return fake.subject()


def two_versions(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    add(fake.site_packages, "numpy", "1.26")
    add(fake.site_packages, "numpy", "2.0")
    return fake.subject()


def two_names(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    add(fake.site_packages, "numpy", "1.26")
    add(fake.site_packages, "numpy-stl", "2.0")
    return fake.subject()


def broken_metadata(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (add(fake.site_packages, "numpy") / "METADATA").write_bytes(b"")
    return fake.subject()


def metadata_of_old(top: Path) -> Subject:
    """Write a file in the place of a top, as distutils did."""
    fake = FakeEnvironment(top)
    (fake.site_packages / "numpy-1.0-py3.11.egg-info").write_text("Metadata-Version: 1.0\nName: numpy\nVersion: 1.0\n")
    return fake.subject()


def leftover_metadata(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    add(fake.site_packages, "~ip", "23.0")
    return fake.subject()


def leftover_folder(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.site_packages / "~umpy").mkdir()
    return fake.subject()


def leftover_elsewhere(top: Path) -> Subject:
    """Leave what lies outside to those whose it is."""
    fake = FakeEnvironment(top)
    add(fake.make("elsewhere"), "~ip", "23.0")
    fake.pth("more.pth", str(top / "elsewhere"))
    return fake.subject()


def backup_file(top: Path) -> Subject:
    fake = FakeEnvironment(top)
    (fake.site_packages / "numpy.py~").touch()
    (fake.path / "~").mkdir()
    return fake.subject()


CASES = {
    "env-python-missing": Case(
        reported=(
            no_python,
            dead_link,
            python_is_a_folder,
            python_not_executable,
        ),
        near_misses=(
            python_behind_links,
            python3_alone,
        ),
    ),
    "env-base-missing": Case(
        reported=(base_gone,),
        near_misses=(
            base_is_a_link,
            conda_has_no_scripts,
        ),
    ),
    "env-python-mismatch": Case(
        reported=(base_upgraded,),
        near_misses=(free_threaded,),
    ),
    "env-packages-missing": Case(
        reported=(
            no_library,
            no_site_packages,
        ),
        near_misses=(packages_in_lib64,),
    ),
    "env-path-colon": Case(
        reported=(colon,),
        near_misses=(odd_but_no_colon,),
    ),
    "env-moved": Case(
        reported=(
            moved,
            copied,
            moved_and_quoted_by_virtualenv,
            moved_and_newest,
            moved_for_fish,
        ),
        near_misses=(
            reached_by_a_link,
            relocatable,
            conda_has_no_scripts,
        ),
    ),
    "env-shebang": Case(
        reported=(
            program_of_another,
            program_of_the_system,
            program_with_a_long_path,
        ),
        near_misses=(
            programs_of_no_python,
            program_with_a_long_path_of_its_own,
            reached_by_a_link,
            relocatable,
        ),
    ),
    "env-system-site": Case(
        reported=(
            system_packages,
            system_packages_by_silence,
            system_packages_of_an_old_virtualenv,
        ),
        near_misses=(
            closed,
            closed_old_virtualenv,
            conda_has_no_scripts,
        ),
    ),
    "env-user-site": Case(
        reported=(
            own_packages_before_conda,
            own_packages_of_another_base,
        ),
        near_misses=(
            own_packages_shut_out,
            own_packages_unseen,
            own_packages_of_another_python,
        ),
    ),
    "env-pth-leaves": Case(
        reported=(
            leaves,
            leaves_by_climbing,
            leaves_by_a_link,
            editable_of_another,
        ),
        near_misses=(
            editable,
            egg_link,
            stays,
        ),
    ),
    "env-pth-code": Case(
        reported=(
            code,
            code_behind_a_tab,
            hidden_code,
            more_than_setuptools_wrote,
            namespace_with_more,
            namespace_that_imports_a_variable,
        ),
        near_misses=(
            known_code,
            no_code,
            hidden_code_unread,
        ),
    ),
    "env-pth-package": Case(
        reported=(code_of_a_package,),
        near_misses=(code_of_an_editable_package,),
    ),
    "env-customize": Case(
        reported=(
            sitecustomize,
            sitecustomize_package,
            usercustomize_of_conda,
        ),
        near_misses=(
            usercustomize_unread,
            sitecustomize_by_name_only,
            sitecustomize_behind_the_systems,
        ),
    ),
    "env-duplicate": Case(
        reported=(two_versions,),
        near_misses=(two_names,),
    ),
    "env-metadata": Case(
        reported=(broken_metadata,),
        near_misses=(metadata_of_old,),
    ),
    "env-leftover": Case(
        reported=(
            leftover_metadata,
            leftover_folder,
        ),
        near_misses=(
            backup_file,
            leftover_elsewhere,
        ),
    ),
}
