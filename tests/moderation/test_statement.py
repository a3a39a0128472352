"""The statement of reasons reads well, whatever is decided and for whatever reason."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.i18n import LANGUAGES
from cvtube.moderation.decisions import REASONS_FOR
from cvtube.moderation.statement import Case, compose
from cvtube.videos.decisions import Occasion
from cvtube.videos.reasons import REASONS
from cvtube.videos.verbs import Refusal

FACTS = "At 0:04, a drill is louder than you."
CASES = [(measure, code) for measure in Refusal for code in REASONS_FOR[measure]]
# The long date, its number and a law's name are not words to be read one by one.
SENTENCE = re.compile(r"[^.?!]+[.?!]")


def case(measure, code, **other):
    values = {
        "measure": measure,
        "occasion": Occasion.FIRST_REVIEW,
        "part": "Your video",
        "reason": REASONS[code],
        "facts": FACTS,
        "still_shown": False,
        "contest_until": datetime(2026, 9, 1, tzinfo=UTC),
        "contact": "help@example.org",
        "without_email": False,
        "number": "0" * 26,
    }
    return Case(**{**values, **other})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("measure", "code"), CASES)
def test_it_answers_every_question_in_short_sentences(measure, code, language):
    paragraphs = compose(case(measure, code), language)
    assert len(paragraphs) == 8
    for heading, text in paragraphs:
        assert heading
        assert text
        assert "%(" not in text
    for text in (text.replace(FACTS, "") for _, text in paragraphs):
        for sentence in SENTENCE.findall(re.sub(r"\S+@\S+|L\. \d\S+", "x", text)):
            assert len(sentence.split()) <= 13, sentence  # a date counts for three


@given(st.sampled_from(CASES), st.sampled_from(LANGUAGES), st.booleans(), st.sampled_from(Occasion))
def test_french_and_english_say_the_same_number_of_things(chosen, language, shown, occasion):
    said = compose(case(*chosen, still_shown=shown, occasion=occasion), language)
    other = compose(case(*chosen, still_shown=shown, occasion=occasion), "fr")
    assert len(said) == len(other)
    assert (said == other) == (language == "fr")


def test_without_a_contact_it_still_says_whom_to_ask():
    said = dict(compose(case(Refusal.REJECTED, "scam", contact=""), "en"))
    assert "Ask the people who run this site." in said["If you do not agree"]


@pytest.mark.parametrize("contact", ["", "help@example.org"])
def test_whoever_has_no_email_is_told_who_asks_for_them(contact):
    for without_email in (True, False):
        made = case(Refusal.REJECTED, "scam", contact=contact, without_email=without_email)
        said = dict(compose(made, "en"))["If you do not agree"]
        assert ("show this page to your adviser" in said) is without_email


def test_words_nobody_wrote_leave_no_gap():
    said = dict(compose(case(Refusal.ASKED_FOR_CHANGES, "sound", facts=""), "en"))
    assert said["Why"] == "What you say is hard to hear."
