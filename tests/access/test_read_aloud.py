"""Whatever page a candidate may come to can be read aloud; the addresses say which there are."""

from __future__ import annotations

import pytest

from tests.access.table import read
from tests.access.test_access import PLACE, world

__all__ = ["world"]

# For recruiters and administrators, and a page without a network.
NOT_FOR_CANDIDATES = {"/search", "/", "/films/<video_id>", "/studio/offline", "/outbox"}
OWNER, NOBODY = "owner", "nobody"


def rules() -> list[str]:
    lines = (line for line in read() if line.method == "GET" and not line.cut)
    return sorted({line.rule for line in lines} - NOT_FOR_CANDIDATES)


@pytest.mark.parametrize("name", [OWNER, NOBODY])
@pytest.mark.parametrize("state", ["draft", "online"])
def test_every_page_can_be_read_aloud(world, name, state):
    mute, heard = [], 0
    for rule in rules():
        values = {**world.values[""], **world.values[state]}
        page = world.page(name, PLACE.sub(lambda place, known=values: known[place[1]], rule))
        if page is None:
            continue
        heard += "data-read-aloud" in page
        if "data-read-aloud" not in page:
            mute.append(rule)
    assert mute == []
    assert heard > (20 if name == OWNER else 8)
