"""Ada's film of two parts, with captions a machine has drafted for the first one."""

from __future__ import annotations

import pytest

from cvtube.videos.lifecycle import drafts
from cvtube.videos.sentences import Sentence
from tests import drafting, factories
from tests.captions.words import Film

DRAFT = (
    Sentence(500, 2000, "Bonjour, moi c'est Kamii.", (500, 900, 1200, 1500)),
    Sentence(2500, 6000, "Je suis soudeuse, à Brest.", (2500, 2800, 3200, 4000, 4400)),
)


@pytest.fixture
def film(people, runtime, now) -> Film:
    with runtime.transaction() as session:
        ada = session.merge(people.ada)
        video = factories.make_video(session, ada, now, chapter_titles=["Bonjour", "La preuve"])
        clips = [
            factories.make_ready_clip(session, chapter, now, owner=ada)
            for chapter in video.chapters
        ]
        factories.agree_to_drafts(session, video, now)
        held = drafting.claim(session, clips[0].id, now)
        drafts.finish_draft(session, held, DRAFT, now, language="fr")
    return Film(runtime, video, clips[0].id, clips[1].id)
