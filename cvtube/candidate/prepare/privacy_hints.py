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
    return Hint(code, name, re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE))


_NUMBER_FR = "un|une|deux|trois|quatre|cinq|six|sept|huit"
_NUMBER_EN = "one|two|three|four|five|six|seven|eight|a"
_YEARS_FR = (
    r"(?:\d{2}|(?:seize|dix|vingt|trente|quarante|cinquante|soixante|quatre[\s-]vingts?)"
    rf"(?:[\s-](?:et|dix|onze|douze|treize|quatorze|quinze|seize|neuf|{_NUMBER_FR}))*)"
)
_YEARS_EN = (
    r"(?:\d{2}|(?:six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven)ty"
    rf"(?:[\s-](?:nine|{_NUMBER_EN}))?)"
)
_MONTH = (
    r"janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
)
_I_AM = r"\bi\s*(?:am|[’']m)\s+(?:also\s+)?"
_I_HAVE = r"\bi(?:\s+have|[’']ve)(?:\s+got)?\s+"
_JE_SUIS = r"\bje\s+suis\s+(?:aussi\s+)?"
# "Cancer patients" and "child care" are somebody's work.
_NOT_WORK = r"\b(?!-|\s+(?:care|patients?|protection|development|psychology|training|research)\b)"

HINTS = (
    _hint(
        "age",
        N_("your age"),
        rf"\bj[’']ai\s+{_YEARS_FR}\s+ans\b(?!\s+d[e’'])",  # "20 ans de métier" is experience
        r"\bj[’']ai\s+(?:pass[ée]\s+)?la\s+(?:ving|tren|quaran|cinquan|soixan)taine\b",
        rf"{_JE_SUIS}(?:une?\s+)?(?:quadra|quinqua|sexa)g[ée]naire\b",
        rf"\bn[ée]e?s?\s+(?:en|le)\s+(?:\d|{_MONTH}\b)",
        # "I am 45 minutes away" is not an age, nor is "I am 20 km from town".
        rf"{_I_AM}{_YEARS_EN}(?=\s*(?:[.,;:!?]|$)|\s+(?:years?|and|but|now)\b)",
        rf"{_I_AM}in\s+my\s+(?:\w+[\s-])?(?:(?:twen|thir|for|fif|six)ties|\d0s)\b",
        rf"\bborn\s+(?:in|on)\s+(?:the\s+)?(?:\d|(?:{_MONTH}|(?:fif|six|seven|eigh|nine)ties)\b)",
    ),
    _hint(
        "origin",
        N_("your origin"),
        rf"(?:{_JE_SUIS}|^\s*)n[ée]e?\s+(?:[àa]|aux?|en|dans|pr[èe]s)\s+(?!\d|(?:{_MONTH})\b)",
        rf"{_JE_SUIS}(?:de\s+nationalit[ée]|d[’']origine)\b",
        r"\b(?:ma\s+nationalit[ée]|mes\s+origines)\b",
        rf"(?:\bi\s+was\s+|^\s*)born\s+(?:in|near)\s+(?!\d|the\s+\w+ties\b|(?:{_MONTH})\b)",
        rf"{_I_AM}originally\s+from\b",
        r"\bmy\s+(?:nationality|origins?)\b",
    ),
    _hint(
        "address",
        N_("your address"),
        r"\bj[’']habite\s+(?:(?:au|à\s+la|[àa])\s+)?\d+\b(?!\s*(?:min|h|km|kilo|m[èe]tres?\b|pas\b))",
        r"\b\d{1,4}\s*(?:bis|ter)?,?\s+(?:rue|avenue|av\.|boulevard|bd|impasse|all[ée]e|chemin|place|quai)\b",
        # "12 lorries on the road" is nobody's home.
        r"\b\d{1,4}\s+(?:(?!(?:a|and|at|by|for|i|in|of|on|per|the|to|we)\b)\w+\s+){1,3}"
        r"(?:street|road|lane|drive|square|avenue|crescent|terrace|grove)\b",
        r"\bi\s+live\s+at\s+(?:(?:number|flat|no\.?)\s+)?\d+\b",
        r"\bmon\s+adresse\s+(?:est|c[’']est)\b",
        r"\bmy\s+address\s+is\b",
    ),
    _hint(
        "family",
        N_("your family"),
        r"\bm(?:es|on)\s+(?:enfants?|filles?|fils|mari|b[ée]b[ée])\b",
        r"\bma\s+(?:femme|fille)\b",
        rf"\bj[’']ai\s+(?:\d|{_NUMBER_FR})\s+(?:(?:petit|jeune|grand)e?s?[\s-])?"
        r"(?:enfants?|filles?|fils)\b",
        rf"{_JE_SUIS}(?:une?\s+)?(?:jeune\s+)?(?:maman|papa|p[èe]re|m[èe]re)\b",
        r"\bje\s+(?:suis|ne\s+suis\s+pas|vais\s+[êe]tre)\s+(?:mari[ée]e?|c[ée]libataire|divorc[ée]e?"
        r"|veufs?|veuve|enceinte|maman|papa|p[èe]re|m[èe]re|pacs[ée]e?|parent\s+isol[ée]"
        r"|en\s+couple)\b",
        r"\bmy\s+(?:children|kids|son|daughter|husband|wife|baby)\b",
        rf"{_I_HAVE}(?:\d|{_NUMBER_EN})\s+(?:(?:small|young|little|teenage|grown[\s-]up)\s+)?"
        rf"(?:child|children|kids?|sons?|daughters?){_NOT_WORK}",
        rf"{_I_AM}(?:married|single|divorced|pregnant|widowed)\b(?!-|\s+minded)",
        rf"{_I_AM}an?\s+(?:\w+[\s-]){{0,3}}(?:mother|father|mum|mom|dad|parent|widow|widower)\b(?![’']s)",
    ),
    _hint(
        "health",
        N_("your health"),
        rf"{_JE_SUIS}(?:malade|(?:travailleu(?:r|se)\s+)?handicap[ée]e?|d[ée]pressi\w+|diab[ée]tique"
        r"|sourde?|aveugle|mal(?:voyant|entendant)e?|autiste|[ée]pileptique|asthmatique|dyslexique"
        r"|bipolaire|invalide|s[ée]ropositi(?:f|ve)|en\s+arr[êe]t\s+maladie)\b",
        rf"{_JE_SUIS}(?:en|dans\s+un|sur\s+un)\s+fauteuil\b",
        r"\bm(?:a|es|on)\s+(?:maladie|handicap|sant[ée]|traitement|op[ée]ration|d[ée]pression)\b",
        r"\bj[’']ai\s+(?:(?:une?|de|le)\s+|(?:de\s+)?l[’'])?(?:maladie|handicap|cancer|diab[èe]te"
        r"|d[ée]pression|autisme|asthme|[ée]pilepsie|arthrose|dyslexie|vih)\b",
        r"\brqth\b",
        rf"{_I_AM}(?:\w+ly\s+)?(?:ill|sick|disabled|deaf|blind|depressed|diabetic|autistic|epileptic"
        r"|asthmatic|dyslexic|bipolar|hiv[\s-]positive|hard\s+of\s+hearing)\b",
        rf"{_I_AM}an?\s+disabled\s+(?:person|worker|man|woman)\b",
        rf"{_I_AM}in\s+a\s+wheelchair\b(?!\s+(?:factory|company|firm|shop|team|workshop))",
        r"\bi\s+use\s+a\s+wheelchair\b",
        r"\bmy\s+(?:illness|disability|health|treatment|depression|wheelchair)\b",
        rf"{_I_HAVE}(?:an?\s+)?(?:illness|disability|cancer|diabetes|depression|autism|adhd|asthma"
        rf"|epilepsy|arthritis|dyslexia|hiv){_NOT_WORK}",
    ),
    _hint(
        "belief",
        N_("your religion or your opinions"),
        rf"{_JE_SUIS}(?:une?\s+)?(?:musulmane?|chr[ée]tien(?:ne)?|catholique|juif|juive|ath[ée]e"
        r"|protestante?|bouddhiste|hindoue?|sikhe?|syndicaliste|syndiqu[ée]e?|croyante?"
        r"|pratiquante?)\b",
        rf"{_JE_SUIS}(?:membre|adh[ée]rente?|d[ée]l[ée]gu[ée]e?|repr[ée]sentante?)\s+"
        r"(?:syndicale?|(?:d[’']un|du|au|de\s+mon)\s+(?:syndicat|parti))\b",
        r"\bma\s+(?:religion|foi)\b",
        r"\bmon\s+(?:syndicat|parti|[ée]glise)\b",
        rf"{_I_AM}(?:an?\s+)?(?:(?:practi[sc]ing|devout)\s+)?(?:muslim|catholic|jew|jewish|atheist"
        r"|protestant|buddhist|hindu|sikh)\b",
        rf"{_I_AM}an?\s+(?:\w+\s+)?christian\b",  # without "a" it is a first name as well
        rf"{_I_AM}an?\s+(?:active\s+)?(?:trade\s+unionist|(?:trade\s+)?union\s+(?:member|rep)\w*)\b",
        rf"{_I_AM}(?:an?\s+)?(?:active\s+)?member\s+of\s+(?:an?|the|my)\s+"
        r"(?:(?:trade\s+|labou?r\s+)?union|(?:\w+\s+){0,2}(?:party|church|mosque|synagogue))\b",
        r"\bmy\s+(?:religion|faith|church|union|party)\b",
    ),
    _hint(
        "social_security_number",
        N_("your social security number"),
        r"\b[12][\s.]?\d{2}[\s.]?(?:0[1-9]|1[0-2]|[2-9]\d)[\s.]?(?:\d{2}|2[ab])[\s.]?\d{3}[\s.]?\d{3}"
        r"(?:[\s.]?\d{2})?\b",  # with its key or without
    ),
    _hint(
        "phone",
        N_("your phone number"),
        r"(?<!\d)(?:\+\s?33|0033|0)[\s.]?[1-9](?:[\s.-]?\d{2}){4}(?!\d)",
        r"(?<!\d)\+\d{2}(?:[\s.-]?\d){8,12}(?!\d)",
    ),
    _hint(
        "e_mail",
        N_("your email address"),
        r"[\w.+-]+\s?(?:@|\barobase\b)\s?[\w-]+\s?(?:\.|\bpoint\b)\s?[a-z]{2,}",
    ),
)


def hints(text: str) -> list[Hint]:
    """What the writer may wish to leave out, in the order of the rules."""
    return [hint for hint in HINTS if hint.pattern.search(text)]
