"""A lane: threads of which only its own kind of request can take the last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class LanePool:
    """Threads, and how many requests are with them or wait for one."""

    def __init__(self, name: str, size: int) -> None:
        self._size = size
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._inside = 0

    def submit(self, work: Callable[[], None]) -> None:
        """Have it done as soon as a thread is free."""
        with self._lock:
            self._inside += 1
        self._threads.submit(self._do, work)

    def is_crowded(self) -> bool:
        """Whether somebody waits for a thread."""
        return self._inside > self._size

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._inside -= 1
