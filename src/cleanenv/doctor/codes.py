"""Every code that a finding may bear: README's table is made from this, and a test holds that each is shown."""

from __future__ import annotations

from cleanenv.doctor.finding import ERROR, NOTE, WARNING

# (code; severity; what it means). A code never changes its meaning; a row stays when its check goes.
CODES: tuple[tuple[str, str, str], ...] = (
    # inside ENV
    ("env-python-missing", ERROR, "ENV's interpreter is missing, a dead link, a folder or not executable"),
    ("env-base-missing", WARNING, "the folder of the Python that ENV was made from is gone"),
    ("env-python-mismatch", ERROR, "ENV's packages lie in the folder of another Python version than its interpreter's"),
    ("env-packages-missing", ERROR, "ENV has no site-packages folder that can be read"),
    ("env-path-colon", ERROR, "ENV's path holds ':', so it cannot stand on PATH"),
    ("env-moved", ERROR, "an activate script of ENV names another place than the one where ENV is"),
    ("env-shebang", ERROR, "a program in ENV's bin is started by a Python that is not ENV's"),
    ("env-system-site", WARNING, "ENV sees the packages of the Python that it was made from"),
    ("env-user-site", WARNING, "ENV sees the packages that you installed for yourself, below your home"),
    ("env-pth-leaves", WARNING, "a .pth file lets ENV import from a folder outside of it"),
    ("env-pth-code", WARNING, "a .pth file that no installed package owns runs code at every start of ENV's Python"),
    ("env-pth-package", NOTE, "a .pth file of an installed package runs code at every start of ENV's Python"),
    ("env-customize", WARNING, "a sitecustomize or usercustomize in ENV runs at every start of its Python"),
    ("env-duplicate", WARNING, "ENV holds two versions of one package"),
    ("env-metadata", WARNING, "ENV holds a package whose metadata is broken"),
    ("env-leftover", NOTE, "ENV holds the remains of a package whose removal was broken off"),
    # PYTHONPATH
    ("pythonpath-shadows", ERROR, "an entry of PYTHONPATH hides packages of ENV's own"),
    ("pythonpath-shadows-standard", ERROR, "an entry of PYTHONPATH hides modules of the standard library"),
    ("pythonpath-customize", ERROR, "a sitecustomize on PYTHONPATH runs at every start of Python"),
    ("pythonpath-adds", WARNING, "an entry of PYTHONPATH lets Python import what ENV does not hold"),
    ("pythonpath-other-python", WARNING, "an entry of PYTHONPATH is the package folder of another Python version"),
    ("pythonpath-current", WARNING, "an empty entry of PYTHONPATH stands for the current folder"),
    ("pythonpath-relative", WARNING, "an entry of PYTHONPATH begins at the current folder"),
    ("pythonpath-unreadable", NOTE, "an entry of PYTHONPATH cannot be read"),
    ("pythonpath-missing", NOTE, "an entry of PYTHONPATH is not there"),
    ("pythonpath-file", NOTE, "an entry of PYTHONPATH is a file that is no archive"),
    ("pythonpath-needless", NOTE, "an entry of PYTHONPATH changes no import"),
    # Python's other variables
    ("pythonhome", ERROR, "PYTHONHOME takes ENV's standard library from another place"),
    ("pythonplatlibdir", ERROR, "PYTHONPLATLIBDIR names a folder in which ENV's standard library is not"),
    ("pythonuserbase", WARNING, "PYTHONUSERBASE moves what pip installs for the user alone"),
    ("pythonstartup", WARNING, "PYTHONSTARTUP runs a file in every interactive Python"),
    ("pythoninspect", WARNING, "PYTHONINSPECT keeps every Python program from ending"),
    ("python-executable", NOTE, "a variable tells Python on macOS another program than its own"),
    ("python-behaviour", NOTE, "a variable changes how Python programs behave"),
    ("user-site", NOTE, "packages below your home are seen by every Python outside of an environment"),
    # pip and uv
    ("pip-target", ERROR, "pip installs into a folder that is not ENV's"),
    ("pip-prefix", ERROR, "pip installs below another prefix than ENV"),
    ("pip-root", ERROR, "pip installs below another root"),
    ("pip-python", ERROR, "pip works for another Python than ENV's"),
    ("pip-config-broken", ERROR, "pip cannot read a configuration file and does nothing"),
    ("pip-user", WARNING, "pip installs into your home, or refuses to install"),
    ("pip-no-index", WARNING, "pip asks no package index"),
    ("pip-choice", WARNING, "a setting changes which packages or versions pip installs"),
    ("uv-elsewhere", WARNING, "uv works for another environment or Python than ENV's"),
    ("uv-choice", WARNING, "a setting changes which packages or versions uv installs"),
    # the linker
    ("ld-preload", ERROR, "a library is loaded into every program"),
    ("ld-audit", ERROR, "a library watches every program that is linked"),
    ("ld-path-shadows", ERROR, "ENV's extension modules get a library from LD_LIBRARY_PATH"),
    ("ld-preload-missing", WARNING, "a library to be loaded into every program is not there"),
    ("ld-path", WARNING, "a folder on LD_LIBRARY_PATH is searched before the system's libraries"),
    ("ld-path-current", WARNING, "an empty entry of LD_LIBRARY_PATH stands for the current folder"),
    ("ld-path-relative", WARNING, "an entry of LD_LIBRARY_PATH begins at the current folder"),
    ("ld-path-missing", NOTE, "an entry of LD_LIBRARY_PATH is not there"),
    ("dyld", WARNING, "a variable changes where programs on macOS take libraries from"),
    # ROS
    ("ros-two-distributions", ERROR, "two ROS distributions are set up at once"),
    ("ros", WARNING, "a ROS distribution or workspace is set up"),
    ("ros-python", WARNING, "the ROS that is set up was made for another Python than ENV's"),
    ("ros-prefix-missing", WARNING, "a ROS workspace that is set up is not there"),
    # other environments
    ("venv-missing", WARNING, "the active environment is not there any more"),
    ("other-venv", WARNING, "another environment than ENV is active"),
    ("conda", WARNING, "an environment of conda's is active too"),
    ("pyenv", WARNING, "pyenv is told a Python by a variable"),
    ("modules", WARNING, "environment modules (or Lmod's) are loaded"),
    ("spack", WARNING, "Spack has an environment active or packages loaded"),
    ("nix", WARNING, "the shell is one of Nix"),
    ("guix", WARNING, "the shell is one of Guix"),
    ("direnv", NOTE, "direnv has changed variables"),
    ("pipenv", NOTE, "the shell is one of pipenv"),
    ("poetry", NOTE, "the shell is one of poetry"),
    (
        "app-bundle",
        NOTE,
        "the shell was started from an AppImage, a snap or a Flatpak, which set variables for themselves",
    ),
    # PATH and what shells run
    ("path-hides-python", ERROR, "python or pip on PATH is not ENV's, though ENV is active"),
    ("path-without-env", ERROR, "ENV is active and its programs are not on PATH"),
    ("path-hides-program", WARNING, "another folder on PATH hides a program of ENV's"),
    ("path-current", WARNING, "an empty entry of PATH stands for the current folder"),
    ("path-relative", WARNING, "an entry of PATH begins at the current folder"),
    ("path-writable", WARNING, "everybody can put programs into a folder on PATH"),
    ("path-missing", NOTE, "a folder on PATH is not there"),
    ("shell-function", ERROR, "an exported function stands in the place of a program of ENV's"),
    ("shell-startup", WARNING, "a variable makes shells run a file at their start"),
    ("shell-prompt", WARNING, "a variable makes shells run a command at every prompt"),
)

SEVERITY = {code: severity for code, severity, _ in CODES}
