"""A film sent by a form, without JavaScript: straight into chunks, never whole in one place."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.http import dump_options_header

from cvtube.errors import Refused
from cvtube.upload import streams
from cvtube.upload.multipart import FormBroken, FormFilm, boundary_of
from cvtube.upload.streams import Body
from cvtube.videos import keys
from cvtube.videos.models import Clip, Stage, Video
from cvtube.videos.upload_sessions import UploadSession
from tests import factories
from tests.browser import PHONE, open_context
from tests.upload.live import pass_of
from tests.upload.test_tus_patch import Breaking
from tests.upload.tus import english, film, original

BOUNDARY = b"----cvtube"


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    said = {"name": name} if filename is None else {"name": name, "filename": filename}
    head = f"Content-Disposition: {dump_options_header('form-data', said)}\r\n\r\n"
    return b"--" + BOUNDARY + b"\r\n" + head.encode() + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def read(data: bytes) -> tuple[dict[str, str], str, bytes]:
    found = FormFilm(Body(io.BytesIO(data), expected=len(data)), BOUNDARY)
    found.find()
    whole = b"".join(iter(lambda: found.read(1000), b""))
    return found.fields, found.name, whole


# -- reading a form -----------------------------------------------------------------------------


@given(st.binary(max_size=70_000), st.text(max_size=50))
@settings(max_examples=60)
def test_every_file_comes_out_as_it_went_in(content, name):
    if BOUNDARY in content:
        return
    sent = form(part("chapter", b"abc"), part("film", content, "a.mp4"), part("after", b"!"))
    assert read(sent) == ({"chapter": "abc"}, "a.mp4", content)


@pytest.mark.parametrize(
    "content", [b"", b"\r\n", b"--", b"\r\n--", b"\r\n--" + BOUNDARY[:-1] + b"x"]
)
def test_bytes_that_look_like_a_boundary_are_no_boundary(content):
    assert read(form(part("film", content, "a.mp4")))[2] == content


def test_a_field_without_a_file_is_passed_over():
    sent = form(part("film", b"", ""), part("film", b"x" * 50_000, "camera.mp4"))
    assert read(sent) == ({"film": ""}, "camera.mp4", b"x" * 50_000)


def test_a_form_without_a_film_is_refused():
    with pytest.raises(Refused, match="no_file"):
        read(form(part("chapter", b"abc"), part("film", b"", "")))


@pytest.mark.parametrize("sent", [b"", b"hello", form(part("a", b"b"))[:-30], b"--" + BOUNDARY])
def test_what_is_no_form_is_refused(sent):
    with pytest.raises(Refused, match=r"bad_request|no_file"):
        read(sent)


def test_a_form_that_breaks_off_in_the_film_says_so():
    sent = form(part("film", b"x" * 50_000, "a.mp4"))[:30_000]
    found = FormFilm(Body(Breaking(sent), expected=90_000), BOUNDARY)
    found.find()
    with pytest.raises(FormBroken):
        list(iter(lambda: found.read(1000), b""))


def test_a_field_without_an_end_does_not_fill_the_memory():
    with pytest.raises(Refused, match="request_too_big"):
        read(form(part("chapter", b"x" * 20_000)))


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "multipart/form-data", "multipart/x; boundary=a"]
)
def test_only_a_form_is_a_form(kind):
    with pytest.raises(Refused, match="bad_request"):
        boundary_of(kind)


# -- sending one --------------------------------------------------------------------------------


def send(browser, data: bytes, *fields: bytes, name: str = "film.mp4", **options):
    content_type = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    sent = form(*fields, part("film", data, name))
    return english(browser).post("/my-films/new", data=sent, content_type=content_type, **options)


def test_a_film_is_taken_in_and_its_page_shown(people, runtime, monkeypatch):
    monkeypatch.setattr(streams, "CHUNK", 30_000)
    browser, data = people.client("ada"), film(100_000)
    answer = send(browser, data)
    assert answer.status_code == 303
    with runtime.reading() as session:
        upload = session.scalars(select(UploadSession)).one()
        assert session.scalars(select(Clip.stage)).one() is Stage.UPLOADED
        assert answer.location == f"/my-films/{session.scalars(select(Video.id)).one()}"
    assert (upload.name, upload.length) == ("film.mp4", 100_000)
    assert original(runtime, upload.id) == data
    assert "We have received your video" in english(browser).get(answer.location).text


def test_a_part_is_redone_without_javascript(people, runtime, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        factories.make_ready_clip(session, video.chapters[0], now, owner=people.ada)
    chapter = part("chapter", video.chapters[0].id.encode())
    answer = send(people.client("ada"), film(50_000), chapter)
    assert answer.location == f"/my-films/{video.id}"


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"%PDF-1.7" + bytes(50_000), 415, "This is a document."),
        (b"a short letter", 415, "This is a text file."),
        (b"", 400, "This file is empty."),
    ],
)
def test_what_is_no_film_is_told_on_the_same_page_and_leaves_nothing(
    people, runtime, data, status, words
):
    answer = send(people.client("ada"), data)
    assert answer.status_code == status
    assert words in answer.text
    assert "Which video do you want to send?" in answer.text
    assert_nothing_is_left(runtime)


def test_no_file_at_all_is_told(people, runtime):
    answer = send(people.client("ada"), b"", name="")
    assert (answer.status_code, "No video was chosen." in answer.text) == (400, True)
    assert_nothing_is_left(runtime)


def test_what_is_too_big_is_told_before_it_is_read(people, runtime):
    environ = {"CONTENT_LENGTH": str(3 * 1024**3)}
    answer = send(people.client("ada"), film(50_000), environ_overrides=environ)
    assert (answer.status_code, "too big" in answer.text) == (413, True)
    assert_nothing_is_left(runtime)


def test_a_form_that_breaks_off_leaves_nothing_since_nobody_could_go_on(people, runtime):
    short = form(part("film", film(50_000), "a.mp4"))[:40_000]
    environ = {
        "CONTENT_LENGTH": "900000",
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY.decode()}",
        "wsgi.input": Breaking(short),
    }
    answer = english(people.client("ada")).post("/my-films/new", environ_overrides=environ)
    assert (answer.status_code, "You lost connection" in answer.text) == (400, True)
    with runtime.reading() as session:
        assert session.scalars(select(Clip.stage)).all() == [Stage.ABANDONED]
        assert session.scalars(select(Video)).one().deleted_at is not None


def test_another_site_s_form_is_refused_before_anything_is_stored(app, people, runtime):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = people.client("ada")
    page = browser.get("/my-films/new").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1).encode()
    for fields in ((), (part("csrf_token", b"guessed"),)):
        assert send(browser, film(50_000), *fields).status_code == 400
    assert_nothing_is_left(runtime)
    assert send(browser, film(50_000), part("csrf_token", token)).status_code == 303


def test_only_candidates_send(people):
    assert send(people.client("nobody"), film(50_000)).status_code == 401
    assert send(people.client("rae"), film(50_000)).status_code == 404
    assert send(people.client("ben"), film(50_000)).status_code == 404


def test_nobody_sends_into_the_film_of_another(people, runtime, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
    chapter = part("chapter", video.chapters[0].id.encode())
    assert send(people.client("cy"), film(50_000), chapter).status_code == 404
    assert_nothing_is_left(runtime)


BEYOND = """() => [...document.querySelectorAll('body *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth)
  .map((one) => `${one.tagName}.${one.className}`)"""


def test_a_browser_without_javascript_sends_a_film(live, runtime, people, chromium, tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(film(2_000_000))
    context = open_context(chromium, java_script_enabled=False, viewport=PHONE)
    cookie, _token = pass_of(people, "ada")
    context.add_cookies([{"name": "cvtube", "value": cookie, "url": live.url}])
    page = context.new_page()
    page.goto(f"{live.url}/my-films/new")
    assert page.evaluate(BEYOND) == []
    chooser = page.locator("input[type=file]:visible")  # one, and its label is no second button
    expect(chooser).to_have_count(1)
    label = page.get_by_text("Choisir une vidéo")
    assert label.bounding_box()["height"] < chooser.bounding_box()["height"]
    chooser.set_input_files(path)
    page.get_by_role("button", name="Envoyer cette vidéo").click()
    expect(page.locator(".film-status-headline")).to_contain_text("Nous le préparons")
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "5"
    with runtime.reading() as session:
        upload = session.scalars(select(UploadSession)).one()
    assert original(runtime, upload.id) == path.read_bytes()
    context.close()


def assert_nothing_is_left(runtime) -> None:
    """What was stored before it was known is below a clip that the purge takes away."""
    with runtime.reading() as session:
        assert set(session.scalars(select(Clip.stage))) <= {Stage.ABANDONED}
        gone = {keys.of_clip(*row) for row in session.execute(select(Clip.video_id, Clip.id))}
    left = {stored.key for stored in runtime.storage.list("films/")}
    assert {key for key in left if not key.startswith(tuple(gone))} == set()
