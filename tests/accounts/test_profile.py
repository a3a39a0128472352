"""What candidates say beside the film goes in and comes out the same."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.accounts.labels import language_names
from cvtube.accounts.models import CandidateProfile, Contract, Experience
from cvtube.accounts.profile import INDEX_OWNER, MOST_SKILLS, SKILL_LENGTH, skills_from
from cvtube.accounts.profile_form import ProfileForm
from cvtube.errors import Refused
from cvtube.taxonomy.text import fold
from tests.factories import SilentNotifier

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}
WHOLE = {
    "occupation": "Boulanger / Boulangère",
    "occupation_code": "D1102",
    "place": "Bordeaux (33)",
    "place_code": "33063",
    "travel_km": "50",
    "contracts": ["fixed_term", "permanent"],
    "availability": "later",
    "available_from": "2026-05-04",
    "experience": "from_5",
    "skills": "Pain au levain, viennoiserie;  travail  en équipe\nViennoiserie",
    "language": ["fr", "pt", ""],
    "level": ["C2", "B1", ""],
    "licences": ["B", "AM"],
    "about": "Je me lève tôt.\r\nEt j’aime ça.",
}
CHOSEN = re.compile(r" (?:checked|selected)\b")
ONLY_THE_JOB = {"occupation": "Boulangère"}


@pytest.fixture
def ada(people):
    return people.client("ada")


@pytest.fixture
def kept(people, runtime):
    def kept():
        with runtime.reading() as session:
            return session.get(CandidateProfile, people.ada.id)

    return kept


def test_a_whole_profile_makes_the_round_trip(ada, kept):
    answer = ada.post("/profile", data=WHOLE)
    assert (answer.status_code, answer.location) == (303, "/profile")
    profile = kept()
    assert (profile.occupation_code, profile.place_code, profile.travel_km) == (
        "D1102",
        "33063",
        50,
    )
    assert profile.contracts == ["permanent", "fixed_term"]
    assert profile.available_from == date(2026, 5, 4)
    assert profile.experience is Experience.FROM_5
    assert profile.skills == ["Pain au levain", "viennoiserie", "travail en équipe"]
    assert profile.languages == {"fr": "C2", "pt": "B1"}
    assert profile.licences == ["B", "AM"]
    assert profile.about == "Je me lève tôt.\nEt j’aime ça."

    page = ada.get("/profile").text
    assert 'value="Boulanger / Boulangère"' in page
    assert 'value="D1102"' in page
    assert 'value="Bordeaux (33)"' in page
    assert 'value="2026-05-04"' in page
    assert "Pain au levain, viennoiserie, travail en équipe" in page
    assert re.search(r'value="pt" selected', page)
    assert re.search(r'name="licences" value="AM" checked', page)
    assert re.search(
        r'name="availability" value="later" id="\w+" checked|value="later" checked', page
    )
    assert "Je me lève tôt.\nEt j’aime ça." in page


def test_what_the_page_shows_can_be_sent_again_unchanged(app, ada, kept, runtime, people):
    ada.post("/profile", data=WHOLE)
    with app.test_request_context(), runtime.reading() as session:
        shown = ProfileForm(date(2026, 3, 2), session.get(CandidateProfile, people.ada.id))
        data = {
            name: shown[name].data
            for name in WHOLE
            if name in shown and name not in {"language", "level"}
        }
        data["language"], data["level"] = map(list, zip(*shown.languages.rows, strict=True))
    before = vars(kept()).copy()
    ada.post("/profile", data=data)
    after = vars(kept())
    assert {k: v for k, v in before.items() if not k.startswith("_")} == {
        k: v for k, v in after.items() if not k.startswith("_")
    }


def test_the_job_is_all_that_must_be_said(ada, kept):
    assert ada.post("/profile", data=ONLY_THE_JOB).status_code == 303
    profile = kept()
    assert profile.occupation_code == "D1102"
    assert (profile.place_code, profile.experience, profile.available_from) == (None, None, None)
    assert profile.travel_km == 0
    assert (profile.skills, profile.languages, profile.contracts) == ([], {}, [])


def test_saying_less_takes_back_what_was_said(ada, kept):
    ada.post("/profile", data=WHOLE)
    ada.post("/profile", data=ONLY_THE_JOB)
    assert (kept().skills, kept().place_code, kept().languages) == ([], None, {})


def test_a_changed_profile_wakes_the_index_of_its_owner(ada, people, runtime, monkeypatch):
    notifier = SilentNotifier()
    monkeypatch.setattr(
        type(runtime.notifier), "notify", lambda _, job, what: notifier.notify(job, what)
    )
    ada.post("/profile", data=ONLY_THE_JOB)
    assert notifier.sent == [(INDEX_OWNER.path, people.ada.id)]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("occupation", "", "occupation_missing"),
        ("occupation", "Zorglub", "occupation_unknown"),
        ("occupation", "x" * 201, "occupation_unknown"),
        ("place", "Atlantis", "place_unknown"),
        ("place", "99999", "place_unknown"),
        ("travel_km", "7", "choice_unknown"),
        ("travel_km", "x", "choice_unknown"),
        ("contracts", ["permanent", "slavery"], "choice_unknown"),
        ("availability", "never", "choice_unknown"),
        ("available_from", "", "day_missing"),
        ("available_from", "soon", "day_not_valid"),
        ("available_from", "2026-02-30", "day_not_valid"),
        ("available_from", "0000-01-01", "day_not_valid"),
        ("available_from", "2028-05-01", "day_too_far"),
        ("experience", "lots", "choice_unknown"),
        ("skills", ",".join(f"skill {n}" for n in range(13)), "skills_too_many"),
        ("skills", "x" * 41, "skill_too_long"),
        ("skills", "x " * 501, "text_too_long"),
        ("language", ["xx", "", ""], "choice_unknown"),
        ("language", ["", "pt", ""], "language_missing"),
        ("language", ["pt", "pt", ""], "language_twice"),
        ("level", ["C2", "", ""], "level_missing"),
        ("level", ["C3", "B1", ""], "choice_unknown"),
        ("licences", ["B", "SPACE"], "choice_unknown"),
        ("about", "x" * 601, "text_too_long"),
    ],
)
def test_bad_input_gets_one_sentence_keeps_the_rest_and_changes_nothing(
    ada, kept, field, value, code
):
    before = kept().updated_at, kept().occupation_code
    data = {**WHOLE, "occupation_code": "", "place_code": "", field: value}
    answer = ada.post("/profile", data=data, headers=PROGRAM)
    assert answer.status_code == 422
    codes = [f["code"] for f in answer.json["fields"]]
    assert code in codes
    assert {f["name"] for f in answer.json["fields"]} == {
        {"language": "languages", "level": "languages"}.get(field, field)
    }
    page = ada.post("/profile", data=data)
    assert page.status_code == 422
    assert "Je me lève tôt." in page.text or field == "about"
    assert (kept().updated_at, kept().occupation_code) == before


def test_a_nul_or_a_bell_in_a_text_is_dropped_not_stored(ada, kept):
    ada.post("/profile", data={**ONLY_THE_JOB, "about": "a\x00b\x07c", "skills": "Sou\x00dure"})
    assert (kept().about, kept().skills) == ("abc", ["Soudure"])


def test_a_past_day_means_at_once_which_is_the_day_it_was_said(ada, kept, now):
    for at_once in ({"available_from": "2026-03-01"}, {"availability": "now"}):
        ada.post("/profile", data={**WHOLE, **at_once})
        assert kept().available_from == now.date()


def test_nothing_is_said_for_anybody(ada):
    """No choice of an empty profile is ticked or chosen beforehand, but that of not saying."""
    page = ada.get("/profile").text
    ticked = [tag for tag in re.findall(r"<(?:input|option)[^>]*>", page) if CHOSEN.search(tag)]
    assert [tag for tag in ticked if 'value=""' not in tag] == []
    assert len(ticked) == 2  # experience and availability: "I would rather not say"


@pytest.mark.parametrize("written", ["04/05/2026", "4.5.2026", "04-05-2026", " 2026-05-04 "])
def test_a_day_may_be_written_as_people_write_it(ada, kept, written):
    ada.post("/profile", data={**WHOLE, "available_from": written})
    assert kept().available_from == date(2026, 5, 4)


class TestWithoutScript:
    """The typed text alone decides, and where it cannot, people choose."""

    def test_several_jobs_come_back_as_radio_buttons_and_one_is_chosen(self, ada, kept):
        page = ada.post("/profile", data={**WHOLE, "occupation": "boulang", "occupation_code": ""})
        assert page.status_code == 422
        offered = re.findall(r'name="occupation_choice" value="(\w+)"', page.text)
        assert "D1102" in offered
        assert len(offered) > 1
        chosen = {**WHOLE, "occupation": "boulang", "occupation_choice": "D1102"}
        assert ada.post("/profile", data=chosen).status_code == 303
        assert kept().occupation_code == "D1102"

    def test_none_of_them_means_the_text_is_read_again(self, ada, kept):
        again = {**WHOLE, "occupation": "pizzaïola", "occupation_choice": "", "occupation_code": ""}
        ada.post("/profile", data=again)
        assert kept().occupation_code == "G1604"

    def test_a_postal_code_of_several_towns_comes_back_as_radio_buttons(self, ada, kept):
        page = ada.post("/profile", data={**WHOLE, "place": "33670", "place_code": ""})
        offered = re.findall(r'name="place_choice" value="(\w+)"', page.text)
        assert len(offered) > 3
        ada.post("/profile", data={**WHOLE, "place": "33670", "place_choice": offered[1]})
        assert kept().place_code == offered[1]

    def test_a_code_counts_only_with_its_own_text(self, ada, kept):
        stale = {**WHOLE, "occupation": "Pizzaïolo / Pizzaïola", "occupation_code": "D1102"}
        ada.post("/profile", data=stale)
        assert kept().occupation_code == "G1604"

    @pytest.mark.parametrize("planted", ["ZZZZZ", "' OR 1=1", "x" * 500])
    def test_a_code_that_is_none_is_as_good_as_no_code(self, ada, kept, planted):
        ada.post("/profile", data={**WHOLE, "occupation_code": planted, "place_choice": planted})
        assert (kept().occupation_code, kept().place_code) == ("D1102", "33063")


@given(st.text(max_size=300))
def test_skills_are_few_short_clean_and_each_there_once(text):
    try:
        skills = skills_from(text)
    except Refused as refused:
        assert refused.code in {"skills_too_many", "skill_too_long"}  # noqa: PT017
        return
    assert len(skills) <= MOST_SKILLS
    assert all(skill and len(skill) <= SKILL_LENGTH for skill in skills)
    assert all(skill == " ".join(skill.split()) for skill in skills)
    keys = [fold(skill) or skill.casefold() for skill in skills]
    assert len(set(keys)) == len(keys)
    assert skills_from(", ".join(skills)) == skills


def test_every_choice_of_the_page_is_one_the_form_accepts(ada, kept):
    page = ada.get("/profile").text
    every = {
        "contracts": re.findall(r'name="contracts" value="(\w+)"', page),
        "licences": re.findall(r'name="licences" value="(\w+)"', page),
    }
    assert set(every["contracts"]) == set(Contract)
    for experience in re.findall(r'name="experience" value="(\w*)"', page):
        for km in re.findall(r'<option value="(\d+)"', page):
            data = {**ONLY_THE_JOB, **every, "experience": experience, "travel_km": km}
            assert ada.post("/profile", data=data).status_code == 303
    assert len(kept().licences) == len(every["licences"]) > 8


def test_languages_are_named_and_sorted_for_the_reader():
    french, english = language_names("fr"), language_names("en")
    assert french["de"] == "Allemand"
    assert english["de"] == "German"
    assert french.keys() == english.keys()
    assert list(french.values()) == sorted(french.values(), key=fold)
    assert {"fr", "ar", "tr", "pt", "uk", "ti", "ps", "wo"} <= french.keys()
