"""Kept values that name a path: what does not exist, or lies in an environment that is left out, is not passed on."""

# Only loaded if a kept value holds a '/'.
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GONE = "a path that does not exist"
LEFT_OUT = "inside an environment that is left out"
STARTS = "an address that starts a program"

# What these name must exist. Of a list, which ':' separates, one entry must.
MUST_EXIST = frozenset(
    (
        *("TERMINFO", "TZ", "TZDIR", "LOCALE_ARCHIVE", "XAUTHORITY", "ICEAUTHORITY", "WAYLAND_DISPLAY"),
        *("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER", "PULSE_RUNTIME_PATH", "PULSE_COOKIE"),
        *("PIPEWIRE_REMOTE", "PIPEWIRE_RUNTIME_DIR", "SWAYSOCK", "I3SOCK", "NIRI_SOCKET", "WSL_INTEROP"),
        *("TMUX", "TMUX_TMPDIR", "KITTY_LISTEN_ON", "WEZTERM_UNIX_SOCKET", "ALACRITTY_SOCKET"),
        *("SSH_AUTH_SOCK", "SSH_TTY", "GPG_TTY", "GNUPGHOME", "GNOME_KEYRING_CONTROL", "KRB5CCNAME"),
        *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"),
        *("WEBSOCKET_CLIENT_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "NODE_EXTRA_CA_CERTS", "DENO_CERT"),
        *("CARGO_HTTP_CAINFO", "NIX_SSL_CERT_FILE", "AWS_CA_BUNDLE", "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"),
        *("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_PROXY_SSL_CAINFO", "GIT_SSL_CERT", "GIT_SSL_KEY"),
        *("SSL_CLIENT_CERT", "PIP_CLIENT_CERT", "NETRC", "TMPDIR"),
        *("DOCKER_HOST", "DOCKER_CERT_PATH", "CONTAINER_HOST", "CONTAINER_SSHKEY", "BUILDKIT_HOST"),
        *("NOTIFY_SOCKET", "CREDENTIALS_DIRECTORY", "SUPERVISOR_SERVER_URL", "FLUX_URI", "CUDA_MPS_PIPE_DIRECTORY"),
        *("VSCODE_IPC_HOOK_CLI", "VSCODE_GIT_IPC_HANDLE", "REMOTE_CONTAINERS_IPC"),
        *("NVIM", "NVIM_LISTEN_ADDRESS", "EMACS_SOCKET_NAME", "EMACS_SERVER_FILE"),
    )
)
# Of these the value is a path in any case, and no address: one from the current directory is looked up as well, and a
# '~', which no program expands that is given it in a variable, is an ordinary letter.
ALWAYS_PATHS = (
    *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"),
    *("WEBSOCKET_CLIENT_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "NODE_EXTRA_CA_CERTS", "DENO_CERT"),
    *("CARGO_HTTP_CAINFO", "NIX_SSL_CERT_FILE", "AWS_CA_BUNDLE", "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"),
    *("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSL_CLIENT_CERT", "PIP_CLIENT_CERT", "NETRC", "TMPDIR", "XAUTHORITY"),
)
TICKETS = "KRB5CCNAME"
LISTS = frozenset(("TERMINFO_DIRS", "SSL_CERT_DIR", "KRB5_CONFIG", "KUBECONFIG", "GUIX_LOCPATH"))
# Directories and files that programs create: only where they lie counts.
CREATED = frozenset(
    (
        *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "PIP_CACHE_DIR", "UV_CACHE_DIR"),
        *("PASSWORD_STORE_DIR", "REGISTRY_AUTH_FILE", "SCREENDIR", "ZELLIJ_SOCKET_DIR"),
    )
)
# What stands before a path in addresses of sockets, in KRB5CCNAME and in TZ.
SCHEMES = ("unix:path=", "unix://", "unix:", "local://", "FILE:", "DIR:", ":")
WITH_MORE = ("TMUX", "DBUS_SESSION_BUS_ADDRESS")  # a path, and after a ',' something else

# D-Bus specification, Server Addresses: these transports run a program, and ';' separates addresses.
BUS = "DBUS_SESSION_BUS_ADDRESS"
STARTING = ("unixexec:", "autolaunch:", "launchd:")

# Variables whose value is the directory of an environment or a bundle.
ROOTS = ("CONDA_PREFIX", "VIRTUAL_ENV", "GUIX_ENVIRONMENT", "APPDIR", "SNAP", "SNAP_USER_DATA", "SNAP_USER_COMMON")
# Where snaps are, and AppImages while they run.
BUNDLES = ("/snap/", "/var/lib/snapd/snap/", "/tmp/.mount_")  # noqa: S108 - a prefix, nothing is written
BUNDLES_AT_HOME = ("/snap/", "/.var/app/")  # the homes of snaps and of Flatpaks
SIGNS = ("pyvenv.cfg", "conda-meta")
NEVER_AROUND = ("/dev/", "/etc/", "/run/", "/proc/")  # where no environment is looked for


def problem(name: str, value: str, caller: Mapping[str, str], active: str | None) -> str:
    """Return why the value of ``name`` is not passed on, GONE, LEFT_OUT or STARTS, empty if it is.

    ``active`` is the path of the environment that is not left out, if known.
    A value without an absolute path is none of a path, but for ALWAYS_PATHS. Nothing is read but
    what stat(2) says; what may not be looked at counts as existing.
    """
    if name == BUS and any(part.lstrip().startswith(STARTING) for part in value.split(";")):
        return STARTS
    is_list = name in LISTS
    must_exist = is_list or name in MUST_EXIST or name.startswith("LOCALE_ARCHIVE")
    if not must_exist and name not in CREATED:
        return ""
    paths = list(_paths(name, value, is_list=is_list))
    for path in paths:
        if is_left_out(path, caller, active):
            return LEFT_OUT
    if name == TICKETS:  # kinit creates the file, but no directory for it
        paths = [os.path.dirname(path) for path in paths]
    if must_exist and paths and not any(map(_exists, paths)):
        return GONE
    return ""


def is_left_out(path: str, caller: Mapping[str, str], active: str | None) -> bool:
    """Tell whether the absolute ``path`` lies in an environment or a bundle other than ``active``."""
    path = os.path.normpath(path)
    home = caller.get("HOME", "").rstrip("/")
    if active is not None and (_is_inside(path, active) or _is_inside(path, os.path.realpath(active))):
        return False
    if path.startswith(BUNDLES) or (home and path.startswith(tuple([home + bundle for bundle in BUNDLES_AT_HOME]))):
        return True
    if path.startswith("/run/user/") and "/snap." in path:  # a snap's own XDG_RUNTIME_DIR
        return True
    for name in ROOTS:
        root = caller.get(name, "")
        # A variable of that name may mean something else: what holds the home is no environment.
        if len(root) > 1 and _is_inside(path, root) and not _is_inside(home, root):
            return True
    return not path.startswith(NEVER_AROUND) and _has_environment_around(path, home)


def _paths(name: str, value: str, *, is_list: bool) -> Iterator[str]:
    """Yield the absolute paths in ``value``; after a part that is none, it is not judged at all."""
    for part in value.split(":") if is_list else [value]:
        path = part
        for scheme in SCHEMES:
            if path.startswith(scheme):
                path = path[len(scheme) :].lstrip(":")
                break
        if name in WITH_MORE:
            path = path.partition(",")[0]
        if path.startswith("/"):
            yield path
        elif path and name in ALWAYS_PATHS:
            yield os.path.abspath(path)


def _exists(path: str) -> bool:
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # it may not be looked at, or not now
        return True
    return True


def _is_inside(path: str, root: str) -> bool:
    root = root.rstrip("/")
    return path == root or path.startswith(root + "/")


def _has_environment_around(path: str, home: str) -> bool:
    """Tell whether ``path`` or a directory above it is an environment; the home is none, whatever it holds."""
    while len(path) > 1 and path != home:
        for sign in SIGNS:
            if os.path.exists(f"{path}/{sign}"):
                return True
        path = os.path.dirname(path)
    return False
