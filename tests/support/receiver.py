"""A receiver of callbacks on 127.0.0.1: real TLS, a certificate authority of its own, any manners.

It keeps what it was sent, as it came over the wire.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Received:
    """One request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


#: What is done with a connection after its request was read.
Manner = Callable[[ssl.SSLSocket], None]


def answers(status: int, *lines: str, body: bytes = b"") -> Manner:
    """A plain HTTP answer with these header lines."""
    head = [f"HTTP/1.1 {status} Whatever", *lines, f"Content-Length: {len(body)}", "", ""]
    return lambda connection: connection.sendall("\r\n".join(head).encode() + body)


def says(raw: bytes) -> Manner:
    return lambda connection: connection.sendall(raw)


def hangs(seconds: float = 30) -> Manner:
    def wait(connection: ssl.SSLSocket) -> None:
        connection.settimeout(seconds)
        with suppress(OSError):
            connection.recv(1)  # until the caller hangs up

    return wait


def drips(raw: bytes, pause: float = 0.2) -> Manner:
    """One byte after the other."""

    def send(connection: ssl.SSLSocket) -> None:
        for byte in raw:
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    return send


@dataclass
class Receiver:
    """`manners` are used up one per request; the last one stays."""

    port: int
    ca_file: str
    manners: list[Manner] = field(default_factory=lambda: [answers(200)])
    requests: list[Received] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/hook", host: str = "localhost") -> str:
        return f"https://{host}:{self.port}{path}"

    def wait_for(self, count: int, seconds: float = 60) -> list[Received]:
        """The requests so far, once there are `count`."""
        end = time.monotonic() + seconds
        while len(self.requests) < count:
            assert time.monotonic() < end, f"{len(self.requests)} requests, not {count}"
            time.sleep(0.05)
        return list(self.requests)

    def _serve(self, connection: ssl.SSLSocket) -> None:
        with suppress(OSError), connection:
            request = _read(connection)
            if request is None:
                return
            self.requests.append(request)
            manner = self.manners.pop(0) if len(self.manners) > 1 else self.manners[0]
            manner(connection)


@contextmanager
def receiving(folder: Path, *names: str) -> Iterator[Receiver]:
    """A receiver whose certificate is for these names and addresses; for localhost without."""
    ca_file, chain = _certificates(folder, names or ("localhost", "127.0.0.1"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server = socket.create_server(("127.0.0.1", 0), backlog=64)
    receiver = Receiver(server.getsockname()[1], str(ca_file))

    def serve(plain: socket.socket) -> None:
        with suppress(OSError):
            plain.settimeout(30)
            receiver._serve(context.wrap_socket(plain, server_side=True))

    def accept() -> None:
        with suppress(OSError):
            while True:
                plain, _ = server.accept()
                receiver.connections += 1
                threading.Thread(target=serve, args=[plain], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield receiver
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()


def _read(connection: ssl.SSLSocket) -> Received | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        more = connection.recv(65_536)
        if not more:
            return None
        raw += more
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    method, target, _version = first.split(" ")
    headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
    while len(body) < int(headers["content-length"]):
        body += connection.recv(65_536)
    return Received(method, target, headers, body)


def _certificates(folder: Path, names: tuple[str, ...]) -> tuple[Path, Path]:
    """A new authority and a certificate for `names`: (its file, the server's key and chain)."""
    authority, key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of tests")])
    now = datetime.datetime.now(datetime.UTC)

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()),
                critical=False,
            )
        )

    root = (
        builder(issuer, authority.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority, hashes.SHA256())
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    leaf = (
        builder(subject, key.public_key())
        .add_extension(x509.SubjectAlternativeName([_name(n) for n in names]), critical=False)
        .sign(authority, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    pem = serialization.Encoding.PEM
    ca_file, chain = folder / "ca.pem", folder / "server.pem"
    ca_file.write_bytes(root.public_bytes(pem))
    chain.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + leaf.public_bytes(pem)
    )
    return ca_file, chain


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
