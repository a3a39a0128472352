"""A database that is not there yet, for migrations."""

from __future__ import annotations

from tests.house.conftest import empty_database

__all__ = ["empty_database"]
