"""One session in which a story is told, and whose film it is about."""

from __future__ import annotations

import pytest

from tests import factories


@pytest.fixture
def notifier():
    return factories.SilentNotifier()


@pytest.fixture
def session(runtime, notifier):
    """One long session; `commit()` stands for the end of a request or job step."""
    made = runtime.new_session()
    made.info["cvtube_notifier"] = notifier
    with made:
        yield made


@pytest.fixture
def ada(session, now):
    return factories.make_user(session, now)
