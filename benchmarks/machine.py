"""What figures were measured on, and where there is room for a server."""

from __future__ import annotations

import os
import platform
import socket
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """What the seconds were measured on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
        model = models[0] if models else model
    return {"processor": model, "cores": os.cpu_count(), "system": platform.system()}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
