"""What a profile's codes are called; every page that shows or asks for one says the same."""

from __future__ import annotations

from cvtube.accounts.models import Contract, Experience
from cvtube.i18n import N_

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
