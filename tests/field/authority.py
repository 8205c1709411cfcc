"""A certificate authority that nothing on this machine trusts, and a TLS server with a certificate of its own."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.field.trial import installed

EXTENSIONS = "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"


class Authority(NamedTuple):
    """The files of an authority: its certificate, also in a directory by its hash, and two that it signed."""

    certificate: Path
    directory: Path
    server: Path  # certificate and key, one after the other
    client: Path  # certificate and key, one after the other


def make(folder: Path) -> Authority:
    """Make an authority in ``folder``, by openssl."""
    openssl = installed("openssl")

    def run(*words: str) -> str:
        # Without a configuration file: the machine's may say anything.
        environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "OPENSSL_CONF": "/dev/null"}
        done = subprocess.run([openssl, *words], cwd=folder, env=environ, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    ca = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign")
    run("req", "-x509", *new, *ca, "-subj", "/CN=trial authority", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem")
    (folder / "extensions").write_text(EXTENSIONS, encoding="ascii")
    for name in ("server", "client"):
        run("req", *new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "extensions")
        run("x509", "-req", "-in", f"{name}.csr", *signing, "-out", f"{name}.crt")
        both = (folder / f"{name}.crt").read_text(encoding="ascii") + (folder / f"{name}.key").read_text(
            encoding="ascii"
        )
        (folder / f"{name}.pem").write_text(both, encoding="ascii")
    directory = folder / "certificates"
    directory.mkdir()
    # What c_rehash does: OpenSSL looks a certificate up by this name.
    (directory / f"{run('x509', '-hash', '-noout', '-in', 'ca.pem')}.0").symlink_to(folder / "ca.pem")
    return Authority(folder / "ca.pem", directory, folder / "server.pem", folder / "client.pem")


class _Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing: a refused handshake is what some of the tests are about."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Print nothing, as above."""


@contextlib.contextmanager
def serving(authority: Authority, folder: Path, wants_client: bool = False) -> Iterator[str]:
    """Serve the files in ``folder`` by TLS on this machine alone, and yield the address, which ends in '/'."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server)
    if wants_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.certificate)

    class Files(_Files):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

    with _Server(("127.0.0.1", 0), Files) as server:
        # The handshake happens in the thread of the connection: a client that hangs must not hold up the next.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
