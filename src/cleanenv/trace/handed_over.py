"""What the replay is handed over of the session around the traced shell, as data.

A startup asks where it runs: inside a multiplexer, in an editor's terminal, over
ssh, beside an agent. Without these variables the replay goes another way than
the shell went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Which value: that with which the shell started, where that is known; startup files may have removed it since.
START = "start"
# That of the start, or else that of now: no startup file sets these, so what was set later says where we are.
START_OR_NOW = "start or now"
# That of now, or else that of the start: a replay must not start a second agent.
NOW = "now"

# (name, or the start of names where it ends in '*'; which value; reason)
ROWS: tuple[tuple[str, str, str], ...] = (
    # multiplexers: `[ -z "$TMUX" ] && exec tmux`
    ("TMUX", START_OR_NOW, "inside tmux, startup files do not start it"),
    ("TMUX_PANE", START_OR_NOW, "the pane of tmux"),
    ("TMUX_PLUGIN_MANAGER_PATH", START, "set by tmux's own configuration"),
    ("STY", START_OR_NOW, "inside screen"),
    ("WINDOW", START_OR_NOW, "the window of screen"),
    ("ZELLIJ*", START_OR_NOW, "inside zellij"),
    ("BYOBU_*", START, "inside byobu"),
    # editors: what their integration scripts read and unset
    ("VSCODE_*", START, "read by the integration of VS Code, and unset"),
    ("USER_ZDOTDIR", START, "the ZDOTDIR that VS Code's own stands in for"),
    ("TERMINAL_EMULATOR", START_OR_NOW, "JetBrains' terminal"),
    ("JEDITERM_*", START, "read by the integration of JetBrains, and unset"),
    ("_INTELLIJ_*", START, "read by the integration of JetBrains, and unset"),
    ("INTELLIJ_*", START, "read by the integration of JetBrains"),
    ("__INTELLIJ_*", START, "read by the integration of JetBrains"),
    ("LOGIN_SHELL", START, "JetBrains' way to ask for the login's files"),
    ("INSIDE_EMACS", START_OR_NOW, "inside Emacs"),
    ("EMACS", START_OR_NOW, "inside an older Emacs"),
    ("NVIM", START_OR_NOW, "inside Neovim"),
    ("NVIM_LISTEN_ADDRESS", START_OR_NOW, "inside an older Neovim"),
    ("VIM", START_OR_NOW, "inside Vim's terminal"),
    ("VIMRUNTIME", START_OR_NOW, "inside Vim's terminal"),
    ("VIM_TERMINAL", START_OR_NOW, "inside Vim's terminal"),
    ("ZED_*", START_OR_NOW, "inside Zed"),
    # terminals that put their integration into a shell
    ("KITTY_*", START, "read by kitty's integration"),
    ("GHOSTTY_*", START, "read by Ghostty's integration"),
    ("WEZTERM_*", START, "which pane of WezTerm"),
    ("ITERM_*", START, "which window of iTerm2"),
    ("LC_TERMINAL*", START, "iTerm2's name, as ssh passes it on"),
    ("KONSOLE_*", START, "inside Konsole"),
    ("GNOME_TERMINAL_*", START, "inside GNOME's terminal"),
    ("VTE_VERSION", START, "/etc/profile.d/vte.sh asks for it"),
    ("TILIX_ID", START, "inside Tilix"),
    ("GUAKE_TAB_UUID", START, "inside Guake"),
    ("TERMINATOR_UUID", START, "inside Terminator"),
    ("ALACRITTY_*", START, "inside Alacritty"),
    ("WT_*", START, "inside Windows' terminal"),
    ("TERM_SESSION_ID", START, "which window of the terminal"),
    ("SHELL_SESSION_*", START, "macOS' sessions"),
    # ssh, containers
    ("SSH_CONNECTION", START_OR_NOW, "whether the session came over ssh"),
    ("SSH_CLIENT", START_OR_NOW, "whether the session came over ssh"),
    ("SSH_TTY", START_OR_NOW, "whether the session came over ssh"),
    ("SSH_ORIGINAL_COMMAND", START, "what ssh was asked to run"),
    ("container", START, "whether this is a container"),
    # agents
    ("SSH_AUTH_SOCK", NOW, "a startup starts an ssh-agent only if there is none"),
    ("SSH_AGENT_PID", NOW, "a startup starts an ssh-agent only if there is none"),
    ("GPG_AGENT_INFO", NOW, "a startup starts a gpg-agent only if there is none"),
    ("GNOME_KEYRING_*", NOW, "the desktop's agent"),
    # which startup files are read
    ("ZDOTDIR", START, "zsh reads its startup files there"),
    ("ENV", START, "sh, dash, ksh and bash --posix read the file that it names"),
    ("XONSHRC*", START, "xonsh reads the files that it names"),
    ("XONSH_CONFIG_DIR", START, "xonsh reads its startup files there"),
    ("XDG_CONFIG_HOME", START, "fish, nushell, xonsh and elvish read their startup files there"),
    ("XDG_CONFIG_DIRS", START, "fish reads startup files there"),
    ("XDG_DATA_HOME", START, "fish and nushell read startup files there"),
    ("XDG_DATA_DIRS", START, "fish reads startup files there: kitty and Ghostty add a directory of theirs"),
    # nix-shell: the file on bash's command line reads what is to be built out of these
    ("IN_NIX_SHELL", START, "inside nix-shell"),
    ("NIX_*", START, "how Nix is to build"),
    ("stdenv", START, "where nix-shell's own startup file is"),
    ("buildInputs", START, "what nix-shell puts on search paths"),
    ("nativeBuildInputs", START, "what nix-shell puts on search paths"),
    ("propagatedBuildInputs", START, "what nix-shell puts on search paths"),
    ("propagatedNativeBuildInputs", START, "what nix-shell puts on search paths"),
    ("shellHook", START, "what nix-shell runs at the end"),
    ("builder", START, "what Nix is to build with"),
    ("out", START, "what Nix is to build"),
    ("outputs", START, "what Nix is to build"),
    ("system", START, "what Nix is to build for"),
)
_NAMES = {pattern: which for pattern, which, _ in ROWS if not pattern.endswith("*")}
_STARTS = tuple((pattern[:-1], which) for pattern, which, _ in ROWS if pattern.endswith("*"))


def which(name: str) -> str | None:
    """Return which value of ``name`` is handed over, START, START_OR_NOW or NOW; None for none."""
    if name in _NAMES:
        return _NAMES[name]
    for start, value in _STARTS:
        if name.startswith(start):
            return value
    return None


def variables(
    started: Mapping[str, str] | None, now: Mapping[str, str], asked: Callable[[str], bool]
) -> dict[str, str]:
    """Return what the table hands over of the shell's first environment ``started`` (None if unknown) and of ``now``.

    Without the first environment it is taken from ``now``, which is what a shell
    started from here would get; but then not what was ``asked`` for by name, so
    that who sets it is seen.
    """
    handed: dict[str, str] = {}
    for name in {**(started or {}), **now}:
        kind = which(name)
        if kind is None:
            continue
        for source in _sources(kind, started, now, is_asked=asked(name)):
            if name in source:
                handed[name] = source[name]
                break
    return handed


def _sources(
    kind: str, started: Mapping[str, str] | None, now: Mapping[str, str], *, is_asked: bool
) -> tuple[Mapping[str, str], ...]:
    """Return the environments in which a variable of ``kind`` is looked up, in their order."""
    if kind == NOW:
        return (now, started or {})
    if started is None:
        return () if is_asked and kind == START else (now,)
    if kind == START:
        return (started,)
    return (started, now)
