"""What a profile's codes are called; every page that shows or asks for one says the same."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from functools import cache

from babel import Locale

from cvtube.accounts.models import Contract, Experience, Role
from cvtube.i18n import N_
from cvtube.taxonomy.text import fold

ROLES: dict[Role, str] = {
    Role.CANDIDATE: N_("Candidate"),
    Role.RECRUITER: N_("Recruiter"),
    Role.ADVISER: N_("Adviser"),
    Role.MODERATOR: N_("Moderator"),
    Role.ADMIN: N_("Administrator"),
}
CONTRACTS: dict[Contract, str] = {
    Contract.PERMANENT: N_("Permanent contract (CDI)"),
    Contract.FIXED_TERM: N_("Fixed-term contract (CDD)"),
    Contract.TEMPORARY: N_("Temporary work"),
    Contract.APPRENTICESHIP: N_("Apprenticeship"),
    Contract.INTERNSHIP: N_("Internship"),
    Contract.FREELANCE: N_("Freelance"),
}
EXPERIENCES: dict[Experience, str] = {
    Experience.NONE: N_("No experience yet"),
    Experience.UNDER_2: N_("Less than 2 years"),
    Experience.FROM_2: N_("2 to 4 years"),
    Experience.FROM_5: N_("5 to 9 years"),
    Experience.FROM_10: N_("10 years or more"),
}


def contract_labels(codes: Iterable[str]) -> list[str]:
    """The known ones' messages: a newer version may have stored others."""
    return [CONTRACTS[Contract(code)] for code in codes if code in CONTRACTS]


class LanguageLevel(enum.StrEnum):
    """How well somebody speaks a language: the Common European Framework of Reference."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


LEVELS = {
    LanguageLevel.A1: N_("A1: a few words"),
    LanguageLevel.A2: N_("A2: simple sentences"),
    LanguageLevel.B1: N_("B1: everyday talk"),
    LanguageLevel.B2: N_("B2: comfortable at work"),
    LanguageLevel.C1: N_("C1: very well"),
    LanguageLevel.C2: N_("C2: like my own language"),
}

# Categories of the European driving licence (directive 2006/126/EC, article 4), the one most
# jobs ask for first.
LICENCES = {
    "B": N_("B: car"),
    "BE": N_("BE: car with a heavy trailer"),
    "AM": N_("AM: moped"),
    "A1": N_("A1: light motorcycle"),
    "A2": N_("A2: medium motorcycle"),
    "A": N_("A: motorcycle"),
    "C1": N_("C1: small lorry"),
    "C": N_("C: lorry"),
    "CE": N_("CE: lorry with a trailer"),
    "D1": N_("D1: minibus"),
    "D": N_("D: bus"),
}

# How far one would travel, in kilometres; the last one reaches every corner of the country.
DISTANCES = (5, 10, 20, 30, 50, 100, 2000)


@cache
def language_names(reader: str) -> dict[str, str]:
    """The languages of ISO 639-1 by code, named in the reader's language, in its order."""
    named = Locale(reader).languages
    spoken = {code: named[code] for code in _CODES.split() if code in named}
    return {
        code: name[0].upper() + name[1:]
        for code, name in sorted(spoken.items(), key=lambda pair: fold(pair[1]))
    }


# ISO 639-1 without languages nobody grows up with (Latin, Volapük and the like).
_CODES = (  # one text, since a list of 170 strings is no easier to read
    "aa ab af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cs cv cy da de dv dz "
    "ee el en es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz id ig ii "
    "ik is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky lb lg li ln lo lt lu lv mg mh "
    "mi mk ml mn mr ms mt my na nb nd ne ng nl nn nr nv ny oc oj om or os pa pl ps pt qu rm rn ro "
    "ru rw sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt "
    "tw ty ug uk ur uz ve vi wa wo xh yo za zh zu"
)
