"""Whoever agreed to a sentence agreed to no other: new words, new version (GDPR art. 7)."""

from __future__ import annotations

import hashlib

import pytest

from cvtube.i18n import translate
from cvtube.videos import consents

PURPOSES = (*consents.PURPOSES, consents.CAPTIONS)
# What each version asks, in the words of both languages; a version that was in use never changes.
WORDS = {
    "2026-12.2": "8d197dd87b86c755",
}
ADVICE = (
    "The words of a consent changed. People agreed to the old ones: give consents.VERSION a new "
    "name, and add it to WORDS with the digest {digest!r}. Everybody is then asked again. Only a "
    "version that no site has used yet may get another digest."
)


def digest(purposes=PURPOSES):
    said = [
        f"{purpose.code} {language} {translate(purpose.sentence, language)}"
        for purpose in purposes
        for language in ("en", "fr")
    ]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:16]


def test_consents_whose_words_change_get_a_new_version():
    assert WORDS.get(consents.VERSION) == digest(), ADVICE.format(digest=digest())
    assert max(WORDS) == consents.VERSION


@pytest.mark.parametrize("what", ["code", "sentence"])
def test_another_word_is_another_digest(what):
    first, *others = PURPOSES
    changed = consents.Purpose(**{**vars(first), what: "show it"})
    assert digest([changed, *others]) != digest()


def test_every_purpose_that_can_be_agreed_to_is_looked_at():
    there = {id(one) for one in vars(consents).values() if isinstance(one, consents.Purpose)}
    asked = {id(one) for choice in consents.AUDIENCES.values() for one in choice.needs}
    assert there | asked | {id(one) for one in consents.PURPOSES} == {id(one) for one in PURPOSES}
