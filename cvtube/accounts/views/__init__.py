"""The pages about people, by subject."""

from cvtube.accounts.views import (
    card_entry,
    cards,
    entry,
    hand_overs,
    mailed_links,
    outbox,
    profile,
    recruiter,
    settings,
)
from cvtube.accounts.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "card_entry",
    "cards",
    "entry",
    "hand_overs",
    "mailed_links",
    "outbox",
    "profile",
    "recruiter",
    "settings",
]
