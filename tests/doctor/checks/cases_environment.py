"""What is wrong inside an environment, code by code, and what only looks like it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from cleanenv.doctor.finding import Subject
from tests.support.doctor_rooms import Room, add

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


Make = Callable[[Path], Subject]


def no_python(folder: Path) -> Subject:
    room = Room(folder)
    for name in ("python", room.version):
        (room.bin / name).unlink()
    return room.subject()


def dead_link(folder: Path) -> Subject:
    room = Room(folder)
    (room.base / "bin" / room.version).unlink()
    return room.subject()


def python_is_a_folder(folder: Path) -> Subject:
    room = Room(folder)
    room.python.unlink()
    room.python.mkdir()
    return room.subject()


def python_not_executable(folder: Path) -> Subject:
    room = Room(folder)
    room.python.resolve().chmod(0o644)
    return room.subject()


def python_behind_links(folder: Path) -> Subject:
    room = Room(folder)
    (room.base / "link").symlink_to("bin")
    room.python.unlink()
    room.python.symlink_to(room.base / "link" / room.version)
    return room.subject()


def python3_alone(folder: Path) -> Subject:
    room = Room(folder)
    (room.bin / "python").rename(room.bin / "python3")
    room.program("tool", f"#!{room.bin}/python3")
    return room.subject()


def base_gone(folder: Path) -> Subject:
    room = Room(folder)
    room.configure(home="/nonexistent/bin")
    return room.subject()


def base_is_a_link(folder: Path) -> Subject:
    room = Room(folder)
    (folder / "stable").symlink_to(room.base)
    room.configure(home=str(folder / "stable" / "bin"))
    return room.subject()


def base_upgraded(folder: Path) -> Subject:
    """Let the system's python3, of which it was made, become another version."""
    room = Room(folder)
    room.python.unlink()
    (room.base / "bin" / room.version).rename(room.base / "bin" / "python3.12")
    (room.base / "bin" / "python3").symlink_to("python3.12")
    (room.bin / "python").unlink()
    (room.bin / "python").symlink_to(room.base / "bin" / "python3")
    return room.subject()


def free_threaded(folder: Path) -> Subject:
    room = Room(folder, python="3.13")
    room.library.rename(room.path / "lib" / "python3.13t")
    return room.subject()


def no_library(folder: Path) -> Subject:
    room = Room(folder)
    (room.path / "lib").rename(folder / "taken away")
    return room.subject()


def no_site_packages(folder: Path) -> Subject:
    room = Room(folder)
    room.site_packages.rmdir()
    return room.subject()


def packages_in_lib64(folder: Path) -> Subject:
    """Fedora's layout: compiled packages in lib64."""
    room = Room(folder)
    (room.path / "lib64").mkdir()
    (room.path / "lib64" / room.version).mkdir()
    room.site_packages.rename(room.path / "lib64" / room.version / "site-packages")
    return room.subject()


def colon(folder: Path) -> Subject:
    return Room(folder, name="my:env").subject()


def odd_but_no_colon(folder: Path) -> Subject:
    return Room(folder, name="my_env;é").subject()


def moved(folder: Path) -> Subject:
    room = Room(folder)
    (room.bin / "tool").unlink()
    room.move("other")
    return room.subject()


def copied(folder: Path) -> Subject:
    """Leave the other one where it was: sourcing the script activates that."""
    room = Room(folder)
    room.write_scripts(room.make("other"))
    return room.subject()


def moved_and_quoted_by_virtualenv(folder: Path) -> Subject:
    room = Room(folder, kind="virtualenv")
    (room.bin / "activate").write_text("VIRTUAL_ENV='/elsewhere/it'\"'\"'s'\nexport VIRTUAL_ENV\n")
    return room.subject()


def moved_and_newest(folder: Path) -> Subject:
    """As venv writes it since Python 3.12, with a branch for Windows."""
    room = Room(folder)
    (room.bin / "activate").write_text(
        'case "$(uname)" in\n    CYGWIN*)\n        VIRTUAL_ENV=$(cygpath "/old")\n        export VIRTUAL_ENV\n'
        '        ;;\n    *)\n        export VIRTUAL_ENV="/old"\n        ;;\nesac\n'
    )
    return room.subject()


def moved_for_fish(folder: Path) -> Subject:
    room = Room(folder)
    (room.bin / "activate.fish").write_text('set -gx VIRTUAL_ENV "/old"\n')
    return room.subject()


def reached_by_a_link(folder: Path) -> Subject:
    room = Room(folder)
    room.link("link")
    return room.subject()


def relocatable(folder: Path) -> Subject:
    """Uv's scripts work their place out."""
    room = Room(folder, kind="uv")
    here = '"$(dirname -- "$(dirname -- "$(realpath -- "$SCRIPT_PATH")")")"'
    (room.bin / "activate").write_text(f"VIRTUAL_ENV=''{here}''\nexport VIRTUAL_ENV\n")
    room.program(
        "tool", "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python3' \"$0\" \"$@\"\n' '''"
    )
    room.move("other")
    for name in ("activate.csh", "activate.fish"):
        (room.path / "bin" / name).unlink()
    return room.subject()


def conda_has_no_scripts(folder: Path) -> Subject:
    return Room(folder, kind="conda").subject()


def program_of_another(folder: Path) -> Subject:
    room = Room(folder)
    room.program("tool", "#!/old/place/bin/python3.11 -I")
    return room.subject()


def program_of_the_system(folder: Path) -> Subject:
    room = Room(folder)
    room.program("tool", "#! /usr/bin/python3")
    return room.subject()


def program_with_a_long_path(folder: Path) -> Subject:
    room = Room(folder)
    room.program("tool", "#!/bin/sh\n'''exec' \"/old place/bin/python3\" \"$0\" \"$@\"\n' '''")
    return room.subject()


def programs_of_no_python(folder: Path) -> Subject:
    room = Room(folder)
    room.program("sh-tool", "#!/bin/sh")
    room.program("any-python", "#!/usr/bin/env python3")
    room.program("config", "#!/usr/bin/python3-config")
    (room.bin / "binary").write_bytes(b"\x7fELF\0#!/old/bin/python\n")
    (room.bin / "folder").mkdir()
    other = room.make("pipx") / "other"
    other.write_text("#!/elsewhere/bin/python\n")
    (room.bin / "linked").symlink_to(other)
    return room.subject()


def program_with_a_long_path_of_its_own(folder: Path) -> Subject:
    room = Room(folder, name="my env")
    room.program("tool", f"#!/bin/sh\n'''exec' \"{room.bin}/python3\" \"$0\" \"$@\"\n' '''")
    return room.subject()


def system_packages(folder: Path) -> Subject:
    room = Room(folder)
    room.configure(include_system_site_packages="TRUE")
    add(room.base_packages, "numpy", "1.26")
    return room.subject()


def system_packages_by_silence(folder: Path) -> Subject:
    room = Room(folder)
    room.configure(include_system_site_packages="")
    return room.subject()


def system_packages_of_an_old_virtualenv(folder: Path) -> Subject:
    room = Room(folder, python="2.7", kind="old")
    (room.library / "no-global-site-packages.txt").unlink()
    return room.subject()


def closed_old_virtualenv(folder: Path) -> Subject:
    return Room(folder, python="2.7", kind="old").subject()


def closed(folder: Path) -> Subject:
    room = Room(folder)
    room.configure(include_system_site_packages="False")
    add(room.base_packages, "numpy", "1.26")
    return room.subject()


def user_site(room: Room) -> Path:
    return room.home / ".local" / "lib" / room.version / "site-packages"


def own_packages_before_conda(folder: Path) -> Subject:
    room = Room(folder, kind="conda")
    add(room.site_packages, "numpy", "2.0")
    add(user_site(room), "numpy", "1.26")
    return room.subject()


def own_packages_of_another_base(folder: Path) -> Subject:
    room = Room(folder, kind="conda")
    add(folder / "mine" / "lib" / room.version / "site-packages", "numpy")
    return room.subject({"PYTHONUSERBASE": str(folder / "mine")})


def own_packages_shut_out(folder: Path) -> Subject:
    room = Room(folder, kind="conda")
    add(user_site(room), "numpy")
    return room.subject({"PYTHONNOUSERSITE": "1"})


def own_packages_unseen(folder: Path) -> Subject:
    room = Room(folder)
    add(user_site(room), "numpy")
    return room.subject()


def own_packages_of_another_python(folder: Path) -> Subject:
    room = Room(folder, kind="conda")
    add(room.home / ".local" / "lib" / "python3.9" / "site-packages", "numpy")
    return room.subject()


def leaves(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("more.pth", "# a remark", str(room.make("elsewhere")))
    add(folder / "elsewhere", "numpy")
    return room.subject()


def leaves_by_climbing(folder: Path) -> Subject:
    room = Room(folder)
    room.make("elsewhere")
    room.pth("more.pth", "../../../../elsewhere")
    return room.subject()


def leaves_by_a_link(folder: Path) -> Subject:
    room = Room(folder)
    (room.path / "inside").symlink_to(room.make("elsewhere"))
    room.pth("more.pth", str(room.path / "inside"))
    return room.subject()


def editable(folder: Path, url: str = "") -> Subject:
    room = Room(folder)
    project = room.make("project/src")
    direct = {"url": url or f"file://{project.parent}", "dir_info": {"editable": True}}
    add(room.site_packages, "project", direct_url__json=json.dumps(direct))
    room.pth("__editable__.project-1.0.pth", str(project))
    return room.subject()


def editable_of_another(folder: Path) -> Subject:
    return editable(folder, "file:///another/project")


def egg_link(folder: Path) -> Subject:
    """Install as setup.py develop did."""
    room = Room(folder)
    project = room.make("project")
    info = project / "project.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: project\nVersion: 1.0\n")
    (room.site_packages / "project.egg-link").write_text(f"{project}\n.")
    room.pth("easy-install.pth", EGGS_BEGIN, str(project), EGGS_END)
    return room.subject()


def stays(folder: Path) -> Subject:
    room = Room(folder)
    room.make("elsewhere")
    (room.site_packages / "lib").mkdir()
    room.pth("a.pth", "lib", "/nonexistent", f"#{folder}/elsewhere", "")
    room.pth(".hidden.pth", str(folder / "elsewhere"))
    room.pth("a.pth.old", str(folder / "elsewhere"))
    return room.subject()


def code(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("zz.pth", "import evil; evil.run()")
    return room.subject()


def code_behind_a_tab(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("zz.pth", "import\tevil")
    return room.subject()


def more_than_setuptools_wrote(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("distutils-precedence.pth", f"{SHIM}import evil")
    return room.subject()


def namespace_with_more(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("zope-nspkg.pth", NAMESPACE.replace("'importlib.util'", "'evil'"))
    return room.subject()


def namespace_that_imports_a_variable(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("zope-nspkg.pth", NAMESPACE.replace("__import__('importlib.util')", "__import__(p)"))
    return room.subject()


def known_code(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("distutils-precedence.pth", SHIM)
    room.pth("zope-nspkg.pth", NAMESPACE)
    room.pth("zope.old-nspkg.pth", OLD_NAMESPACE)
    room.pth("google.cloud-nspkg.pth", NESTED_NAMESPACE)
    room.pth("easy-install.pth", EGGS_BEGIN, EGGS_END)
    room.pth("_virtualenv.pth", "import _virtualenv")
    room.pth("a1_coverage.pth", COVERAGE)
    room.pth("__editable__.a-1.pth", "import __editable___a_1_finder; __editable___a_1_finder.install()")
    return room.subject()


def no_code(folder: Path) -> Subject:
    room = Room(folder)
    (room.site_packages / "important").mkdir()
    room.pth("a.pth", "important", "# import evil", " import evil")
    return room.subject()


def hidden_code(folder: Path) -> Subject:
    """Hide it from Pythons that read hidden .pth files all the same."""
    room = Room(folder, python="3.7")
    room.pth(".hidden.pth", "import evil")
    return room.subject()


def hidden_code_unread(folder: Path) -> Subject:
    room = Room(folder, python="3.13")
    room.pth(".hidden.pth", "import evil")
    return room.subject()


def code_of_a_package(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("hunter.pth", "import hunter; hunter.trace()")
    add(room.site_packages, "hunter", RECORD="hunter.pth,sha256=x,1\nhunter/__init__.py,,\n")
    return room.subject()


def code_of_an_editable_package(folder: Path) -> Subject:
    room = Room(folder)
    room.pth("_project_editable.pth", "import _project_editable")
    direct = json.dumps({"url": f"file://{room.make('project')}", "dir_info": {"editable": True}})
    add(room.site_packages, "project", direct_url__json=direct, RECORD="_project_editable.pth,,\n")
    return room.subject()


def sitecustomize(folder: Path) -> Subject:
    room = Room(folder)
    (room.site_packages / "sitecustomize.py").touch()
    return room.subject()


def sitecustomize_package(folder: Path) -> Subject:
    room = Room(folder)
    (room.site_packages / "sitecustomize").mkdir()
    (room.site_packages / "sitecustomize" / "__init__.py").touch()
    return room.subject()


def usercustomize_of_conda(folder: Path) -> Subject:
    room = Room(folder, kind="conda")
    (room.site_packages / "usercustomize.py").touch()
    return room.subject()


def usercustomize_unread(folder: Path) -> Subject:
    """Close the environment: site.py does not ask for it where there is no user's folder."""
    room = Room(folder)
    (room.site_packages / "usercustomize.py").touch()
    return room.subject()


def sitecustomize_by_name_only(folder: Path) -> Subject:
    room = Room(folder)
    (room.site_packages / "sitecustomize").mkdir()
    (room.site_packages / "sitecustomize.txt").touch()
    (room.site_packages / "sitecustomize_more.py").touch()
    return room.subject()


def sitecustomize_behind_the_systems(folder: Path) -> Subject:
    """Debian's Python has one of its own, which comes first."""
    room = Room(folder)
    (room.site_packages / "sitecustomize.py").touch()
    (room.base_packages.parent / "sitecustomize.py").touch()
    return room.subject()


def two_versions(folder: Path) -> Subject:
    room = Room(folder)
    add(room.site_packages, "numpy", "1.26")
    add(room.site_packages, "numpy", "2.0")
    return room.subject()


def two_names(folder: Path) -> Subject:
    room = Room(folder)
    add(room.site_packages, "numpy", "1.26")
    add(room.site_packages, "numpy-stl", "2.0")
    return room.subject()


def broken_metadata(folder: Path) -> Subject:
    room = Room(folder)
    (add(room.site_packages, "numpy") / "METADATA").write_bytes(b"")
    return room.subject()


def metadata_of_old(folder: Path) -> Subject:
    """Write a file in the place of a folder, as distutils did."""
    room = Room(folder)
    (room.site_packages / "numpy-1.0-py3.11.egg-info").write_text("Metadata-Version: 1.0\nName: numpy\nVersion: 1.0\n")
    return room.subject()


def leftover_metadata(folder: Path) -> Subject:
    room = Room(folder)
    add(room.site_packages, "~ip", "23.0")
    return room.subject()


def leftover_folder(folder: Path) -> Subject:
    room = Room(folder)
    (room.site_packages / "~umpy").mkdir()
    return room.subject()


def leftover_elsewhere(folder: Path) -> Subject:
    """Leave what lies outside to those whose it is."""
    room = Room(folder)
    add(room.make("elsewhere"), "~ip", "23.0")
    room.pth("more.pth", str(folder / "elsewhere"))
    return room.subject()


def backup_file(folder: Path) -> Subject:
    room = Room(folder)
    (room.site_packages / "numpy.py~").touch()
    (room.path / "~").mkdir()
    return room.subject()


SHOWS = {
    "env-python-missing": (no_python, dead_link, python_is_a_folder, python_not_executable),
    "env-base-missing": (base_gone,),
    "env-python-mismatch": (base_upgraded,),
    "env-packages-missing": (no_library, no_site_packages),
    "env-path-colon": (colon,),
    "env-moved": (moved, copied, moved_and_quoted_by_virtualenv, moved_and_newest, moved_for_fish),
    "env-shebang": (program_of_another, program_of_the_system, program_with_a_long_path),
    "env-system-site": (system_packages, system_packages_by_silence, system_packages_of_an_old_virtualenv),
    "env-user-site": (own_packages_before_conda, own_packages_of_another_base),
    "env-pth-leaves": (leaves, leaves_by_climbing, leaves_by_a_link, editable_of_another),
    "env-pth-code": (
        code,
        code_behind_a_tab,
        hidden_code,
        more_than_setuptools_wrote,
        namespace_with_more,
        namespace_that_imports_a_variable,
    ),
    "env-pth-package": (code_of_a_package,),
    "env-customize": (sitecustomize, sitecustomize_package, usercustomize_of_conda),
    "env-duplicate": (two_versions,),
    "env-metadata": (broken_metadata,),
    "env-leftover": (leftover_metadata, leftover_folder),
}
NEAR = {
    "env-python-missing": (python_behind_links, python3_alone),
    "env-base-missing": (base_is_a_link, conda_has_no_scripts),
    "env-python-mismatch": (free_threaded,),
    "env-packages-missing": (packages_in_lib64,),
    "env-path-colon": (odd_but_no_colon,),
    "env-moved": (reached_by_a_link, relocatable, conda_has_no_scripts),
    "env-shebang": (
        programs_of_no_python,
        program_with_a_long_path_of_its_own,
        reached_by_a_link,
        relocatable,
    ),
    "env-system-site": (closed, closed_old_virtualenv, conda_has_no_scripts),
    "env-user-site": (own_packages_shut_out, own_packages_unseen, own_packages_of_another_python),
    "env-pth-leaves": (editable, egg_link, stays),
    "env-pth-code": (known_code, no_code, hidden_code_unread),
    "env-pth-package": (code_of_an_editable_package,),
    "env-customize": (usercustomize_unread, sitecustomize_by_name_only, sitecustomize_behind_the_systems),
    "env-duplicate": (two_names,),
    "env-metadata": (metadata_of_old,),
    "env-leftover": (backup_file, leftover_elsewhere),
}
