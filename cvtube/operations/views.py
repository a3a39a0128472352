"""How the work stands: a page for staff, and numbers for Prometheus."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, render_template, request
from flask_babel import format_decimal
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from cvtube.accounts.access import for_roles, public
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.jobs import statistics
from cvtube.jobs.enqueue import counts
from cvtube.jobs.kinds import REENCODE
from cvtube.operations import metrics
from cvtube.toolchain.preflight import NO_SANDBOX
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import db, runtime

blueprint = Blueprint("operations", __name__)


@blueprint.get("/work")
@for_roles(Role.MODERATOR)
def work() -> str:
    """What waits, what is under way, what failed, and what it costs."""
    now = runtime().now()
    return render_template(
        "operations/work.html",
        now=now,
        depths=statistics.depths(db(), now),
        under_way=statistics.under_way(db(), now),
        wait_s=statistics.wait_s(db(), now),
        speed=statistics.speed(db()),
        unsafe=statistics.hosts_of(db(), NO_SANDBOX, now),
        failed=statistics.last_runs(db(), failed=True),
        made=statistics.last_runs(db(), failed=False),
        days=statistics.days(db(), now),
        again=counts(db(), REENCODE),
        number=lambda value: format_decimal(round(value, 1)),
    )


@blueprint.get("/metrics")
@limiter.exempt
@public
def numbers() -> Response:
    """For whoever has the token of the settings; to everybody else there is no such page."""
    token = runtime().settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Refused("not_found")
    text = metrics.text(db(), runtime().now())
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)
