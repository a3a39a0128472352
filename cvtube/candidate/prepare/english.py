"""English for short answers: which sentence a skill fits into. Pure."""

from __future__ import annotations

import re

from cvtube.candidate.prepare import lexicon

_WORDS = lexicon.lexicon_of("en")
_VERBS, _BOTH = (frozenset(_WORDS[name].split()) for name in ("verbs", "also_nouns"))
_MORE = re.compile(
    r"(?:the|a|an|my|your|with|in|on|for|up|out|to|people|children|\w+s)\b", re.IGNORECASE
)
_QUALITY = re.compile(
    r"(?:(?:very|always|quite) )?(?:on time|reliable|calm|quick|fast|helpful|punctual|motivated"
    r"|organi[sz]ed|hard[- ]?working|friendly|patient|careful|honest|flexible|polite|creative"
    r"|precise|responsible|sociable|autonomous|serious)$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|an?|some) ", re.IGNORECASE)
WHOLE = re.compile(
    r"(?:i|we|you|he|she|it|they|hello|hi)\b|my .*\b(?:is|are|was|were|has|have|says?)\b",
    re.IGNORECASE,
)


def is_verb(part: str) -> bool:
    """Whether it goes on after "I can": "drive a lorry", but not "customer service"."""
    first, _, rest = part.casefold().partition(" ")
    return first in _VERBS or (first in _BOTH and (not rest or bool(_MORE.match(rest))))


def is_quality(part: str) -> bool:
    """Whether it is how somebody is: "reliable", "always on time"."""
    return bool(_QUALITY.match(part))


def bare(part: str) -> str:
    """A noun without its article."""
    return _ARTICLE.sub("", part, count=1)


def continues(part: str) -> bool:
    """Whether it belongs to what stands before: "the trees" in "trim hedges and the trees"."""
    return bool(_ARTICLE.match(part))


def heard(opening: str, part: str) -> str:
    """What others say about somebody, as they say it themselves: "you are calm" is "calm"."""
    return re.sub(r"^(?:you|he|she) (?:are|is) ", "", part) if opening.endswith("I am") else part


def at(town: str) -> str:
    """Where one works: "in Lyon"; what says where already stays."""
    return town if re.match(r"(?:in|near|at|on|around|anywhere|within)\b", town) else f"in {town}"


def alone(opening: str, part: str) -> str:  # noqa: ARG001 (French needs it)
    """The part as it is: no small word could be guessed."""
    return part


def put(opening: str, answer: str) -> str:
    """Opening and answer in one: "I like to work" + "help people" is "I like to help people"."""
    start, _, last = opening.rpartition(" ")
    return f"{start if is_verb(last) and is_verb(answer) else opening} {answer}"
