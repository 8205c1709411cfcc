"""Certificates to trust, by the variable of each client: as behind a firewall that intercepts TLS, without one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from uv import find_uv_bin

from tests.field import authority as tls
from tests.field.trial import HERE, NATIVE, RUN, entering, installed, started, wait
from tests.support.command import Done, call

WAYS = (NATIVE, RUN, "bash")


class Client(NamedTuple):
    """A program that fetches the page at {url}, and which file of the authority its variable takes."""

    name: str
    variable: str
    command: tuple[str, ...]
    value: str = "certificate"


HTTPLIB2 = (
    "python",
    "-c",
    "import httplib2, sys; print(httplib2.Http().request(sys.argv[1])[1].decode())",
    "{url}page",
)
# Its certificate is judged first; the page is not a websocket, which is as far as this needs to come.
WEBSOCKET = """
import sys, websocket
try:
    websocket.create_connection(sys.argv[1].replace("https", "wss") + "page", timeout=20)
except websocket.WebSocketBadStatusException:
    print("from the authority's server")
"""
URLLIB = ("python", "-c", "import urllib.request as u, sys; print(u.urlopen(sys.argv[1]).read().decode())", "{url}page")
REQUESTS = (
    "python",
    "-c",
    "import sys; from pip._vendor import requests; print(requests.get(sys.argv[1]).text)",
    "{url}page",
)
CURL = ("curl", "--silent", "--show-error", "{url}page")
GIT = ("git", "ls-remote", "{url}repository.git")
PIP = ("python", "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--index-url", "{url}simple", "trial-package")
CLIENTS = (
    Client("httplib2", "HTTPLIB2_CA_CERTS", HTTPLIB2),
    Client("websocket-client", "WEBSOCKET_CLIENT_CA_BUNDLE", ("python", "-c", WEBSOCKET, "{url}")),
    Client("urllib", "SSL_CERT_FILE", URLLIB),
    Client("urllib by directory", "SSL_CERT_DIR", URLLIB, "directory"),
    Client("requests", "REQUESTS_CA_BUNDLE", REQUESTS),
    Client("curl", "CURL_CA_BUNDLE", CURL),
    Client("git", "GIT_SSL_CAINFO", GIT),
    Client("git by directory", "GIT_SSL_CAPATH", GIT, "directory"),
    Client("pip", "PIP_CERT", PIP),
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tls.Authority:
    return tls.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the server serves: a page, an index with an empty wheel, and a repository."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "page").write_text("from the authority's server", encoding="ascii")
    index = folder / "simple/trial-package"
    index.mkdir(parents=True)
    wheel = "trial_package-1.0-py3-none-any.whl"
    (index / "index.html").write_text(f'<a href="{wheel}">{wheel}</a>', encoding="ascii")
    _write_wheel(index / wheel)
    subprocess.run([installed("git"), "init", "--quiet", "--bare", str(folder / "repository.git")], check=True)
    info = folder / "repository.git/info"
    (info / "refs").write_text(f"{'1' * 40}\trefs/heads/main\n", encoding="ascii")
    return folder


def _write_wheel(path: Path) -> None:
    import zipfile

    metadata = "trial_package-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{metadata}/METADATA", "Metadata-Version: 2.1\nName: trial-package\nVersion: 1.0\n")
        wheel.writestr(f"{metadata}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{metadata}/RECORD", "")


@pytest.fixture(scope="module")
def url(authority: tls.Authority, files: Path) -> Iterator[str]:
    with tls.serving(authority, files) as address:
        yield address


def fetch(
    client: Client, way: str, tool: list[str], programs: Path, environ: dict[str, str], url: str, folder: Path
) -> Done:
    """Run the client and return what it did."""
    command = [word.format(url=url) if "{url}" in word else word for word in client.command]
    if command[0] != "python" and "/" not in command[0]:
        command[0] = installed(command[0])
    if way == NATIVE and command[0] != "python":
        return call(command, environ, folder)
    return call(entering(way, tool, programs, command, folder / "job"), environ, folder)


def succeeded(done: Done, folder: Path) -> bool:
    """Tell whether the server's page, its repository or its wheel has arrived."""
    arrived = "from the authority's server" in done.out or "refs/heads/main" in done.out
    return done.status == 0 and (arrived or any(folder.glob("trial_package-*.whl")))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_trusts_whom_its_variable_names(
    client: Client,
    way: str,
    tool: list[str],
    programs: Path,
    caller: dict[str, str],
    authority: tls.Authority,
    url: str,
    tmp_path: Path,
) -> None:
    value = authority.directory if client.value == "directory" else authority.certificate
    done = fetch(client, way, tool, programs, caller | {client.variable: str(value)}, url, tmp_path)
    assert succeeded(done, tmp_path), done


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_refuses_the_server_without(
    client: Client, tool: list[str], programs: Path, caller: dict[str, str], url: str, tmp_path: Path
) -> None:
    """Else the trials above would hold of any server. PIP_RETRIES saves pip's waiting."""
    if client.name == "pip":
        client = client._replace(command=(*client.command, "--retries=0"))
    done = fetch(client, RUN, tool, programs, caller, url, tmp_path)
    assert not succeeded(done, tmp_path)
    assert "certificate" in (done.out + done.err).lower()


@pytest.mark.parametrize("way", WAYS)
def test_pip_shows_its_own_certificate(
    way: str,
    tool: list[str],
    programs: Path,
    caller: dict[str, str],
    authority: tls.Authority,
    files: Path,
    tmp_path: Path,
) -> None:
    environ = caller | {"PIP_CERT": str(authority.certificate), "PIP_CLIENT_CERT": str(authority.client)}
    with tls.serving(authority, files, wants_client=True) as url:
        done = fetch(CLIENTS[-1], way, tool, programs, environ, url, tmp_path)
    assert succeeded(done, tmp_path), done


@pytest.mark.parametrize("way", WAYS)
def test_grpc_trusts_whom_its_variable_names(
    way: str, tool: list[str], programs: Path, caller: dict[str, str], authority: tls.Authority, tmp_path: Path
) -> None:
    port = tmp_path / "port"
    server = [str(programs / "bin/python"), str(HERE / "grpc_server.py"), str(authority.server), str(port)]
    ready = "import grpc, sys; channel = grpc.secure_channel(sys.argv[1], grpc.ssl_channel_credentials());"
    ready += " grpc.channel_ready_future(channel).result(timeout=20); print('ready')"
    with started(server, caller, tmp_path):
        wait(port.exists, "the server of gRPC")
        address = f"localhost:{port.read_text(encoding='ascii')}"
        words = entering(way, tool, programs, ["python", "-c", ready, address], tmp_path / "job")
        done = call(words, caller | {"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(authority.certificate)}, tmp_path)
    assert (done.status, done.out) == (0, "ready\n"), done


UV = (find_uv_bin(), "pip", "install", "--no-config", "--no-cache", "--target=.", "--index-url", "{url}simple")
UNCHECKED = (
    Client("git", "GIT_SSL_NO_VERIFY", GIT, "1"),
    Client("uv", "UV_INSECURE_HOST", (*UV, "trial-package"), "127.0.0.1"),
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("client", UNCHECKED, ids=lambda client: client.name)
def test_no_variable_takes_the_check_away(
    client: Client, way: str, tool: list[str], programs: Path, caller: dict[str, str], url: str, tmp_path: Path
) -> None:
    """Near misses: they reach nothing, they switch off who may be reached."""
    done = fetch(client, way, tool, programs, caller | {client.variable: client.value}, url, tmp_path)
    installed_by_uv = (tmp_path / "trial_package-1.0.dist-info").exists()
    assert (succeeded(done, tmp_path) or installed_by_uv) is (way == NATIVE), done
