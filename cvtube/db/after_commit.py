"""What is to happen once the surrounding transaction is really committed.

SQLAlchemy's own `after_commit` event also fires when a savepoint is released (verified on
2.1), which is too early: the outer transaction may still roll back. `after_transaction_end`
of the outermost transaction, together with what that transaction remembers, is exact.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

_WAITING = "cvtube_after_commit"
_COMMITTED = "cvtube_committed"


def after_commit(session: Session, action: Callable[[], object]) -> None:
    """Call `action` after the outermost commit; forget it on rollback.

    The action runs outside any transaction and must not raise: by then the work is done.
    """
    session.info.setdefault(_WAITING, []).append(action)


@event.listens_for(Session, "after_commit")
def _remember_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info[_COMMITTED] = True


@event.listens_for(Session, "after_transaction_end")
def _run_or_forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is not None:
        return
    actions: list[Callable[[], object]] = session.info.pop(_WAITING, [])
    if session.info.pop(_COMMITTED, False):
        for action in actions:
            action()
