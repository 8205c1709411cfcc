"""Variables that a clean shell keeps, with values that lead nowhere or into another environment."""

from __future__ import annotations

import pytest

from cleanenv.doctor.checks import kept_paths
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, only


def elsewhere(scene: Scene) -> Variables:
    """Return SSL_CERT_FILE as conda sets it, in an environment that is active besides ENV."""
    file = scene.write("conda/ssl/cacert.pem")
    return {"CONDA_PREFIX": str(scene.top / "conda"), "SSL_CERT_FILE": str(file)}


def in_env(scene: Scene) -> Variables:
    return {"SSL_CERT_FILE": str(scene.write("my_env/ssl/cacert.pem")), "CONDA_PREFIX": str(scene.top / "conda")}


CASES = {
    "kept-path-missing": by_variables(
        lambda _: {"SSL_CERT_FILE": "/no-cert-file.crt"},
        lambda scene: {"SSL_CERT_FILE": str(scene.write("ca.pem")), "TMPDIR": str(scene.make("tmp"))},
    ),
    "kept-path-elsewhere": by_variables(elsewhere, in_env),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/no-cert-file.crt"),
        ("SSL_CERT_DIR", "/gone/certs"),
        ("SSL_CERT_DIR", "/gone/certs:/gone/too"),
        ("REQUESTS_CA_BUNDLE", "/gone.pem"),
        ("CURL_CA_BUNDLE", "/gone.pem"),
        ("PIP_CERT", "/gone.pem"),
        ("TMPDIR", "/tmp/nix-shell-105145-0"),  # noqa: S108  only a name
        ("XAUTHORITY", "/run/user/4242/gone"),
        ("TERMINFO", "/gone/terminfo"),
        ("TZDIR", "/gone/zoneinfo"),
        ("SSH_AUTH_SOCK", "/tmp/ssh-gone/agent.1"),  # noqa: S108  only a name
    ],
)
def test_what_points_nowhere(name: str, value: str, scene: Scene) -> None:
    finding = only(kept_paths.findings(scene.subject({name: value})), "kept-path-missing")
    assert finding.fact == f"{name} names '{value}', which does not exist"
    assert (finding.severity, finding.variable, finding.value) == ("warning", name, value)
    assert finding.line == f"unset {name}"
    assert finding.evidence[0].startswith(f"{name} is for: ")
    scene.is_alone = True
    assert codes(kept_paths.findings(scene.subject({name: value}))) == ["kept-path-missing"]


@pytest.mark.parametrize(
    "environ",
    [
        {"SSL_CERT_FILE": ""},
        {"PYTHONPATH": "/gone", "LD_LIBRARY_PATH": "/gone", "MY_CERT_FILE": "/gone.pem"},
        {"SSL_CERT_DIR": "/gone:/"},
        {"KRB5CCNAME": "KCM:", "TZ": "Europe/Berlin", "LANG": "de_DE.UTF-8"},
        {"XDG_CACHE_HOME": "/gone/cache"},
        {"https_proxy": "http://gone.example:3128/"},
    ],
)
def test_what_does_not(environ: Variables, scene: Scene) -> None:
    """Not set, dropped anyway, no path, one of a list that exists, a directory that programs create."""
    assert codes(kept_paths.findings(scene.subject(environ))) == []


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT"])
def test_certificates_of_another_environment(name: str, scene: Scene) -> None:
    """Its certificates decide whom ENV trusts; for the shell alone it is the environment that is active."""
    environ = elsewhere(scene)
    environ = {name: environ["SSL_CERT_FILE"], "CONDA_PREFIX": environ["CONDA_PREFIX"]}
    finding = only(kept_paths.findings(scene.subject(environ)), "kept-path-elsewhere")
    assert finding.fact == f"{name} names '{environ[name]}', which belongs to another environment"
    scene.is_alone = True
    assert codes(kept_paths.findings(scene.subject(environ))) == []
