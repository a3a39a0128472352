"""The vocabulary is complete, in both languages, and in words everybody can read."""

from __future__ import annotations

import re

import pytest

from cvtube.i18n import LANGUAGES, translate
from cvtube.videos.reasons import FINAL, REASONS, REPAIRABLE, TIME, reason_for

WORDS = re.compile(r"[^\s:;?!«»…]+")


def test_what_recording_again_can_mend_is_to_be_redone_and_nothing_else():
    assert REPAIRABLE == (
        "sound", "dark", "orientation", "technical", "too_long", "third_person",
        "contact_visible", "id_document", "sensitive_data_self", "not_a_cv",
    )  # fmt: skip
    assert FINAL == (
        "minor_no_consent", "insult_hate", "sexual", "violence", "copyright_music",
        "employer_secret", "advertising", "impersonation", "scam",
    )  # fmt: skip
    assert {code for code, reason in REASONS.items() if reason.repairable} == set(REPAIRABLE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", REASONS)
def test_every_reason_speaks_both_languages_in_short_sentences(code, language):
    reason = REASONS[code]
    for message in (reason.sentence, reason.advice, reason.opening, reason.law):
        if message is None:
            continue
        text = translate(message, language)
        assert text
        assert len(WORDS.findall(text)) <= 12, text
        if language == "fr" and "Code" not in message:
            assert text != message, f"not translated: {message}"


@pytest.mark.parametrize("code", REPAIRABLE)
def test_what_is_to_be_redone_says_how_and_never_says_refused(code):
    reason = REASONS[code]
    assert reason.advice.startswith("Film this part again")
    french = translate(reason.sentence, "fr") + translate(reason.advice, "fr")
    assert "refus" not in french.lower()


def test_an_opening_leaves_room_for_the_second_and_for_the_facts():
    for reason in REASONS.values():
        for language in LANGUAGES:
            text = translate(reason.opening, language)
            assert (TIME in text) == (TIME in reason.opening)
            assert "…" in text


def test_a_code_nobody_knows_has_no_words():
    assert reason_for("sound") is REASONS["sound"]
    assert reason_for("transcode_gave_up") is None
    assert reason_for(None) is None
