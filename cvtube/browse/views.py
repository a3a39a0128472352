"""What a recruiter finds: the wall, the search, and the page of one film."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from cvtube.accounts.access import ask_to_log_in, public, viewer, viewer_of_page
from cvtube.accounts.labels import CONTRACTS, EXPERIENCES, contract_labels
from cvtube.accounts.models import User
from cvtube.browse import watching
from cvtube.browse.search import facet_counts, filters, pages, spelling
from cvtube.browse.search.filters import SearchFilters
from cvtube.browse.search.geo import RADII_KM
from cvtube.browse.search.labels import AVAILABLE
from cvtube.browse.search.pages import Search
from cvtube.browse.search.ranking import read_cursor, week_of
from cvtube.browse.wall import FilmCard, load_cards
from cvtube.errors import Refused
from cvtube.i18n import day_in_words, language_name
from cvtube.playback.player import player_of
from cvtube.playback.views import may_watch, write_down
from cvtube.taxonomy.families import FAMILIES
from cvtube.taxonomy.occupations import occupation
from cvtube.videos import policy, queries
from cvtube.videos.timeline import Version
from cvtube.web import rate_limits
from cvtube.web.language import chosen
from cvtube.web.security import let_search_engines_in
from cvtube.web.unit_of_work import db, runtime

# What templates call the values of a profile.
VOCABULARY: dict[str, Any] = {
    "AVAILABLE": AVAILABLE,
    "CONTRACTS": CONTRACTS,
    "contract_labels": contract_labels,
    "EXPERIENCES": EXPERIENCES,
    "FAMILIES": FAMILIES,
    "RADII_KM": RADII_KM,
}
PAGE = 24  # cards; divides into rows of two, three, four and six

blueprint = Blueprint("browse", __name__)


@blueprint.app_context_processor
def may_search() -> dict[str, bool]:
    """Whether the page's frame offers a search."""
    return {"may_search": _is_audience(viewer_of_page())}


@blueprint.app_template_filter()
def availability(day: date | None) -> str:
    """When somebody can start: "Available now", or the day; "" if they do not say."""
    if day is None:
        return ""
    if day <= runtime().now().date():
        return str(gettext("Available now"))
    return str(gettext("From %(day)s", day=day_in_words(day, chosen(), "d MMMM")))


@blueprint.app_template_filter("language_name")
def _language_name(code: str) -> str:
    return language_name(code, chosen())


@blueprint.app_template_filter("occupation_label")
def _occupation_label(code: str) -> str:
    known = occupation(code)
    return known.named(chosen()) if known else code


@blueprint.get("/")
@public
@rate_limits.limit(rate_limits.SEARCH)
def home() -> str:
    """The wall, for those whom the films are for; the others learn what CV Tube is."""
    user = viewer()
    if not _is_audience(user):
        return render_template("browse/waiting.html") if user else _landing()
    family = filters.read_facets(request.args).get("family")
    sought = SearchFilters(facets={"family": family} if family else {})
    made = pages.prepare_search(db(), sought, runtime().now())
    listing = _listing(made)
    return render_template(
        "browse/home.html",
        families=facet_counts.count_facets(db(), made, ["family"])["family"],
        groups=_by_week(listing["cards"], made.today),
        **listing,
        **VOCABULARY,
    )


@blueprint.get("/search")
@public
@rate_limits.limit(rate_limits.SEARCH)
def find() -> str | Response:
    """Films by words and filters."""
    user = viewer()
    if not _is_audience(user):
        return render_template("browse/waiting.html") if user else ask_to_log_in()
    made = pages.prepare_search(db(), filters.parse(request.args), runtime().now())
    counts = facet_counts.count_facets(db(), made)
    return render_template(
        "browse/search.html",
        counts=counts,
        number=counts[facet_counts.TOTAL][facet_counts.TOTAL],
        corrections=_corrections(made),
        **_listing(made),
        **VOCABULARY,
    )


@blueprint.get("/films/<video_id>")
@public
def watch(video_id: str) -> str | Response:
    """One film, and what goes with it."""
    user = viewer()
    if user is None and not _is_audience(user):
        return ask_to_log_in()
    video = queries.load_video(db(), video_id)
    if not may_watch(video, Version.PUBLISHED):
        raise Refused("not_found")
    now = runtime().now()
    page = watching.open_page(db(), video, Version.PUBLISHED)
    if not page.parts:
        raise Refused("not_found")
    write_down(video)
    sought = filters.parse(request.args)
    beside = _beside(video_id, sought, page, now) if _is_audience(user) else {}
    return render_template(
        "browse/watch.html",
        video=video,
        page=page,
        film_player=player_of(video, Version.PUBLISHED),
        wanted=sought,
        no_filters=SearchFilters(),
        start=page.start(request.args.get("t", default=0, type=int)),
        may_review=policy.may_review(user, video),
        **beside,
        **VOCABULARY,
    )


def _is_audience(user: User | None) -> bool:
    return policy.is_audience(user, runtime().settings.audience)


def _landing() -> str:
    let_search_engines_in()
    return render_template("browse/landing.html")


def _listing(made: Search) -> dict[str, Any]:
    """One page of a list, and where the next one is."""
    after = read_cursor(request.args.get("after"))
    found = pages.result_page(db(), made, after, PAGE)
    return {
        "search": made,
        "wanted": made.filters,
        "cards": load_cards(db(), [cursor.video_id for cursor in found.cursors], made.now),
        "next": found.next,
        "is_first": after is None,
    }


def _corrections(made: Search) -> dict[str, list[str]]:
    """Which typed word was taken for which, with their accents."""
    terms = [term for near in made.corrections.values() for term in near]
    spelled = spelling.spelled(db(), terms) if terms else {}
    return {
        typed: [spelled.get(term, term) for term in near]
        for typed, near in made.corrections.items()
    }


def _by_week(cards: Sequence[FilmCard], today: date) -> list[tuple[str, list[FilmCard]]]:
    """This week's films apart from the earlier ones; they come in that order."""

    def group(card: FilmCard) -> str:
        published = card.published_at.date() if card.published_at else date.min
        return "new" if week_of(published) >= week_of(today) else "earlier"

    return [(name, list(some)) for name, some in groupby(cards, group)]


def _beside(
    video_id: str, sought: SearchFilters, page: watching.WatchPage, now: datetime
) -> dict[str, object]:
    """The list one came from, and films like this one: cards of both in one query."""
    made = pages.prepare_search(db(), sought, now)
    before, after = pages.neighbours(db(), made, video_id)
    alike = watching.similar_to(db(), video_id, page, now)
    ids = [one for one in (before, after) if one]
    cards = {card.video_id: card for card in load_cards(db(), [*ids, *alike], now)}
    return {
        "before": cards.get(before or ""),
        "after": cards.get(after or ""),
        "similar": [cards[one] for one in alike if one in cards],
    }
