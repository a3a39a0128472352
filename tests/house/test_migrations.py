"""The migrations lead from nothing to exactly what the models say, and back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, select, text
from sqlalchemy.orm import Session

from cvtube import schema
from cvtube.browse.search import document
from cvtube.browse.search.models import SearchEntry
from cvtube.cli.database import Schema, alembic_config, compare, upgrade_schema
from cvtube.db.session import open_engine


def differences(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": schema.is_modelled, "compare_type": True}
        )
        found = compare_metadata(context, schema.metadata)
    engine.dispose()
    return found


def tables(url):
    engine = open_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_a_migrated_database_is_what_the_models_say(empty_database):
    upgrade_schema(empty_database)
    assert differences(empty_database) == []


def test_migrating_again_changes_nothing(empty_database):
    upgrade_schema(empty_database)
    before = tables(empty_database)
    upgrade_schema(empty_database)
    assert tables(empty_database) == before


def test_a_schema_of_a_newer_version_stays(empty_database, capsys):
    """Whoever goes back to an older version must find it starting."""
    upgrade_schema(empty_database)
    engine = open_engine(empty_database)
    with engine.begin() as connection:
        assert compare(connection) is Schema.CURRENT
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert compare(connection) is Schema.NEWER
    upgrade_schema(empty_database)
    assert "newer than this version" in capsys.readouterr().err
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        assert compare(connection) is Schema.OLDER
    engine.dispose()


def migrate_to(url, revision):
    """As far as a database was with an older version."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        Path(address.database).parent.mkdir()
    command.upgrade(alembic_config(url), revision)


FIRST_RELEASE = """
INSERT INTO "user" (id, role, given_name, family_name, language, created_at)
VALUES ('u', 'candidate', 'Ada', 'Test', 'fr', '2026-01-01');
INSERT INTO video (id, owner_id, visibility, created_at, changed_at)
VALUES ('v', 'u', 'draft', '2026-01-01', '2026-01-01');
INSERT INTO clip (id, video_id, stage, review, created_at, attempt, tries, progress)
VALUES ('c', 'v', 'uploading', 'none', '2026-01-01', 0, 0, 0);
INSERT INTO chapter (id, video_id, position, title, live_clip_id) VALUES ('h', 'v', 0, '', 'c');
INSERT INTO original_chunk (key, clip_id, start, size) VALUES ('k', 'c', 0, 1);
INSERT INTO search_entry (id, video_id, film_version, week, lot, family, occupation, contracts,
    experience, languages, licences, department, reach)
VALUES (1, 'v', '2026-01-01', 0, 0, 'J', 'J1501', '', '', '', '', '44', 0)
"""


def test_what_is_there_survives_every_migration(empty_database):
    """SQLite alters a table by replacing it: what refers to it must not go with the old one."""
    migrate_to(empty_database, "0001")
    engine = open_engine(empty_database)
    with engine.begin() as connection:
        for row in FIRST_RELEASE.split(";"):
            connection.execute(text(row))
    upgrade_schema(empty_database)
    with engine.connect() as connection:
        rows = "SELECT clip_id, live_clip_id FROM original_chunk, chapter"
        assert connection.execute(text(rows)).all() == [("c", "c")]
    with Session(engine) as session:
        made_by = session.scalars(select(SearchEntry.document_version)).one()
        # What a migration added to it is empty in here: the clock must see that it is old.
        assert made_by < document.VERSION
    engine.dispose()


ASSETS = """
INSERT INTO asset (key, clip_id, kind, name, size, facts)
VALUES ('a/hover.mp4', 'c', 'hover', 'hover', 9, '{}');
INSERT INTO asset (key, clip_id, kind, name, size, facts)
VALUES ('a/poster.jpg', 'c', 'poster', 'poster', 9, '{}')
"""


def test_previews_that_no_page_asked_for_lose_their_rows(empty_database):
    migrate_to(empty_database, "0017")
    engine = open_engine(empty_database)
    with engine.begin() as connection:
        for row in (FIRST_RELEASE + ";" + ASSETS).split(";"):
            connection.execute(text(row))
    upgrade_schema(empty_database)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT key FROM asset")).all() == ["a/poster.jpg"]
    engine.dispose()


def test_every_migration_can_be_taken_back(empty_database):
    upgrade_schema(empty_database)
    command.downgrade(alembic_config(empty_database), "base")
    assert tables(empty_database) == {"alembic_version"}


def test_there_is_one_line_of_history():
    assert len(ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()) == 1
