"""French grammar for short answers: enough to put them into a sentence that one would say. Pure.

Grevisse and Goosse, "Le bon usage", 16th edition: elision § 44-46, contraction of articles § 592.
A word that is not known is left as it was typed.
"""

from __future__ import annotations

import re

from cvtube.candidate.prepare import lexicon

# "de haut niveau", "de hockeyeur": before these no vowel is dropped.
_ASPIRATED = re.compile(
    r"h(?:a[iï]e|all|alt|am|and|ang|ard|aric|arn|arp|as|aut|avr|er[cs]|ertz|eurt|ibou|ip-|o[bc]|oll"
    r"|omar|ong|ont|ors|ot\b|otte|oub|ou[es]|uit|ublot)|onze|oui|ouistiti|yaourt|y[aeiou]"
)
_VOWEL = re.compile(r"[aeiouyhàâäéèêëîïôöùûüœæ]")
_OPENINGS = {"de": "d’", "que": "qu’", "je": "j’", "ne": "n’", "le": "l’", "la": "l’"}
_CONTRACTED = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}

_BEFORE_A_NOUN = re.compile(r"(?:un|une|des|du|mon|ma|mes|ce|cet|cette)\s", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"(?:à|au|aux|en|dans|chez|avec|pour|par|sur|sous|près|autour|partout|vers|où|loin|hors"
    r"|n[’']importe)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\b(?:un|une) [\w’-]+ de$")
_ARTICLE = re.compile(r"^(?:(?:le|la|les|un|une|des|du) |l[’'] ?)(?=\w)", re.IGNORECASE)
_CONTINUES = re.compile(r"(?:le|la|les|des|du|de|un|une|leurs?|mes|nos)\s|[ld][’']", re.IGNORECASE)
_DEFINITE = re.compile(r"^(?:(?:le|la|les) |l[’'] ?)(?=\w)")
_OF_ME = re.compile(r"(?:que |qu[’'])?(?:tu es|t[’']es|vous êtes|elle est|il est) ", re.IGNORECASE)
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_DAY = re.compile(rf"\d{{1,2}}(?:er)? (?:{_MONTHS})\b", re.IGNORECASE)

_WORDS = lexicon.lexicon_of("fr")
_ALONE = {
    opening: {word: before for before, words in known.items() for word in words.split()}
    for opening, known in _WORDS["alone"].items()
}
_VERBS, _NO_VERBS, _ALSO_NOUNS, _LANDS = (
    frozenset(_WORDS[name].split()) for name in ("verbs", "not_verbs", "also_nouns", "lands")
)

_QUALITY = re.compile(
    r"(?:(?:très|toujours|assez|bien|plutôt) )?(?:à l[’']heure|(?:motivé|sérieu[xs]|ponctuel"
    r"|autonome|rapide|fiable|calme|dynamique|organisé|polyvalent|souriant|patient|rigoureu[xs]|honnête"
    r"|serviable|curieu[xs]|courageu[xs]|travailleu[rs]|créati[fv]|attenti[fv]|sociable|discr[eè]t"
    r"|efficace|précis|soigneu[xs]|volontaire|disponible|responsable|appliqué)(?:e|le)?s?)$",
    re.IGNORECASE,
)
WHOLE = re.compile(
    r"(?:je|tu|moi|nous|on|ils?|elles?|ça|cela|bonjour|bonsoir|salut)\b|[jc][’']"
    r"|(?:mon|ma|mes) .*\b(?:est|sont|était|étaient|a|ont|dit|disent)\b",
    re.IGNORECASE,
)


def is_verb(part: str) -> bool:
    """Whether it begins with an infinitive: "tailler les haies", "m’occuper d’enfants"."""
    bare = re.sub(r"^(?:ne pas |[mst]e |[mst][’'])", "", part.casefold())
    word = re.split(r"[^\w-]", bare, maxsplit=1)[0]
    if word in _ALSO_NOUNS:
        return bool(_ARTICLE.match(bare.removeprefix(word).lstrip()))
    if word in _VERBS or word.removeprefix("re") in _VERBS:
        return True
    ending = word.endswith(("er", "ir")) and not word.endswith(("ier", "oir"))
    return (ending or word.endswith("fier")) and word not in _NO_VERBS


def is_quality(part: str) -> bool:
    """Whether it is how somebody is: "motivée", "toujours à l’heure"."""
    return bool(_QUALITY.match(part))


def continues(part: str) -> bool:
    """Whether it belongs to what stands before: "les arbres" after "les haies et"."""
    return bool(_CONTINUES.match(part))


def bare(part: str) -> str:
    """A noun without its article: "la soudure" is "soudure"."""
    return _ARTICLE.sub("", part, count=1)


def heard(opening: str, part: str) -> str:
    """What others say about somebody, as they say it themselves: "tu es fiable" is "fiable"."""
    if opening.endswith("je suis"):
        part = _OF_ME.sub("", part, count=1)
    return re.sub(r"^que (?=je\b|j[’'])", "", part)


def at(town: str) -> str:
    """Where one works: "à Lyon", "au Mans", "aux Ulis", "en Bretagne", "dans la région"."""
    if _PREPOSITION.match(town):
        return town
    if _ARTICLE.match(town) and town == town.lower():
        return f"dans {town}"
    if town.casefold() in _LANDS:
        return f"en {town[:1].upper()}{town[1:]}"
    return put("à", f"{town[:1].upper()}{town[1:]}")


def alone(opening: str, part: str) -> str:
    """The part with the word it needs after this opening: "CDI" is "un CDI", "bus" is "en bus"."""
    if _DAY.match(part):
        return f"le {part}"
    words = part.split()
    before = _ALONE.get(opening.rpartition(" ")[2], {}).get(words[0].casefold() if words else "")
    if not before:
        return part
    return f"{before}{part}" if before.endswith("’") else f"{before} {part}"


def put(opening: str, answer: str) -> str:
    """Opening and answer as one speaks them: "d’aide", "au Mans", "aimer aider"."""
    start, _, last = opening.rpartition(" ")
    if last == "de" and _BEFORE_A_NOUN.match(answer):
        return f"{_GROUP.sub('', opening).rstrip()} {answer}"
    if (last == "de" and _PREPOSITION.match(answer)) or (is_verb(last) and is_verb(answer)):
        return f"{start} {answer}"
    if _GROUP.search(opening):
        answer = _DEFINITE.sub("", answer, count=1)
    first, _, rest = answer.partition(" ")
    if contracted := rest and _CONTRACTED.get((last, first.casefold())):
        return f"{start} {contracted} {rest}".lstrip()
    if last in _OPENINGS and _begins_with_a_vowel(answer):
        return f"{start} {_OPENINGS[last]}{answer}".lstrip()
    return f"{opening} {answer}"


def _begins_with_a_vowel(answer: str) -> bool:
    word = answer.casefold()
    return bool(_VOWEL.match(word)) and not _ASPIRATED.match(word)
