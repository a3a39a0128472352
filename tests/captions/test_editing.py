"""Splitting, joining and moving sentences: no word is lost, and no two overlap."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cvtube.captions import editing
from cvtube.errors import Refused
from cvtube.videos.sentences import Sentence

CLIP_MS = 12_000
SAID = Sentence(1000, 5000, "Je suis soudeuse, à Brest.", (1000, 1500, 2000, 3000, 3500))

words = st.text("abcé'-,.!?", min_size=1, max_size=8)
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)


@st.composite
def sentences(draw):
    start = draw(st.integers(0, CLIP_MS - 200))
    end = draw(st.integers(start + 100, CLIP_MS))
    text = draw(texts)
    count = len(text.split())
    times = sorted(draw(st.lists(st.integers(start, end), min_size=count, max_size=count)))
    return Sentence(start, end, text, tuple(draw(st.sampled_from([(), tuple(times)]))))


@given(sentences(), st.none() | st.integers(0, 120))
def test_both_halves_hold_all_words_in_all_of_the_time(sentence, caret):
    if len(sentence.words) == 1:
        with pytest.raises(Refused):
            editing.split_sentence(sentence, caret)
        return
    first, second = editing.split_sentence(sentence, caret)
    assert [*first.words, *second.words] == sentence.words
    assert first.words
    assert second.words
    assert sentence.start_ms == first.start_ms < first.end_ms == second.start_ms
    assert second.start_ms < second.end_ms == sentence.end_ms
    assert first.timed == second.timed == sentence.timed


@given(sentences(), st.none() | st.integers(0, 120))
def test_joining_undoes_splitting(sentence, caret):
    if len(sentence.words) > 1:
        joined = editing.merge_sentences(*editing.split_sentence(sentence, caret))
        assert joined == editing.reworded(sentence, " ".join(sentence.words))


@given(st.lists(sentences(), max_size=6))
def test_what_is_settled_is_in_order_and_never_overlaps(found):
    starts = [one.start_ms for one in found]
    assume(len(set(starts)) == len(starts))
    settled = editing.settled(found, CLIP_MS)
    edges = [edge for one in settled for edge in (one.start_ms, one.end_ms)]
    assert edges == sorted(edges)
    assert all(one.start_ms < one.end_ms <= CLIP_MS for one in settled)
    assert sorted(w for s in settled for w in s.words) == sorted(w for s in found for w in s.words)


@given(sentences(), texts)
def test_another_text_has_a_time_for_each_of_its_words(sentence, text):
    changed = editing.reworded(sentence, text)
    assert changed.timed == sentence.timed
    starts = list(changed.word_starts)
    assert starts == sorted(starts)
    assert all(sentence.start_ms <= at <= sentence.end_ms for at in starts)


def test_words_that_stayed_keep_their_times():
    changed = editing.reworded(SAID, "Moi, je suis soudeuse qualifiée, à Brest.")
    kept = dict(zip(changed.words, changed.word_starts, strict=True))
    assert (kept["suis"], kept["à"], kept["Brest."]) == (1500, 3000, 3500)
    assert 1500 < kept["soudeuse"] < kept["qualifiée,"] < 3000


def test_a_sentence_parts_where_it_is_best_read():
    first, second = editing.split_sentence(SAID)
    assert (first.text, second.text) == ("Je suis soudeuse,", "à Brest.")
    assert first.end_ms == 3000  # when "à" is heard


@pytest.mark.parametrize(
    ("caret", "first"),
    [
        (0, "Je"), (2, "Je"), (3, "Je"), (5, "Je"), (7, "Je suis"), (8, "Je suis"),
        (17, "Je suis soudeuse,"), (26, "Je suis soudeuse, à"), (999, "Je suis soudeuse, à"),
    ],
)  # fmt: skip
def test_a_sentence_parts_where_the_caret_is_but_never_inside_a_word(caret, first):
    assert editing.split_sentence(SAID, caret)[0].text == first


def test_without_times_of_words_it_parts_by_length():
    first, second = editing.split_sentence(Sentence(0, 1000, "aaaa bbbb"))
    assert (first.end_ms, second.start_ms) == (444, 444)


def test_each_line_becomes_a_sentence():
    (one,) = editing.settled([Sentence(0, 900, "\n  a   b \n\n")], CLIP_MS)
    assert one.text == "a b"
    found = editing.settled([Sentence(0, 900, "a\nb\n\nc")], CLIP_MS)
    assert [one.text for one in found] == ["a", "b", "c"]


def test_a_sentence_ends_where_the_next_one_begins():
    found = editing.settled([Sentence(500, 9000, "b"), Sentence(0, 700, "a")], CLIP_MS)
    assert [(one.start_ms, one.end_ms) for one in found] == [(0, 500), (500, 9000)]


def test_none_goes_on_after_the_clip():
    (one,) = editing.settled([Sentence(0, 99_000, "a")], CLIP_MS)
    assert one.end_ms == CLIP_MS


@pytest.mark.parametrize("span", [(12_000, 13_000), (500, 500), (500, 400), (-1, 400)])
def test_one_that_is_nowhere_in_the_clip_is_refused(span):
    with pytest.raises(Refused, match="sentence_times"):
        editing.settled([Sentence(*span, "a")], CLIP_MS)


def test_more_than_anybody_says_is_refused():
    many = [Sentence(n, n + 1, "a") for n in range(401)]
    with pytest.raises(Refused, match="sentences_too_many"):
        editing.settled(many, CLIP_MS)


def test_lines_are_counted_before_they_are_parted():
    """A quarter of a million of them would take minutes."""
    with pytest.raises(Refused, match="sentences_too_many"):
        editing.settled([Sentence(0, 5000, "a\n" * 250_000)], CLIP_MS)
    with pytest.raises(Refused, match="sentence_too_long"):
        editing.settled([Sentence(0, 5000, "a " * 250_000)], CLIP_MS)


@pytest.mark.parametrize(
    ("at", "number", "span"),
    [
        (0, 0, (0, 1000)),
        (900, 0, (900, 1000)),
        (950, 1, (5000, 7500)),
        (11_000, 1, (11_000, 12_000)),
    ],
)
def test_a_new_one_takes_the_next_silence(at, number, span):
    found, where = editing.added([SAID], at, CLIP_MS)
    assert where == number
    assert (found[where].start_ms, found[where].end_ms) == span
    assert editing.settled(found, CLIP_MS) == found


def test_there_is_no_room_where_somebody_speaks_to_the_end():
    with pytest.raises(Refused, match="no_room"):
        editing.added([Sentence(0, 11_950, "a")], 0, CLIP_MS)
