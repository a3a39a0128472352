"""E-mail addresses, in the one form under which they are kept and compared."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from cvtube.errors import Refused


def kept_form(typed: str) -> str:
    """The address in lower case, domains of any script in their own letters.

    No look-up in the DNS: it would tell a stranger's name server who signs up here, and a
    network that is down would turn people away. The confirmation mail is the proof.

    Raises:
        Refused: "address_not_valid".
    """
    try:
        known = validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused("address_not_valid") from error
    return known.normalized.lower()
