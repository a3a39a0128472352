"""What comes again for accounts."""

from __future__ import annotations

from cvtube.accounts import hand_overs, links, people, sessions, throttle
from cvtube.accounts.cards import peppers
from cvtube.queue.notify import try_notify
from cvtube.runtime import current


def forget_expired() -> None:
    """Drop what is over: links, log-ins, hand-overs, throttles; finish what was begun."""
    runtime = current()
    now = runtime.now()
    with runtime.transaction() as session:
        links.forget_old(session, now)
        sessions.forget_ended(session, now, runtime.settings)
        throttle.forget_old(session, now)
        hand_overs.forget_old(session, now)
        people.forget_unconfirmed(session, now)
        waiting = people.not_yet_erased(session)
    for user_id in waiting:
        try_notify(runtime.notifier, people.ERASE_USER, user_id)


def seal_peppers() -> None:
    """After the secret key has changed: what the former one has sealed is sealed anew."""
    peppers.settle(current())
