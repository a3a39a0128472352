"""An S3 service that is silent, refuses or is not there: each try ends, and says why."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from cvtube.storage.contract import StorageUnavailable
from cvtube.storage.s3 import NOBODY_WAITS, SOMEBODY_WAITS, Patience, S3Storage

# In place of seconds, so that silence is short here.
HASTY = Patience(attempts=2, connect_s=1, answer_s=1)
REFUSAL = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

USES: dict[str, Callable[[S3Storage], object]] = {
    "put": lambda storage: storage.put("films/a", io.BytesIO(b"bytes")),
    "head": lambda storage: storage.head("films/a"),
    "open": lambda storage: storage.open("films/a").__enter__(),
    "list": lambda storage: list(storage.list("films/")),
    "delete": lambda storage: storage.delete("films/a"),
    "check": lambda storage: storage.check(),
}


@contextmanager
def service(answer: bytes | None) -> Iterator[tuple[str, list[socket.socket]]]:
    """Something that takes every connection and says this, or nothing at all."""
    visitors: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    visitor, _ = listener.accept()
                except OSError:
                    return
                visitors.append(visitor)
                if answer is not None:
                    visitor.recv(65536)
                    visitor.sendall(answer)
                    visitor.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", visitors
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for visitor in visitors:
                visitor.close()


@pytest.fixture
def storage(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "one")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "two")

    def at(endpoint: str, patience: Patience = HASTY) -> S3Storage:
        return S3Storage(
            "films", endpoint=endpoint, public_endpoint=None, region=None, patience=patience
        )

    return at


@pytest.mark.parametrize("use", USES)
def test_a_silent_service_is_given_up_after_as_many_tries_as_were_allowed(storage, use):
    with service(None) as (endpoint, visitors):
        with pytest.raises(StorageUnavailable, match="ReadTimeout"):
            USES[use](storage(endpoint))
        assert len(visitors) == HASTY.attempts


@pytest.mark.parametrize("use", USES)
def test_a_service_that_refuses_is_asked_as_often_and_no_more(storage, use):
    with service(REFUSAL) as (endpoint, visitors):
        with pytest.raises(StorageUnavailable):
            USES[use](storage(endpoint))
        assert len(visitors) == HASTY.attempts


def test_nobody_at_the_address_is_said_so(storage):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(StorageUnavailable, match="EndpointConnectionError"):
        storage(gone).head("films/a")


def test_a_page_does_not_wait_for_it_as_long_as_a_worker_does():
    def longest(patience: Patience) -> int:
        return patience.attempts * (patience.connect_s + patience.answer_s)

    assert longest(SOMEBODY_WAITS) <= 20
    assert longest(NOBODY_WAITS) <= 180


@pytest.mark.parametrize(
    ("interactive", "patience"), [(True, SOMEBODY_WAITS), (False, NOBODY_WAITS)]
)
def test_an_address_is_opened_with_the_patience_of_who_asks(monkeypatch, interactive, patience):
    made = {}
    monkeypatch.setattr("cvtube.storage.s3._client", lambda *told: made.setdefault("told", told))
    S3Storage.from_url("s3://films?endpoint=http://127.0.0.1:9", interactive=interactive)
    assert made["told"] == ("http://127.0.0.1:9", None, patience)
