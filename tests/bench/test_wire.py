"""The small HTTP client that makes load, against a server of a few lines."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.measures.wire import Refused, Wire, get, post


@contextmanager
def answering(*answers: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A port that gives these answers in turn, each piece by piece; what it heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for answer in answers:
                    heard.append(line.recv(65536))
                    for at in range(0, len(answer), 7):
                        line.sendall(answer[at : at + 7])

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(10)


def answer(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def test_an_answer_in_pieces_is_put_together_and_the_line_kept():
    with (
        answering(answer(b'{"screen": "issuing"}'), answer(b'{"screen": "done"}')) as (
            port,
            heard,
        ),
        Wire(port) as wire,
    ):
        assert wire.ask_json(get("/screen.json")) == {"screen": "issuing"}
        assert wire.ask_json(get("/screen.json")) == {"screen": "done"}
    assert heard == [get("/screen.json")] * 2


def test_a_refusal_says_what_was_asked_and_why():
    with (
        answering(answer(b"all numbers are in use", "409 Conflict")) as (port, _),
        Wire(port) as wire,
        pytest.raises(Refused, match=r"409 .*POST /leases.*all numbers are in use"),
    ):
        wire.ask(post("/leases", b"{}"))


def test_a_server_that_goes_away_is_no_answer():
    with (
        answering(b"HTTP/1.1 200 OK\r\n") as (port, _),
        Wire(port) as wire,
        pytest.raises(Refused, match="closed"),
    ):
        wire.ask(get("/"))


def test_a_post_carries_its_length_key_and_credential():
    body = json.dumps({"label": "整理券"}).encode()
    head, _, sent = post("/events", body, key="k-1", bearer="secret").partition(
        b"\r\n\r\n"
    )
    assert sent == body
    assert head.split(b"\r\n")[1:] == [
        b"Host: bench",
        b"Content-Length: %d" % len(body),
        b"Content-Type: application/json",
        b"Idempotency-Key: k-1",
        b"Authorization: Bearer secret",
    ]
