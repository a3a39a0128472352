"""Whoever is found by one form of a job's name is found by the others, and in both languages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from cvtube.accounts.labels import CONTRACTS, EXPERIENCES, LICENCES
from cvtube.i18n import LANGUAGES, catalogue
from cvtube.taxonomy import job_names
from cvtube.taxonomy.families import FAMILIES
from cvtube.taxonomy.job_names import called, names_of, suggest_occupations
from cvtube.taxonomy.matching import match_occupation
from cvtube.taxonomy.occupations import forms, occupation, occupations, rows
from cvtube.taxonomy.text import fold

EVERYDAY = list(rows("job_names.csv"))


@pytest.mark.parametrize(
    "typed",
    [
        "cashier", "handyman", "coach driver", "teaching assistant", "python dev", "cleaner",
        "welder", "home help", "nurse", "waiter", "forklift driver", "baker", "cook",
        "homme toutes mains", "dev python", "webdesigner", "développeur front",
        "community manager", "chauffeur PL", "programmeuse", "préparatrice", "camionneuse",
        "aides-ménagères", "routier", "AS", "truck drivers", "plumbers", "cooks", "waiters",
        "téléprospecteur", "téléprospectrice", "sapeur-pompier", "sapeurs-pompiers", "tatoueur",
        "tatoueuse", "conducteur SPL", "conductrice PL", "employé polyvalent",
        "installateur de panneaux solaires", "panneaux solaires", "dev fullstack",
        "développeuse fullstack", "fullstack developer", "ripper", "ripeur", "rippeur",
        "préparateur cde", "prothésiste ongulaire", "onglerie", "assembly line worker",
        "tattoo artist", "solar panel installer",
    ],
)  # fmt: skip
def test_what_people_typed_in_vain_has_an_answer(typed):
    for language in LANGUAGES:
        assert suggest_occupations(typed, language=language, forgive=False)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("vendeuse", "D1214"), ("mécanicien", "I1604"), ("ouvrier", "F1704"),
        ("caissière", "D1505"), ("cook", "G1609"), ("nurses", "J1506"), ("AS", "J1501"),
        ("PL", "N4101"), ("serveurs", "G1803"), ("prof", "K2107"), ("driver", "N4101"),
    ],
)  # fmt: skip
def test_the_job_most_people_mean_comes_first(typed, code):
    assert suggest_occupations(typed)[0].code == code


def test_who_says_programmer_finds_those_of_the_web_too():
    for typed in ("programmeur", "programmeuse", "programmer"):
        assert "M1855" in {one.code for one in suggest_occupations(typed)}


def test_no_short_word_is_taken_for_another_one():
    """One letter off, "uber" was a breeder of sheep."""
    for typed in ("uber", "ubre", "zoug", "xqz"):
        assert suggest_occupations(typed) == []


def test_the_readers_language_comes_first():
    assert suggest_occupations("chef de", language="fr")[0].code == "G1810"
    assert suggest_occupations("pilot", language="fr")[0].french.startswith("Pilote")
    assert suggest_occupations("head", language="en")[0].english.startswith("Head")


# -- symmetry -------------------------------------------------------------------------------


def plural(name, language):
    """The name of several people, as it is written: "aide-soignantes", "chefs de cuisine"."""
    words = name.split()
    last = next((n for n, w in enumerate(words) if w.lower() in BEHIND or "'" in w), len(words))
    if language == "en":
        last, first = len(words), len(words) - 1
        if " of " in name or name.endswith(")") or " for " in name or " and " in name:
            return None  # its plural stands inside, and there are too many ways
        words[first] = english_plural(words[first])
    elif name != "Product builder no code":
        words[:last] = [french_plural(word) for word in words[:last]]
    return " ".join(words)


BEHIND = {
    "de", "du", "des", "d'", "en", "à", "au", "aux", "sur", "pour", "et", "ou", "par", "auprès",
    "chargé", "chargée", "-", "dans", "avec",
}  # fmt: skip


def french_plural(word):
    if re.search(r"[^a-zà-ÿœ-]", word.lower()) or word.isupper() or word[-1] in "sxz":
        return word
    if word.endswith(("eau", "au", "eu")):
        return f"{word}x"
    return f"{word[:-2]}aux" if word.endswith("al") else f"{word}s"


def english_plural(word):
    if word.isupper() or re.search(r"[^A-Za-z-]", word):
        return word
    if word.endswith(("man",)):
        return f"{word[:-3]}men"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def every_name():
    """(name, language, its other forms), for every label and every everyday name."""
    for row in EVERYDAY:
        yield from ((one, row["language"], forms(row["name"])) for one in forms(row["name"]))
    for known in occupations().values():
        yield from ((one, "fr", known.forms) for one in known.forms)
        yield known.english, "en", (known.english,)


def found_by(text):
    return frozenset(one.code for one in suggest_occupations(text, 2000, forgive=False))


def exactly(text):
    return {one.code for one in called(text)}


def test_every_name_finds_the_same_jobs_in_every_gender_and_number():
    wrong, tried = defaultdict(set), 0
    for name, language, others in every_name():
        sought = exactly(name)
        assert sought, name
        for other in {*others, *(plural(one, language) for one in others)} - {None}:
            tried += 1
            if not sought & exactly(other):
                wrong[name].add(other)
    assert not wrong
    assert tried > 8000


def test_a_name_is_found_when_its_job_is():
    """All names of one job lead to it, also those of the other language."""
    for code, known in list(occupations().items())[::7]:
        for name in names_of(code):
            assert known.code in found_by(name), name


def test_everyday_names_lead_to_their_jobs_in_their_order():
    for row in EVERYDAY:
        codes = row["codes"].split()
        assert row["language"] in LANGUAGES
        assert all(occupation(code) for code in codes), row
        for name in forms(row["name"]):
            found = [one.code for one in suggest_occupations(name, 2000, language=row["language"])]
            assert [code for code in found if code in codes] == codes, row
            assert found[0] in codes, row
    assert len(EVERYDAY) > 500


def test_no_two_everyday_rows_say_the_same():
    said = Counter((row["language"], fold(one)) for row in EVERYDAY for one in forms(row["name"]))
    assert [one for one, times in said.items() if times > 1] == []


# -- both languages -------------------------------------------------------------------------


def test_every_job_has_a_name_of_its_own_in_each_language():
    for language in LANGUAGES:
        named = [one.named(language) for one in occupations().values()]
        assert all(name == name.strip() and name[:1] != name[:1].lower() for name in named if
                   name[:1].isalpha())  # fmt: skip
        assert len({fold(name) for name in named}) == len(named)
        assert not any("  " in name for name in named)


LOST = re.compile(r"\bE(?:lect|duc|lev|quip|cr|di|con|ta|cha|tan|b|gou|clu|va)")


def test_no_capital_has_lost_its_accent():
    """ROME writes "Electricien"; French spells it with É."""
    for known in occupations().values():
        for word in known.french.split():
            assert not re.match(
                r"E(?:lect|duc|lev|quip|cr|di|con|ta|cha|tan|b|gou|clu|va)", word
            ), known.french


def test_contracts_licences_and_the_rest_are_named_in_both_languages():
    for message in (*CONTRACTS.values(), *EXPERIENCES.values(), *LICENCES.values(),
                    *FAMILIES.values()):  # fmt: skip
        assert message
        assert catalogue("fr").gettext(message) not in {"", message}


def test_initials_are_names_of_jobs():
    assert set(job_names.abbreviations()) >= {"as", "ide", "ash", "avs", "rh", "pl", "vtc", "dev"}
    for name, codes in job_names.abbreviations().items():
        assert len(name) <= 5
        assert all(occupation(code) for code in codes)


def test_an_exact_name_in_either_number_is_the_job_meant():
    assert match_occupation("forklift drivers").one.code == "N1101"
    assert match_occupation("caristes").one.code == "N1101"
    assert match_occupation("webdesigner").one.code == "E1210"
