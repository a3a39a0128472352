"""What can be done to a film: the verbs of its log, one for each change."""

from __future__ import annotations

import enum


class Verb(enum.StrEnum):
    """As `VideoEvent.verb` stores it; a newer version may have stored others."""

    STARTED = "started"
    JOB_NAMED = "job_named"
    POSTER_CHOSEN = "poster_chosen"
    CHAPTER_ADDED = "chapter_added"
    CHAPTER_REMOVED = "chapter_removed"
    CHAPTER_MOVED = "chapter_moved"

    UPLOAD_STARTED = "upload_started"
    UPLOADED = "uploaded"
    TAKE_STARTED = "take_started"
    TAKE_CHOSEN = "take_chosen"
    TAKE_KEPT = "take_kept"
    ABANDONED = "abandoned"

    READY = "ready"
    FAILED = "failed"
    MADE_AGAIN = "made_again"

    CAPTIONS_DRAFTED = "captions_drafted"
    CAPTIONS_CONFIRMED = "captions_confirmed"
    CAPTIONS_APPROVED = "captions_approved"
    CAPTIONS_SENT_BACK = "captions_sent_back"

    PUBLISHED = "published"
    SHOWN_AGAIN = "shown_again"
    AUDIENCE_CHANGED = "audience_changed"
    LINK_MADE = "link_made"
    LINK_RENEWED = "link_renewed"
    LINK_SWITCHED_OFF = "link_switched_off"
    PAUSED = "paused"
    RESUMED = "resumed"
    RENEWED = "renewed"
    END_ANNOUNCED = "end_announced"  # its owner was told that the months are nearly over
    WITHDRAWN = "withdrawn"

    SUBMITTED = "submitted"
    APPROVED = "approved"
    ASKED_FOR_CHANGES = "asked_for_changes"
    REJECTED = "rejected"
    TAKEN_DOWN = "taken_down"
    OPENED_UNSEEN = "opened_unseen"  # by staff, though its audience cannot see it

    DELETED = "deleted"
    PURGED = "purged"
    ORIGINAL_PURGED = "original_purged"


class Refusal(enum.StrEnum):
    """The decisions by which a clip is not shown. Each has a reason and a statement."""

    ASKED_FOR_CHANGES = Verb.ASKED_FOR_CHANGES
    REJECTED = Verb.REJECTED
    TAKEN_DOWN = Verb.TAKEN_DOWN


REFUSALS = tuple(map(Verb, Refusal))
DECISIONS = (Verb.APPROVED, *REFUSALS)
