"""The site with other settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cvtube.app import create_app
from cvtube.web.security import limiter


@pytest.fixture
def site(runtime, monkeypatch):
    """A browser that asks a site with these settings."""
    monkeypatch.setattr(limiter, "enabled", False)

    def make(**changes):
        settings = runtime.settings.model_copy(update=changes)
        return create_app(replace(runtime, settings=settings)).test_client()

    return make
