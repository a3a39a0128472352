"""The pages about people, by subject."""

from cvtube.accounts.views import (
    authentication,
    card_entry,
    cards,
    hand_overs,
    mailed_links,
    outbox,
    profile,
    settings,
)
from cvtube.accounts.views.blueprint import blueprint

__all__ = [
    "authentication",
    "blueprint",
    "card_entry",
    "cards",
    "hand_overs",
    "mailed_links",
    "outbox",
    "profile",
    "settings",
]
