"""Everybody at once: people send, processes are killed, and then there is quiet."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.chaos import stack as stacks
from benchmarks.chaos.films import films
from benchmarks.chaos.mailbox import Mailbox, mailbox
from benchmarks.chaos.people import Answers, Person, Sent
from benchmarks.chaos.plan import blows
from benchmarks.chaos.stack import Stack
from benchmarks.chaos.tables import Tables
from benchmarks.chaos.verdict import Verdict, judge
from cvtube.storage.contract import Storage
from cvtube.storage.factory import open_storage

SENDING = 0.8  # share of the storm's length in which films are begun
EXPORT_EVERY, EXPORTED = 4, 1  # which of so many films is asked for as one file
DELETE_EVERY, DELETED = 10, 3  # which of so many is deleted as soon as it was sent
ACCOUNTS = 10  # films, of each
QUIET_S = 1.0


@dataclass(frozen=True)
class Wish:
    """How much of it."""

    uploads: int = 104
    kills: int = 210
    every_s: float = 2.5  # between two kills, on average
    seed: int = 1
    transcoders: int = 2
    lease_s: int = 15  # the product's default
    patience_s: float = 1200  # until all is settled after the last kill


@dataclass
class Aftermath:
    """What the storm was, and where its traces are."""

    wish: Wish
    stack: Stack
    mailbox: Mailbox
    storage: Storage
    sent: list[Sent]
    answers: Answers
    killed: Counter[str]
    storm_s: float
    settling_s: float

    def judged(self) -> Verdict:
        """Look at everything."""
        with psycopg.connect(self.stack.database_url) as connection:
            return self.judged_in(connection)

    def judged_in(self, connection: psycopg.Connection) -> Verdict:
        """The same in somebody's transaction."""
        kills = self.killed["general"] + self.killed["general (job)"]
        came = self.mailbox.letters
        return judge(self.sent, Tables(connection), self.storage, came, kills)


@contextmanager
def stormed(folder: Path, wish: Wish) -> Iterator[Aftermath]:
    """A site after its storm, with everything still alive."""
    accounts = [f"sender-{one}@example.org" for one in range(-(-wish.uploads // ACCOUNTS))]
    sent = [
        Sent(film, accounts[one % len(accounts)])
        for one, film in enumerate(films(folder, wish.uploads, wish.seed))
    ]
    with (
        # Whoever asks for a storm may have an event loop already, as browsers do. The thread
        # outlives the site: what is started in it dies with it.
        ThreadPoolExecutor(1) as storm,
        mailbox() as letters,
        stacks.running(
            folder, transcoders=wish.transcoders, lease_s=wish.lease_s, mail_url=letters.url,
            people=accounts,
        ) as stack,
    ):  # fmt: skip
        storage = open_storage(stack.storage_url, site=stack.site, signing_keys=[b"of nobody"])
        after = Aftermath(wish, stack, letters, storage, sent, Answers(), Counter(), 0.0, 0.0)
        storm.submit(asyncio.run, _storm(after)).result()
        yield after


async def _storm(after: Aftermath) -> None:
    keeper = asyncio.create_task(after.stack.keep_alive())
    people = [asyncio.create_task(one) for one in _lives(after)]
    began = time.monotonic()
    for blow in blows(after.wish.seed, after.wish.kills, after.wish.every_s):
        await asyncio.sleep(blow.after_s)
        after.killed[await after.stack.strike(blow)] += 1
    after.storm_s = time.monotonic() - began
    began = time.monotonic()
    _, unserved = await asyncio.wait(people, timeout=after.wish.patience_s)
    patience_ends = began + after.wish.patience_s
    while time.monotonic() < patience_ends and not _settled(after):  # noqa: ASYNC110 (other processes set no event of ours)
        await asyncio.sleep(QUIET_S)
    after.settling_s = time.monotonic() - began
    for task in (*unserved, keeper):
        task.cancel()
    await asyncio.gather(*unserved, keeper, return_exceptions=True)
    for task in people:
        if not task.cancelled():
            task.result()


def _lives(after: Aftermath) -> Iterator[Coroutine[object, object, None]]:
    wish = after.wish
    chance = random.Random(wish.seed + 1)  # noqa: S311 (the same again is the point)
    length = wish.kills * wish.every_s * SENDING
    for number, sent in enumerate(after.sent):
        person = Person(after.stack.port, number, sent, after.answers, wish.seed)
        yield person.live(
            chance.uniform(0, length),
            exports=number % EXPORT_EVERY == EXPORTED,
            deletes=number % DELETE_EVERY == DELETED,
        )


def _settled(after: Aftermath) -> bool:
    try:
        with psycopg.connect(after.stack.database_url) as connection:
            return not Tables(connection).not_over()
    except psycopg.OperationalError:
        return False


def figures(after: Aftermath, verdict: Verdict) -> dict[str, object]:
    """What is worth keeping of a run."""
    wish, sent = after.wish, after.sent
    return {
        "seed": wish.seed,
        "kills": sum(after.killed.values()),
        "kills_of": dict(sorted(after.killed.items())),
        "starts_of": {one.name: one.starts for one in after.stack.processes},
        "uploads": len(sent),
        "uploads_acknowledged": sum(one.whole or one.deleted for one in sent),
        "bytes_kept": verdict.bytes_kept,
        "exports": sum(one.exported for one in sent),
        "deletions": sum(one.deleted for one in sent),
        "clips": dict(verdict.stages),
        "made_by_attempt": dict(sorted(verdict.attempts.items())),
        "answers": dict(sorted(after.answers.counted.items())),
        "mails": len(after.mailbox.letters),
        "mails_twice": verdict.letters_twice,
        "strays": dict(verdict.strays),
        "storm_s": round(after.storm_s, 1),
        "settling_s": round(after.settling_s, 1),
        "faults": verdict.faults,
    }
