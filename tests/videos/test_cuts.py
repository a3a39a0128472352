"""What plays for whom when a part of the film is being redone."""

from __future__ import annotations

from cvtube.videos import lifecycle, queries
from cvtube.videos.cuts import Cut, parts
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
        working, published = parts(film, Cut.WORKING), parts(film, Cut.PUBLISHED)

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
        assert [part.chapter.title for part in parts(film, Cut.WORKING)] == ["Proof"]
        assert parts(film, Cut.PUBLISHED) == []
