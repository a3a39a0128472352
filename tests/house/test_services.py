"""The tests leave the machine as it was, and each account of it can run them at the same time."""

from __future__ import annotations

import getpass
import os
import pwd

import psycopg

from tests.postgresql import UNPRIVILEGED, PostgreSQL
from tests.services import wait_for


def test_a_second_database_server_runs_beside_the_first_without_an_account_of_its_own(services):
    before = {entry.pw_name for entry in pwd.getpwall()}
    server = PostgreSQL()
    try:
        address = server.start()
        wait_for(lambda: psycopg.connect(address).close())
        assert address != services.postgresql
        assert server.account == (UNPRIVILEGED if os.geteuid() == 0 else getpass.getuser())
    finally:
        server.stop()
    assert {entry.pw_name for entry in pwd.getpwall()} == before
