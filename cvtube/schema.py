"""Every table there is: importing this module completes the metadata."""

from sqlalchemy import Engine

from cvtube.accounts import models as accounts
from cvtube.accounts import passwordless
from cvtube.browse.search import models as browse
from cvtube.browse.search.backends import text_index
from cvtube.candidate.prepare import models as candidate
from cvtube.db.base import Base
from cvtube.jobs import models as jobs
from cvtube.mail import models as mail
from cvtube.moderation import models as moderation
from cvtube.videos import caption_track as captions
from cvtube.videos import decisions, files, upload_sessions, voice_notes
from cvtube.videos import models as videos

__all__ = [
    "accounts",
    "browse",
    "candidate",
    "captions",
    "create_all",
    "decisions",
    "files",
    "jobs",
    "mail",
    "metadata",
    "moderation",
    "passwordless",
    "upload_sessions",
    "videos",
    "voice_notes",
]

metadata = Base.metadata


def create_all(engine: Engine) -> None:
    """Make every table at once in an empty database (tests; everybody else migrates)."""
    metadata.create_all(engine)
    with engine.begin() as connection:
        text_index(connection).create(connection)


def is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """For Alembic: whether the models know the table, or it is the search engine's own."""
    return not (kind == "table" and str(name).startswith("search_index"))
