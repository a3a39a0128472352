"""Takes over HTTP: sent by tus, listed, chosen and thrown away, each for their owner alone."""

from __future__ import annotations

import pytest

from cvtube.privacy import jobs as privacy
from cvtube.videos import lifecycle, queries
from cvtube.videos.models import Clip, Stage
from tests import factories
from tests.upload.tus import Tus, code, film, metadata

LENGTH = 30_000


@pytest.fixture
def chapter_id(runtime, people, now):
    with runtime.transaction() as session:
        return factories.make_video(session, people.ada, now).chapters[0].id


@pytest.fixture
def tus(people):
    made = Tus(people.client("ada"))
    made.client.environ_base["HTTP_ACCEPT"] = "application/json"
    return made


def begin(tus, chapter_id, **headers):
    said = metadata(chapter=chapter_id, take="1", filename="hello.webm")
    return tus.create(upload_metadata=said, upload_defer_length=1, **headers)


def record(tus, chapter_id):
    """A take sent while it was recorded; returns its id."""
    answer = begin(tus, chapter_id)
    path, data = answer.headers["Location"], film(LENGTH)
    tus.patch(path, 0, data[:20_000])
    tus.patch(path, 20_000, data[20_000:], upload_length=LENGTH)
    return answer.headers["Clip-Id"]


def takes(client, chapter_id):
    return client.get(f"/studio/chapters/{chapter_id}/takes").json["takes"]


def choose(client, take_id, **trim):
    return client.post(f"/studio/takes/{take_id}/choice", json=trim)


def test_a_take_is_told_from_its_first_byte_on(tus, chapter_id):
    answer = begin(tus, chapter_id)
    tus.patch(answer.headers["Location"], 0, film(LENGTH)[:12_000])
    (take,) = takes(tus.client, chapter_id)
    assert take["id"] == answer.headers["Clip-Id"]
    assert tus.head(answer.headers["Location"]).headers["Clip-Id"] == take["id"]
    assert (take["state"], take["bytes"], take["chosen"]) == ("uploading", 12_000, False)


def test_the_chosen_take_is_the_one_that_is_encoded(tus, chapter_id, runtime):
    first, second = record(tus, chapter_id), record(tus, chapter_id)
    assert [take["state"] for take in takes(tus.client, chapter_id)] == ["kept", "kept"]
    answer = choose(tus.client, second, start_ms=400, end_ms=9000)
    assert (answer.status_code, answer.json["state"], answer.json["chosen"]) == (
        200, "uploaded", True,
    )  # fmt: skip
    told = {take["id"]: take for take in takes(tus.client, chapter_id)}
    assert (told[second]["start_ms"], told[second]["end_ms"]) == (400, 9000)
    assert (told[first]["expires_at"] is None, told[second]["expires_at"]) == (False, None)
    assert stage(runtime, first) is Stage.KEPT


def stage(runtime, clip_id):
    with runtime.reading() as session:
        return session.get_one(Clip, clip_id).stage


@pytest.mark.parametrize("trim", [{"start_ms": "x"}, {"end_ms": -5}, {"end_ms": 10**15}, []])
def test_a_trim_that_makes_no_sense_changes_nothing(tus, chapter_id, runtime, trim):
    take = record(tus, chapter_id)
    answer = tus.client.post(f"/studio/takes/{take}/choice", json=trim or [1])
    assert code(answer) == (422, "trim_not_valid")
    assert stage(runtime, take) is Stage.KEPT


def test_a_cut_is_kept_with_its_take_before_it_is_chosen(tus, chapter_id):
    take, path = record(tus, chapter_id), "/studio/takes/{}/trim"
    cut = {"start_ms": 400, "end_ms": 9400}
    assert tus.client.put(path.format(take), json=cut).status_code == 204
    (told,) = takes(tus.client, chapter_id)
    assert (told["state"], told["start_ms"], told["end_ms"]) == ("kept", 400, 9400)
    assert "· 0:09" in tus.client.get(f"/studio/chapters/{chapter_id}").text
    chosen = choose(tus.client, take)  # and says nothing of its cut
    assert (chosen.json["start_ms"], chosen.json["end_ms"]) == (400, 9400)
    answer = tus.client.put(path.format(take), json={"start_ms": 0})
    assert code(answer) == (409, "take_in_film")
    for nonsense in ({}, {"start_ms": -1}, {"start_ms": 500, "end_ms": 600}):
        answer = tus.client.put(path.format(record(tus, chapter_id)), json=nonsense)
        assert code(answer) == (422, "trim_not_valid"), nonsense


def test_a_thrown_away_take_is_gone_and_its_upload_with_it(tus, chapter_id):
    answer = begin(tus, chapter_id)
    path = answer.headers["Location"]
    gone = tus.client.delete(f"/studio/takes/{answer.headers['Clip-Id']}")
    assert gone.status_code == 204
    assert code(tus.patch(path, 0, film(LENGTH))) == (410, "upload_gone")
    assert takes(tus.client, chapter_id) == []


def test_forms_choose_and_throw_away_too(tus, chapter_id, runtime):
    take = record(tus, chapter_id)
    assert tus.client.post(f"/studio/takes/{take}/choice").status_code == 303
    assert stage(runtime, take) is Stage.UPLOADED
    other = record(tus, chapter_id)
    assert tus.client.post(f"/studio/takes/{other}/discarding").status_code == 303
    assert stage(runtime, other) is Stage.ABANDONED


def test_a_take_is_watched_as_it_was_sent_whole_or_from_any_byte_on(tus, chapter_id):
    take, sent = record(tus, chapter_id), film(LENGTH)
    path = f"/studio/takes/{take}/film"
    whole = tus.client.get(path)
    assert (whole.status_code, whole.data) == (200, sent)
    assert (whole.mimetype, whole.headers["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Cache-Control"] == "private, no-store"
    part = tus.client.get(path, headers={"Range": "bytes=19990-20009"})  # over a joint
    assert (part.status_code, part.data) == (206, sent[19_990:20_010])
    assert part.headers["Content-Range"] == f"bytes 19990-20009/{LENGTH}"
    assert tus.client.get(path, headers={"Range": f"bytes={LENGTH}-"}).status_code == 416


def test_a_take_of_which_nothing_is_here_yet_cannot_be_watched(tus, chapter_id):
    take = begin(tus, chapter_id).headers["Clip-Id"]
    assert code(tus.client.get(f"/studio/takes/{take}/film")) == (404, "not_found")


@pytest.mark.parametrize("name", ["cy", "ben", "rae", "adm", "nobody"])
def test_takes_are_their_owners_alone(tus, people, chapter_id, name):
    take = record(tus, chapter_id)
    other = people.client(name)
    other.environ_base["HTTP_ACCEPT"] = "application/json"
    expected = {401} if name == "nobody" else {404}
    answers = [
        other.get(f"/studio/chapters/{chapter_id}/takes"),
        choose(other, take),
        other.delete(f"/studio/takes/{take}"),
        other.put(f"/studio/takes/{take}/trim", json={"start_ms": 1000}),
        other.get(f"/studio/takes/{take}/film"),
        other.get(f"/studio/takes/{take}/discarding"),
        other.post(f"/studio/takes/{take}/discarding"),
    ]
    assert {answer.status_code for answer in answers} == expected
    assert takes(tus.client, chapter_id)[0]["state"] == "kept"


def test_a_deleted_films_take_is_refused_in_every_way(tus, chapter_id, runtime, people, now):
    take, answer = record(tus, chapter_id), begin(tus, chapter_id)
    with runtime.transaction() as session:
        video = queries.load_video(session, session.get_one(Clip, take).video_id)
        lifecycle.delete_video(session, video, now, actor=people.ada)
    path = answer.headers["Location"]
    assert code(tus.patch(path, 0, film(100))) == (410, "upload_gone")
    assert code(begin(tus, chapter_id)) == (404, "not_found")
    assert choose(tus.client, take).status_code == 404


def test_a_withdrawn_films_takes_go_on(tus, chapter_id, runtime, people, now):
    answer = begin(tus, chapter_id)
    take, data = answer.headers["Clip-Id"], film(LENGTH)
    with runtime.transaction() as session:
        video = queries.load_video(session, session.get_one(Clip, take).video_id)
        lifecycle.publish(session, video, now, actor=people.ada)
        lifecycle.withdraw(session, video, now, actor=people.ada)
    tus.patch(answer.headers["Location"], 0, data, upload_length=LENGTH)
    assert choose(tus.client, take).json["state"] == "uploaded"


def test_takes_nobody_chose_are_erased_after_a_week(tus, chapter_id, runtime, clock):
    take = record(tus, chapter_id)
    video_id = clip_of(runtime, take).video_id
    clock.advance(days=6, hours=23)
    privacy.purge_what_is_due()
    assert stage(runtime, take) is Stage.KEPT
    clock.advance(hours=1)
    privacy.purge_what_is_due()
    privacy.purge_video(video_id)
    with runtime.reading() as session:
        assert session.get(Clip, take) is None
    assert list(runtime.storage.list(f"films/{video_id}/")) == []


def clip_of(runtime, clip_id):
    with runtime.reading() as session:
        return session.get_one(Clip, clip_id)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b"[" * 200_000 + b"]" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"start_ms": 1',
        b"",
        b'{"start_ms": "\xff"}',
        b'{"start_ms":' + b"9" * 5000 + b"}",
    ],
    ids=["deep", "deep and closed", "deep objects", "cut off", "empty", "no UTF-8", "5000 digits"],
)
def test_json_that_nobody_can_read_is_refused_and_chooses_nothing(filming, body):
    """It is never taken for "keep everything"."""
    filming.start()
    take = filming.take(0)
    sent = {"Content-Type": "application/json", "Accept": "application/json"}
    answer = filming.browser.post(f"/studio/takes/{take}/choice", data=body, headers=sent)
    assert (answer.status_code, answer.json["code"]) == (400, "json_not_valid")
    assert filming.browser.post(f"/studio/takes/{take}/choice", json={}).status_code == 200
