"""What plays for whom when a part of the film is being redone."""

from __future__ import annotations

from sqlalchemy import select

from cvtube.videos import keys, lifecycle, queries
from cvtube.videos.models import Asset, AssetKind
from cvtube.videos.timeline import Version, parts, poster_part
from tests import factories


def test_the_working_cut_has_the_newest_take_and_the_published_one_the_approved(
    people, runtime, now
):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now, chapter_titles=("Hello", "Proof"))
        hello = factories.make_ready_clip(
            session, video.chapters[0], now, owner=people.ada, duration_ms=4000
        )
        proof = factories.make_ready_clip(
            session, video.chapters[1], now, owner=people.ada, duration_ms=6000
        )
        lifecycle.publish(session, video, now, actor=people.ada)
        lifecycle.approve(session, video, now, actor=people.ben)
    with runtime.transaction() as session:
        chapter = queries.load_video(session, video.id).chapters[0]
        again = factories.make_ready_clip(session, chapter, now, owner=people.ada, duration_ms=5000)
    with runtime.reading() as session:
        film = queries.load_video(session, video.id)
        working, published = parts(film, Version.WORKING), parts(film, Version.PUBLISHED)

    assert [(part.clip.id, part.start_ms, part.end_ms) for part in working] == [
        (again.id, 0, 5000), (proof.id, 5000, 11_000),
    ]  # fmt: skip
    assert [(part.clip.id, part.start_ms) for part in published] == [
        (hello.id, 0),
        (proof.id, 4000),
    ]
    assert [part.chapter.title for part in published] == ["Hello", "Proof"]


def test_a_chapter_without_a_playable_take_is_left_out(people, runtime, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now, chapter_titles=("Hello", "Proof"))
        lifecycle.start_clip(session, video.chapters[0], now, actor=people.ada)
        factories.make_ready_clip(session, video.chapters[1], now, owner=people.ada)
    with runtime.reading() as session:
        film = queries.load_video(session, video.id)
        assert [part.chapter.title for part in parts(film, Version.WORKING)] == ["Proof"]
        assert parts(film, Version.PUBLISHED) == []


def test_the_made_cut_has_no_take_that_a_newer_one_is_to_replace(people, runtime, now):
    with runtime.transaction() as session:
        titles = ("Hello", "Proof", "Goodbye")
        video = factories.make_video(session, people.ada, now, chapter_titles=titles)
        for chapter in video.chapters[:2]:
            factories.make_ready_clip(session, chapter, now, owner=people.ada, duration_ms=4000)
        lifecycle.start_clip(session, video.chapters[0], now, actor=people.ada)
    with runtime.reading() as session:
        film = queries.load_video(session, video.id)
        assert [part.chapter.title for part in parts(film, Version.WORKING)] == ["Hello", "Proof"]
        (proof,) = parts(film, Version.MADE)
        assert (proof.chapter.title, proof.start_ms) == ("Proof", 0)


def shown(runtime, video):
    with runtime.reading() as session:
        film = queries.load_video(session, video.id)
        return [still.name for still in poster_part(film, parts(film, Version.WORKING)).poster]


def test_a_still_that_is_not_there_any_more_gives_way_to_the_first(people, runtime, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        (chapter,) = video.chapters
        clip = factories.make_ready_clip(session, chapter, now, owner=people.ada, stills=3)
        lifecycle.choose_poster(session, chapter, clip, 2, now, actor=people.ada)
    assert shown(runtime, video) == ["poster-3"]
    with runtime.transaction() as session:
        session.delete(session.get_one(Asset, keys.output(video.id, clip.id, 1, "poster-3.jpg")))
    assert shown(runtime, video) == ["poster"]


def test_a_film_of_the_time_of_one_still_has_that_one(people, runtime, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        clip = factories.make_ready_clip(session, video.chapters[0], now, owner=people.ada)
        of_clip = (Asset.clip_id == clip.id, Asset.kind == AssetKind.POSTER)
        assert session.scalars(select(Asset.facts).where(*of_clip)).all() == [{}]
    assert shown(runtime, video) == ["poster"]
