"""The relay of docs/relais/nginx.conf before a web server of a test; or the careless one that it improves on."""

import contextlib
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.harness.server import ROOT, free_port

CONFIGURATION = ROOT / "docs" / "relais" / "nginx.conf"
PATIENCE = 20.0  # seconds
# What a hurried operator copies from an old page.
CARELESS = {
    "ssl_protocols TLSv1.2 TLSv1.3;": "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;",
    "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:": "ssl_ciphers ALL:@SECLEVEL=0:",
}


@dataclass(frozen=True)
class Relay:
    plain: int
    secure: int


@contextlib.contextmanager
def before(port: int, folder: Path, *, changed: dict[str, str] | None = None) -> Iterator[Relay]:
    """nginx before the server of `port`; `changed`: lines written otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    relay = Relay(free_port(), free_port())
    certificate(folder)
    (folder / "nginx.conf").write_text(configuration(port, relay, folder, changed or {}))
    main = f"daemon off; pid {folder}/nginx.pid;" + (" user root;" if os.geteuid() == 0 else "")
    words = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"), "-g", main]
    process = subprocess.Popen(words)
    try:
        wait_for(relay.secure, process)
        yield relay
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def configuration(port: int, relay: Relay, folder: Path, changed: dict[str, str]) -> str:
    """The file of the documentation, with the addresses of this machine; a line that is not there is an error."""
    temporary = "\n".join(
        f"    {name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    addresses = {
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "listen 80;": f"listen 127.0.0.1:{relay.plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{relay.secure} ssl;",
        "/etc/ssl/portail/": f"{folder}/",
        "http {\n": f"http {{\n    access_log off;\n{temporary}\n",
    }
    text = CONFIGURATION.read_text(encoding="utf-8")
    for line, other in {**changed, **addresses}.items():
        assert line in text, line
        text = text.replace(line, other)
    return text


def certificate(folder: Path) -> None:
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", str(folder / "cle.pem"), "-out", str(folder / "certificat.pem")]
    subprocess.run([*words, *files], check=True, capture_output=True)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    raise RuntimeError("nginx does not answer")


# --- what it accepts ---------------------------------------------------------------------------------------------

OLD = {"TLS 1.0": ssl.TLSVersion.TLSv1, "TLS 1.1": ssl.TLSVersion.TLSv1_1}
# Without authentication of the ciphertext, or without a passing key.
WEAK = (
    "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA384", "AES128-SHA", "AES256-SHA",
    "AES128-SHA256", "AES128-GCM-SHA256", "AES256-GCM-SHA384", "ECDHE-RSA-CAMELLIA128-SHA256", "AECDH-AES128-SHA",
    "ECDHE-RSA-NULL-SHA",
)  # fmt: skip
GOOD = ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305")


def accepted(port: int) -> set[str]:
    """Every version and suite that the relay agrees to, out of those that it might."""
    found = {name for name, version in OLD.items() if agrees(port, version, "ALL:@SECLEVEL=0")}
    found |= {name for name in (*WEAK, *GOOD) if agrees(port, ssl.TLSVersion.TLSv1_2, f"{name}:@SECLEVEL=0")}
    return found | ({"TLS 1.3"} if agrees(port, ssl.TLSVersion.TLSv1_3, "") else set())


def agrees(port: int, version: ssl.TLSVersion, ciphers: str) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if ciphers:
        context.set_ciphers(ciphers)
    context.minimum_version = context.maximum_version = version
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line, context.wrap_socket(line):
            return True
    except (ssl.SSLError, ConnectionError):
        return False
