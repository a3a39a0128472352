"""The pages about people, by subject."""

from cvtube.accounts.views import entry, mailed_links, outbox, profile, recruiter, settings
from cvtube.accounts.views.blueprint import blueprint

__all__ = ["blueprint", "entry", "mailed_links", "outbox", "profile", "recruiter", "settings"]
