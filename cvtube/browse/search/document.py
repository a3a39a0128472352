"""What search is told of a film: its facts, and its words by where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cvtube.accounts.labels import EXPERIENCES, contract_labels
from cvtube.accounts.models import CandidateProfile
from cvtube.browse.search import geo, ranking
from cvtube.browse.search.facets import several
from cvtube.browse.search.text_index import Text
from cvtube.browse.search.tokenize import spellings_of, words_of
from cvtube.i18n import LANGUAGES, language_name, translate
from cvtube.taxonomy.families import FAMILIES
from cvtube.taxonomy.job_names import names_of
from cvtube.taxonomy.occupations import Occupation
from cvtube.taxonomy.places import place
from cvtube.videos.models import Video
from cvtube.videos.queries import film_job_sought

# Raised whenever the same film would get other facts or other words: a new column, a new name of
# a job. Entries of earlier versions are made anew by the clock. A test asks for it.
VERSION = 1


@dataclass(frozen=True)
class FilmTexts:
    """A film's texts as people wrote or said them."""

    job: str
    skills: str
    rest: str
    names: str

    def text(self) -> Text:
        """The words it is found by.

        Nobody is found by their name: the law forbids sorting people by it, and what is
        said in a film usually starts with it.
        """
        own_name = set(words_of(self.names))
        rest = [word for word in _distinct(self.rest) if word not in own_name]
        return Text(_distinct(self.job), _distinct(self.skills), rest)

    def spellings(self) -> dict[str, str]:
        """How its words are written, accents and all."""
        return spellings_of(f"{self.rest} {self.skills} {self.job}")


def texts_of(video: Video, said: Iterable[str]) -> FilmTexts:
    """The texts of a film whose owner and profile are loaded, with what is said in it."""
    profile = video.owner.profile or CandidateProfile()
    sought = film_job_sought(video, video.owner.profile)
    known = sought.occupation
    return FilmTexts(
        job=" ".join((*_names(sought.occupation), sought.words)),
        skills=" ".join(profile.skills or ()),
        rest=" ".join((*_profile_words(profile, known), profile.about or "", *said)),
        names=video.owner.full_name,
    )


def facts_of(video: Video) -> dict[str, Any]:
    """The values of a film's `SearchEntry`."""
    profile = video.owner.profile
    sought = film_job_sought(video, video.owner.profile).occupation
    published = video.published_at or video.created_at
    return {
        "film_version": video.changed_at,
        "profile_version": profile.updated_at if profile else None,
        "document_version": VERSION,
        "expires_at": video.expires_at,
        "week": ranking.week_of(published.date()),
        "shuffle_key": ranking.shuffle_key(video.id),
        "occupation": sought.code if sought else "",
        "family": sought.family if sought else "",
        **_person(profile or CandidateProfile(travel_km=0)),
    }


def _names(known: Occupation | None) -> Iterable[str]:
    """Everything the job is called, and its code, which stands for initials ("AS", "PL")."""
    return (*names_of(known.code), known.code) if known else ()


def _person(profile: CandidateProfile) -> dict[str, Any]:
    home = place(profile.place_code)
    x, y, z = (home and geo.point(home)) or (None, None, None)
    return {
        "contracts": several(profile.contracts or ()),
        "experience": profile.experience or "",
        "languages": several(profile.languages or ()),
        "licences": several(profile.licences or ()),
        "available_from": profile.available_from,
        "department": home.department if home else "",
        "x": x,
        "y": y,
        "z": z,
        "reach": geo.chord(profile.travel_km),
    }


def _profile_words(profile: CandidateProfile, sought: Occupation | None) -> Iterable[str]:
    """What the profile says in codes, said in every language people search in."""
    home = place(profile.place_code)
    if home is not None:
        yield home.name
    messages = contract_labels(profile.contracts or ())
    if profile.experience:
        messages.append(EXPERIENCES[profile.experience])
    if sought is not None:
        messages.append(FAMILIES[sought.family])
    for reader in LANGUAGES:
        yield from (translate(message, reader) for message in messages)
        yield from (language_name(code, reader) for code in profile.languages or {})
    yield from (f"permis {licence}" for licence in profile.licences or ())


def _distinct(text: str) -> list[str]:
    return list(dict.fromkeys(words_of(text)))
