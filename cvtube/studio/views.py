"""The pages of the studio; they stand in the modules imported here."""

from __future__ import annotations

from cvtube.studio import chapter_views, film_views, note_views, sharing_views, take_views
from cvtube.studio.blueprint import blueprint

__all__ = [
    "blueprint",
    "chapter_views",
    "film_views",
    "note_views",
    "sharing_views",
    "take_views",
]
