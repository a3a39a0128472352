"""How a film stands, in words for its owner: a picture, a badge, a sentence, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cvtube.i18n import N_
from cvtube.videos import status
from cvtube.videos.models import Video, Visibility
from cvtube.videos.status import Situation


class StatusText(NamedTuple):
    """How a situation is told: a picture, a few words for a list, a sentence, what comes next."""

    icon: str
    tone: str
    badge: str
    headline: str = ""
    detail: str = ""
    numbers: Mapping[str, int] = {}  # what badge and headline count


FILM = {
    Situation.SENDING: StatusText(
        "send", "", N_("Not fully sent"), N_("We do not have all of your video yet."), ""
    ),
    Situation.FAILED: StatusText(
        "alert", "bad", N_("To replace"), N_("We cannot use this video."), ""
    ),
    Situation.EMPTY: StatusText(
        "camera",
        "",
        N_("No video yet"),
        N_("There are no videos here yet."),
        N_("Send a video to start."),
    ),
    Situation.PREPARING: StatusText(
        "film",
        "",
        N_("Being prepared"),
        N_("We have received your video. We are preparing it."),
        N_("You can leave this page. We will carry on."),
    ),
    Situation.NEEDS_CHANGES: StatusText(
        "redo",
        "warn",
        N_("To film again"),
        N_("A moderator asks you to film a part again."),
        N_("Read why below. Then make that part again."),
    ),
    Situation.REFUSED: StatusText(
        "close",
        "bad",
        N_("Not accepted"),
        N_("This video was not accepted."),
        N_("Read why below. You can send another video."),
    ),
    Situation.IN_REVIEW: StatusText(
        "shield",
        "",
        N_("Being reviewed"),
        N_("Our moderators will watch your video."),
        N_("We will email you. You do not need to do anything."),
    ),
    Situation.READY: StatusText(
        "play",
        "good",
        N_("Ready to watch"),
        N_("Your video is ready. Watch it."),
        N_("Nobody else sees it until you say yes."),
    ),
    Situation.APPROVED: StatusText(
        "check",
        "good",
        N_("Approved"),
        N_("Only you can see your video."),
        N_("A moderator has approved it. You can put it back online."),
    ),
    Situation.ONLINE: StatusText(
        "eye", "good", N_("Online"), N_("Recruiters can watch your video."), ""
    ),
    Situation.PAUSED: StatusText(
        "pause",
        "",
        N_("Paused"),
        N_("Your video is paused. Nobody else sees it."),
        N_("You can show it again at any time."),
    ),
    Situation.EXPIRED: StatusText(
        "eye-off",
        "warn",
        N_("No longer shown"),
        N_("Recruiters can no longer see your video."),
        N_("The 6 months are over. You can show your video again."),
    ),
}
# The same for a film that recruiters do not find.
_BY_LINK = {
    Situation.ONLINE: StatusText(
        "link",
        "good",
        N_("By link only"),
        N_("People who have your link can watch your video."),
        "",
    ),
    Situation.EXPIRED: FILM[Situation.EXPIRED]._replace(
        headline=N_("Your link no longer shows your video.")
    ),
}
_LINK_IS_OFF = StatusText(
    "eye-off",
    "warn",
    N_("No longer shown"),
    N_("Nobody else sees your video. Your link is off."),
    N_("You can make a new link."),
)
# Whoever came without an e-mail address gets no letter.
_COME_BACK = FILM[Situation.IN_REVIEW]._replace(detail=N_("Come back here to see the answer."))
# A film whose every part is approved and that nobody sees is one that its owner hides.
_HIDDEN = FILM[Situation.APPROVED]._replace(icon="eye-off", tone="", badge=N_("Hidden"))
_PARTS_ARE_MISSING = StatusText(
    "camera",
    "",
    N_("%(done)d of %(all)d filmed"),
    N_("Parts filmed so far: %(done)d of %(all)d."),
    N_("Film or send the other parts below."),
)


def film_status_text(video: Video, state: Situation) -> StatusText:
    """How the film is told of."""
    if state is Situation.EMPTY and len(video.chapters) > 1:
        numbers = {"done": status.filmed(video), "all": len(video.chapters)}
        return _PARTS_ARE_MISSING._replace(numbers=numbers)
    if state is Situation.APPROVED:
        return _HIDDEN
    if state is Situation.IN_REVIEW and not video.owner.email:
        return _COME_BACK
    if video.visibility is not Visibility.PRIVATE_LINK:
        return FILM[state]
    if state is Situation.ONLINE and video.link_key is None:
        return _LINK_IS_OFF
    return _BY_LINK.get(state, FILM[state])
