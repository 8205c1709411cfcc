"""Finding the environment that is meant: by path, by name, or left out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cleanenv.environments import discovery
from cleanenv.errors import EnvironmentUnusableError


def make(path: Path) -> str:
    """Make what is recognised as an environment at ``path``."""
    path.mkdir(parents=True)
    (path / "pyvenv.cfg").write_text("version = 3.11.2\n", encoding="ascii")
    return str(path)


def find(name: str | None, environ: dict[str, str], folder: Path) -> str:
    """Return the path of the environment."""
    return discovery.find(name, environ, str(folder)).path


def refusal(name: str | None, environ: dict[str, str], folder: Path) -> str:
    """Return the sentence with which it is refused."""
    with pytest.raises(EnvironmentUnusableError) as refused:
        discovery.find(name, environ, str(folder))
    return str(refused.value)


@pytest.mark.parametrize("name", ["./it", "it/", "sub/../it", "{folder}/it"])
def test_by_path(tmp_path: Path, name: str) -> None:
    """With a separator it is a path, from the directory of the caller."""
    made = make(tmp_path / "here/it")
    assert find(name.format(folder=tmp_path / "here"), {}, tmp_path / "here") == made


def test_a_path_is_only_a_path(tmp_path: Path) -> None:
    """No place for names is looked at."""
    make(tmp_path / "work/it")
    assert refusal("./it", {"WORKON_HOME": str(tmp_path / "work")}, tmp_path) == (
        "no virtual environment at './it': name an existing one, or create it with 'cleanenv shell ENV --create'"
    )


def test_the_folder_itself(tmp_path: Path) -> None:
    """A full stop is a path too."""
    made = make(tmp_path / "it")
    assert find(".", {}, tmp_path / "it") == made


@pytest.mark.parametrize(
    ("place", "environ"),
    [
        ("here", {}),
        ("w", {"WORKON_HOME": "{root}/w"}),
        ("home/.virtualenvs", {}),
        ("home/.venvs", {}),
        ("home/.local/share/virtualenvs", {}),
        ("data/virtualenvs", {"XDG_DATA_HOME": "{root}/data"}),
        ("home/.cache/pypoetry/virtualenvs", {}),
        ("p", {"POETRY_VIRTUALENVS_PATH": "{root}/p"}),
        ("home/.pyenv/versions", {}),
        ("py/versions", {"PYENV_ROOT": "{root}/py"}),
        ("conda/envs", {"CONDA_EXE": "{root}/conda/bin/conda"}),
        ("mamba/envs", {"MAMBA_ROOT_PREFIX": "{root}/mamba"}),
        ("home/miniconda3/envs", {}),
        ("home/.conda/envs", {}),
        ("e2", {"CONDA_ENVS_PATH": "{root}/e1:{root}/e2"}),
        ("e2", {"CLEANENV_PLACES": "{root}/e1:{root}/e2"}),
    ],
)
def test_by_name_in_every_place(tmp_path: Path, place: str, environ: dict[str, str]) -> None:
    """Where virtualenvwrapper, pipenv, poetry, pyenv and conda keep them."""
    made = make(tmp_path / place / "it")
    (tmp_path / "here").mkdir(exist_ok=True)
    filled = {name: value.format(root=tmp_path) for name, value in environ.items()}
    assert find("it", {"HOME": str(tmp_path / "home")} | filled, tmp_path / "here") == made


def test_two_hits_are_listed(tmp_path: Path) -> None:
    """Neither is taken for the other."""
    here, there = make(tmp_path / "here/it"), make(tmp_path / "home/.venvs/it")
    assert refusal("it", {"HOME": str(tmp_path / "home")}, tmp_path / "here") == (
        f"'it' names more than one environment, '{here}', '{there}': give the path of one"
    )


def test_the_same_one_twice_is_one_hit(tmp_path: Path) -> None:
    """A link, or WORKON_HOME that names ~/.virtualenvs."""
    made = make(tmp_path / "home/.virtualenvs/it")
    (tmp_path / "home/.venvs").symlink_to(".virtualenvs")
    environ = {"HOME": str(tmp_path / "home"), "WORKON_HOME": str(tmp_path / "home/.virtualenvs")}
    assert find("it", environ, tmp_path) == made


def test_a_directory_of_that_name_that_is_not_an_environment_is_ignored(tmp_path: Path) -> None:
    """A source directory may have the name of its environment."""
    (tmp_path / "here/it").mkdir(parents=True)
    made = make(tmp_path / "home/.venvs/it")
    assert find("it", {"HOME": str(tmp_path / "home")}, tmp_path / "here") == made


def test_without_home(tmp_path: Path) -> None:
    """The places below it are left out, not looked for in /."""
    assert refusal("it", {}, tmp_path) == (
        "no virtual environment at 'it': name an existing one, or create it with 'cleanenv shell ENV --create'"
    )


def test_left_out_means_the_active_one(tmp_path: Path) -> None:
    """Before .venv here; virtualenv's before conda's, whose base is active for ever."""
    active, conda = make(tmp_path / "active"), make(tmp_path / "conda")
    here = make(tmp_path / "here/.venv")
    assert find(None, {"VIRTUAL_ENV": active, "CONDA_PREFIX": conda}, tmp_path / "here") == active
    assert find(None, {"CONDA_PREFIX": conda}, tmp_path / "here") == conda
    assert find(None, {"VIRTUAL_ENV": ""}, tmp_path / "here") == here


@pytest.mark.parametrize("name", [".venv", "venv"])
def test_left_out_means_the_nearest_above(tmp_path: Path, name: str) -> None:
    """Here, or in a parent directory."""
    made = make(tmp_path / "a" / name)
    make(tmp_path / ".venv")
    (tmp_path / "a/b/c").mkdir(parents=True)
    assert find(None, {}, tmp_path / "a/b/c") == made
    assert find(None, {}, tmp_path / "a") == made


def test_dot_venv_goes_before_venv(tmp_path: Path) -> None:
    """As most tools make it."""
    make(tmp_path / "venv")
    made = make(tmp_path / ".venv")
    assert find(None, {}, tmp_path) == made


def test_a_folder_called_venv_that_is_none_is_passed_over(tmp_path: Path) -> None:
    """It may be a package."""
    made = make(tmp_path / ".venv")
    (tmp_path / "here/venv").mkdir(parents=True)
    assert find(None, {}, tmp_path / "here") == made


def test_left_out_and_none_there(tmp_path: Path) -> None:
    """It says what to do."""
    assert refusal(None, {}, tmp_path) == (
        "no environment is active and there is no '.venv' or 'venv' in this directory or its parents:"
        " name one ('cleanenv ls' lists them), or create .venv with 'cleanenv shell --create'"
    )


def test_an_active_one_that_is_gone(tmp_path: Path) -> None:
    """Another must not be taken silently."""
    make(tmp_path / ".venv")
    assert refusal(None, {"VIRTUAL_ENV": "/gone"}, tmp_path) == (
        "VIRTUAL_ENV names '/gone', where there is no virtual environment: name another, or unset VIRTUAL_ENV"
    )


def test_a_file_and_a_folder_that_are_none(tmp_path: Path) -> None:
    """Each with its own reason; an empty name is none."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir(exist_ok=True)
    assert refusal("./file", {}, tmp_path) == "'./file' is not a directory: name that of a virtual environment"
    assert refusal("folder", {}, tmp_path) == (
        "'folder' is a directory but not a virtual environment (no pyvenv.cfg, no conda-meta): name another"
    )
    assert refusal("", {}, tmp_path).startswith("no virtual environment at '': name an existing one")


def test_a_place_that_may_not_be_read_is_passed_over(tmp_path: Path) -> None:
    """HOME may be another user's, after sudo; the environment is here."""
    made = make(tmp_path / "here/it")
    locked = tmp_path / "home/.venvs/it"
    locked.mkdir(parents=True)
    (locked / "pyvenv.cfg").symlink_to("pyvenv.cfg")  # a loop cannot be read, not even by root
    assert find("it", {"HOME": str(tmp_path / "home")}, tmp_path / "here") == made


@pytest.mark.parametrize("name", [".", "project", "./project", "{folder}/project/", ".."])
@pytest.mark.parametrize("inside", [".venv", "venv"])
def test_a_project_means_the_environment_in_it(tmp_path: Path, name: str, inside: str) -> None:
    made = make(tmp_path / "project" / inside)
    (tmp_path / "project/below").mkdir()
    directory = {".": tmp_path / "project", "..": tmp_path / "project/below"}.get(name, tmp_path)
    assert find(name.format(folder=tmp_path), {}, directory) == made


def test_an_environment_comes_before_one_in_it(tmp_path: Path) -> None:
    made = make(tmp_path / "it")
    make(tmp_path / "it/.venv")
    assert find("it", {}, tmp_path) == made


@pytest.mark.parametrize(("typed", "meant"), [("nlpp", "nlp"), ("my-env", "my_env"), ("proejct", "project")])
def test_a_misspelling_is_noticed(tmp_path: Path, typed: str, meant: str) -> None:
    make(tmp_path / "home/.virtualenvs" / meant)
    make(tmp_path / "home/.virtualenvs/quite-another")
    assert f"did you mean '{meant}'?" in refusal(typed, {"HOME": str(tmp_path / "home")}, tmp_path)
    assert "did you mean" not in refusal("zzz", {"HOME": str(tmp_path / "home")}, tmp_path)


def activated_by_a_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make an environment that cleanenv seems to run from, as the one of a pre-commit hook."""
    own = make(tmp_path / "cache/py_env")
    monkeypatch.setattr(sys, "executable", f"{own}/bin/python")
    return own


@pytest.mark.parametrize("name", [".venv", "venv"])
def test_cleanenvs_own_is_not_the_active_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = activated_by_a_tool(tmp_path, monkeypatch)
    conda = make(tmp_path / "conda")
    here = make(tmp_path / "here" / name)
    (tmp_path / "link").symlink_to(own)
    for active in (own, f"{own}/", str(tmp_path / "link")):
        assert find(None, {"VIRTUAL_ENV": active}, tmp_path / "here") == here
        assert find(None, {"CONDA_PREFIX": active}, tmp_path / "here") == here
        assert find(None, {"VIRTUAL_ENV": active, "CONDA_PREFIX": conda}, tmp_path / "here") == conda


def test_cleanenvs_own_is_taken_if_it_is_named_or_near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project that has cleanenv among its tools."""
    own = make(tmp_path / "here/.venv")
    monkeypatch.setattr(sys, "executable", f"{own}/bin/python")
    assert find(None, {"VIRTUAL_ENV": own}, tmp_path / "here") == own
    assert find(own, {}, tmp_path) == own


def test_cleanenvs_own_alone_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = activated_by_a_tool(tmp_path, monkeypatch)
    assert refusal(None, {"VIRTUAL_ENV": own}, tmp_path) == (
        f"the active environment, '{own}', is the one that cleanenv is installed in and there is no '.venv' or 'venv' "
        "in this directory or its parents: name one ('cleanenv ls' lists them), or create .venv with 'cleanenv shell "
        "--create'"
    )


def test_no_path_is_not_cleanenvs_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable is not the current directory."""
    own = activated_by_a_tool(tmp_path, monkeypatch)
    monkeypatch.chdir(own)
    assert not discovery.is_own("")
    assert discovery.is_own(own)
