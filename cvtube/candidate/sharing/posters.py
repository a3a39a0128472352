"""The pictures of which one stands for a film: every still of every part, to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from cvtube.videos.models import Asset, Video
from cvtube.videos.timeline import TimelinePart, Version, of_still, parts, poster_part


@dataclass(frozen=True)
class Offer:
    """One of them."""

    part: TimelinePart
    number: int  # of the part in the film, from 1 on
    still: int  # of the part, from 0 on
    stills: int  # how many the part has
    picture: Asset
    chosen: bool

    @property
    def value(self) -> str:
        """How the form names it: a recording that was made anew meanwhile is not meant."""
        return f"{self.part.clip.id}-{self.still}"


def offered_stills(video: Video) -> list[Offer]:
    """All that a film has now, in the order in which it plays."""
    found = parts(video, Version.WORKING)
    places = {chapter.id: number for number, chapter in enumerate(video.chapters, start=1)}
    shown = poster_part(video, found).poster[:1] if found else []
    offers = []
    for part in found:
        for still in part.stills:
            picture = of_still(part.posters, still)[0]
            offers.append(
                Offer(
                    part,
                    places[part.chapter.id],
                    still,
                    len(part.stills),
                    picture,
                    chosen=picture in shown,
                )
            )
    return offers
