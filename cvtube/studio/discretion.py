"""What is better left unsaid in a film, noticed in the person's own script.

Shown to its writer alone while they look at it, and never stored: there is no list anywhere of
who has written what. Plain patterns in the first person, since "garder des enfants" is a job
and "mes enfants" are nobody's business. They miss much and decide nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cvtube.i18n import N_


@dataclass(frozen=True)
class Hint:
    """One kind of thing, and what its writer reads it is called (a message id)."""

    code: str
    name: str
    pattern: re.Pattern[str]


def _hint(code: str, name: str, *patterns: str) -> Hint:
    return Hint(code, name, re.compile("|".join(patterns), re.IGNORECASE))


_NUMBER_FR = "un|une|deux|trois|quatre|cinq|six|sept|huit"
_NUMBER_EN = "one|two|three|four|five|six|seven|eight|a"

HINTS = (
    _hint(
        "age",
        N_("your age"),
        r"\bj[’']ai\s+\d{2}\s+ans\b",
        r"\bj[’']ai\s+(?:seize|dix|vingt|trente|quarante|cinquante|soixante)[\w -]*\bans\b",
        r"\bn[ée]e?s?\s+(?:en|le)\b",
        r"\bi\s*(?:am|[’']m)\s+\d{2}\s+years?\s+old\b",
        r"\b(?:i\s+was\s+)?born\s+(?:in|on)\b",
    ),
    _hint(
        "address",
        N_("your address"),
        r"\bj[’']habite\s+(?:au|à\s+la|[àa])\s+\d+\b",
        r"\b\d{1,4}\s*(?:bis|ter)?,?\s+(?:rue|avenue|av\.|boulevard|bd|impasse|all[ée]e|chemin|place|quai)\b",
        r"\b\d{1,4}\s+(?:\w+\s+){1,3}(?:street|road|lane|drive|square)\b",
        r"\bmon\s+adresse\s+(?:est|c[’']est)\b",
        r"\bmy\s+address\s+is\b",
    ),
    _hint(
        "family",
        N_("your family"),
        r"\bm(?:es|on)\s+(?:enfants?|filles?|fils|mari|b[ée]b[ée])\b",
        r"\bma\s+(?:femme|fille)\b",
        rf"\bj[’']ai\s+(?:\d|{_NUMBER_FR})\s+(?:enfants?|filles?|fils)\b",
        r"\bje\s+(?:suis|ne\s+suis\s+pas|vais\s+[êe]tre)\s+(?:mari[ée]e?|c[ée]libataire|divorc[ée]e?"
        r"|veufs?|veuve|enceinte|maman|papa|p[èe]re|m[èe]re|pacs[ée]e?)\b",
        r"\bmy\s+(?:children|kids|son|daughter|husband|wife|baby)\b",
        rf"\bi\s+have\s+(?:\d|{_NUMBER_EN})\s+(?:child|children|kids?|sons?|daughters?)\b",
        r"\bi\s*(?:am|[’']m)\s+(?:married|single|divorced|pregnant|a\s+(?:mother|father|mum|dad))\b",
    ),
    _hint(
        "health",
        N_("your health"),
        r"\bje\s+suis\s+(?:malade|handicap[ée]e?|d[ée]pressi\w+|diab[ée]tique|sourde?|aveugle)\b",
        r"\bm(?:a|es|on)\s+(?:maladie|handicap|sant[ée]|traitement|op[ée]ration|d[ée]pression)\b",
        r"\bj[’']ai\s+(?:une?\s+)?(?:maladie|handicap|cancer|diab[èe]te|d[ée]pression)\b",
        r"\brqth\b",
        r"\bi\s*(?:am|[’']m)\s+(?:ill|sick|disabled|deaf|blind|depressed|diabetic)\b",
        r"\bmy\s+(?:illness|disability|health|treatment|depression)\b",
        r"\bi\s+have\s+(?:an?\s+)?(?:illness|disability|cancer|diabetes|depression)\b",
    ),
    _hint(
        "belief",
        N_("your religion or your opinions"),
        r"\bje\s+suis\s+(?:musulmane?|chr[ée]tien(?:ne)?|catholique|juif|juive|ath[ée]e|protestante?"
        r"|bouddhiste|syndicaliste|syndiqu[ée]e?|croyante?|pratiquante?)\b",
        r"\bma\s+(?:religion|foi)\b",
        r"\bmon\s+(?:syndicat|parti|[ée]glise)\b",
        r"\bi\s*(?:am|[’']m)\s+an?\s+(?:muslim|christian|catholic|jew|atheist|protestant|buddhist)\b",
        r"\bmy\s+(?:religion|faith|church|union|party)\b",
    ),
    _hint(
        "social_security_number",
        N_("your social security number"),
        r"\b[12][\s.]?\d{2}[\s.]?(?:0[1-9]|1[0-2]|[2-9]\d)[\s.]?(?:\d{2}|2[ab])[\s.]?\d{3}[\s.]?\d{3}\b",
    ),
    _hint(
        "phone",
        N_("your phone number"),
        r"(?<!\d)(?:\+\s?33|0033|0)[\s.]?[1-9](?:[\s.-]?\d{2}){4}(?!\d)",
        r"(?<!\d)\+\d{2}(?:[\s.-]?\d){8,12}(?!\d)",
    ),
    _hint(
        "e_mail",
        N_("your e-mail address"),
        r"[\w.+-]+\s?(?:@|\barobase\b)\s?[\w-]+\s?(?:\.|\bpoint\b)\s?[a-z]{2,}",
    ),
)


def hints(text: str) -> list[Hint]:
    """What the writer may wish to leave out, in the order of the rules."""
    return [hint for hint in HINTS if hint.pattern.search(text)]
