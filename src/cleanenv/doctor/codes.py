"""Every code that a finding may have: README's table is made from this, and a test holds that each is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanenv.doctor import remedies
from cleanenv.doctor.finding import ERROR, NOTE, WARNING, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleanenv.doctor.finding import Hidden
    from cleanenv.doctor.remedies import Command

# (code; severity; what it means). A code never changes its meaning; a row stays when its check goes.
CODES: tuple[tuple[str, str, str], ...] = (
    # inside ENV
    ("env-python-missing", ERROR, "ENV's interpreter is missing, a dead link, a directory or not executable"),
    ("env-base-missing", WARNING, "the directory of the Python that ENV was created from does not exist"),
    ("env-python-mismatch", ERROR, "ENV's packages are installed for another Python version than its interpreter's"),
    ("env-packages-missing", ERROR, "ENV has no readable site-packages directory"),
    ("env-path-colon", ERROR, "ENV's path contains ':', so it cannot be put on PATH"),
    ("env-moved", ERROR, "an activate script of ENV names another path than ENV's"),
    ("env-shebang", ERROR, "a program in ENV's bin is started by a Python other than ENV's"),
    ("env-system-site", WARNING, "ENV sees the packages of the Python that it was created from"),
    ("env-user-site", WARNING, "ENV sees the packages that you installed with 'pip install --user'"),
    ("env-pth-leaves", WARNING, "a .pth file makes ENV import from a directory outside it"),
    ("env-pth-code", WARNING, "a .pth file of no installed package runs code whenever ENV's Python starts"),
    ("env-pth-package", NOTE, "a .pth file of an installed package runs code whenever ENV's Python starts"),
    ("env-customize", WARNING, "a sitecustomize or usercustomize in ENV runs whenever its Python starts"),
    ("env-duplicate", WARNING, "ENV contains two versions of one package"),
    ("env-metadata", WARNING, "ENV contains a package with broken metadata"),
    ("env-leftover", NOTE, "ENV contains leftovers of an interrupted uninstall"),
    # PYTHONPATH
    ("pythonpath-shadows", ERROR, "an entry of PYTHONPATH hides packages installed in ENV"),
    ("pythonpath-shadows-standard", ERROR, "an entry of PYTHONPATH hides modules of the standard library"),
    ("pythonpath-customize", ERROR, "a sitecustomize on PYTHONPATH runs whenever Python starts"),
    ("pythonpath-adds", WARNING, "an entry of PYTHONPATH adds packages that are not installed in ENV"),
    ("pythonpath-other-python", WARNING, "an entry of PYTHONPATH is the package directory of another Python version"),
    ("pythonpath-current", WARNING, "an empty entry of PYTHONPATH stands for the current directory"),
    ("pythonpath-relative", WARNING, "an entry of PYTHONPATH is relative to the current directory"),
    ("pythonpath-unreadable", NOTE, "an entry of PYTHONPATH cannot be read"),
    ("pythonpath-missing", NOTE, "an entry of PYTHONPATH does not exist"),
    ("pythonpath-file", NOTE, "an entry of PYTHONPATH is a file that is not an archive"),
    ("pythonpath-needless", NOTE, "an entry of PYTHONPATH changes no import"),
    # Python's other variables
    ("pythonhome", ERROR, "PYTHONHOME replaces the standard library of ENV's Python"),
    ("pythonplatlibdir", ERROR, "PYTHONPLATLIBDIR names a directory that does not contain ENV's standard library"),
    ("pythonuserbase", WARNING, "PYTHONUSERBASE changes where 'pip install --user' installs"),
    ("pythonstartup", WARNING, "PYTHONSTARTUP runs a file in every interactive Python"),
    ("pythoninspect", WARNING, "PYTHONINSPECT drops every Python script into a prompt at its end"),
    ("python-executable", NOTE, "a variable makes Python on macOS look for its environment beside another program"),
    ("python-behaviour", NOTE, "a variable changes how Python programs behave"),
    ("user-site", NOTE, "every Python outside an environment sees packages installed with 'pip install --user'"),
    # pip and uv
    ("pip-target", ERROR, "pip installs into a directory that is not ENV's"),
    ("pip-prefix", ERROR, "pip installs under a prefix that is not ENV"),
    ("pip-root", ERROR, "pip installs under another root directory"),
    ("pip-python", ERROR, "pip installs for a Python other than ENV's"),
    ("pip-config-broken", ERROR, "pip cannot read a configuration file and refuses to run"),
    ("pip-user", WARNING, "pip installs into your home directory, or refuses to install"),
    ("pip-no-index", WARNING, "pip uses no package index"),
    ("pip-choice", WARNING, "a setting changes which packages or versions pip installs"),
    ("pip-extra-index", WARNING, "pip installs the highest version of several indexes, whoever uploaded it there"),
    ("pip-trusted-host", WARNING, "pip does not check the certificate of a host"),
    ("uv-elsewhere", WARNING, "uv uses an environment or Python other than ENV's"),
    ("uv-choice", WARNING, "a setting changes which packages or versions uv installs"),
    ("uv-extra-index", NOTE, "uv also takes packages from another index or directory"),
    ("uv-insecure-host", WARNING, "uv does not check the certificate of a host"),
    # the linker
    ("ld-preload", ERROR, "a library is loaded into every program"),
    ("ld-audit", ERROR, "an auditing library is loaded into every program"),
    ("ld-path-shadows", ERROR, "ENV's programs load a library from LD_LIBRARY_PATH in place of another"),
    ("ld-preload-missing", WARNING, "a library to be loaded into every program does not exist"),
    ("ld-path-needed", WARNING, "ENV needs a library from LD_LIBRARY_PATH and has no other"),
    ("ld-path", WARNING, "a directory on LD_LIBRARY_PATH is searched before the system's libraries"),
    ("ld-path-current", WARNING, "an empty entry of LD_LIBRARY_PATH stands for the current directory"),
    ("ld-path-relative", WARNING, "an entry of LD_LIBRARY_PATH is relative to the current directory"),
    ("ld-path-missing", NOTE, "an entry of LD_LIBRARY_PATH does not exist or is not a directory"),
    ("dyld", WARNING, "a variable changes where programs on macOS load libraries from"),
    ("plugin-path-used", WARNING, "a package in ENV loads plugins or drivers from where a variable says"),
    ("plugin-path", NOTE, "a variable makes GTK, Qt, OpenSSL or their like load plugins or drivers from elsewhere"),
    # ROS
    ("ros-two-distributions", ERROR, "two ROS distributions are set up at once"),
    ("ros", WARNING, "a ROS distribution or workspace is set up"),
    ("ros-python", WARNING, "the ROS that is set up was built for another Python than ENV's"),
    ("ros-prefix-missing", WARNING, "a ROS workspace that is set up does not exist"),
    # other environments
    ("venv-missing", WARNING, "the active environment does not exist"),
    ("other-venv", WARNING, "an environment other than ENV is active"),
    ("conda", WARNING, "a conda environment other than ENV is active"),
    ("pyenv", WARNING, "PYENV_VERSION overrides pyenv's choice"),
    ("modules", WARNING, "environment modules (or Lmod's) are loaded"),
    ("spack", WARNING, "a Spack environment is active, or Spack packages are loaded"),
    ("nix", WARNING, "this is a Nix shell"),
    ("guix", WARNING, "this is a Guix shell"),
    ("direnv", NOTE, "direnv has changed variables"),
    ("pipenv", NOTE, "this is a pipenv shell"),
    ("poetry", NOTE, "this is a poetry shell"),
    ("app-bundle", NOTE, "the shell was started from an AppImage, a snap or a Flatpak and has its variables"),
    # what a clean shell keeps
    ("kept-path-missing", WARNING, "a variable for certificates, temporary files or sockets names what does not exist"),
    (
        "kept-path-elsewhere",
        WARNING,
        "a variable for certificates, files or sockets names a path in another environment",
    ),
    # PATH and what shells run
    ("path-hides-python", ERROR, "ENV is active, but python or pip on PATH is not ENV's"),
    ("path-without-env", ERROR, "ENV is active, but its programs are not on PATH"),
    ("path-hides-program", WARNING, "another directory on PATH hides a program of ENV's"),
    ("path-current", WARNING, "an empty entry of PATH stands for the current directory"),
    ("path-relative", WARNING, "an entry of PATH is relative to the current directory"),
    ("path-writable", WARNING, "a directory on PATH is world-writable"),
    ("path-missing", NOTE, "a directory on PATH does not exist"),
    ("shell-function", ERROR, "an exported shell function replaces a program of ENV's"),
    ("shell-startup", WARNING, "a variable makes shells run a file when they start"),
    ("shell-prompt", WARNING, "a variable makes shells run a command at every prompt"),
)

SEVERITY = {code: severity for code, severity, _ in CODES}


def finding(
    code: str,
    fact: str,
    remedy: str,
    *,
    variable: str = "",
    value: str = "",
    evidence: Iterable[str] = (),
    hides: Iterable[Hidden] = (),
    line: str | Command = "",
    entries: Iterable[str] = (),
) -> Finding:
    """Return the finding of ``code`` with the severity that it has; the rest is as Finding describes it.

    A ``line`` that shells say in words of their own is a Command: it stands in
    those of POSIX until the diagnosis knows the user's shell.
    """
    command = None if isinstance(line, str) else line
    return Finding(
        code=code,
        severity=SEVERITY[code],
        fact=fact,
        remedy=remedy,
        variable=variable,
        value=value,
        evidence=tuple(evidence),
        hides=tuple(hides),
        line=line if isinstance(line, str) else remedies.line(line, remedies.POSIX),
        entries=tuple(entries),
        command=command,
    )
