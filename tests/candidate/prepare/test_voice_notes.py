"""Spoken answers on the server: whose they are, what is taken, and that nothing of them is left."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from cvtube.accounts.people import delete_account
from cvtube.candidate.prepare import voice_note_storage
from cvtube.privacy import jobs as privacy
from cvtube.storage.contract import StorageFull, StorageUnavailable
from cvtube.storage.local import LocalStorage
from cvtube.videos import keys
from cvtube.videos.voice_notes import NAMED_WITHIN, VoiceNote
from tests.candidate.conftest import said
from tests.upload.tus import code

WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm".ljust(
    99, b"w"
)
MP4 = b"\0\0\0\x1cftypiso5\0\0\2\0iso5iso6mp41".ljust(99, b"m")
OGG = b"OggS\0\2".ljust(98, b"o")


@pytest.fixture
def address(filming) -> str:
    """Of the note for the first question of the first part."""
    return address_of(filming, 0, "name")


def address_of(filming, number: int, question: str) -> str:
    return f"/studio/chapters/{filming.chapters[number].id}/questions/{question}/note"


def say(filming, address: str, sound: bytes = WEBM):
    return filming.browser.put(address, data=sound, content_type="audio/webm")


def rows(runtime) -> list[VoiceNote]:
    with runtime.reading() as session:
        return list(session.scalars(select(VoiceNote)))


def objects(runtime, filming) -> set[str]:
    return {one.key for one in runtime.storage.list(keys.voice_notes(filming.film_id))}


# -- kept and heard -------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("sound", "kind"), [(WEBM, "audio/webm"), (MP4, "audio/mp4"), (OGG, "audio/ogg")]
)
def test_what_was_said_is_heard_again(filming, address, sound, kind):
    assert say(filming, address, sound).status_code == 204
    heard = filming.browser.get(address)
    assert heard.data == sound
    # By its first bytes, not by what its sender says of it.
    assert heard.content_type == kind
    assert heard.headers["Cache-Control"] == "private, no-store"
    assert heard.headers["X-Content-Type-Options"] == "nosniff"


def test_a_player_may_ask_for_a_part_of_it(filming, address):
    say(filming, address)
    part = filming.browser.get(address, headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.data) == (206, WEBM[:2])
    assert part.headers["Cache-Control"] == "private, no-store"
    far = filming.browser.get(
        address, headers={"Range": "bytes=9999-", "Accept": "application/json"}
    )
    assert code(far) == (416, "range_not_there")


@pytest.mark.both_databases
def test_saying_it_again_leaves_nothing_of_the_first(filming, address, runtime):
    say(filming, address)
    (first,) = rows(runtime)
    say(filming, address, OGG)
    (second,) = rows(runtime)
    assert (second.media_type, second.size) == ("audio/ogg", len(OGG))
    assert objects(runtime, filming) == {second.object_key} != {first.object_key}
    assert filming.browser.get(address).data == OGG


def test_a_removed_note_is_gone_and_removing_again_is_no_mistake(filming, address, runtime):
    say(filming, address)
    for _ in range(2):
        assert filming.browser.delete(address).status_code == 204
    assert (rows(runtime), objects(runtime, filming)) == ([], set())
    assert filming.browser.get(address).status_code == 404


def test_each_question_has_its_own(filming, runtime):
    here, there = address_of(filming, 0, "name"), address_of(filming, 1, "skills")
    say(filming, here)
    say(filming, there, OGG)
    filming.browser.delete(here)
    assert filming.browser.get(there).data == OGG
    assert [(note.topic, note.question) for note in rows(runtime)] == [("can", "skills")]


# -- for whom -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cy", "ben", "rae", "uma", "adm", "nobody"])
def test_a_note_is_its_speakers_alone(filming, people, address, name, runtime):
    say(filming, address)
    browser = people.client(name)
    browser.environ_base["HTTP_ACCEPT"] = "application/json"
    expected = 401 if name == "nobody" else 404
    for method in ("get", "put", "delete"):
        assert getattr(browser, method)(address, data=OGG).status_code == expected, method
    assert [note.size for note in rows(runtime)] == [len(WEBM)]
    assert filming.browser.get(address).data == WEBM


def test_a_deleted_films_notes_are_heard_by_nobody(filming, address):
    say(filming, address)
    filming.browser.post(f"/my-films/{filming.film_id}/deletion")
    for method in ("get", "put", "delete"):
        assert getattr(filming.browser, method)(address, data=WEBM).status_code == 404


def test_a_film_deleted_while_one_speaks_gets_no_note(filming, address, runtime, monkeypatch):
    put = LocalStorage.put

    def slow(storage, key, stream):
        filming.browser.post(f"/my-films/{filming.film_id}/deletion")
        return put(storage, key, stream)

    monkeypatch.setattr(LocalStorage, "put", slow)
    assert code(say(filming, address)) == (404, "not_found")
    assert rows(runtime) == []


# -- what is taken --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sound",
    [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WAVE", b"<html><script>",
     WEBM.replace(b"webm", b"else"), MP4.replace(b"ftypiso5", b"ftypheic"), MP4[4:]],
)  # fmt: skip
def test_what_no_browser_records_is_refused(filming, address, sound, runtime):
    say(filming, address)
    assert code(say(filming, address, sound)) == (415, "not_a_voice_note")
    assert filming.browser.get(address).data == WEBM
    assert len(objects(runtime, filming)) == 1


def test_a_minute_fits_and_no_more(filming, address, runtime):
    longest = WEBM.ljust(voice_note_storage.LARGEST, b"w")
    assert say(filming, address, longest).status_code == 204
    assert code(say(filming, address, longest + b"w")) == (413, "voice_note_too_big")
    # Nor when nobody says beforehand how long it gets.
    unannounced = filming.browser.put(
        address,
        input_stream=io.BytesIO(longest + b"w"),
        environ_base={"wsgi.input_terminated": True},
    )
    assert code(unannounced) == (413, "voice_note_too_big")
    assert [note.size for note in rows(runtime)] == [voice_note_storage.LARGEST]


def test_a_question_nobody_asks_gets_no_answer(filming):
    assert code(say(filming, address_of(filming, 0, "age"))) == (404, "not_found")


@pytest.mark.parametrize(
    ("broken", "answer"),
    [(StorageFull, (507, "storage_full")), (StorageUnavailable, (503, "storage_unavailable"))],
)
def test_a_storage_that_takes_nothing_leaves_the_note_before(
    filming, address, runtime, monkeypatch, broken, answer
):
    say(filming, address)

    def put(*_):
        raise broken("no")

    monkeypatch.setattr(LocalStorage, "put", put)
    assert code(say(filming, address, OGG)) == answer
    assert filming.browser.get(address).data == WEBM


def test_the_reserve_of_the_disk_is_not_for_notes(filming, address, runtime, monkeypatch):
    monkeypatch.setattr(LocalStorage, "free_bytes", lambda _: 1000)
    assert code(say(filming, address)) == (507, "storage_full")
    assert objects(runtime, filming) == set()


def test_another_site_cannot_make_one_speak(filming, address, app, runtime):
    app.config["WTF_CSRF_ENABLED"] = True
    assert code(say(filming, address)) == (400, "form_expired")
    assert rows(runtime) == []


# -- erased ---------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_deleting_the_film_erases_its_notes(filming, address, runtime):
    say(filming, address)
    filming.browser.post(f"/my-films/{filming.film_id}/deletion")
    privacy.purge_video(filming.film_id)
    assert (rows(runtime), objects(runtime, filming)) == ([], set())


def test_deleting_the_account_erases_its_notes(filming, address, runtime):
    say(filming, address)
    with runtime.transaction() as session:
        delete_account(session, session.merge(filming.ada), runtime.now())
    privacy.erase_user(filming.ada.id)
    privacy.purge_video(filming.film_id)
    assert (rows(runtime), objects(runtime, filming)) == ([], set())


def test_a_note_without_its_row_is_swept_once_it_cannot_get_one(filming, address, runtime, clock):
    say(filming, address)
    (kept,) = objects(runtime, filming)
    for _ in range(2):  # one now, one an hour later
        runtime.storage.put(keys.voice_note(filming.film_id, clock()), io.BytesIO(WEBM))
        clock.time += NAMED_WITHIN
    clock.advance(seconds=-1)
    privacy.sweep_portion(filming.film_id[:2])
    left = objects(runtime, filming)
    assert len(left) == 2
    assert kept in left
    clock.advance(seconds=1)
    privacy.purge_video(filming.film_id)  # looks for strays of a living film, too
    assert objects(runtime, filming) == {kept}


# -- on the pages ---------------------------------------------------------------------------


def test_a_spoken_answer_counts_and_never_becomes_text(filming, address):
    say(filming, address)
    part = f"/chapters/{filming.chapters[0].id}"
    answer = filming.post(f"{part}/questions/name")
    assert answer.headers["Location"].endswith("/questions/job")
    page = filming.get(part)
    assert "Film this part" in page  # it is prepared
    assert address in page
    page = filming.get(f"{part}/script")
    assert 'aria-describedby="script-time"></textarea>' in page
    assert "Only you can hear this. It is not in the video." in said(page)
    assert address in page
    page = filming.get(f"{part}/recording")
    assert "Play my voice note" in page
    assert "Play my voice notes" not in page


def test_where_nothing_was_said_no_page_speaks_of_notes(filming):
    part = f"/chapters/{filming.chapters[0].id}"
    for page in ("", "/script", "/recording"):
        assert "data-hear" not in filming.get(f"{part}{page}")


def test_words_and_voice_stand_beside_each_other(filming, address):
    say(filming, address)
    part = f"/chapters/{filming.chapters[0].id}"
    filming.post(f"{part}/questions/name", typed="Ada")
    say(filming, address_of(filming, 0, "job"))
    page = filming.get(part)
    assert page.index("my name is Ada") < page.index(address)
    assert "Play my voice notes" in filming.get(f"{part}/recording")
