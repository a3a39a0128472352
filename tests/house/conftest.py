"""Databases without a single table."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import make_url, text

from cvtube.db.session import open_engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path, services):
    """The address of a database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/fresh/cvtube.db"
        return
    name = f"fresh_{secrets.token_hex(6)}"
    admin = open_engine(services.postgresql)
    with admin.connect() as connection:
        autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
        autocommit.execute(text(f"CREATE DATABASE {name}"))
        url = make_url(services.postgresql).set(database=name)
        yield url.render_as_string(hide_password=False)
        autocommit.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
