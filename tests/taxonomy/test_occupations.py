"""People find their job by the words they use for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.taxonomy.job_names import suggest_occupations
from cvtube.taxonomy.matching import match_occupation, picked_occupation
from cvtube.taxonomy.occupations import occupation, occupations
from cvtube.taxonomy.text import fold


def first(text):
    return suggest_occupations(text)[0].french


def labels(text):
    return [known.french for known in suggest_occupations(text)]


def test_all_of_rome_is_there():
    assert len(occupations()) == 1584
    assert occupation("D1102").french == "Boulanger / Boulangère"
    assert occupation("D1102").family == "D"
    assert occupation(None) is occupation("ZZZZZ") is None


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("boulanger", "Boulanger / Boulangère"),
        ("BOULANGÈRE", "Boulanger / Boulangère"),
        ("boulan", "Boulanger / Boulangère"),
        ("hotesse de caisse", "Hôte / Hôtesse de caisse"),
        ("conductrice de bus", "Conducteur / Conductrice de bus"),
        ("bus conducteur", "Conducteur / Conductrice de bus"),
        ("aide soignante", "Aide-soignant / Aide-soignante"),
    ],
)
def test_either_gender_any_case_and_any_order_find_it(typed, label):
    assert first(typed) == label


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("femme de ménage", "Agent / Agente de propreté de locaux"),
        ("vigile", "Agent / Agente de prévention et de sécurité"),
        ("caissière", "Hôte / Hôtesse de caisse"),
        ("aide à domicile", "Assistant / Assistante de vie aux familles"),
        ("nounou", "Assistant maternel / Assistante maternelle"),
        ("éboueur", "Ripeur / Ripeuse"),
    ],
)
def test_so_do_everyday_words_rome_does_not_know(typed, label):
    assert first(typed) == label
    assert fold(typed) not in fold(label)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("plonbier", "Plombier / Plombière sanitaire"),
        ("boulngère", "Boulanger / Boulangère"),
        ("coifeuse", "Coiffeur / Coiffeuse"),
        ("cuisinnier", "Cuisinier / Cuisinière"),
        ("electrcien", "Électricien / Électricienne du bâtiment"),
        ("condcuteur de bus", "Conducteur / Conductrice de bus"),
    ],
)
def test_slips_of_the_finger_are_forgiven(typed, label):
    assert first(typed) == label
    assert suggest_occupations(typed, forgive=False) == []


@pytest.mark.parametrize("typed", ["", " ", "!?", "xyzzyx", "日本", "zz top"])
def test_what_means_no_job_finds_none(typed):
    assert suggest_occupations(typed) == []


def test_everyday_words_come_first_only_when_they_are_typed():
    assert "Aide-soignant / Aide-soignante" in labels("aide")
    assert fold(first("aide")).startswith("aide")
    assert first("aide a dom") == first("aide à domicile")


def test_the_more_general_job_comes_first():
    found = labels("soudeur")
    assert found[0] == "Soudeur / Soudeuse"
    assert found.index("Chef soudeur / Cheffe soudeuse") > 0


@pytest.mark.parametrize("code", list(occupations())[::25])
def test_every_label_and_each_of_its_forms_means_itself(code):
    known = occupation(code)
    assert match_occupation(known.french, code).one is known
    for text in (known.french, *known.forms):
        match = match_occupation(text)
        assert match.one is known or known in match.several, text


def test_forms_put_the_rest_of_the_label_behind_each_gender():
    assert occupation("K2205").forms == (
        "Agent de propreté de locaux",
        "Agente de propreté de locaux",
    )
    assert occupation("J1501").forms == ("Aide-soignant", "Aide-soignante")
    assert occupation("G1703").forms == ("Réceptionniste",)


def test_inside_a_sentence_a_job_begins_small_unless_it_is_initials():
    assert occupation("J1501").said("fr") == ("aide-soignant", "aide-soignante")
    assert occupation("J1501").said("en") == ("healthcare assistant",)
    for known in occupations().values():
        for form, said in zip(known.forms, known.said("fr"), strict=True):
            assert said.casefold() == form.casefold()
            assert said[:2].isupper() or not said[:1].isupper()


def test_a_job_is_picked_by_its_code_and_one_of_its_own_names():
    for text in ("Aide-soignant / Aide-soignante", "aide-soignante", "aide soignant"):
        assert picked_occupation(text, "J1501") is occupation("J1501"), text
    for text, code in (("aide-soignante", ""), ("infirmière", "J1501"), ("", "J1501")):
        assert picked_occupation(text, code) is None


def test_a_guess_is_asked_about_and_never_taken():
    assert match_occupation("vigile").one.code == "K2503"
    assert match_occupation("plombier sanitaire").one.code == "F1603"
    guessed = match_occupation("plonbier")
    assert guessed.one is None
    assert guessed.several[0].code == "F1603"


@given(st.text(max_size=60), st.text(max_size=10))
def test_nothing_typed_breaks_it(text, code):
    match = match_occupation(text, code)
    assert match.one is None or match.one.code in occupations()
    assert len(suggest_occupations(text)) <= 8
