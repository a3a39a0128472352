"""Answers given, changed and taken back, as their writer does it on the page."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import SMALL, fits


def page_of(filming, number):
    return f"/chapters/{filming.chapters[number].id}"


def test_leaving_a_question_out_takes_an_earlier_answer_back(filming, browse):
    """A radio button cannot be unticked, so this is the only way."""
    path = f"{page_of(filming, 0)}/questions/since"
    filming.post(path, tap="cinq ans")
    page = browse(f"/studio{path}", viewport=SMALL, has_touch=True)
    assert fits(page)
    expect(page.get_by_label("cinq ans")).to_be_checked()
    page.get_by_role("button", name="Passer cette question").tap()
    page.wait_for_url("**/script")
    expect(page.get_by_role("textbox")).to_have_value("")
    page.goto(f"/studio{path}")
    expect(page.get_by_label("cinq ans")).not_to_be_checked()


def test_skills_of_the_profile_are_said_as_they_are(filming):
    """They are nouns as often as not: "I can palliative care" is nobody's sentence."""
    skills = ["Soins palliatifs", "Accueil, hygiène", "listen"]
    filming.be(occupation_code="J1501", skills=skills)
    path = f"{page_of(filming, 1)}/questions/skills"
    filming.post(path, tap=[*skills, "help people wash"], typed="sing")
    page = filming.get(f"{page_of(filming, 1)}/script")
    assert "I can listen, help people wash and sing.\n" in page
    assert "I have skills in soins palliatifs, accueil and hygiène." in page
    filming.be(skills=[])  # they stay as they were tapped
    page = filming.get(path)
    for tap in ("Soins palliatifs", "listen", "help people wash"):
        assert f'value="{tap}" checked' in page
    filming.post(path)
    page = filming.get(f"{page_of(filming, 1)}/script")
    assert "I can listen" not in page
    assert "I have skills" not in page


def offered(filming):
    page = filming.get(f"{page_of(filming, 1)}/questions/skills")
    return re.findall(r'name="tap" value="([^"]*)"', page)


def test_the_skills_offered_are_those_of_the_films_job(filming):
    everybody = offered(filming)
    filming.be(occupation_code="M1607")
    assert "file papers" in offered(filming)
    filming.post(f"{page_of(filming, 0)}/questions/job", typed="web developer", typed_code="M1855")
    assert offered(filming)[:2] == ["write code", "build websites"]
    assert "file papers" not in offered(filming)
    # A job that no list knows is none of the profile's trade, either.
    job = {"typed": "dompteur de puces", "typed_choice": "own"}
    filming.post(f"{page_of(filming, 0)}/questions/job", **job)
    assert offered(filming) == everybody


def test_a_job_is_said_in_the_language_of_its_sentence(filming):
    filming.be(occupation_code="J1506")
    filming.start()
    page = filming.get(f"{page_of(filming, 0)}/questions/job")
    job = "nurse"
    assert f'value="{job}"' in page
    filming.post(f"{page_of(filming, 0)}/questions/job", tap=job)
    page = filming.get(f"{page_of(filming, 0)}/script")
    assert f"I am looking for this job: {job}." in page


def test_the_enter_key_keeps_the_answer(filming, browse):
    path = f"{page_of(filming, 0)}/questions/since"
    page = browse(f"/studio{path}", viewport=SMALL)
    page.get_by_label("Ou avec vos mots").fill("trois étés")
    page.keyboard.press("Enter")
    page.wait_for_url("**/script")
    expect(page.get_by_role("textbox")).to_have_value("Je fais ce métier depuis trois étés.")
