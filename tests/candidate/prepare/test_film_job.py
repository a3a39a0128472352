"""The job sought, picked from the list while the first part is prepared."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cvtube.accounts.models import CandidateProfile
from tests.browser import SMALL, accessibility_problems, fits

PROOF, WARNING = 2, "Recruiters search by job."


@pytest.fixture
def job(filming) -> str:
    """The address of the job's question, in a film of somebody who has not said a job yet."""
    filming.be(occupation_code=None)
    filming.start()
    return f"/chapters/{filming.chapters[0].id}/questions/job"


def sought(filming, runtime) -> tuple[str | None, str | None]:
    """The film's job and the profile's."""
    with runtime.reading() as session:
        profile = session.get(CandidateProfile, filming.ada.id)
        return filming.film.occupation_code, profile and profile.occupation_code


def recorder(filming) -> str:
    return filming.get(f"/chapters/{filming.chapters[PROOF].id}/recording")


def test_what_is_picked_is_the_films_job_and_the_profiles(filming, job, runtime):
    assert WARNING in filming.get(job)
    assert 'data-camera="any"' in recorder(filming)
    assert "Show your hands at work." not in filming.get(f"/chapters/{filming.chapters[PROOF].id}")
    filming.post(job, typed="landscape gardener", typed_code="A1208")
    assert sought(filming, runtime) == ("A1208", "A1208")
    # The field of work counts from the next question on.
    can = filming.chapters[1].id
    assert 'data-camera="rear"' in recorder(filming)
    assert "trim hedges" in filming.get(f"/chapters/{can}/questions/skills")
    assert "Show your hands at work." in filming.get(f"/chapters/{filming.chapters[PROOF].id}")
    page = filming.get(job)
    assert WARNING not in page
    assert 'value="landscape gardener" checked' in page
    script = filming.get(f"/chapters/{filming.chapters[0].id}/script")
    assert "I am looking for this job: landscape gardener." in script


def test_a_first_profile_is_begun_with_the_job(filming, job, runtime):
    with runtime.transaction() as session:
        session.delete(session.get_one(CandidateProfile, filming.ada.id))
    filming.post(job, typed="Jardinier paysagiste", typed_code="A1208")
    assert sought(filming, runtime) == ("A1208", "A1208")


def test_a_profile_that_names_a_job_keeps_it(filming, job, runtime):
    filming.be(occupation_code="G1602")
    filming.post(job, typed="jardinier paysagiste", typed_code="A1208")
    assert sought(filming, runtime) == ("A1208", "G1602")


@pytest.mark.parametrize(
    ("typed", "code", "found"),
    [
        ("jardinière paysagiste", "", "A1208"),  # clear as it is
        ("landscape gardeners", "", "A1208"),
        ("gardener", "A1208", "A1208"),
        ("jardinière paysagiste", "X9999", "A1208"),
        ("", "A1208", None),
        ("Je voudrais travailler dehors, loin de la ville, avec des gens qui aiment leur métier.",
         "", None),  # an answer, and no job's name
    ],
)  # fmt: skip
def test_clear_words_are_the_job_without_a_pick(filming, job, runtime, typed, code, found):
    assert filming.post(job, typed=typed, typed_code=code).status_code == 303
    assert sought(filming, runtime) == (found, found)


def test_a_job_that_was_typed_and_not_picked_is_asked_about(filming, job, runtime):
    page = filming.post(job, typed="aide ménagère")
    assert (page.status_code, sought(filming, runtime)) == (200, (None, None))
    for words in ("Is it one of these jobs?", "Home help", "Home carer", "Keep my words"):
        assert words in page.text
    assert 'value="aide ménagère"' in page.text
    assert filming.post(job, typed="aide ménagère", typed_choice="K1304").status_code == 303
    assert sought(filming, runtime) == ("K1304", "K1304")


def test_what_no_list_knows_stays_in_the_persons_own_words(filming, job, runtime, people):
    page = filming.post(job, typed="dompteur de puces")
    assert "We do not know this job yet." in page.text
    assert filming.post(job, typed="dompteur de puces", typed_choice="own").status_code == 303
    assert sought(filming, runtime) == (None, None)
    assert filming.film.job_words == "dompteur de puces"
    with runtime.reading() as session:
        assert session.get(CandidateProfile, people.ada.id).job_words == "dompteur de puces"
    assert "dompteur de puces" in filming.get(job)  # offered again
    assert filming.post(job, typed="dompteur de puces").status_code == 303  # not asked twice
    assert "dompteur de puces" in people.client("ada").get("/profile").text


def test_no_other_question_names_one(filming, job, runtime):
    since = job.replace("/job", "/since")
    filming.post(since, typed="jardinière paysagiste", typed_code="A1208")
    assert sought(filming, runtime) == (None, None)


def pick(page: Page, called: str) -> None:
    options = page.get_by_role("option")
    expect(options.first).to_have_text(called)
    assert fits(page)
    expect(page.locator("[role=listbox]")).to_be_in_viewport(ratio=1)
    assert accessibility_problems(page) == []


def test_it_is_picked_with_a_thumb_on_a_small_phone(filming, job, runtime, browse):
    page = browse(f"/studio{job}", viewport=SMALL, has_touch=True)
    assert fits(page)
    assert accessibility_problems(page) == []
    page.get_by_role("combobox", name="Avec vos mots").press_sequentially("jardinière pays")
    pick(page, "jardinière paysagiste")
    page.get_by_role("option").first.tap()
    page.get_by_role("button", name="Continuer").tap()
    page.wait_for_url("**/questions/since")
    assert sought(filming, runtime) == ("A1208", "A1208")


def test_it_is_picked_with_the_keyboard(filming, job, runtime, browse):
    page = browse(f"/studio{job}", viewport=SMALL, locale="en")
    page.get_by_role("combobox", name="In your own words").press_sequentially("jardinière pays")
    pick(page, "landscape gardener")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/since")
    assert sought(filming, runtime) == ("A1208", "A1208")


def test_without_scripts_it_is_a_field_to_type_in(filming, job, runtime, browse):
    page = browse(f"/studio{job}", viewport=SMALL, locale="en", java_script_enabled=False)
    assert page.evaluate("document.documentElement.scrollHeight") <= SMALL["height"]
    expect(page.get_by_text(WARNING)).to_be_visible()
    expect(page.get_by_text("choose it from the list")).to_be_hidden()
    expect(page.get_by_role("link", name="Say which job you are looking for.")).to_be_visible()
    page.get_by_label("In your own words").fill("gardener")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Grounds maintenance worker").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/questions/since")
    assert sought(filming, runtime) == ("A1203", "A1203")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_who_sends_a_film_without_a_job_is_told_what_it_is_searched_by(
    filming, job, browse, language
):
    address = f"/films/{filming.film_id}/audience"
    page = browse(f"/studio{address}", viewport=SMALL, locale=language)
    expect(page.locator(".studio-task a[href='/profile']")).to_be_visible()
    assert fits(page)
    assert accessibility_problems(page) == []
    for named in ({"occupation_code": "A1208"}, {"occupation_code": None, "job_words": "puces"}):
        filming.be(**named)
        assert WARNING not in filming.get(address)
