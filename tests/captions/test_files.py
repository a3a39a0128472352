"""Captions as people bring them: from other programs, of other times, or no captions at all."""

from __future__ import annotations

import pytest

from cvtube.captions import files
from cvtube.errors import Refused
from cvtube.videos.sentences import Sentence

CLIP_MS = 60_000
CUE = "1\n00:00:01,000 --> 00:00:02,500\n{}\n\n"


def read(text: str | bytes, **options) -> list[Sentence]:
    content = text if isinstance(text, bytes) else text.encode()
    return files.parse(content, options.get("clip_ms", CLIP_MS))


@pytest.mark.parametrize(
    "content",
    [
        CUE.format("Développeuse à Nîmes").encode(),
        CUE.format("Développeuse à Nîmes").encode("utf-8-sig"),
        CUE.format("Développeuse à Nîmes").encode("utf-16"),
        CUE.format("Développeuse à Nîmes").encode("cp1252"),
        CUE.format("Développeuse à Nîmes").replace("\n", "\r\n").encode(),
        CUE.format("Développeuse\nà Nîmes").rstrip().encode(),
        CUE.format("<i>Développeuse</i> <font color=red>à Nîmes").replace(",", ".").encode(),
        CUE.format("{\\an8}Développeuse à Nîmes").encode(),
        "00:00:01,000 --> 00:00:02,500\nDéveloppeuse à Nîmes".encode(),
        "WEBVTT\n\n00:01.000 --> 00:02.500\nDéveloppeuse à Nîmes".encode(),
        (
            "\ufeffWEBVTT - by hand\n\nSTYLE\n::cue { color: red }\n\nNOTE later\n\n"
            "intro\n00:00:01.000 --> 00:00:02.500 align:start position:10%\n"
            "<v Zoé>Développeuse <00:00:02.000><c.loud>à&nbsp;Nîmes</c>\n"
        ).encode(),
    ],
)
def test_every_program_s_way_of_writing_the_same_thing_is_read(content):
    (one,) = read(content)
    assert (one.start_ms, one.end_ms, one.text) == (1000, 2500, "Développeuse à Nîmes")


def test_sentences_come_in_order_and_never_overlap():
    text = "1\n00:00:05,000 --> 00:00:09,000\nb\n\n2\n00:00:01,000 --> 00:00:06,000\na\n"
    assert [(s.start_ms, s.end_ms, s.text) for s in read(text)] == [
        (1000, 5000, "a"),
        (5000, 9000, "b"),
    ]


def test_what_a_program_notes_between_sentences_is_not_said():
    cue = "NOTE Confidence: 0.9\n\n5d0e-{0}\n00:00:0{0}.000 --> 00:00:0{0}.900\n{1}\n\n"
    text = f"WEBVTT\n\n{cue.format(1, 'a')}STYLE\n::cue {{}}\n\n{cue.format(3, 'b')}NOTE end\n"
    assert [(s.start_ms, s.text) for s in read(text)] == [(1000, "a"), (3000, "b")]


def test_two_voices_at_one_time_become_one_sentence():
    text = CUE.format("- Bonjour.") + CUE.format("- Merci.")
    assert [one.text for one in read(text)] == ["- Bonjour. - Merci."]


def test_what_hangs_over_the_clips_end_is_cut():
    (one,) = read(CUE.format("a"), clip_ms=2000)
    assert one.end_ms == 2000


def test_signs_nobody_sees_go():
    (one,) = read(CUE.format("a\u200bb\x07 \u202ec"))
    assert one.text == "ab c"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "captions_unreadable"),
        (b"Dear Sir or Madam,\n\nplease find attached", "captions_unreadable"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "captions_unreadable"),
        (b'{"captions": []}', "captions_unreadable"),
        (b"[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,,,0,0,0,,Hi", "captions_unreadable"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "captions_empty"),
        (b"1\n00:00:02,000 --> 00:00:01,000\nbackwards\n", "captions_empty"),
        (CUE.format("x" * 241).encode(), "sentence_too_long"),
        (b"x" * (256 * 1024 + 1), "captions_too_big"),
        (b"1\n00:02:00,000 --> 00:02:01,000\nanother film\n", "captions_past_end"),
        (
            "".join(
                f"{n}\n00:00:{n // 10:02d},{n % 10}00 --> 00:00:{n // 10:02d},{n % 10}50\na\n\n"
                for n in range(401)
            ).encode(),
            "sentences_too_many",
        ),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_its_reason(content, code):
    with pytest.raises(Refused) as refused:
        read(content)
    assert refused.value.code == code


def test_what_is_taken_along_can_be_brought_back():
    said = [
        Sentence(0, 900, "Moi & <toi> --> nous", (0, 100, 200, 300, 400)),
        Sentence(900, 950, ""),
        Sentence(1000, 2000, "Fini."),
        Sentence(2000, 3000, "Bonjour à tous.", (2000, 2300, 2600)),
    ]
    text = files.to_webvtt(said)
    assert text.startswith("WEBVTT\n")
    assert "Moi <00:00:00.100>&amp; <00:00:00.200>&lt;toi&gt; <00:00:00.300>--&gt;" in text
    assert [one.text for one in read(text)] == [
        "Moi & <toi> --> nous", "Fini.", "Bonjour à tous.",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["WEBVTT\n\n", "1\n"])
@pytest.mark.parametrize("after", ["", "2\n00:00:03.000 --> 00:00:04.000\nVoilà."])
def test_a_line_that_is_a_number_is_part_of_what_is_said(kind, after):
    cue = "00:00:01.000 --> 00:00:02.000\nJ’ai commencé en\n2015\n\n"
    assert read(f"{kind}{cue}{after}")[0].text == "J’ai commencé en 2015"


@pytest.mark.parametrize("said", ["", "2015"])
def test_a_cue_may_be_empty_or_a_number_alone(said):
    found = read(f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n\n2\n00:00:03,000 --> 00:00:04,000\nA")
    assert [one.text for one in found] == [*filter(None, [said]), "A"]


def test_times_of_words_that_do_not_grow_are_left_out():
    text = files.to_webvtt([Sentence(0, 100, "a b c d", (0, 0, 50, 100))])
    assert text.endswith("\na b <00:00:00.050>c d\n")


@pytest.mark.parametrize("sign", ["<", "{", "<{", "&"])
def test_a_cue_without_an_end_is_refused_before_anybody_takes_the_square_of_it(sign):
    with pytest.raises(Refused, match="sentence_too_long"):
        read(CUE.format(sign * 100_000))
