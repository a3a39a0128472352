"""How many pieces an upload may be in: one for each 64 KiB, and those honest senders need besides.

How quickly they may come is in tests/web/test_rate_limits.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cvtube.upload import quotas
from cvtube.upload.quotas import LEAST_PER_PIECE
from tests.upload.tus import Cut, checksum, code, film, original, stray_objects

STREAM = Path(__file__).parents[2] / "frontend" / "src" / "upload" / "streaming-source.js"
BEGIN = 5000  # bytes that come with the creation, and are enough to tell what the file is
FREE = 3  # pieces


@pytest.fixture(autouse=True)
def few(runtime, monkeypatch):
    settings = runtime.settings.model_copy(update={"film_max_s": 10})
    object.__setattr__(runtime, "settings", settings)
    monkeypatch.setattr(quotas, "SMALL_PIECES", FREE - 10 // quotas.RECORDED_EVERY_S)


@pytest.fixture(params=["known", "deferred"])
def crumbled(request, tus):
    """An upload that is in as many pieces as it may be; its address, its bytes, where it stands."""
    data = film(BEGIN + 3 * LEAST_PER_PIECE)
    length = {"upload_defer_length": 1} if request.param == "deferred" else {"length": len(data)}
    path = tus.create(data=data[:BEGIN], **length).headers["Location"]
    for offset in range(BEGIN, BEGIN + FREE - 1):
        assert tus.patch(path, offset, data[offset : offset + 1]).status_code == 204
    return path, data, BEGIN + FREE - 1


def test_a_small_piece_too_many_is_refused_and_leaves_nothing(tus, runtime, crumbled):
    path, data, at = crumbled
    for piece in (data[at : at + 1], data[at : at + LEAST_PER_PIECE - 1]):
        assert code(tus.patch(path, at, piece)) == (429, "pieces_too_small")
        checked = tus.patch(path, at, piece, upload_checksum=checksum(piece))
        assert code(checked) == (429, "pieces_too_small")
    assert tus.head(path).headers["Upload-Offset"] == str(at)
    assert stray_objects(runtime, path) == set()


def test_larger_pieces_go_on_and_the_last_one_may_be_small(tus, runtime, crumbled):
    path, data, at = crumbled
    for piece in (data[at : at + LEAST_PER_PIECE], data[at + LEAST_PER_PIECE : -1]):
        assert tus.patch(path, at, piece).status_code == 204
        at += len(piece)
    assert tus.patch(path, at, data[at:], upload_length=len(data)).status_code == 204
    assert original(runtime, path) == data


@pytest.mark.parametrize("crumbled", ["deferred"], indirect=True)
def test_a_recording_that_ends_before_there_is_enough_for_a_piece_ends(tus, runtime, crumbled):
    path, data, at = crumbled
    last = data[at : at + 10]
    answer = tus.patch(path, at, last, upload_length=at + len(last))
    assert answer.status_code == 204
    assert original(runtime, path) == data[: at + len(last)]


def test_what_a_bad_network_cut_off_is_kept_until_there_is_far_too_much_of_it(
    tus, runtime, crumbled
):
    path, data, at = crumbled
    cut = Cut(data[at : at + 1000])
    tus.patch_stream(path, at, cut, announced=LEAST_PER_PIECE)
    assert tus.head(path).headers["Upload-Offset"] == str(at)
    cut = Cut(data[at : at + LEAST_PER_PIECE])
    tus.patch_stream(path, at, cut, announced=2 * LEAST_PER_PIECE)
    at += LEAST_PER_PIECE
    assert tus.head(path).headers["Upload-Offset"] == str(at)
    # That one was large enough to make room for itself, and for no other one.
    tus.patch_stream(path, at, Cut(data[at : at + 1000]), announced=LEAST_PER_PIECE)
    assert tus.head(path).headers["Upload-Offset"] == str(at)
    assert stray_objects(runtime, path) == set()


def test_our_own_recorder_never_has_too_many():
    """Its constant, read from its source: the longest recording there may be, a piece each time."""
    every_s = int(re.search(r"LONGEST_MS = (\d+)", STREAM.read_text())[1]) / 1000
    assert every_s >= quotas.RECORDED_EVERY_S
    least = int(re.search(r"LEAST = (\d+) \* 1024", STREAM.read_text())[1]) * 1024
    assert least >= LEAST_PER_PIECE
