"""A kept value that names what does not exist, or lies in an environment that is left out, is not passed on."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from cleanenv.clean import paths, policy
from cleanenv.clean.plan import Overrides, build_plan
from cleanenv.environments.environment import Environment

GONE = "a path that does not exist"
LEFT_OUT = "inside an environment that is left out"


def kind(name: str, value: str, **caller: str) -> str:
    """Return the kind for which ``name`` is dropped, empty if it is kept as it is."""
    plan = build_plan({name: value, **caller}, Overrides())
    assert plan.environ.get(name, value) == value
    return plan.dropped.get(name, "")


def test_every_name_is_one_that_is_kept() -> None:
    for name in paths.MUST_EXIST | paths.LISTS | paths.CREATED:
        assert policy.kept(name), name
    assert not paths.MUST_EXIST & paths.LISTS
    assert not paths.CREATED & (paths.MUST_EXIST | paths.LISTS)


@pytest.mark.parametrize("name", sorted((paths.MUST_EXIST - {paths.TICKETS}) | paths.LISTS | {"LOCALE_ARCHIVE_2_27"}))
def test_what_is_gone_stays_outside(name: str, tmp_path: Path) -> None:
    assert kind(name, f"{tmp_path}/gone") == GONE
    (tmp_path / "gone").touch()
    assert kind(name, f"{tmp_path}/gone") == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/no-cert-file.crt"),  # nix-shell --pure
        ("TMPDIR", "/tmp/nix-shell-105145-0"),  # noqa: S108 - a value, no file
        ("REQUESTS_CA_BUNDLE", "/gone.pem"),
        ("SSL_CERT_DIR", "/gone/certs:/gone/too"),
        ("TERMINFO_DIRS", "/gone/terminfo"),
        ("KRB5CCNAME", "FILE:/gone/krb5cc_1000"),
        ("KRB5CCNAME", "DIR:/gone/krb5cc"),
        ("KRB5CCNAME", "DIR::/gone/krb5cc/tkt"),
        ("TZ", ":/gone/zone"),
        ("TZ", "/gone/zone"),
        ("TMUX", "/gone/tmux-1000/default,4711,0"),
        ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/gone/bus,guid=0123"),
        ("DOCKER_HOST", "unix:///gone/docker.sock"),
        ("KITTY_LISTEN_ON", "unix:/gone/kitty"),
        ("FLUX_URI", "local:///gone/flux/local-0"),
        ("SSH_TTY", "/dev/pts/98765"),
    ],
)
def test_however_the_path_is_written(name: str, value: str) -> None:
    assert kind(name, value) == GONE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", ""),
        ("SSL_CERT_FILE", "certs.pem"),  # from whatever directory it is started in
        ("SSL_CERT_DIR", f"/gone:{os.path.dirname(__file__)}"),
        ("TERMINFO", "hex:1a01"),
        ("TERMINFO_DIRS", ":/etc"),
        ("KRB5CCNAME", "KEYRING:persistent:1000"),
        ("KRB5CCNAME", "KCM:"),
        ("TZ", "Europe/Vienna"),
        ("TZ", "/etc/passwd"),
        ("KITTY_LISTEN_ON", "unix:@kitty"),
        ("DBUS_SESSION_BUS_ADDRESS", "unix:abstract=/gone/dbus,guid=0"),
        ("DOCKER_HOST", "tcp://gone.example/gone"),
        ("NOTIFY_SOCKET", "@/gone/notify"),
        ("WAYLAND_DISPLAY", "wayland-0"),
        ("http_proxy", "http://proxy/gone"),
        ("PBS_NODEFILE", "/gone/nodes"),
        ("XDG_CACHE_HOME", "/gone/cache"),  # whoever needs it makes it
        ("XDG_STATE_HOME", "/gone/state"),
        ("UV_CACHE_DIR", "/gone/uv"),
    ],
)
def test_what_is_no_path_that_must_exist_is_kept(name: str, value: str) -> None:
    assert kind(name, value) == ""


def test_sockets_and_links(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        place = f"{tmp_path}/s"
        listener.bind(place)
        assert kind("SSH_AUTH_SOCK", place) == ""
    (tmp_path / "dead").symlink_to("nowhere")
    assert kind("SSH_AUTH_SOCK", f"{tmp_path}/dead") == GONE
    (tmp_path / "file").touch()
    assert kind("SSH_AUTH_SOCK", f"{tmp_path}/file/socket") == GONE


def test_what_may_not_be_looked_at_is_not_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may look at everything, so stat says it here."""

    def refuse(path: str, **_: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "stat", refuse)
    assert kind("SSL_CERT_FILE", "/root/ca.pem") == ""


def make(root: Path, sign: str) -> Path:
    """Make an environment at ``root`` whose sign is a file or directory of that name, and a file deep in it."""
    file = root / "ssl/certs/ca.pem"
    file.parent.mkdir(parents=True)
    file.touch()
    (root / sign).mkdir()
    return file


@pytest.mark.parametrize("sign", ["conda-meta", "pyvenv.cfg"])
@pytest.mark.parametrize(
    "name", ["SSL_CERT_FILE", "SSL_CERT_DIR", "TERMINFO", "XDG_DATA_HOME", "KRB5_CONFIG", "TMPDIR"]
)
def test_what_lies_in_another_environment_stays_outside(name: str, sign: str, tmp_path: Path) -> None:
    """Whether that is active or not: its variables may be gone, and its values not."""
    file = make(tmp_path / "other", sign)
    assert kind(name, str(file)) == LEFT_OUT
    assert kind(name, str(tmp_path / "other")) == LEFT_OUT
    assert kind(name, str(tmp_path / "other/missing")) == LEFT_OUT
    (tmp_path / "other2").touch()
    assert kind(name, str(tmp_path / "other2")) == ""


def test_what_lies_in_env_itself_is_kept(tmp_path: Path) -> None:
    """Also where ENV lies in conda's base, which is left out; ENV may be named by a link."""
    base = make(tmp_path / "conda", "conda-meta")
    own = make(tmp_path / "conda/envs/it", "conda-meta")
    (tmp_path / "link").symlink_to("conda/envs/it")
    caller = {"CONDA_PREFIX": str(tmp_path / "conda"), "SSL_CERT_FILE": str(own), "CURL_CA_BUNDLE": str(base)}
    for path in ("conda/envs/it", "link"):
        plan = build_plan(caller, Overrides(), environment=Environment(str(tmp_path / path), "conda", {}))
        assert plan.environ["SSL_CERT_FILE"] == str(own)
        assert plan.dropped["CURL_CA_BUNDLE"] == LEFT_OUT
    assert build_plan(caller, Overrides()).dropped["SSL_CERT_FILE"] == LEFT_OUT


@pytest.mark.parametrize("variable", paths.ROOTS)
def test_what_lies_in_a_bundle_stays_outside(variable: str, tmp_path: Path) -> None:
    file = tmp_path / "bundle/etc/ca.pem"
    file.parent.mkdir(parents=True)
    file.touch()
    assert kind("SSL_CERT_FILE", str(file)) == ""
    assert kind("SSL_CERT_FILE", str(file), **{variable: str(tmp_path / "bundle")}) == LEFT_OUT
    assert kind("SSL_CERT_FILE", str(file), **{variable: str(tmp_path / "bund")}) == ""
    assert kind("SSL_CERT_FILE", str(file), **{variable: "/"}) == ""
    assert kind("SSL_CERT_FILE", str(file), **{variable: str(tmp_path), "HOME": str(tmp_path / "me")}) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XDG_DATA_HOME", "/home/me/snap/code/184/.local/share"),
        ("XDG_CONFIG_HOME", "/home/me/snap/code/common/.config"),
        ("XDG_CACHE_HOME", "/home/me/.var/app/com.visualstudio.code/cache"),
        ("SSL_CERT_FILE", "/snap/core22/current/etc/ssl/certs/ca-certificates.crt"),
        ("TMPDIR", "/var/lib/snapd/snap/x/tmp"),
        ("SSL_CERT_DIR", "/etc:/tmp/.mount_NvimAb12/etc/ssl"),
        ("XDG_RUNTIME_DIR", "/run/user/1000/snap.code"),
        ("XDG_DATA_HOME", "/home/me/share/../snap/code/1"),
    ],
)
def test_snaps_and_their_kin(name: str, value: str) -> None:
    assert kind(name, value, HOME="/home/me") == LEFT_OUT


@pytest.mark.parametrize("value", ["/home/me/.local/share", "/home/me/snapshots/x", "/home/me/snap", "/data/snap/x"])
def test_near_misses_of_snaps(value: str) -> None:
    assert kind("XDG_DATA_HOME", value, HOME="/home/me") == ""


def test_the_home_is_no_environment(tmp_path: Path) -> None:
    """Somebody ran `python -m venv ~`."""
    (tmp_path / "pyvenv.cfg").touch()
    assert kind("XDG_CONFIG_HOME", str(tmp_path / ".config"), HOME=str(tmp_path)) == ""
    assert kind("XDG_CONFIG_HOME", str(tmp_path / ".config"), HOME="/home/me") == LEFT_OUT


def test_what_is_asked_for_by_name_is_let_in() -> None:
    plan = build_plan({"SSL_CERT_FILE": "/gone.pem", "EDITOR": "no-such-editor"}, Overrides(["SSL_CERT_*", "EDITOR"]))
    assert plan.environ["SSL_CERT_FILE"] == "/gone.pem"
    assert plan.environ["EDITOR"] == "no-such-editor"
    assert plan.wanted == ["EDITOR", "SSL_CERT_FILE"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("unixexec:path=/tmp/evil", paths.STARTS),
        ("unixexec:path=evil,argv1=x", paths.STARTS),
        ("unix:path=/gone;unixexec:path=/tmp/evil", paths.STARTS),
        ("autolaunch:", paths.STARTS),
        ("unix:abstract=/tmp/dbus-unixexec:", ""),
        ("tcp:host=localhost,port=1", ""),
    ],
)
def test_an_address_of_the_bus_starts_nothing(value: str, kind: str) -> None:
    caller = {"HOME": "/home/me", "DBUS_SESSION_BUS_ADDRESS": value}
    plan = build_plan(caller, Overrides())
    assert plan.refused.get("DBUS_SESSION_BUS_ADDRESS", "") == kind


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("SSL_CERT_FILE", "~/certs/ca.pem", paths.GONE),
        ("REQUESTS_CA_BUNDLE", "certs/gone.pem", paths.GONE),
        ("TMPDIR", "./gone/tmp", paths.GONE),
        ("REQUESTS_CA_BUNDLE", "./ca.pem", ""),
        ("DOCKER_HOST", "tcp://192.0.2.1:2375", ""),
        ("PULSE_SERVER", "tcp:robot/x", ""),
        ("KRB5CCNAME", "FILE:/tmp/krb5cc_not_yet", ""),
    ],
)
def test_a_path_that_is_not_absolute(
    name: str, value: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A '~' is an ordinary letter to who is given it; what programs create need not be there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ca.pem").touch()
    plan = build_plan({"HOME": str(tmp_path), name: value}, Overrides())
    assert plan.refused.get(name, "") == kind


def test_a_home_with_a_slash_at_its_end_has_snaps_too(tmp_path: Path) -> None:
    directory = tmp_path / "snap/code/1/share"
    directory.mkdir(parents=True)
    plan = build_plan({"HOME": f"{tmp_path}/", "XDG_DATA_HOME": str(directory)}, Overrides())
    assert plan.refused["XDG_DATA_HOME"] == paths.LEFT_OUT
