"""What completion asks for: the same for everybody, kept for an hour."""

from __future__ import annotations

import pytest

from tests.personas import NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/occupations?q=boulangère", {"code": "D1102", "label": "Boulanger / Boulangère"}),
        ("/occupations/said?q=boulangère", {"code": "D1102", "label": "boulangère"}),
        ("/occupations/said?q=boulang", {"code": "D1102", "label": "boulanger"}),
        ("/places?q=33000", {"code": "33063", "label": "Bordeaux (33)"}),
    ],
)
def test_it_answers_everybody_alike(people, name, path, first):
    answer = people.client(name).get(path)
    assert answer.json["suggestions"][0] == first
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    # What is kept by caches between must carry nobody's cookie.
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/occupations", "/occupations/said", "/places"])
@pytest.mark.parametrize(
    "asked", ["", "?q=", "?q=%20", "?other=1", "?q=" + "x" * 5000, "?q=%E6%97"]
)
def test_whatever_else_is_asked_finds_nothing(client, path, asked):
    answer = client.get(path + asked)
    assert (answer.status_code, answer.json) == (200, {"suggestions": []})


@pytest.mark.parametrize("path", ["/occupations", "/occupations/said", "/places"])
def test_an_address_with_a_nul_is_no_question(client, path):
    assert client.get(f"{path}?q=a%00b").status_code == 400
    assert client.post(f"{path}?q=a").status_code == 405


def test_it_never_suggests_more_than_fit_under_a_field(client):
    for path in ("/occupations?q=conduct", "/occupations/said?q=conduct", "/places?q=saint"):
        assert len(client.get(path).json["suggestions"]) == 8
