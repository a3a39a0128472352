"""The people of every story.

Ada made the film. Ben moderates, and so does Mo. Cy is another candidate. Rae recruits and is
verified, Uma recruits and is not. Adm administers. Kim and Lou advise. Nobody is nobody: a
visitor who is not logged in.
"""

from __future__ import annotations

from functools import cached_property

from flask import Flask
from flask.testing import FlaskClient

from cvtube.accounts.models import Role, User
from cvtube.accounts.sessions import open_session
from cvtube.runtime import Runtime
from tests import factories

NAMES = ("ada", "ben", "cy", "rae", "uma", "adm", "nobody")


class Personas:
    """Makes each person when first asked for, and a browser logged in as them."""

    def __init__(self, app: Flask, runtime: Runtime) -> None:
        self._app = app
        self._runtime = runtime

    @cached_property
    def ada(self) -> User:
        return self._make("Ada", Role.CANDIDATE)

    @cached_property
    def cy(self) -> User:
        return self._make("Cy", Role.CANDIDATE)

    @cached_property
    def ben(self) -> User:
        return self._make("Ben", Role.MODERATOR)

    @cached_property
    def mo(self) -> User:
        return self._make("Mo", Role.MODERATOR)

    @cached_property
    def adm(self) -> User:
        return self._make("Adm", Role.ADMIN)

    @cached_property
    def kim(self) -> User:
        return self._make("Kim", Role.ADVISER)

    @cached_property
    def lou(self) -> User:
        return self._make("Lou", Role.ADVISER)

    @cached_property
    def rae(self) -> User:
        return self._make("Rae", Role.RECRUITER, verified_at=self._runtime.now())

    @cached_property
    def uma(self) -> User:
        return self._make("Uma", Role.RECRUITER)

    def client(self, name: str) -> FlaskClient:
        """A browser in which the named person is logged in."""
        browser = self._app.test_client()
        if name == "nobody":
            return browser
        with self._runtime.transaction() as session:
            token = open_session(session, getattr(self, name), self._runtime.now(), device="Tests")
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    def _make(self, name: str, role: Role, **fields: object) -> User:
        with self._runtime.transaction() as session:
            return factories.make_user(session, self._runtime.now(), name=name, role=role, **fields)
