"""One sender an upload: the newest. Phones that have lost their network leave others behind.

Each would hold a thread of the web server until it is given up, and its bytes would come to where
the newest one's are. The count is this process's own: more of them are a few threads, no harm.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cvtube.upload.streams import Body

_lock = threading.Lock()
_newest: dict[str, Body] = {}  # by upload


@contextmanager
def only(upload_id: str, body: Body) -> Iterator[None]:
    """While this body is taken in, the upload takes in no other: one before it is abandoned."""
    with _lock:
        before = _newest.get(upload_id)
        _newest[upload_id] = body
    if before is not None:
        before.abandon()
    try:
        yield
    finally:
        with _lock:
            if _newest.get(upload_id) is body:
                del _newest[upload_id]
