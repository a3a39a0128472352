"""What the templates of printed cards need; a page of the site shows them, and a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template

from cvtube.accounts.cards.issue import Print
from cvtube.i18n import N_, translate
from cvtube.web.addresses import full_url
from cvtube.web.assets import file_of


def card_sheet(prints: Sequence[Print]) -> str:
    """The papers on a page of the site, for whoever has just made them."""
    return render_template("accounts/cards/sheet.html", **_words(prints))


def printable_page(prints: Sequence[Print]) -> str:
    """The same as a file of its own, which any browser prints."""
    style = file_of("base.css").read_text(encoding="utf-8")
    return render_template("accounts/cards/document.html", style=style, **_words(prints))


def _words(prints: Sequence[Print]) -> dict[str, Any]:
    return {
        "prints": prints,
        "address": full_url("accounts.log_in_by_card"),
        # Both languages stand on the paper, whichever the reader's is.
        "say": translate,
        "N_": N_,
    }
