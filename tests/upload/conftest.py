"""Somebody who sends films."""

from __future__ import annotations

import pytest

from tests.upload.tus import Tus


@pytest.fixture
def tus(people) -> Tus:
    """Ada, sending."""
    return Tus(people.client("ada"))
