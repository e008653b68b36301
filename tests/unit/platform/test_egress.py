"""Calls of strangers, against real TLS on this machine: what is reached, and what never is."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reelstep.platform import egress as module
from reelstep.platform.addresses import Address
from reelstep.platform.egress import CallFailed, Egress, ForbiddenUrl
from tests.support.receiver import Receiver, answers, drips, hangs, receiving, says

HEADERS = {"Content-Type": "application/json"}


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path, "localhost", "127.0.0.1", "hooks.example.com") as found:
        yield found


def way_out(receiver: Receiver, **changes: Any) -> Egress:
    values: dict[str, Any] = {"loopback": True, "ca_file": receiver.ca_file, "timeout_seconds": 3.0}
    return Egress(**{**values, **changes})


def failure(egress: Egress, url: str) -> str:
    with pytest.raises(CallFailed) as failed:
        egress.post(url, b"{}", HEADERS)
    return failed.value.reason


@pytest.mark.parametrize("status", [200, 204, 301, 307, 404, 410, 500, 599])
def test_the_status_is_all_that_counts(receiver: Receiver, status: int) -> None:
    receiver.manners[:] = [answers(status, "Location: https://127.0.0.1/", body=b"whatever")]
    assert way_out(receiver).post(receiver.url("/a?b"), b'{"x":1}', HEADERS) == status
    (got,) = receiver.requests
    assert (got.method, got.target, got.body) == ("POST", "/a?b", b'{"x":1}')
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] == f"localhost:{receiver.port}"


def test_a_redirect_is_not_followed(receiver: Receiver, tmp_path: Path) -> None:
    with receiving(tmp_path / "inner") as inner:
        for status in (301, 302, 303, 307, 308):
            receiver.manners[:] = [answers(status, f"Location: {inner.url('/', '127.0.0.1')}")]
            assert way_out(receiver).post(receiver.url(), b"{}", HEADERS) == status
        assert inner.connections == 0


def test_loopback_is_refused_unless_it_is_allowed(receiver: Receiver) -> None:
    for url in (receiver.url(), receiver.url(host="127.0.0.1")):
        with pytest.raises(ForbiddenUrl):
            way_out(receiver, loopback=False).post(url, b"{}", HEADERS)
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "answer",
    [
        *(["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["::ffff:10.0.0.1"]),
        # One bad one among good ones: whichever was taken, they cannot be trusted.
        *(["93.184.216.34", "192.168.0.1"], ["192.168.0.1", "93.184.216.34"], ["fe80::1%eth0"]),
    ],
)
def test_a_name_of_a_private_address_is_refused(receiver: Receiver, answer: list[str]) -> None:
    out = way_out(receiver, loopback=False, resolver=lambda _host, _port: answer)
    assert failure(out, receiver.url(host="hooks.example.com")) == "ADDRESS_REFUSED"
    assert receiver.connections == 0


def test_private_is_refused_where_loopback_is_allowed(receiver: Receiver) -> None:
    out = way_out(receiver, resolver=lambda _host, _port: ["10.0.0.1"])
    assert failure(out, receiver.url(host="hooks.example.com")) == "ADDRESS_REFUSED"


def test_the_checked_address_is_the_one_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is checked, private when it is asked again."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    connected: list[Any] = []

    def connect(address: Any, timeout: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(module.socket, "create_connection", connect)
    out = way_out(receiver, loopback=False, resolver=rebinding)
    url = receiver.url(host="hooks.example.com")
    assert failure(out, url) == "UNREACHABLE"
    assert asked == ["hooks.example.com"]
    assert connected == [("93.184.216.34", receiver.port)]
    assert failure(out, url) == "ADDRESS_REFUSED"  # the next call asks again, and sees
    assert len(connected) == 1
    assert receiver.connections == 0


def test_the_certificate_is_checked_against_the_name_and_not_the_address(
    receiver: Receiver,
) -> None:
    here = way_out(receiver, resolver=lambda _host, _port: ["127.0.0.1"])
    assert here.post(receiver.url(host="hooks.example.com"), b"{}", HEADERS) == 200
    assert receiver.requests[0].headers["host"] == f"hooks.example.com:{receiver.port}"
    # It has a certificate for 127.0.0.1, and that helps nobody who asked for another name.
    assert failure(here, receiver.url(host="bank.example.com")) == "TLS_FAILED"
    assert len(receiver.requests) == 1


def test_an_unknown_authority_is_refused(receiver: Receiver) -> None:
    assert failure(way_out(receiver, ca_file=""), receiver.url()) == "TLS_FAILED"
    assert receiver.requests == []


def test_what_speaks_no_tls_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        start = time.monotonic()
        # It takes the connection and says nothing.
        assert failure(Egress(1.0, loopback=True), f"https://127.0.0.1:{port}/") == "TIMED_OUT"
        assert time.monotonic() - start < 5
    assert failure(Egress(1.0, loopback=True), f"https://127.0.0.1:{port}/") == "UNREACHABLE"


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        (hangs(), "TIMED_OUT"),
        # A byte every 200 ms: each one is in time, the whole never is.
        (drips(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100), "TIMED_OUT"),
        (says(b""), "NOT_HTTP"),
        (says(b"SSH-2.0-OpenSSH_9.9\r\n"), "NOT_HTTP"),
        (says(b"HTTP/1.1 099 No\r\n\r\n"), "NOT_HTTP"),
        (says(b"HTTP/1.1 2000 No\r\n\r\n"), "NOT_HTTP"),
        (says(b"HTTP/1.1 200 " + b"a" * 20_000), "NOT_HTTP"),
        (says(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 20_000), "NOT_HTTP"),
        (says(b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 10_000), "NOT_HTTP"),
        (says(b"HTTP/1.1 200 OK\r\nX: 1"), "NOT_HTTP"),
    ],
)
def test_bad_manners_end_in_time(receiver: Receiver, manner: Any, reason: str) -> None:
    receiver.manners[:] = [manner]
    start = time.monotonic()
    assert failure(way_out(receiver, timeout_seconds=2.0), receiver.url()) == reason
    assert time.monotonic() - start < 5


def test_an_endless_body_is_not_read_to_its_end(receiver: Receiver) -> None:
    def flood(connection: Any) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(10_000):
            connection.sendall(b"x" * 10_000)

    receiver.manners[:] = [flood]
    start = time.monotonic()
    assert way_out(receiver).post(receiver.url(), b"{}", HEADERS) == 200
    receiver.manners[:] = [drips(b"HTTP/1.1 200 OK\r\n\r\n", 0.01)]
    assert way_out(receiver).post(receiver.url(), b"{}", HEADERS) == 200
    assert time.monotonic() - start < 6


def test_interim_answers_are_passed_over(receiver: Receiver) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    receiver.manners[:] = [says(interim + b"HTTP/1.1 202 Accepted\r\n\r\n")]
    assert way_out(receiver).post(receiver.url(), b"{}", HEADERS) == 202


def test_a_resolver_that_fails_or_hangs(receiver: Receiver) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("no such host")

    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(3)
        return []

    url = receiver.url(host="hooks.example.com")
    assert failure(way_out(receiver, resolver=unknown), url) == "NO_SUCH_HOST"
    assert failure(way_out(receiver, resolver=lambda _h, _p: []), url) == "NO_SUCH_HOST"
    assert failure(way_out(receiver, resolver=lambda _h, _p: ["what?"]), url) == "NO_SUCH_HOST"
    start = time.monotonic()
    assert failure(way_out(receiver, resolver=slow, timeout_seconds=0.5), url) == "TIMED_OUT"
    assert time.monotonic() - start < 2


def test_the_next_address_is_tried_when_one_is_dead(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    real = socket.create_connection

    def connect(address: Any, timeout: float) -> socket.socket:
        tried.append(address[0])
        if address[0] != "127.0.0.1":
            raise TimeoutError
        return real(address, timeout)

    monkeypatch.setattr(module.socket, "create_connection", connect)
    found = ["93.184.216.34", "127.0.0.1"]
    out = way_out(receiver, resolver=lambda _host, _port: found)
    assert out.post(receiver.url(host="hooks.example.com"), b"{}", HEADERS) == 200
    assert tried == found


def test_no_proxy_of_the_environment_is_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert way_out(receiver).post(receiver.url(), b"{}", HEADERS) == 200


def test_a_header_cannot_begin_another_one(receiver: Receiver) -> None:
    with pytest.raises(ValueError, match="line end"):
        way_out(receiver).post(receiver.url(), b"{}", {"X": "a\r\nHost: inner"})


def test_addresses_are_spelled_as_sockets_take_them() -> None:
    found: list[Address] = Egress(resolver=lambda _h, _p: ["2606:4700:4700::1111"])._checked(
        module.check_url("https://example.com/"), time.monotonic() + 5
    )
    assert [str(address) for address in found] == ["2606:4700:4700::1111"]
