"""People find their town by name or postal code, and no street is ever asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.taxonomy.matching import match_place
from cvtube.taxonomy.places import place, places, suggest_places
from tests.taxonomy.distances import distance_km


def labels(text):
    return [known.label for known in suggest_places(text)]


def test_every_commune_is_there():
    assert len(places()) == 35_014
    assert place("33063").label == "Bordeaux (33)"
    assert place(None) is place("00000") is None


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("bordeaux", "Bordeaux (33)"),
        ("BORD", "Bordeaux (33)"),
        ("33000", "Bordeaux (33)"),
        ("3300", "Bordeaux (33)"),
        ("st etienne", "Saint-Étienne (42)"),
        ("Ste Savine", "Sainte-Savine (10)"),
        ("l’isle-d’abeau", "L'Isle-d'Abeau (38)"),
        ("rochelle", "La Rochelle (17)"),
        ("La Rochelle", "La Rochelle (17)"),
        ("Saint-Denis 93", "Saint-Denis (93)"),
        ("Saint-Denis (974)", "Saint-Denis (974)"),
        ("bastia 2b", "Bastia (2B)"),
        ("Marseille (13)", "Marseille (13)"),
        ("Marseille 13e", "Marseille 13e Arrondissement (13)"),
        ("Sai (61)", "Sai (61)"),
        ("75011", "Paris (75)"),
        ("paris 11", "Paris 11e Arrondissement (75)"),
    ],
)
def test_a_town_is_found_as_people_write_it(typed, label):
    assert labels(typed)[0] == label


def test_the_most_populous_come_first_and_only_a_few():
    found = suggest_places("saint")
    assert len(found) == 8
    assert [p.population for p in found] == sorted((p.population for p in found), reverse=True)


@pytest.mark.parametrize("typed", ["", " ", "zzzz", "99999", "33063x", "日本", "93"[:0]])
def test_what_means_no_town_finds_none(typed):
    assert suggest_places(typed) == []


def test_towns_of_one_name_or_postal_code_are_asked_about():
    twins = match_place("Saint-Denis")
    assert twins.one is None
    assert {"Saint-Denis (93)", "Saint-Denis (974)"} <= {p.label for p in twins.several}
    assert len(match_place("33670").several) > 3
    assert match_place("33000").one.code == "33063"
    assert match_place("Bordeaux").one.code == "33063"
    assert match_place("Saint-Denis (93)").one.code == "93066"
    assert match_place("Saint-Denis", "93066").one is None  # the label, not the name, completes


def test_labels_tell_every_two_places_apart():
    assert len({known.label for known in places().values()}) == len(places())


@given(st.sampled_from(sorted(places())))
def test_every_label_means_its_own_place(code):
    assert match_place(place(code).label).one is place(code)


@given(st.sampled_from(sorted(places())), st.sampled_from(sorted(places())))
def test_distances_are_those_of_a_map(one, other):
    there, back = distance_km(place(one), place(other)), distance_km(place(other), place(one))
    if there is None:
        assert back is None
        return
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there < 20_100
    assert distance_km(place(one), place(one)) == pytest.approx(0, abs=1e-3)


def test_a_known_distance_is_right():
    paris, lyon = place("75056"), place("69123")
    assert distance_km(paris, lyon) == pytest.approx(392, abs=3)


@given(st.text(max_size=60), st.text(max_size=10))
def test_nothing_typed_breaks_it(text, code):
    match = match_place(text, code)
    assert match.one is None or match.one.code in places()
