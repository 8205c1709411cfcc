"""Records README's example session again, and docs/session.svg of it, on a real terminal: ``./dev docs``.

A shell whose ~/.bashrc sources a workspace, an environment with a package that the
workspace hides, and what a user types there. Linux and bash 4.4 or newer.
"""

from __future__ import annotations

import io
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
from rich.console import Console
from rich.text import Text

TOP = Path(__file__).resolve().parent.parent
TEXT = TOP / "README.md"
PICTURE = TOP / "docs/session.svg"
BLOCK = re.compile(r"(<!-- recorded by `\./dev docs` -->\n```console\n)(.*?)(```\n)", re.DOTALL)
# Shown in place of the temporary home; of equal length, so that lines break where they do for a reader.
HOME_SHOWN = "/home/you"
PROMPT = re.compile(r"\n(\(my_env\) )?([^ \r\n]+[#$]|\$) ")
COLUMNS = 100
WEB_FONT = re.compile(r"[ \t]*@font-face \{.*?\}\n", re.DOTALL)
STYLES = (
    (r"(?m)^(\(my_env\) )?(\S+)?\$ .*$", "bold"),
    (r"(?m)^error:", "bold red"),
    (r"(?m)^ +(set at .*)$", "yellow"),
    (r"(?m)^ +fix:", "green"),
    (r"(?m)^1\.10\.0$", "red"),
    (r"(?m)^(1\.17\.0|six==1\.17\.0|Clean bash.*)$", "green"),
)
TYPED = (
    "source my_env/bin/activate",
    "python -c 'import six; print(six.__version__)'",
    "cleanenv doctor --trace",
    "cleanenv shell my_env",
    "python -c 'import six; print(six.__version__)'",
    "cleanenv freeze",
    "exit",
)


def main() -> int:
    """Write the session and its picture unless those there say the same."""
    text = TEXT.read_text(encoding="utf-8")
    found = BLOCK.search(text)
    assert found is not None, "README has no place for the session"
    recorded = record()
    if comparable(recorded) != comparable(found[2]):
        TEXT.write_text(text[: found.start(2)] + recorded + text[found.end(2) :], encoding="utf-8")
        print(f"wrote {TEXT.relative_to(TOP)}")
    else:
        recorded = found[2]
    drawn = picture(recorded)
    if not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != drawn:
        PICTURE.write_text(drawn, encoding="utf-8")
        print(f"wrote {PICTURE.relative_to(TOP)}")
    return 0


def picture(session: str) -> str:
    """Return a session as an SVG: what is typed in bold, what counts in the colours that a terminal has for it."""
    text = Text(session.rstrip("\n"))
    for pattern, style in STYLES:
        text.highlight_regex(pattern, style)
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(text)
    drawn = console.export_svg(title="a shell whose .bashrc sources a workspace", unique_id="session")
    return WEB_FONT.sub("", drawn)  # the reader's own fonts: nothing is fetched for a picture


def comparable(session: str) -> str:
    """Return a session without what differs between machines: versions of Python, process ids, line breaks."""
    session = re.sub(r"Python \d+\.\d+\.\d+", "Python 3.x", session)
    session = re.sub(r"pid \d+", "pid N", session)
    return " ".join(session.split())


def record() -> str:
    """Return what a terminal shows of the session."""
    home = make_home()
    try:
        make_workspace(home / "ws")
        project = home / "proj"
        make_environment(project / "my_env")
        return type_in(home, project)
    finally:
        shutil.rmtree(home)


def make_home() -> Path:
    """Create a home directory whose path is as long as the one that is shown."""
    while True:
        home = Path("/tmp") / secrets.token_hex(2)  # noqa: S108  its length counts, and mkdir takes no other's
        try:
            home.mkdir(mode=0o700)
        except FileExistsError:
            continue
        break
    (home / "bin").mkdir()
    (home / "bin/cleanenv").symlink_to(Path(sys.prefix) / "bin/cleanenv")
    (home / ".bashrc").write_text("source ~/ws/setup.bash\nPS1='$ '\n", encoding="utf-8")
    return home


def make_workspace(workspace: Path) -> None:
    """Create what many a setup file leads to: a directory on PYTHONPATH with an old version of a package."""
    add_package(workspace / "lib", "1.10.0")
    setup = 'export PYTHONPATH="$HOME/ws/lib"\n'
    (workspace / "setup.bash").write_text(setup, encoding="utf-8")


def make_environment(environment: Path) -> None:
    """Create an environment that holds a newer one."""
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", str(environment)], check=True)
    add_package(next(environment.glob("lib/python3*/site-packages")), "1.17.0")
    (environment / "bin/pip").touch(mode=0o755)  # an environment without pip is another story


def add_package(directory: Path, version: str) -> None:
    """Install a module called six, as an installer leaves it."""
    metadata = directory / f"six-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: six\nVersion: {version}\n", encoding="utf-8")
    (metadata / "RECORD").write_text("six.py,,\n", encoding="utf-8")
    (directory / "six.py").write_text(f'__version__ = "{version}"\n', encoding="utf-8")


def type_in(home: Path, project: Path) -> str:
    """Type the lines into a bash on a terminal and return what it shows."""
    environ = {
        "HOME": str(home),
        "PATH": f"{home}/bin:/usr/bin:/bin",
        "TERM": "dumb",  # no colours, no bracketed paste
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        "XDG_CONFIG_DIRS": str(home / "none"),  # this machine's configuration of pip is not part of the story
    }
    shell = pexpect.spawn(
        "bash", ["-i"], env=environ, cwd=str(project), encoding="utf-8", dimensions=(60, COLUMNS), timeout=60
    )
    shown = io.StringIO()
    shell.logfile_read = shown
    try:
        shell.expect(r"\$ ")
        for line in TYPED:
            shell.sendline(line)
            shell.expect(PROMPT)
    finally:
        shell.close(force=True)
    lines = shown.getvalue().replace("\r", "").replace(str(home), HOME_SHOWN).splitlines()
    # The clean shell's prompt names this machine and its user.
    lines = [re.sub(r"^(\(my_env\) )[^ @]+@[^ :]+:(\S*)[#$] ", r"\1you@host:\2$ ", line) for line in lines]
    return "\n".join(line.rstrip() for line in lines[:-1]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
