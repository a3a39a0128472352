"""Headers of every answer, request forgery, and request rates."""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect, validate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import ValidationError

from cvtube.errors import Refused
from cvtube.runtime import Runtime
from cvtube.settings import MIB
from cvtube.web import hosts, unit_of_work
from cvtube.web.cookies import Cookies


def client_network() -> str:
    """Whose rate a request counts for: an IPv4 address, or the /64 one IPv6 customer has."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


csrf = CSRFProtect()
limiter = Limiter(
    client_network,
    headers_enabled=True,
    # A counter that is lost with Redis is counted in this process until Redis is back.
    in_memory_fallback_enabled=True,
    # What is counted behind an answer comes too late for that: one count is lost, not the answer.
    swallow_errors=True,
)

YEAR_S = 31_536_000
# Without an end, any form's address would take in and put on the disk whatever is sent. The
# addresses that take films lift it for themselves, and stream.
LARGEST_FORM = MIB


def init_app(app: Flask, runtime: Runtime) -> None:
    """What every page is locked with."""
    settings = runtime.settings
    https = settings.public_url.startswith("https://")
    app.config.update(_configuration(runtime, https=https))
    app.session_interface = Cookies()
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    hosts.init_app(app, settings)
    csrf.init_app(app)
    app.after_request(_let_only_the_refused_wait)  # after the limiter, which comes behind it
    limiter.init_app(app)
    app.before_request(_refuse_nul)
    policy = _content_policy(runtime)
    hsts = f"max-age={YEAR_S}" + ("; includeSubDomains" if settings.hsts_subdomains else "")

    @app.after_request
    def harden(response: Response) -> Response:
        # Added: a page may have a stricter one of its own, and browsers hold it to both.
        response.headers.add("Content-Security-Policy", policy)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = (
            "camera=(self), microphone=(self), geolocation=(), payment=()"
        )
        # Hardly anything here is for search engines: candidates decide who sees them.
        if not g.pop("is_findable", False) or response.status_code != HTTPStatus.OK:
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        if https:
            response.headers["Strict-Transport-Security"] = hsts
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _let_only_the_refused_wait(response: Response) -> Response:
    """The limiter says of every answer when its counter begins anew.

    To come back later is said to who was refused (RFC 6585 section 4). On a way elsewhere it would
    ask to wait before going there (RFC 9110 section 10.2.3).
    """
    if response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers.pop("Retry-After", None)
    return response


def let_search_engines_in() -> None:
    """This page names nobody, and may be found by everybody; a demo's may not."""
    g.is_findable = not unit_of_work.runtime().settings.demo


def _refuse_nul() -> None:
    """No address here has a NUL in it, and PostgreSQL cannot even be asked about one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        raise Refused("bad_request")


def _configuration(runtime: Runtime, *, https: bool) -> dict[str, object]:
    cookies = runtime.keys_for("cookies")
    return {
        "SECRET_KEY": cookies[0],
        "SECRET_KEY_FALLBACKS": cookies[1:],
        # itsdangerous signs with the last one, and believes all of them.
        "WTF_CSRF_SECRET_KEY": cookies[::-1],
        # The prefix binds the cookie to this host over HTTPS (RFC 6265bis, section 4.1.3.2).
        "SESSION_COOKIE_NAME": "__Host-cvtube" if https else "cvtube",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A form may stay open for a day: its token lives as long as the log-in.
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "RATELIMIT_STORAGE_URI": _limits_storage(runtime.settings.redis_url),
        # A person waits: when Redis does not answer at once, this process counts by itself.
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }


def check_form_token(token: str | None) -> None:
    """The check every form gets, for those few that are read as a stream."""
    if not current_app.config["WTF_CSRF_ENABLED"]:  # as in tests
        return
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise Refused("form_expired") from error


def _content_policy(runtime: Runtime) -> str:
    media = " ".join(filter(None, ["'self'", "blob:", runtime.storage.browser_origin]))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            # The player's elements carry their styles inside their shadow roots.
            "style-src 'self' 'unsafe-inline'",
            f"img-src {media} data:",
            f"media-src {media}",
            f"connect-src {media}",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self' blob:",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _limits_storage(redis_url: str) -> str:
    parts = urlsplit(redis_url)
    return f"redis+unix://{parts.path}" if parts.scheme == "unix" else redis_url
