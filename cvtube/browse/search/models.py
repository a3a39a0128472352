"""What search keeps of each film that may be found.

These rows say nothing that the film and its owner's profile do not say; they can be thrown
away and made again at any time. They have no foreign keys: only the indexer removes them,
since it counts the words that go with them. A row without a film is never shown, because
every result is looked up among the listed films again.

The words themselves are in `search_index`, a table of the database's own kind; see
`text_index`.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base


class SearchEntry(Base):
    """One film's facts, in the form in which they are filtered and ordered by.

    Facts of which a candidate may have several are written `,one,other,`, which every
    database can look into and count alike.
    """

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[str] = mapped_column(String(26), unique=True)

    # What the film and the profile looked like when they were read for this row.
    film_version: Mapped[datetime]
    profile_version: Mapped[datetime | None]
    # By which way of describing films it was made (`document.VERSION`).
    document_version: Mapped[int] = mapped_column(server_default="0")

    expires_at: Mapped[datetime | None]
    week: Mapped[int]  # of publication, counted from the first Monday of 1970
    shuffle_key: Mapped[int] = mapped_column(BigInteger)  # see `ranking`

    family: Mapped[str] = mapped_column(String(1))
    occupation: Mapped[str] = mapped_column(String(5))
    contracts: Mapped[str] = mapped_column(String(100))
    experience: Mapped[str] = mapped_column(String(20))
    languages: Mapped[str] = mapped_column(String(400))
    licences: Mapped[str] = mapped_column(String(100))
    available_from: Mapped[date | None]

    # The commune as a point of the unit sphere: distances then need no trigonometry in SQL.
    department: Mapped[str] = mapped_column(String(3))
    x: Mapped[float | None]
    y: Mapped[float | None]
    z: Mapped[float | None]
    reach: Mapped[float]  # how far the candidate would travel, as the square of a chord


class SearchTerm(Base):
    """A word that is found in at least one film: what mistyped words are corrected to."""

    __tablename__ = "search_term"

    term: Mapped[str] = mapped_column(String(64), primary_key=True)
    spelling: Mapped[str] = mapped_column(String(64))  # with its accents, as somebody wrote it
    documents: Mapped[int]
