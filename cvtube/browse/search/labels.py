"""What search calls its own values; those of a profile are in `accounts.labels`."""

from __future__ import annotations

import enum

from cvtube.i18n import N_


class Available(enum.StrEnum):
    """How soon somebody is wanted. Each includes the ones before it."""

    NOW = "now"
    MONTH = "month"
    QUARTER = "quarter"


AVAILABLE: dict[Available, str] = {
    Available.NOW: N_("Now"),
    Available.MONTH: N_("Within a month"),
    Available.QUARTER: N_("Within 3 months"),
}
