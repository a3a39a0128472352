"""What a name may be: anything a person is called, but no web address.

Names stand in mails that go to any address somebody types, and mail programs make links of what
looks like one: "Hello evil.example YOU WON" would be our mail with somebody else's link.
Organisations may be called like their site: no mail has their name in it.
"""

from __future__ import annotations

import re
import unicodedata

from cvtube.errors import Refused

# Dots of other scripts, which browsers read as dots (IDNA, RFC 3490, section 3.1).
_DOTS = str.maketrans("。．｡․", "....")
_ADDRESS = re.compile(
    r"""
      ://                                  # https://…
    | (?:^|\W)www\.                        # www.…
    | [^\W_][\w-]+\.[^\W\d_]{2,}            # evil.example
    | (?:^|\s)[a-z0-9]\.[a-z]{2,}          # t.co; "J.Martin" is a name
    | \d{1,3}(?:\.\d{1,3}){3}             # 192.0.2.1
    | \w@\w                               # somebody@…
    """,
    re.VERBOSE,
)


def refuse_address(name: str) -> None:
    """A name is no web address and no email address.

    Raises:
        Refused: "name_not_valid".
    """
    if _ADDRESS.search(unicodedata.normalize("NFKC", name).translate(_DOTS)):
        raise Refused("name_not_valid")
