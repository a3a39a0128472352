"""What waits, what is under way and what it costs, for staff and for Prometheus."""

from __future__ import annotations

import platform
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cvtube import runtime as runtimes
from cvtube.accounts.models import User
from cvtube.app import create_app
from cvtube.jobs import claiming, leases, usage
from cvtube.jobs.usage import Cost, Machine
from cvtube.queue.names import Queue
from cvtube.toolchain import preflight
from cvtube.videos import lifecycle
from cvtube.videos.models import Clip
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases

TOKEN = "prometheus-may-read-this"


@pytest.fixture
def busy(runtime, clock):
    """One clip was made, one could not be, one is under way, two wait."""

    def send():
        with runtime.transaction() as session:
            session.info["cvtube_notifier"] = factories.SilentNotifier()
            now = clock()
            owner = factories.make_user(session, now, name=f"P{now.timestamp():.0f}")
            video = factories.make_video(session, owner, now)
            clip = lifecycle.start_clip(session, video.chapters[0], now, actor=owner)
            lifecycle.complete_upload(session, clip.id, 1000, now)
        clock.advance(seconds=1)
        return clip.id

    def take():
        with runtime.transaction() as session:
            held = claiming.claim_next(
                session, Queue.TRANSCODE, clock(), runtime.settings, worker="mill:7"
            )
            usage.begin(session, held, Machine("7.1", "full"), 1000, clock())
        return held

    clips = [send() for _ in range(5)]
    for outcome in ("ready", "film_broken"):
        held = take()
        clock.advance(seconds=60)
        with runtime.transaction() as session:
            session.info["cvtube_notifier"] = factories.SilentNotifier()
            if outcome == "ready":
                made = lifecycle.Made(30_000, 640, 360, factories.make_assets(held, 30_000))
                assert lifecycle.finish_transcode(session, held, made, clock())
                cost = Cost(90.5, 60, 300_000_000, 1000, 2000, 30)
            else:
                assert lifecycle.fail_transcode(session, held, outcome, clock())
                cost = Cost(1, 1, 1, 1000)
            usage.end(session, held, outcome, cost, clock())
    held = take()
    with runtime.transaction() as session:
        leases.extend(session, held, clock(), lease=LEASE, progress=42)
    clock.advance(seconds=10)
    return clips, held


@pytest.mark.parametrize(
    ("name", "status"),
    [("ben", 200), ("adm", 200), ("ada", 404), ("rae", 404), ("uma", 404), ("nobody", 303)],
)
def test_the_page_is_for_staff(people, name, status):
    assert people.client(name).get("/work").status_code == status


def test_the_page_tells_everything(people, busy):
    _clips, held = busy
    page = people.client("ben").get("/work", headers={"Accept-Language": "en"}).text
    text = " ".join(page.split())
    assert (
        "A video sent now will wait about 2 minutes." in text
    )  # 60 s a clip, two and a half before it
    assert "One worker processes 30 seconds of video in a minute." in text
    assert held.target_id in text
    assert "42 %" in text
    assert "mill:7" in text
    assert "<code>film_broken</code>" in text
    assert "3.0 s" in text or "3.1 s" in text or "3 s" in text  # CPU for each second of film


def test_machines_that_cannot_sandbox_are_named_as_long_as_videos_wait_for_it(
    people, runtime, busy, clock
):
    def page(language="en"):
        return people.client("ben").get("/work", headers={"Accept-Language": language}).text

    _clips, held = busy
    with runtime.transaction() as session:
        usage.end(session, held, preflight.NO_SANDBOX, Cost(), clock())
    host = platform.node()
    assert f"Videos wait on {host}. Its kernel cannot sandbox ffmpeg." in page()
    assert f"Les films attendent sur {host}." in page("fr")
    clock.advance(hours=1, seconds=20)
    assert "Videos wait on" not in page()


def test_a_candidate_is_told_that_no_machine_is_fit_now(people, runtime, clock):
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        ada = session.get_one(User, people.ada.id)
        video = factories.make_video(session, ada, clock())
        clip = lifecycle.start_clip(session, video.chapters[0], clock(), actor=ada)
        lifecycle.complete_upload(session, clip.id, 1000, clock())
        held = claiming.claim_next(session, Queue.TRANSCODE, clock(), runtime.settings)
        claiming.give_back(session, held, clock(), wait=timedelta(minutes=1))
    client, address = people.client("ada"), f"/my-films/{video.id}"
    page = client.get(address, headers={"Accept-Language": "en"}).text
    assert "No video can be prepared at the moment." in page
    page = client.get(address, headers={"Accept-Language": "fr"}).text
    assert "Aucun film ne peut être préparé pour le moment." in page
    before = client.get(f"{address}/state").json["version"]
    clock.advance(minutes=1)
    with runtime.transaction() as session:  # a machine is: the page tells it by itself
        claiming.claim_next(session, Queue.TRANSCODE, clock(), runtime.settings)
    assert client.get(f"{address}/state").json["version"] != before
    assert "No video can" not in client.get(address, headers={"Accept-Language": "en"}).text


def test_an_idle_installation_has_a_page_too(people):
    page = people.client("ben").get("/work", headers={"Accept-Language": "fr"}).text
    assert "Rien n’a encore été mesuré." in page


def scrape(runtime, token=TOKEN, given=TOKEN):
    runtimes.install(
        replace(runtime, settings=runtime.settings.model_copy(update={"metrics_token": token}))
    )
    client = create_app(runtimes.current()).test_client()
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {given}"} if given else {})
    return answer.status_code, answer.text


@pytest.mark.parametrize(("token", "given"), [("", ""), ("", TOKEN), (TOKEN, ""), (TOKEN, "guess")])
def test_without_the_token_there_are_no_metrics(runtime, token, given):
    assert scrape(runtime, token, given)[0] == 404


def samples(text):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_depths_waits_and_costs(runtime, busy, clock):
    status, text = scrape(runtime)
    assert status == 200
    found = samples(text)
    assert found["cvtube_work_waiting", "transcode"] == 2
    assert found["cvtube_work_under_way", "transcode"] == 1
    assert found["cvtube_work_waiting", "reencode"] == 0
    assert found["cvtube_work_oldest_wait_seconds", "transcode"] == 132
    assert found["cvtube_transcode_runs_total", "transcode", "ready"] == 1
    assert found["cvtube_transcode_runs_total", "transcode", "film_broken"] == 1
    assert found["cvtube_transcode_cpu_seconds_total", "transcode", "ready"] == 90.5
    assert found["cvtube_transcode_film_seconds_total", "transcode", "ready"] == 30
    assert found["cvtube_transcode_read_bytes_total", "transcode", "ready"] == 1000
    assert found["cvtube_transcode_written_bytes_total", "transcode", "ready"] == 2000


def test_what_was_counted_never_shrinks(runtime, busy):
    """Not even when a clip is erased with its runs."""
    before = samples(scrape(runtime)[1])
    with runtime.transaction() as session:
        for clip in session.query(Clip):
            session.delete(clip)
    after = samples(scrape(runtime)[1])
    totals = [name for name in before if name[0].endswith("_total")]
    assert len(totals) == 12
    assert [after[name] for name in totals] == [before[name] for name in totals]


def test_a_waiting_candidate_is_told_how_long(people, runtime, busy, clock):
    _clips, _held = busy
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        ada = session.get_one(User, people.ada.id)
        video = factories.make_video(session, ada, clock())
        clip = lifecycle.start_clip(session, video.chapters[0], clock(), actor=ada)
        lifecycle.complete_upload(session, clip.id, 1000, clock())
    client, address = people.client("ada"), f"/my-films/{video.id}"
    page = client.get(address, headers={"Accept-Language": "en"}).text
    told = " ".join(page.split())  # three before it, one of them half done, and its own minute
    assert "Other videos come first. Ready in about 4 minutes." in told
    page = client.get(address, headers={"Accept-Language": "fr"}).text
    assert "Prêt dans environ 4\u00a0minutes." in page
    before = client.get(f"{address}/state").json["version"]
    patient = runtime.settings.model_copy(update={"lease_s": 3600})
    with runtime.transaction() as session:  # somebody's turn comes: the page tells it by itself
        claiming.claim_next(session, Queue.TRANSCODE, clock(), patient)
        claiming.claim_next(session, Queue.TRANSCODE, clock(), patient)
    assert client.get(f"{address}/state").json["version"] != before
    assert (
        "Other videos come first" not in client.get(address, headers={"Accept-Language": "en"}).text
    )
