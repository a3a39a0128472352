"""A film that is still being made, in its owner's browser and in nobody else's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cvtube.jobs import claiming
from cvtube.jobs.handler import handler_of
from cvtube.jobs.kinds import TRANSCODE
from cvtube.storage import local
from cvtube.transcode.live_preview import Early, shown_early
from cvtube.transcode.plan import ladder
from cvtube.videos import keys, lifecycle
from cvtube.videos.models import Asset, AssetKind, Chapter, Clip, Stage
from tests import factories
from tests.browse import media
from tests.browse.media import LANDSCAPE
from tests.browser import FILM, play, until
from tests.personas import NAMES
from tests.transcode import samples

LEASE = timedelta(seconds=60)
PLAN = ladder.plan(samples.film(width=640, height=360), samples.SOUND, 0.0)


class Growing:
    """What an encoder has written so far: the first so many segments of a finished clip."""

    def __init__(self, folder, finished):
        self.folder = folder
        self._finished = finished

    def up_to(self, count):
        for name, source in (("h264-360", "large"), ("audio", "audio")):
            text = (self._finished / f"{source}.m3u8").read_text()
            lines = text.replace(f"{source}.mp4", f"{name}.mp4").splitlines()
            last = [i for i, line in enumerate(lines) if line == f"{name}.mp4"][count - 1]
            whole = "\n".join(lines[: last + 1])
            # The next segment's lines are just being written.
            (self.folder / f"{name}.m3u8").write_text(f"{whole}\n#EXTINF:2.000000,\n#EXT-X-BYT")
            (self.folder / f"{name}.mp4").write_bytes(
                (self._finished / f"{source}.mp4").read_bytes()
            )
        return self.folder


@pytest.fixture
def growing(tmp_path, clips):
    folder = tmp_path / "made"
    folder.mkdir()
    return Growing(folder, clips[LANDSCAPE.name])


@pytest.fixture
def held(people, runtime, now):
    """Ada's first film, which a worker has just begun to make."""
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        return begin(session, video.chapters[0], people.ada, now)


def begin(session, chapter, owner, now):
    clip = lifecycle.start_clip(session, chapter, now, actor=owner)
    lifecycle.complete_upload(session, clip.id, 1000, now)
    return claiming.claim(session, TRANSCODE, clip.id, now, lease=LEASE, max_tries=4)


def show(runtime, held, folder):
    with Early(runtime, held) as early:
        early.update(folder, shown_early(PLAN), PLAN.rate)


def early_rows(runtime, held):
    with runtime.reading() as session:
        return session.query(Asset).filter_by(clip_id=held.target_id, kind=AssetKind.EARLY).all()


def stored(runtime, held):
    prefix = keys.outputs(held.video_id, held.target_id, held.attempt)
    return {found.key for found in runtime.storage.list(prefix)}


def playlist(people, name, held, track="h264-360", cut="working"):
    return people.client(name).get(f"/films/{held.video_id}/{cut}/{track}.m3u8")


@pytest.fixture
def later(monkeypatch):
    """What is signed from now on has the addresses of the next half hour."""

    def come():
        real = local.expiry_window
        monkeypatch.setattr(local, "expiry_window", lambda now, ttl_s: real(now, ttl_s) + 1800)

    return come


@pytest.mark.parametrize("addresses", ["the same addresses", "new addresses"])
def test_its_owner_watches_it_grow_and_then_become_sharp(
    open_as, people, runtime, held, growing, clips, later, addresses
):
    page = open_as("ada", f"/my-films/{held.video_id}")
    expect(page.locator("film-video")).to_have_count(0)
    show(runtime, held, growing.up_to(2))
    until(page, f"{FILM}?.readyState >= 1")  # without a reload
    expect(page.locator(".player-grows")).to_be_visible()
    assert page.evaluate(f"{FILM}.currentTime") == 0
    play(page)
    until(page, f"{FILM}.currentTime > 0.3")
    assert page.evaluate(f"{FILM}.duration") == pytest.approx(4, abs=0.1)
    if addresses == "new addresses":
        later()
    show(runtime, held, growing.up_to(3))
    until(page, f"{FILM}.currentTime > 4.3")  # it went on with what came

    with runtime.transaction() as session:
        media.finish(
            session, runtime.storage, held, runtime.now(),
            shape=LANDSCAPE, folder=clips[LANDSCAPE.name],
        )  # fmt: skip
    handler_of(held).clean_up(runtime)
    until(page, f"{FILM}.duration > 7.9 && {FILM}.videoRenditions.length === 2")
    expect(page.locator(".player-grows")).to_have_count(0)
    until(page, f"{FILM}.currentTime > 5.5 || {FILM}.ended")  # and did not begin again
    assert early_rows(runtime, held) == []
    assert not [key for key in stored(runtime, held) if "early" in key]


def test_a_size_it_grew_in_may_not_be_among_those_it_ends_with(
    open_as, people, runtime, held, growing, clips
):
    page = open_as("ada", f"/my-films/{held.video_id}")
    show(runtime, held, growing.up_to(2))
    until(page, f"{FILM}?.readyState >= 1")
    play(page)
    until(page, f"{FILM}.currentTime > 0")
    with runtime.transaction() as session:
        media.finish(
            session, runtime.storage, held, runtime.now(),
            shape=LANDSCAPE, folder=clips[LANDSCAPE.name],
        )  # fmt: skip
        session.query(Asset).filter_by(clip_id=held.target_id, name="h264-360").delete()
    until(page, f"{FILM}.duration > 7.9 && {FILM}.videoRenditions.length === 1")
    expect(page.locator(".player-gone")).to_be_hidden()


def test_nobody_else_can_reach_it(people, runtime, held, growing):
    show(runtime, held, growing.up_to(2))
    for cut in ("working", "published"):
        for track in ("master", "h264-360", "audio"):
            reached = {
                name
                for name in NAMES
                if playlist(people, name, held, track, cut).status_code == 200
            }
            assert reached == ({"ada"} if cut == "working" else set()), (cut, track)


def test_moderators_see_the_last_whole_take_while_the_next_one_is_made(
    people, runtime, shoot, growing
):
    video = shoot(LANDSCAPE, owner=people.ada)
    with runtime.transaction() as session:
        chapter = session.get_one(Chapter, video.chapters[0].id)
        held = begin(session, chapter, people.ada, runtime.now())
    show(runtime, held, growing.up_to(2))
    assert "early-" in playlist(people, "ada", held, "audio").text
    for name, cut in (("ben", "working"), ("ben", "published"), ("ada", "published")):
        text = playlist(people, name, held, "audio", cut).text
        assert "early-" not in text
        assert "#EXT-X-ENDLIST" in text


def test_its_playlist_grows_and_never_says_that_it_ends(people, runtime, held, growing):
    counts = []
    for count in (1, 2, 4):
        show(runtime, held, growing.up_to(count))
        text = playlist(people, "ada", held).text
        counts.append(text.count("#EXTINF"))
        assert "#EXT-X-PLAYLIST-TYPE:EVENT" in text
        assert "#EXT-X-ENDLIST" not in text
        addresses = re.findall(r"^/objects/\S+$|(?<=URI=\")[^\"]+", text, re.MULTILINE)
        assert len(addresses) == count + 1
        assert all(people.client("ada").get(a).status_code == 200 for a in addresses)
    assert counts == [1, 2, 4]
    with runtime.reading() as session:
        assert session.get_one(Clip, held.target_id).early_ms == pytest.approx(8000, abs=30)


@pytest.mark.parametrize("ending", ["ready", "failed", "put back", "taken over", "given up"])
def test_nothing_early_outlives_the_attempt(people, runtime, held, growing, clips, now, ending):
    show(runtime, held, growing.up_to(2))
    assert len(early_rows(runtime, held)) == 2
    with runtime.transaction() as session:
        if ending == "ready":
            media.finish(
                session, runtime.storage, held, now,
                shape=LANDSCAPE, folder=clips[LANDSCAPE.name],
            )  # fmt: skip
        elif ending == "failed":
            lifecycle.fail_transcode(session, held, "film_broken", now)
        elif ending == "put back":
            claiming.give_back(session, held, now, wait=timedelta(seconds=10))
        elif ending == "taken over":
            later = now + LEASE
            assert claiming.claim(
                session, TRANSCODE, held.target_id, later, lease=LEASE, max_tries=4
            )
        else:
            lifecycle.abandon_clip(session, held.target_id, now, actor=people.ada)
    assert early_rows(runtime, held) == []
    with runtime.reading() as session:
        clip = session.get_one(Clip, held.target_id)
        assert clip.early_ms is None
        ready = clip.stage is Stage.READY
    assert playlist(people, "ada", held, "audio").status_code == (200 if ready else 404)
    handler_of(held).clean_up(runtime)
    assert not [key for key in stored(runtime, held) if "early" in key]


def test_a_worker_that_lost_the_clip_shows_nothing(runtime, held, growing, now):
    with runtime.transaction() as session:
        claiming.claim(session, TRANSCODE, held.target_id, now + LEASE, lease=LEASE, max_tries=4)
    show(runtime, held, growing.up_to(2))
    assert early_rows(runtime, held) == []
    handler_of(held).clean_up(runtime)
    assert stored(runtime, held) == set()


def test_a_storage_that_is_away_costs_the_early_look_and_nothing_else(
    runtime, held, growing, caplog
):
    class Away:
        def put(self, *_):
            raise OSError("no route")

    show(replace(runtime, storage=Away()), held, growing.up_to(2))
    assert early_rows(runtime, held) == []
    assert "is not shown early: OSError" in caplog.text
