"""An older version beside a newer one: what it does not know breaks no page and shows no film.

Processes are restarted one after the other, and somebody may go back to the version before. The
schema has then been migrated by the newer one, which has stored values of its own in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import (
    String,
    event,
    inspect,
    literal,
    make_url,
    select,
    text,
    type_coerce,
    update,
)

from cvtube import schema
from cvtube.accounts.models import CandidateProfile, Contract, Experience
from cvtube.browse.search.indexer import index_film
from cvtube.cli.database import Schema, alembic_config, compare, upgrade_schema
from cvtube.db.base import StoredEnum
from cvtube.db.session import open_engine
from cvtube.moderation.decisions import DecisionInput, SiteDetails, restrict
from cvtube.videos import exports, lifecycle, queries
from cvtube.videos.models import Chapter, Clip, Video, Visibility
from cvtube.videos.sentences import Sentence
from cvtube.videos.verbs import Refusal
from tests import factories

STORED = [
    column
    for table in schema.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, StoredEnum)
]
# What it takes away hides other things from the walk, so these are spoilt one at a time.
HIDING = {"user.role", "video.visibility", "clip.stage", "clip.review"}
NEWER = "of_a_newer_version"
WHO = ("ada", "rae", "ben", "nobody")

# As the first release wrote it, migrated ever since.
RELEASED = """
INSERT INTO "user" (id, role, given_name, family_name, language, created_at)
VALUES ('u', 'candidate', 'Ada', 'Test', 'fr', '2026-01-01 00:00:00');
INSERT INTO candidate_profile (user_id, travel_km, contracts, skills, languages, licences, about,
    updated_at)
VALUES ('u', 20, '[]', '[]', '{}', '[]', '', '2026-01-01 00:00:00');
INSERT INTO video (id, owner_id, visibility, created_at, changed_at)
VALUES ('v', 'u', 'draft', '2026-01-01 00:00:00', '2026-01-01 00:00:00');
INSERT INTO clip (id, video_id, stage, review, created_at, attempt, tries, progress)
VALUES ('c', 'v', 'uploading', 'none', '2026-01-01 00:00:00', 0, 0, 0);
INSERT INTO chapter (id, video_id, position, title, live_clip_id) VALUES ('h', 'v', 0, '', 'c')
"""
# What a migration may do while older processes run (docs/operations.md): add.
ADDED = """
CREATE TABLE newer (id INTEGER PRIMARY KEY);
ALTER TABLE clip ADD COLUMN newer VARCHAR(9) DEFAULT '' NOT NULL;
ALTER TABLE "user" ADD COLUMN newer INTEGER;
UPDATE alembic_version SET version_num = '9999'
"""


@pytest.fixture
def engine(empty_database):
    """The schema of the last release with rows in it, migrated to this version's and beyond."""
    url = make_url(empty_database)
    if url.get_backend_name() == "sqlite":
        Path(url.database).parent.mkdir()
    command.upgrade(alembic_config(empty_database), "0009")
    engine = open_engine(empty_database)
    run(engine, RELEASED)
    upgrade_schema(empty_database)
    run(engine, ADDED)
    with engine.connect() as connection:
        assert compare(connection) is Schema.NEWER
    allow_every_value(engine)
    yield engine
    engine.dispose()


def run(engine, statements):
    with engine.begin() as connection:
        for statement in statements.split(";"):
            connection.execute(text(statement))


def allow_every_value(engine):
    """A newer version's CHECKs know its values; which ones, this version cannot know."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        event.listen(
            engine, "connect", lambda c, _: c.execute("PRAGMA ignore_check_constraints = ON")
        )
        return
    looked_at = inspect(engine)
    for table in {column.table.name for column in STORED}:
        for check in looked_at.get_check_constraints(table):
            run(engine, f'ALTER TABLE "{table}" DROP CONSTRAINT {check["name"]}')


class World:
    """A film that everybody finds, one with a link, one taken down, and one in the making."""

    def __init__(self, runtime, people) -> None:
        self.runtime, self.people = runtime, people
        self.now = runtime.now()
        self.everybody = [getattr(people, name) for name in WHO[:-1]]  # before any transaction
        with runtime.transaction() as session:
            profile = session.get_one(CandidateProfile, people.ada.id)
            profile.contracts = [Contract.PERMANENT, NEWER]
            profile.experience = Experience.FROM_2
        self.listed = self.film(Visibility.RECRUITERS)
        self.by_link = self.film(Visibility.PRIVATE_LINK)
        taken_down = self.film(Visibility.RECRUITERS)
        with runtime.transaction() as session:
            ruling = DecisionInput(Refusal.TAKEN_DOWN, "technical", "It stops at once.")
            video = queries.load_video(session, taken_down)
            clip = video.chapters[0].live_clip
            site = SiteDetails("http://localhost/x", "")
            restrict(session, video, clip, self.now, ruling, moderator=people.ben, site=site)
            draft = factories.make_video(session, people.ada, self.now, occupation_code="G1602")
            lifecycle.start_take(session, draft.chapters[0], self.now, actor=people.ada)
            self.drafted = draft.id
        with runtime.reading() as session:
            self.key = session.get_one(Video, self.by_link).link_key
            self.objects = [self.names_of(session, film) for film in (self.listed, self.drafted)]

    def names_of(self, session, film_id):
        """What the addresses of a film's pages have in them."""
        clip_id = session.scalars(select(Clip.id).where(Clip.video_id == film_id)).one()
        chapter_id = session.scalars(select(Chapter.id).where(Chapter.video_id == film_id)).one()
        return {
            "video_id": film_id, "clip_id": clip_id, "take_id": clip_id, "chapter_id": chapter_id,
            "key": self.key, "cut": "working", "track": "h264-720", "language": "fr",
        }  # fmt: skip

    def film(self, audience):
        ada, now = self.people.ada, self.now
        with self.runtime.transaction() as session:
            video = factories.make_video(session, ada, now, occupation_code="G1602")
            clip = factories.make_ready_clip(session, video.chapters[0], now, owner=ada)
            lifecycle.save_captions(
                session, clip, [Sentence(0, 900, "Bonjour")], language="fr", version=0
            )
            lifecycle.publish(session, video, now, actor=ada, audience=audience)
            if audience is Visibility.PRIVATE_LINK:
                lifecycle.make_link(session, video, now, actor=ada)
            lifecycle.approve(session, video, now, actor=self.people.ben)
            session.flush()
            exports.order_export(session, queries.load_video(session, video.id), now)
            index_film(session, video.id, now)
            return video.id

    def addresses(self, app):
        """Every page of the site, for each of the films."""
        bound = app.url_map.bind("localhost")
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
        return {
            bound.build(rule.endpoint, {name: known[name] for name in rule.arguments})
            for known in self.objects
            for rule in rules
            if rule.arguments <= set(known) and not rule.endpoint.startswith("health.")
        }


@pytest.fixture
def world(runtime, people):
    return World(runtime, people)


def pages_of_each(world, app):
    """Every page that there is for somebody, by who may see it."""
    addresses = sorted(world.addresses(app))
    return {
        name: [path for path in addresses if browser.get(path).status_code < 300]
        for name in WHO
        for browser in [world.people.client(name)]
    }


def broken(world, pages):
    """Whose pages show an error of ours."""
    return [
        (name, path)
        for name, paths in pages.items()
        for browser in [world.people.client(name)]
        for path in paths
        if browser.get(path).status_code >= 500
    ]


def seen_by_others(world):
    """What recruiters and strangers get to see."""
    rae, nobody = world.people.client("rae"), world.people.client("nobody")
    return {
        "found": world.listed in rae.get("/search").text,
        "watched": rae.get(f"/films/{world.listed}").status_code == 200,
        "played": rae.get(f"/films/{world.listed}/published/master.m3u8").status_code == 200,
        "by link": nobody.get(f"/l/{world.key}").status_code == 200,
        "played by link": nobody.get(f"/l/{world.key}/master.m3u8").status_code == 200,
    }


def spoil(engine, column):
    """Every row's value is one that only a newer version knows; returns what was there."""
    mark = next(iter(column.table.primary_key))
    stored = type_coerce(column, String)
    with engine.begin() as connection:
        before = connection.execute(select(mark, stored).where(column.is_not(None))).all()
        connection.execute(
            update(column.table).where(column.is_not(None)).values({column: literal(NEWER, String)})
        )
    return before


def mend(engine, column, before):
    mark = next(iter(column.table.primary_key))
    with engine.begin() as connection:
        for row, value in before:
            change = update(column.table).where(mark == row)
            connection.execute(change.values({column: literal(value, String)}))


def test_values_of_a_newer_version_break_no_page_and_show_no_film(world, app, engine):
    assert all(seen_by_others(world).values())
    pages = pages_of_each(world, app)
    assert min(map(len, pages.values())) > 10
    problems = {}
    alone = [[column] for column in STORED if str(column) in HIDING]
    beside = [column for column in STORED if str(column) not in HIDING]
    for columns in (*alone, beside):
        before = [(column, spoil(engine, column)) for column in columns]
        what = ", ".join(map(str, columns))
        problems[what, "breaks"] = broken(world, pages)
        if columns is not beside and what != "user.role":
            seen = seen_by_others(world)
            seen.pop("found")  # by the index, which follows within seconds
            problems[what, "shows"] = [one for one, it_is in seen.items() if it_is]
        for column, values in before:
            mend(engine, column, values)
    assert {what: found for what, found in problems.items() if found} == {}
    assert all(seen_by_others(world).values())
