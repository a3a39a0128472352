"""Several takes, of which the best one is trimmed, chosen, sent and encoded."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cvtube.jobs.worker import run_next
from cvtube.queue.names import Queue
from cvtube.videos.models import Chapter, Clip, Stage, VideoEvent
from tests.browser import CAMERA, accessibility_problems
from tests.services import wait_for


def clips(runtime) -> list[Clip]:
    with runtime.reading() as session:
        return list(session.scalars(select(Clip).order_by(Clip.created_at, Clip.id)))


def wait_for_stages(runtime, *stages: Stage) -> list[Clip]:
    def stand() -> None:
        assert [clip.stage for clip in clips(runtime)] == list(stages)

    wait_for(stand)
    return clips(runtime)


def test_a_take_is_trimmed_chosen_and_made_a_clip_by_the_real_pipeline(filming, runtime):
    filming.take(3)
    page = filming.page
    filming.unfold("trim")
    filming.button("Commencer plus tard").click()
    end = page.get_by_role("slider", name="Finir ici")
    last_ms = int(end.input_value())
    box = end.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 13, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    page.mouse.up()
    end_ms = int(end.input_value())
    assert 1500 < end_ms < last_ms
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")
    (clip,) = wait_for_stages(runtime, Stage.UPLOADED)
    assert (clip.trim_start_ms, clip.trim_end_ms) == (500, end_ms)
    run_next(Queue.TRANSCODE)
    (clip,) = wait_for_stages(runtime, Stage.READY)
    assert abs(clip.duration_ms - (end_ms - 500)) < 100
    assert (clip.width, clip.height) == CAMERA


def test_of_two_takes_the_first_can_be_the_better_one(filming, runtime):
    filming.take(1.2)
    filming.button("Recommencer").click()
    filming.take(1.2)
    filming.look_at("Essai 1")
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")
    first, _second = wait_for_stages(runtime, Stage.UPLOADED, Stage.KEPT)
    with runtime.reading() as session:
        assert session.get_one(Chapter, filming.chapter.id).next_clip_id == first.id
    filming.page.reload()
    filming.wait_for_state("chosen")
    filming.look_at("Essai 2")
    filming.button("Garder cet essai").click()
    wait_for_stages(runtime, Stage.KEPT, Stage.UPLOADED)


def test_what_is_chosen_can_be_cut_again(filming, runtime):
    filming.take(3)
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")
    wait_for_stages(runtime, Stage.UPLOADED)
    filming.unfold("trim")
    filming.button("Commencer plus tard").click()
    filming.wait_for_state("looking")
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")

    def cut() -> None:
        assert clips(runtime)[0].trim_start_ms == 500

    wait_for(cut)


def test_of_two_choices_without_a_network_the_last_one_is_told(filming, runtime):
    for count in (1, 2):
        filming.take(1.2)
        filming.wait_until_sent(count)
        filming.button("Recommencer").click()
    filming.wait_for_state("ready")
    filming.context.set_offline(True)
    for name in ("Essai 1", "Essai 2"):
        filming.look_at(name)
        filming.button("Garder cet essai").click()
        filming.wait_for_state("chosen")
    filming.context.set_offline(False)
    wait_for_stages(runtime, Stage.KEPT, Stage.UPLOADED)
    with runtime.reading() as session:
        verbs = select(VideoEvent.clip_id).where(VideoEvent.verb == "take_chosen")
        assert list(session.scalars(verbs)) == [clips(runtime)[1].id]


def test_a_take_that_is_thrown_away_is_gone_here_and_there(filming, runtime):
    filming.take(1.2)
    filming.wait_until_sent()
    filming.unfold("takes")
    sure = filming.page.get_by_role("dialog")
    filming.page.get_by_role("button", name="Supprimer cet essai").click()
    sure.get_by_role("button", name="Garder cet essai").click()
    expect(filming.page.locator("[data-take-list] li")).to_have_count(1)
    filming.page.get_by_role("button", name="Supprimer cet essai").click()
    sure.get_by_role("button", name="Supprimer cet essai").click()
    filming.wait_for_state("ready")
    expect(filming.page.locator("[data-takes]")).to_be_hidden()
    wait_for_stages(runtime, Stage.ABANDONED)


def test_somebody_who_does_not_want_to_be_seen_is_heard_over_a_drawn_card(filming, runtime):
    filming.wait_for_state("ready")
    page = filming.page
    filming.button("Réglages").click()
    page.get_by_label("Filmer mon image").uncheck()
    filming.button("Fermer").click()
    filming.take(1.2)
    filming.button("Garder cet essai").click()
    (clip,) = wait_for_stages(runtime, Stage.UPLOADED)
    run_next(Queue.TRANSCODE)
    (clip,) = wait_for_stages(runtime, Stage.READY)
    assert clip.width == 1280


def test_everything_can_be_done_with_the_keyboard_and_is_said(filming, runtime):
    page = filming.page
    filming.wait_for_state("ready")
    assert accessibility_problems(page) == []
    filming.button("Commencer à filmer").focus()
    page.keyboard.press("Enter")
    filming.wait_for_state("counting")
    expect(filming.button("Annuler")).to_be_focused()
    assert accessibility_problems(page) == []
    filming.wait_for_state("recording")
    expect(filming.button("Terminer")).to_be_focused()
    assert accessibility_problems(page) == []
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    filming.wait_for_state("paused")
    expect(filming.button("Continuer")).to_be_focused()
    assert accessibility_problems(page) == []
    page.keyboard.press("Space")
    filming.wait_for_state("recording")
    filming.film_for(2)
    page.keyboard.press("Space")
    filming.wait_for_state("looking")
    expect(filming.button("Garder cet essai")).to_be_focused()
    assert accessibility_problems(page) == []
    summary = page.locator(".rec-trim summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert accessibility_problems(page) == []
    page.keyboard.press("Tab")
    expect(page.get_by_role("slider", name="Commencer ici")).to_be_focused()
    page.keyboard.press("ArrowRight")
    filming.button("Garder cet essai").focus()
    page.keyboard.press("Enter")
    filming.wait_for_state("chosen")
    expect(page.get_by_role("status").filter(has_text="Cet essai est choisi")).to_be_visible()
    assert accessibility_problems(page) == []
    (clip,) = wait_for_stages(runtime, Stage.UPLOADED)
    assert clip.trim_start_ms == 100


@pytest.mark.parametrize("again", ["Escape", "Fermer"])
def test_the_settings_open_and_close_and_are_remembered(filming, again):
    filming.wait_for_state("ready")
    page = filming.page
    filming.button("Réglages").press("Enter")
    assert accessibility_problems(page) == []
    page.get_by_label("Je me vois pendant que je filme").uncheck()
    page.get_by_label("Taille des lettres").fill("4")
    if again == "Escape":
        page.keyboard.press("Escape")
    else:
        filming.button(again).click()
    expect(page.locator("[data-self][data-hidden=true]")).to_have_count(1)
    page.reload()
    filming.wait_for_state("ready")
    filming.button("Réglages").click()
    expect(page.get_by_label("Je me vois pendant que je filme")).not_to_be_checked()
    expect(page.get_by_label("Taille des lettres")).to_have_value("4")
