"""The pages of the slice; they stand in the modules imported here."""

from __future__ import annotations

from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.films import making_views
from cvtube.candidate.films import views as films
from cvtube.candidate.prepare import views as prepare
from cvtube.candidate.prepare import voice_note_views
from cvtube.candidate.record import take_views
from cvtube.candidate.record import views as recorder
from cvtube.candidate.sharing import views as sharing

__all__ = [
    "blueprint",
    "films",
    "making_views",
    "prepare",
    "recorder",
    "sharing",
    "take_views",
    "voice_note_views",
]

# A blueprint of its own: its pages are held to a stricter policy than the others.
blueprint.register_blueprint(recorder.blueprint)
