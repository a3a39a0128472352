"""Which names this site answers to.

Whoever asks says in `Host` whom they believe to ask. A name that is not ours is a page of
somebody else's that points at this machine (DNS rebinding), or somebody who hopes that we
write the name into an address (OWASP: Host header injection).
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import Flask, request

from cvtube.address_forms import LOOPBACK
from cvtube.errors import Refused
from cvtube.settings import Settings

log = logging.getLogger(__name__)

# Machines that watch machines ask by number, and are told nothing about anybody.
BY_ANY_NAME = frozenset({"/healthz", "/readyz", "/metrics"})


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse what is meant for somebody else, before anything looks at it."""
    ours = host_names(settings)

    @app.before_request
    def refuse_foreign_host() -> None:
        if _name(request.host) not in ours and request.path not in BY_ANY_NAME:
            log.info("refused a host name: CVTUBE_PUBLIC_URL and CVTUBE_ALLOWED_HOSTS name ours")
            raise Refused("host_unknown")


def host_names(settings: Settings) -> frozenset[str]:
    """Every name of this site, in lower case and without a port."""
    told = [urlsplit(settings.public_url).netloc, *settings.allowed_hosts.split()]
    here = LOOPBACK if settings.bind in LOOPBACK else frozenset()
    return here | {name for host in told if (name := _name(host))}


def _name(host: str) -> str | None:
    """The name without its port, as browsers send it: ASCII, in lower case."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name if name.isascii() else name.encode("idna").decode()
    except ValueError:
        return None
