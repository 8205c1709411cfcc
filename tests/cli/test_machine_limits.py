"""What the machine lacks is told as that, by every command: one sentence, the documented status, no traceback."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cleanenv.shell import registry
from tests.support import installation
from tests.support.command import Done, call
from tests.support.environments import make_venv
from tests.support.installed_shells import find_shell
from tests.support.surroundings import CHECKOUT, UNKNOWN_USER, skip_or_fail

# One call of each command, and of each way on which a command needs more of the machine.
CALLS: dict[str, tuple[str, ...]] = {
    "run": ("run", "{venv}", "--", "true"),
    "run --source": ("run", "{venv}", "--source", "{setup}", "--", "true"),
    "shell": ("shell", "{venv}", "--shell", "{bash}"),
    "env": ("env", "{venv}"),
    "freeze": ("freeze", "{venv}"),
    "freeze -o": ("freeze", "{venv}", "-o", "out"),
    "doctor": ("doctor", "{venv}"),
    "doctor --html": ("doctor", "{venv}", "--html", "out"),
    "trace": ("trace", "MINE", "--shell", "{bash}"),
    "completion": ("completion", "zsh"),
    "help": ("--help",),
}
WORKS = (0, "")
NO_TEMPORARY_DIRECTORY = (
    71,
    (
        "no temporary directory can be written, neither TMPDIR's nor /tmp:"
        " set TMPDIR to a directory that exists and has space"
    ),
)
TOO_MANY_FILES = (71, "too many open files: raise the limit with 'ulimit -n'")
NO_SPACE_FOR_OUT = (
    71,
    "cannot write 'out' (no space left on device): file left unchanged; make room, or choose another path",
)
NO_SPACE_FOR_RESULT = (1, "cannot write to standard output (no space left on device)")
TOO_LONG = "cannot be started, since its arguments and environment are too long together: keep fewer variables"


class Machine:
    """Calls each command where something is missing."""

    def __init__(self, venv: Path, caller: dict[str, str], folder: Path) -> None:
        self.caller = caller
        self.folder = folder
        setup = folder / "setup.sh"
        setup.write_text("export MINE=1\n", encoding="ascii")
        self.places = {"venv": str(venv), "setup": str(setup), "bash": find_shell("bash").program}

    def call(self, tool: list[str], name: str, prefix: list[str], redirection: str = "") -> Done:
        """Call ``name`` of CALLS behind ``prefix``, with its streams as sh redirects them."""
        words = [word.format(**self.places) for word in (CALLS | WITHOUT_ENV)[name]]
        shell = ["sh", "-c", f'exec "$@" </dev/null {redirection}', "sh"] if redirection else []
        return call([*prefix, *shell, *tool, *words], self.caller, self.folder)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment that holds a package, so that there is something to print."""
    venv = make_venv(tmp_path_factory.mktemp("filled") / "my_env")
    metadata = next(venv.glob("lib/python*/site-packages")) / "alpha-1.0.dist-info/METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n", encoding="ascii")
    return venv


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command of an installation: the checkout's own reads a .pth file, which takes a descriptor more."""
    bin_ = installation.make(tmp_path_factory.mktemp("installation") / "tool").parent
    main = next(bin_.parent.glob("lib/python*/site-packages/cleanenv/__main__.py"))
    return [str(bin_ / "python"), "-I", "-S", str(main)]  # as the launcher does, which is a script of sh's


@pytest.fixture
def machine(filled: Path, caller: dict[str, str]) -> Machine:
    """Return the machine on which cleanenv is called."""
    return Machine(filled, caller, Path.cwd())


def check(done: Done, expected: tuple[int, str]) -> None:
    """Hold a call against a status and a sentence; a command that works says nothing on stderr."""
    status, sentence = expected
    assert "Traceback" not in done.err
    assert done.err == (f"Error: {sentence}\n" if sentence else "")
    assert done.status == status


def works(name: str, done: Done) -> None:
    """See that a command did what it should; doctor may have found something."""
    assert done.err == ("wrote out\n" if name == "doctor --html" else "")
    assert done.status in ((0, 1) if name.startswith("doctor") else (0,))


# A temporary directory


@pytest.mark.parametrize("name", CALLS)
def test_a_tmpdir_that_does_not_exist(tool: list[str], machine: Machine, name: str) -> None:
    """Another place is taken, as Python and mktemp(1) do: everything works; who makes an environment drops it."""
    machine.caller["TMPDIR"] = "/gone"
    done = machine.call(tool, name, [])
    if name.startswith(("run", "shell", "env")):
        assert (done.status, done.err) == (0, "TMPDIR not passed on: '/gone' is a path that does not exist\n")
    else:
        works(name, done)


# A full disk

# In a mount namespace: all that tempfile tries (/tmp, /var/tmp, the current directory) is full, and what the call
# needs lies on the full disk as well.
FULL = """
set -e
mount -t tmpfs -o size=1m none /mnt
cp -a "$1" /mnt/env
cp "$2" /mnt/setup.sh
checkout=$3
shift 3
mkdir /mnt/checkout
mount --bind "$checkout" /mnt/checkout
mount -t tmpfs -o size=4k none /tmp
mount -t tmpfs -o size=4k none /var/tmp
[ -d "$checkout" ] || { # it lies below one of them
    mkdir -p "$checkout"
    mount --bind /mnt/checkout "$checkout"
}
for place in /mnt /tmp /var/tmp; do
    dd if=/dev/zero of="$place/filler" bs=4k 2>/dev/null || true
done
cd /mnt
exec "$@"
"""
ON_A_FULL_DISK = {
    "run --source": NO_TEMPORARY_DIRECTORY,
    "trace": NO_TEMPORARY_DIRECTORY,
    "freeze -o": NO_SPACE_FOR_OUT,
    "doctor --html": NO_SPACE_FOR_OUT,
}


@pytest.fixture
def full(machine: Machine) -> list[str]:
    """Return the words before a command that must do with a full disk."""
    if os.getuid() != 0 or shutil.which("unshare") is None:
        skip_or_fail("mounting a full disk takes root and unshare(1)")
    places = machine.places
    words = ["unshare", "--mount", "sh", "-c", FULL, "sh", places["venv"], places["setup"], str(CHECKOUT)]
    machine.places |= {"venv": "/mnt/env", "setup": "/mnt/setup.sh"}
    machine.caller["HOME"] = "/mnt"
    return words


@pytest.mark.parametrize("name", CALLS)
def test_a_full_disk(tool: list[str], machine: Machine, full: list[str], name: str) -> None:
    """Neither a temporary file nor a result can be written anywhere; what needs none works."""
    done = machine.call(tool, name, full)
    if name in ON_A_FULL_DISK:
        check(done, ON_A_FULL_DISK[name])
    else:
        works(name, done)


@pytest.mark.parametrize("name", CALLS)
def test_standard_output_on_a_full_disk(tool: list[str], machine: Machine, name: str) -> None:
    """A result that cannot be printed is an error; a command or a file has nothing to do with it."""
    done = machine.call(tool, name, [], ">/dev/full")
    if name in ("run", "run --source", "shell", "freeze -o"):
        works(name, done)
    else:
        check(done, NO_SPACE_FOR_RESULT)


# A home that may not be read


# Which part of a home is another user's: the file alone, a directory on the way to it, what contains the home.
CLOSED = (
    "theirs/home/.config/cleanenv/config.toml",
    "theirs/home/.config/cleanenv",
    "theirs/home/.config",
    "theirs/home",
    "theirs",
)
ENTERED = CLOSED[:3]
WITHOUT_ENV = {"freeze alone": ("freeze",), "run alone": ("run", "--", "true")}


@pytest.fixture
def theirs(home: Path, machine: Machine) -> Path:
    """Return the directory that contains a home whose configuration would be refused if it were read."""
    config = home / CLOSED[0]
    config.parent.mkdir(parents=True)
    config.write_text("env = 3\n", encoding="ascii")
    machine.caller |= {"HOME": f"{home}/theirs/home", "VIRTUAL_ENV": machine.places["venv"]}
    return home


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("name", [*CALLS, *WITHOUT_ENV])
def test_a_home_of_another_user(
    tool: list[str], machine: Machine, humble: list[str], theirs: Path, name: str, closed: str
) -> None:
    """As after su -m and with docker run -u: its configuration is passed over, and every command works."""
    path = theirs / closed
    path.chmod(0)
    if os.getuid() == 0:
        os.chown(path, UNKNOWN_USER, UNKNOWN_USER)
    done = machine.call(tool, name, humble)
    path.chmod(0o700)
    works(name, done)
    assert ("may not be entered" in done.out) == (name == "trace" and closed not in ENTERED)


@pytest.mark.parametrize("name", ["run", "shell", "env", "freeze alone"])
def test_a_configuration_that_is_the_users_to_read(
    tool: list[str], machine: Machine, humble: list[str], theirs: Path, name: str
) -> None:
    """It is not passed over: what is wrong in it is an error, and so is one that is not a file."""
    config = theirs / CLOSED[0]
    check(machine.call(tool, name, humble), (2, f"{config}:1: 'env' must be a string"))
    config.unlink()
    config.mkdir()
    advice = "make it a readable file, or set XDG_CONFIG_HOME to another directory"
    check(machine.call(tool, name, humble), (2, f"cannot read '{config}' (is a directory): {advice}"))


@pytest.mark.parametrize("name", registry.NAMES)
def test_every_shell_is_traced_in_a_home_of_another_user(
    tool: list[str], machine: Machine, humble: list[str], theirs: Path, name: str
) -> None:
    """Started in /, as login(1) does, and said so."""
    machine.places["bash"] = find_shell(name).program
    home = theirs / "theirs/home"
    home.chmod(0)
    if os.getuid() == 0:
        os.chown(home, UNKNOWN_USER, UNKNOWN_USER)
    done = machine.call(tool, "trace", humble)
    home.chmod(0o700)
    works("trace", done)
    assert f"Note: HOME, '{home}', may not be entered, so no startup file in it was read" in done.out


@pytest.mark.parametrize("words", [("run", "my_env", "--", "true"), ("run", "--", "true"), ("freeze", "my_env")])
def test_a_current_directory_of_another_user(
    tool: list[str], machine: Machine, humble: list[str], theirs: Path, words: tuple[str, ...]
) -> None:
    """As after su -m: no environment is looked for there, but in the other places."""
    here = theirs / "theirs"
    machine.caller["WORKON_HOME"] = str(Path(machine.places["venv"]).parent)
    script = 'cd "$0" && chmod 0 . && { [ "$(id -u)" != 0 ] || chown 54321 .; } && exec "$@"'
    call_it = ["sh", "-c", script, str(here), *humble, *tool, *words]
    works("run", call(call_it, machine.caller, machine.folder))
    del machine.caller["VIRTUAL_ENV"]
    done = call(call_it, machine.caller, machine.folder)
    here.chmod(0o700)
    if "my_env" in words:
        works("run", done)
    else:
        fact = "no environment is active and there is no '.venv' or 'venv' in this directory or its parents"
        check(done, (3, f"{fact}: name one ('cleanenv ls' lists them), or create .venv with --create"))


# Descriptors


@pytest.mark.parametrize("name", CALLS)
def test_too_many_open_files(machine: Machine, launched: list[str], name: str) -> None:
    """With the one that the interpreter itself needs, whatever starts nothing else works."""
    if shutil.which("prlimit") is None:
        skip_or_fail("prlimit is not installed")
    done = machine.call(launched, name, ["prlimit", "--nofile=4"])
    if name == "shell":  # at its first start the shell is asked whether it reads init, through a pipe
        check(done, TOO_MANY_FILES)
        works(name, machine.call(launched, name, []))
        works(name, machine.call(launched, name, ["prlimit", "--nofile=4"]))
    elif name == "run --source":
        check(done, TOO_MANY_FILES)
    elif name == "trace":
        assert (done.status, done.out, done.err.count("\n")) == (4, "", 1)
        assert "too many open files" in done.err.lower()
    else:
        works(name, done)


# Words and variables that are too long together

LONG = {"MINE": "x" * 90_000, "YOURS": "y" * 90_000}
SMALL_STACK = ["prlimit", f"--stack={4 * 256 * 1024}"]  # execve(2): a quarter of it is for words and variables


@pytest.mark.parametrize("name", CALLS)
def test_an_environment_that_is_nearly_too_long(tool: list[str], machine: Machine, name: str) -> None:
    """What is not passed on does no harm."""
    machine.caller |= LONG
    works(name, machine.call(tool, name, SMALL_STACK))


@pytest.mark.parametrize(
    "words",
    [("shell", "{venv}", "--shell", "{zsh}"), ("run", "{venv}", "--source", "{setup}.zsh", "--", "true")],
    ids=["shell", "run --source"],
)
def test_an_environment_that_is_too_long_to_be_passed_on(
    tool: list[str], machine: Machine, words: tuple[str, ...]
) -> None:
    """Zsh is handed all of it twice."""
    zsh = find_shell("zsh").program
    Path(f"{machine.places['setup']}.zsh").write_text("export B=1\n", encoding="ascii")
    filled_words = [word.format(zsh=zsh, **machine.places) for word in words]
    filled_words[2:2] = ["--keep", "MINE", "--keep", "YOURS", "-q"]
    done = call([*SMALL_STACK, *tool, *filled_words], machine.caller | LONG, machine.folder)
    check(done, (126, f"'{zsh}' {TOO_LONG}"))
