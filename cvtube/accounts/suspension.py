"""Why an account is suspended, reopened or closed: fixed codes, each with its sentence.

The person reads the sentence by email and at the door; the event log keeps the code. The
sentences say what is the matter with an account, never what somebody is like.
"""

from __future__ import annotations

import enum

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.i18n import N_

WORDS_LENGTH = 500


class AccountMeasure(enum.StrEnum):
    """What administrators can do with an account."""

    SUSPEND = "suspend"
    REOPEN = "reopen"
    END_SESSIONS = "end_sessions"
    CHANGE_ROLE = "change_role"
    CLOSE = "close"


class SuspensionReason(enum.StrEnum):
    """Why they do it. Codes are kept in the log: never renamed or reused."""

    SECURITY = "security"
    LOST_DEVICE = "lost_device"
    IDENTITY = "identity"
    RULES = "rules"
    WORK_ENDED = "work_ended"
    DUTIES = "duties"
    ASKED = "asked"
    CHECKED = "checked"
    MISTAKE = "mistake"


SENTENCES: dict[str, str] = {
    SuspensionReason.SECURITY: N_("We think somebody else used this account."),
    SuspensionReason.LOST_DEVICE: N_("A phone or a computer was lost."),
    SuspensionReason.IDENTITY: N_("We could not check whose account this is."),
    SuspensionReason.RULES: N_("This account was used against our rules."),
    SuspensionReason.WORK_ENDED: N_("The work with this account has ended."),
    SuspensionReason.DUTIES: N_("The tasks of this account have changed."),
    SuspensionReason.ASKED: N_("The owner of this account asked for it."),
    SuspensionReason.CHECKED: N_("We have checked this account, and all is well."),
    SuspensionReason.MISTAKE: N_("It was our mistake."),
}

REASONS_FOR: dict[AccountMeasure, tuple[SuspensionReason, ...]] = {
    AccountMeasure.SUSPEND: (
        SuspensionReason.SECURITY,
        SuspensionReason.IDENTITY,
        SuspensionReason.RULES,
        SuspensionReason.WORK_ENDED,
        SuspensionReason.ASKED,
    ),
    AccountMeasure.REOPEN: (
        SuspensionReason.CHECKED,
        SuspensionReason.MISTAKE,
        SuspensionReason.ASKED,
    ),
    AccountMeasure.END_SESSIONS: (
        SuspensionReason.SECURITY,
        SuspensionReason.LOST_DEVICE,
        SuspensionReason.ASKED,
    ),
    AccountMeasure.CHANGE_ROLE: (
        SuspensionReason.DUTIES,
        SuspensionReason.MISTAKE,
        SuspensionReason.ASKED,
    ),
    AccountMeasure.CLOSE: (
        SuspensionReason.IDENTITY,
        SuspensionReason.RULES,
        SuspensionReason.WORK_ENDED,
        SuspensionReason.ASKED,
    ),
}


class Suspended(Refused):
    """Told to nobody but who has proved that the account is theirs, with the reason."""

    def __init__(self, user: User) -> None:
        super().__init__("account_suspended")
        self.why = SENTENCES.get(user.suspension_reason or "")  # a message, to be translated
        self.words = user.suspension_words
