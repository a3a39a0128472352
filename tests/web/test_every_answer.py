"""What is true of every page, whatever it is about."""

from __future__ import annotations

import errno
import io
import re
import sqlite3
import threading

import pytest
from flask import request
from psycopg.errors import DiskFull, QueryCanceled
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cvtube.accounts.access import public
from cvtube.accounts.models import Role, User
from cvtube.errors import PROBLEMS, Refused
from cvtube.queue.notify import NotifyError
from cvtube.storage.contract import StorageFull, StorageUnavailable
from cvtube.web import health
from cvtube.web.unit_of_work import db, runtime
from tests import factories

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PROGRAM = {"Accept": "application/json"}


@pytest.fixture
def app(own_app):
    return own_app


@pytest.fixture
def probe(app):
    """A page that does what its address says."""

    accidents = {
        "refuse": Refused("already_decided", headers={"Retry-After": "7"}),
        "crash": RuntimeError("ada@example.org must not be shown"),
        "storage": StorageUnavailable("https://s3.example.org/?signature=secret"),
        "full": StorageFull("disk"),
        "database": OperationalError("SELECT secret", {}, Exception("gone")),
        "slow": OperationalError("SELECT secret", {}, QueryCanceled()),
        "slow-sqlite": OperationalError("SELECT secret", {}, sqlite3.Error("interrupted")),
        "crowded": PoolTimeout("QueuePool limit"),
        "no-room": OSError(errno.ENOSPC, "secret"),
        "no-room-sqlite": OperationalError("", {}, sqlite3.Error("database or disk is full")),
        "no-room-postgresql": OperationalError("", {}, DiskFull()),
        "missing": FileNotFoundError("secret"),
        "write-then-refuse": Refused("already_decided"),
    }

    def act(deed):
        if deed.startswith("write"):
            factories.make_user(db(), runtime().now(), name="Written")
        if deed in accidents:
            raise accidents[deed]
        if deed == "late":  # the database is only told at the end
            words = {"given_name": "Written", "email": "written@example.org", "language": "fr"}
            db().add(User(role=Role.CANDIDATE, created_at=runtime().now(), **words))
        return "done"

    app.add_url_rule("/probe/<deed>", "probe", public(act), methods=["GET", "POST"])
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


class TestErrors:
    @pytest.mark.parametrize(
        ("deed", "status", "code"),
        [
            ("refuse", 409, "already_decided"),
            ("crash", 500, "internal"),
            ("storage", 503, "storage_unavailable"),
            ("full", 507, "storage_full"),
            ("database", 503, "database_unavailable"),
            ("slow", 503, "took_too_long"),
            ("slow-sqlite", 503, "took_too_long"),
            ("crowded", 503, "database_unavailable"),
            ("no-room", 507, "storage_full"),
            ("no-room-sqlite", 507, "storage_full"),
            ("no-room-postgresql", 507, "storage_full"),
            ("missing", 500, "internal"),
        ],
    )
    def test_each_is_a_page_for_people_and_a_code_for_programs(self, probe, deed, status, code):
        page = probe.get(f"/probe/{deed}", headers={**BROWSER, "Accept-Language": "en"})
        assert page.status_code == status
        assert PROBLEMS[code].sentence in page.text
        assert code in page.text

        problem = probe.get(f"/probe/{deed}", headers={**PROGRAM, "Accept-Language": "en"})
        assert problem.content_type == "application/problem+json"
        assert problem.json == {
            "type": "about:blank",
            "title": PROBLEMS[code].sentence,
            "status": status,
            "code": code,
        }

    def test_nothing_of_the_inside_is_shown(self, probe, caplog):
        for deed in ("crash", "storage", "database"):
            page = probe.get(f"/probe/{deed}")
            assert "secret" not in page.text
            assert "ada@example.org" not in page.text
        assert "RuntimeError" in caplog.text
        assert "ada@example.org" not in caplog.text

    def test_a_rows_words_do_not_reach_the_log(self, probe, caplog):
        probe.post("/probe/write")
        assert probe.post("/probe/write").status_code == 500
        assert "written@example.org" not in caplog.text
        assert "IntegrityError" in caplog.text

    def test_nor_do_they_where_the_end_of_a_transaction_fails(self, probe, runtime, caplog):
        assert probe.post("/probe/late").status_code == 200
        answer = probe.post("/probe/late", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (500, "internal")
        assert "written@example.org" not in caplog.text
        assert "/probe/late" not in caplog.text  # an address may be a key
        assert "IntegrityError" in caplog.text
        with runtime.reading() as session:
            assert session.query(User).count() == 1

    def test_the_headers_a_refusal_carries_are_sent(self, probe):
        assert probe.get("/probe/refuse").headers["Retry-After"] == "7"

    def test_an_unknown_address_is_not_found(self, client):
        answer = client.get("/nothing/here", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")

    def test_a_wrong_method_says_which_are_right(self, client):
        answer = client.delete("/healthz", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
        assert "GET" in answer.headers["Allow"]

    def test_whoever_speaks_the_upload_protocol_is_a_program(self, probe):
        answer = probe.get("/probe/refuse", headers={"Tus-Resumable": "1.0.0", "Accept": "*/*"})
        assert answer.json["code"] == "already_decided"


class TestTransactions:
    def users(self, runtime):
        with runtime.reading() as session:
            return [user.given_name for user in session.query(User)]

    def test_a_success_is_committed(self, probe, runtime):
        probe.post("/probe/write")
        assert self.users(runtime) == ["Written"]

    def test_a_refusal_undoes_everything(self, probe, runtime):
        assert probe.post("/probe/write-then-refuse").status_code == 409
        assert self.users(runtime) == []

    def test_a_reading_request_cannot_write(self, probe, runtime):
        assert probe.get("/probe/write").status_code >= 500
        assert self.users(runtime) == []


class TestForgery:
    @pytest.fixture
    def guarded(self, app, probe):
        app.config["WTF_CSRF_ENABLED"] = True
        return probe

    def test_a_post_without_the_pages_token_is_refused(self, guarded):
        answer = guarded.post("/probe/write", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (400, "form_expired")

    def test_a_post_with_it_is_not(self, guarded):
        page = guarded.get("/nothing/here").text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
        assert guarded.post("/probe/none", data={"csrf_token": token}).status_code == 200
        assert (
            guarded.post(
                "/probe/write-then-refuse", headers={"X-CSRFToken": token, **PROGRAM}
            ).json["code"]
            == "already_decided"
        )


class TestHeaders:
    def test_every_answer_is_locked_down(self, probe):
        for path in ("/healthz", "/nothing", "/probe/crash", "/probe/write"):
            headers = probe.get(path).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert "'unsafe-eval'" not in policy
            assert re.search(r"script-src[^;]*unsafe", policy) is None
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["X-Robots-Tag"] == "noindex, nofollow"
            assert headers["Cache-Control"] == "private, no-store"

    def test_built_files_are_kept_for_good(self, app, client):
        with app.test_request_context():
            address = app.jinja_env.globals["asset"]("base.css")
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]

    def test_no_page_carries_a_script_of_its_own(self, client):
        page = client.get("/nothing/here").text
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
        assert re.findall(r"\son[a-z]+=", page) == []


class TestLanguage:
    def language_of(self, client, **headers):
        return re.search(r'<html lang="(\w+)"', client.get("/nothing", headers=headers).text)[1]

    @pytest.mark.parametrize(
        ("asked", "spoken"),
        [
            ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
            ("en-GB,en;q=0.9", "en"),
            ("de,it", "fr"),
            ("", "fr"),
        ],
    )
    def test_the_browser_is_asked_and_french_comes_first(self, client, asked, spoken):
        assert self.language_of(client, **{"Accept-Language": asked}) == spoken

    def test_people_may_choose_and_go_back_where_they_were(self, client):
        answer = client.post("/language", data={"language": "en", "next": "/watch/abc?t=5"})
        assert (answer.status_code, answer.location) == (303, "/watch/abc?t=5")
        assert self.language_of(client, **{"Accept-Language": "fr"}) == "en"

    @pytest.mark.parametrize(
        "away", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", ""]
    )
    def test_nobody_is_sent_away_from_the_site(self, client, away):
        assert client.post("/language", data={"language": "en", "next": away}).location == "/"

    def test_a_language_we_do_not_speak_is_refused(self, client):
        assert client.post("/language", data={"language": "xx"}).status_code == 400


class TestObjects:
    @pytest.fixture
    def address(self, runtime):
        runtime.storage.put("films/a.mp4", io.BytesIO(bytes(range(100))))
        return runtime.storage.signed_url("films/a.mp4", 60).removeprefix("http://localhost")

    def test_a_signed_address_is_served_with_its_type(self, client, address):
        answer = client.get(address)
        assert (answer.status_code, answer.data) == (200, bytes(range(100)))
        assert answer.content_type == "video/mp4"
        assert answer.headers["Cache-Control"] == "no-store"

    def test_pictures_may_be_kept_as_long_as_their_address_lives(self, client, runtime):
        runtime.storage.put("films/a.jpg", io.BytesIO(b"a picture"))
        address = runtime.storage.signed_url("films/a.jpg", 60).removeprefix("http://localhost")
        kept = client.get(address).headers["Cache-Control"]
        assert re.fullmatch(r"private, max-age=\d+, immutable", kept)

    @pytest.mark.parametrize(
        ("asked", "status", "body"),
        [
            ("bytes=10-19", 206, bytes(range(10, 20))),
            ("bytes=90-", 206, bytes(range(90, 100))),
            ("bytes=-5", 206, bytes(range(95, 100))),
            ("bytes=200-", 416, None),
        ],
    )
    def test_it_is_served_in_ranges(self, client, address, asked, status, body):
        answer = client.get(address, headers={"Range": asked})
        assert answer.status_code == status
        assert body is None or answer.data == body

    def test_a_head_describes_it(self, client, address):
        answer = client.head(address)
        assert (answer.status_code, answer.content_length, answer.data) == (200, 100, b"")

    def test_anything_else_is_not_found(self, client, address):
        _, _, expires, signature, rest = address.split("/", 4)
        for spoiled in (
            f"/objects/{expires}/{'A' * len(signature)}/{rest}",
            f"/objects/{int(expires) + 1}/{signature}/{rest}",
            f"/objects/{expires}/{signature}/films/b.mp4",
            f"/objects/{expires}/{signature}/../secret_key",
            f"/objects/{expires}/{signature}/%2e%2e/secret_key",
        ):
            assert client.get(spoiled).status_code == 404
        assert client.post(address).status_code == 405


class TestHealth:
    def test_a_live_process_says_so(self, client):
        assert client.get("/healthz").json == {"status": "ok"}

    def test_a_ready_one_has_asked_its_parts(self, client):
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert answer.json["parts"] == {"database": "ok", "queue": "ok", "storage": "ok"}

    def test_without_redis_it_is_still_ready(self, client, runtime, monkeypatch):
        def silent():
            raise NotifyError("ConnectionError")

        monkeypatch.setattr(runtime.notifier, "check", silent)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["parts"]["queue"]) == (200, "no answer")

    def test_without_its_storage_it_is_not(self, client, runtime, monkeypatch):
        def broken():
            raise StorageUnavailable("away")

        monkeypatch.setattr(runtime.storage, "check", broken)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["parts"]["storage"]) == (503, "no answer")

    def test_a_full_disk_takes_nobody_off_the_air(self, client, runtime, monkeypatch):
        def full():
            raise StorageFull("no room")

        monkeypatch.setattr(runtime.storage, "check", full)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["parts"]["storage"]) == (200, "full")

    def test_however_often_it_is_asked_it_looks_now_and_then(self, client, runtime, monkeypatch):
        looks = []
        monkeypatch.setattr(runtime.storage, "check", lambda: looks.append(1))
        for _ in range(20):
            assert client.get("/readyz").status_code == 200
        assert len(looks) == 1
        monkeypatch.setattr(health, "WELL_FOR_S", 0)
        client.get("/readyz")
        client.get("/readyz")
        assert len(looks) > 1

    def test_a_part_that_hangs_keeps_nobody_waiting(self, client, runtime, monkeypatch):
        let_go = threading.Event()
        monkeypatch.setattr(health, "ANSWERED_WITHIN_S", 0.2)
        monkeypatch.setattr(runtime.storage, "check", let_go.wait)
        for _ in range(3):
            answer = client.get("/readyz")
            assert (answer.status_code, answer.json["parts"]["storage"]) == (503, "no answer")
        let_go.set()
        while client.get("/readyz").status_code != 200:
            pass


def test_a_proxy_is_believed_only_if_it_is_there(app, settings):
    app.add_url_rule("/who", "who", public(lambda: request.remote_addr or ""))
    answer = app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.text == "127.0.0.1"
