"""Words become sentences that people can read along, each at the time it is heard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cvtube.captions.segmentation import LONGEST, sentences
from cvtube.captions.speech import Segment, Word

CLIP_MS = 60_000


def heard(text: str, *, each_s: float = 0.5) -> list[Segment]:
    """The words one after the other; a "|" is a second and a half of silence."""
    at, words = 0.0, []
    for piece in text.split(" "):
        if piece == "|":
            at += 1.5
            continue
        words.append(Word(at, at + each_s, f" {piece}"))
        at += each_s
    return [Segment(tuple(words))]


def texts(segments) -> list[str]:
    return [one.text for one in sentences(segments, CLIP_MS)]


def test_full_stops_end_sentences():
    assert texts(heard("Bonjour. Je suis là ! Et vous ?")) == [
        "Bonjour.",
        "Je suis là !",
        "Et vous ?",
    ]


def test_so_does_a_silence():
    assert texts(heard("je suis soudeur | à Brest")) == ["je suis soudeur", "à Brest"]


def test_segments_of_the_engine_do_not_matter():
    first, second = heard("je suis"), heard("soudeur")
    later = [Segment(tuple(Word(w.start_s + 1, w.end_s + 1, w.text) for w in second[0].words))]
    assert texts([*first, Segment(()), *later]) == ["je suis soudeur"]


def test_what_belongs_to_the_word_before_stays_with_it():
    words = (Word(0, 1, " va"), Word(1, 2, "-t"), Word(2, 3, "-il"), Word(3, 4, " bien"))
    (one,) = sentences([Segment(words)], CLIP_MS)
    assert (one.text, one.word_starts) == ("va-t-il bien", (0, 3000))


def test_a_long_sentence_is_parted_at_a_breath():
    text = " ".join(["mot"] * 15) + ", " + " ".join(["mot"] * 20) + "."
    first, second = texts(heard(text))
    assert first.endswith(",")
    assert len(first) < LONGEST
    assert second.endswith(".")


def test_nothing_is_heard_after_the_clip():
    (one,) = sentences(heard("un deux trois", each_s=1), 2500)
    assert (one.end_ms, one.word_starts) == (2500, (0, 1000, 2000))


pieces = st.text("ab,.!-", min_size=1, max_size=10)
times = st.floats(0, 100)


@given(st.lists(st.tuples(times, times, st.booleans(), pieces), max_size=60))
def test_whatever_an_engine_says_sentences_are_in_order_and_have_their_words_times(found):
    words = tuple(Word(a, b, f" {text}" if apart else text) for a, b, apart, text in found)
    made = list(sentences([Segment(words)], CLIP_MS))
    edges = [edge for one in made for edge in (one.start_ms, one.end_ms)]
    assert edges == sorted(edges)
    for one in made:
        assert one.start_ms < one.end_ms <= CLIP_MS
        assert one.timed
        assert all(one.start_ms <= at <= one.end_ms for at in one.word_starts)
