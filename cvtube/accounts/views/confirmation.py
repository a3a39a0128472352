"""A page that says what would be lost, before it is; its button does it, by POST to that page.

Only what cannot be undone is asked about. A question before everything is answered unread.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request, url_for

from cvtube.web.unit_of_work import READING


def is_asked_first() -> bool:
    """Whether the page is only opened, and the button not pressed yet."""
    return request.method in READING


def ask(title: str, says: Sequence[str], *, button: str, stay: str, back: str) -> str:
    """The page: a question, what follows from yes, and the way back to the page `back`."""
    return render_template(
        "accounts/asking.html",
        title=title,
        says=says,
        button=button,
        stay=stay,
        back=url_for(back),
    )
