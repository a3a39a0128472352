"""The web server: gunicorn, whose connections are kept as `cvtube.server` says."""

from __future__ import annotations

import logging
import os
import re
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from sqlalchemy.exc import OperationalError

from cvtube.app import create_app
from cvtube.demo.seeding import refuse_known_passwords
from cvtube.process import die_with_parent
from cvtube.runtime import build, opened
from cvtube.server.worker import MOST_CONNECTIONS, LanesWorker
from cvtube.settings import Settings, load

GRACE_S = 8  # for answers under way at a restart; an upload cut off goes on where it was
SILENT_S = 60
# What stands in such addresses opens something, for a while or for good.
_ADDRESS = re.compile(r" from ip=\S+:")
_KEYS = re.compile(r"(/(?:l|objects|phone|confirm|new-password|new-address)/)[^\s'\"]+")
SHARED_MEMORY = "/dev/shm"  # noqa: S108 (no file of ours is made there by name)


@click.command()
def web() -> None:
    """Serve the site."""
    settings = load()
    # Without its database the site starts all the same, and says so on its pages.
    with suppress(OperationalError), opened(settings) as runtime:
        refuse_known_passwords(runtime)
    WebServer(settings).run()


class QuietLogger(Logger):
    """Gunicorn's own log, which repeats who sent a request that it cannot read, and its address."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.addFilter(_hide_keys)


def _hide_keys(record: logging.LogRecord) -> bool:
    message = _ADDRESS.sub(":", record.getMessage())
    record.msg, record.args = _KEYS.sub(r"\1…", message), None
    return True


class WebServer(BaseApplication):
    """CV Tube as gunicorn runs it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # In each worker, after the fork: connections are never shared.
        return create_app(build(self._settings, interactive=True))


def options(settings: Settings) -> dict[str, Any]:
    """Gunicorn's settings."""
    address = f"{settings.bind}:{settings.port}"
    return {
        "bind": [f"[{settings.bind}]:{settings.port}" if ":" in settings.bind else address],
        "worker_class": LanesWorker,
        "workers": 1,
        "threads": settings.web_threads,
        "worker_connections": MOST_CONNECTIONS,
        # Longer than a proxy in front keeps them, or it would ask on one that is being closed.
        "keepalive": 75,
        "graceful_timeout": GRACE_S,
        "timeout": SILENT_S,
        # The worker's sign of life is a file: on a busy disk it would come too late.
        "worker_tmp_dir": SHARED_MEMORY if os.path.isdir(SHARED_MEMORY) else None,  # noqa: PTH112
        "control_socket_disable": True,
        # No access log: signed addresses are keys, and who watches whom is nobody's business.
        "accesslog": None,
        "logger_class": QuietLogger,
        "errorlog": "-",
        "loglevel": settings.log_level.lower(),
        "proc_name": "cvtube-web",
        "post_fork": _tether,
    }


def _tether(arbiter: Arbiter, _worker: Worker) -> None:
    die_with_parent(arbiter.pid)
