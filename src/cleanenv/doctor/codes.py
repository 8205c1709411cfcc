"""Every code that a finding may bear: README's table is made from this, and a test holds that each is shown."""

from __future__ import annotations

from cleanenv.doctor.finding import ERROR, NOTE, WARNING

# (code; severity; what it means). A code never changes its meaning; a row stays when its check goes.
CODES: tuple[tuple[str, str, str], ...] = (
    # inside ENV
    ("env-python-missing", ERROR, "ENV's interpreter is missing, a dead link, a folder or not executable"),
    ("env-base-missing", ERROR, "the Python that ENV was made from is gone, and its standard library with it"),
    ("env-python-mismatch", ERROR, "ENV's packages lie in the folder of another Python version than its interpreter's"),
    ("env-packages-missing", ERROR, "ENV has no site-packages folder that can be read"),
    ("env-path-colon", ERROR, "ENV's path holds ':', so it cannot stand on PATH"),
    ("env-moved", ERROR, "an activate script of ENV names another place than the one where ENV is"),
    ("env-shebang", ERROR, "a program in ENV's bin is started by a Python that is not ENV's"),
    ("env-system-site", WARNING, "ENV sees the packages of the Python that it was made from"),
    ("env-user-site", WARNING, "ENV sees the packages that you installed for yourself, below your home"),
    ("env-pth-leaves", WARNING, "a .pth file lets ENV import from a folder outside of it"),
    ("env-pth-code", WARNING, "a .pth file of ENV runs code at every start of its Python"),
    ("env-customize", WARNING, "a sitecustomize or usercustomize in ENV runs at every start of its Python"),
    ("env-duplicate", WARNING, "ENV holds two versions of one package"),
    ("env-metadata", WARNING, "ENV holds a package whose metadata is broken"),
    ("env-leftover", NOTE, "ENV holds the remains of a package whose removal was broken off"),
)

SEVERITY = {code: severity for code, severity, _ in CODES}
