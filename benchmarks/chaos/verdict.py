"""What is left after the storm, looked at from outside: what is lost, there twice, or stuck."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from benchmarks.chaos.people import Sent
from benchmarks.chaos.tables import FAILED, GAVE_UP, READY, UPLOADED, Clip, Tables
from cvtube.storage.contract import Storage, StorageError

FILMS = "films/"  # prefix of everything the product stores of films
ORIGINAL = "original"


@dataclass
class Verdict:
    """Every fault as one sentence, and what was counted on the way."""

    faults: list[str] = field(default_factory=list)
    stages: Counter[str] = field(default_factory=Counter)
    attempts: Counter[str] = field(default_factory=Counter)  # which of them made the clip
    strays: Counter[str] = field(default_factory=Counter)  # objects no row names, for the sweep
    letters_twice: int = 0
    bytes_kept: int = 0

    def find(self, name: str, fault: str) -> None:
        self.faults.append(f"{name}: {fault}")


def judge(
    sent: Sequence[Sent], tables: Tables, storage: Storage, letters: Mapping[str, int], kills: int
) -> Verdict:
    """Ask database, storage and mailbox about everything that was promised to anybody."""
    verdict = Verdict()
    stored = {one.key: one.size for one in storage.list(FILMS)}
    for one in sent:
        for lost in one.lost:
            verdict.find(one.film.name, lost)
        if one.deleted:
            _is_gone(verdict, one, tables, stored)
        elif one.whole:
            _is_there(verdict, one, tables, storage)
        else:
            verdict.find(one.film.name, f"{one.acknowledged} of {len(one.film.data)} bytes sent")
    _objects(verdict, tables.sizes(), stored)
    _letters(verdict, sent, tables, letters, kills)
    for kind, count in tables.not_over().items():
        verdict.find(kind, f"{count} not over")
    return verdict


def _is_gone(verdict: Verdict, sent: Sent, tables: Tables, stored: Mapping[str, int]) -> None:
    """Deleted: no row, none of its bytes, one event.

    What a worker was just making when it was killed may be there: the daily look takes it.
    """
    name = sent.film.name
    if tables.film_exists(sent.video_id):
        verdict.find(name, "deleted, and its row is there")
    left = [key for key in stored if key.startswith(f"{FILMS}{sent.video_id}/")]
    if left and any(PurePosixPath(key).parent.name == ORIGINAL for key in left):
        verdict.find(name, f"deleted, and {len(left)} objects are there")
    if (said := tables.deletions(sent.video_id)) != 1:
        verdict.find(name, f"deleted {said} times")


def _is_there(verdict: Verdict, sent: Sent, tables: Tables, storage: Storage) -> None:
    """Taken in: the very same bytes, one clip with one ending."""
    name = sent.film.name
    clips = tables.clips(sent.upload_id)
    if len(clips) != 1 or tables.uploads_called(name) != 1:
        verdict.find(name, f"{len(clips)} clips of {tables.uploads_called(name)} uploads")
    if sent.ordered and not sent.exported:
        verdict.find(name, "is not there as one file")
    for clip in clips:
        _same_bytes(verdict, sent, clip, storage)
        _one_ending(verdict, sent, clip)
        verdict.stages[clip.stage] += 1
        for folder in {PurePosixPath(key).parent.name for key, _ in clip.objects}:
            verdict.attempts[folder] += 1


def _same_bytes(verdict: Verdict, sent: Sent, clip: Clip, storage: Storage) -> None:
    digest, position = hashlib.sha256(), 0
    for start, size, key in clip.chunks:
        if start != position:
            verdict.find(sent.film.name, f"a hole from byte {position} to {start}")
        position = start + size
        try:
            with storage.open(key) as pieces:
                for piece in pieces:
                    digest.update(piece)
        except StorageError as error:
            verdict.find(sent.film.name, f"{key}: {type(error).__name__}")
    verdict.bytes_kept += position
    if digest.hexdigest() != sent.film.sha256:
        verdict.find(sent.film.name, "other bytes than were sent")


def _one_ending(verdict: Verdict, sent: Sent, clip: Clip) -> None:
    name, events = sent.film.name, clip.events
    if clip.stage not in {READY, FAILED}:
        verdict.find(name, f"the clip is {clip.stage}")
    if events[UPLOADED] != 1 or events[READY] + events[FAILED] != 1 or not events[clip.stage]:
        verdict.find(name, f"events {dict(events)} of a clip that is {clip.stage}")
    if sent.film.broken:
        if clip.stage == READY or clip.error_code == GAVE_UP:
            verdict.find(name, f"is no film, and is {clip.stage} ({clip.error_code})")
    elif clip.stage == FAILED and clip.error_code != GAVE_UP:
        verdict.find(name, f"is a film, and is refused as {clip.error_code}")
    sets = {PurePosixPath(key).parent for key, _ in clip.objects}
    if len(sets) != (clip.stage == READY):
        verdict.find(name, f"{len(sets)} sets of objects of a clip that is {clip.stage}")


def _objects(verdict: Verdict, named: Mapping[str, int], stored: Mapping[str, int]) -> None:
    """What rows name is there, whole. What they do not name is counted."""
    for key, size in named.items():
        if stored.get(key) != size:
            verdict.find(key, f"{stored.get(key)} bytes instead of {size}")
    files = Counter(PurePosixPath(key).parts[1] for key in stored if key.endswith("/film.mp4"))
    for key in stored.keys() - named.keys():
        film, folder = PurePosixPath(key).parts[1], PurePosixPath(key).parent.name
        if key.endswith("/film.mp4"):
            verdict.strays["exports"] += files[film] > 1
        else:
            verdict.strays["originals" if folder == ORIGINAL else "made"] += 1


def _letters(
    verdict: Verdict, sent: Sequence[Sent], tables: Tables, came: Mapping[str, int], kills: int
) -> None:
    """A mail for each new device. Every one arrives; twice at most where its worker was killed."""
    for address in {one.address for one in sent}:
        written = tables.letters(address)
        signed_in = sum(one.signed_in for one in sent if one.address == address)
        if len(written) < signed_in:
            verdict.find(address, f"{signed_in} new devices, {len(written)} mails")
        if missing := [one for one in written if not came.get(one)]:
            verdict.find(address, f"{len(missing)} mails did not arrive")
    again = sum(count - 1 for count in came.values())
    verdict.letters_twice = again
    if again > kills:
        verdict.find("mails", f"{again} arrived again, after {kills} kills of their worker")
