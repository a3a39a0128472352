"""The signed cookie, believed whatever the clocks say of when it was signed.

Flask's own refuses a cookie that seems to be signed later than now. That happens whenever the
clocks of two web servers differ by a second, or one is set back, and it would log everybody out.
Only this site can sign: a cookie "from the future" is as genuine as any other, and how long a
log-in lives is decided by its row, never by the cookie.
"""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from cvtube.runtime import utc_now


class Cookies(SecureCookieSessionInterface):
    """Flask's cookie, without its lower bound on the age."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        try:
            content, signed_at = signer.loads(cookie, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        if utc_now() - signed_at > app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(content)
