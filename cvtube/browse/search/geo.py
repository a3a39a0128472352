"""Nearness in SQL without trigonometry, which not every SQLite has.

A place is a point of the unit sphere. The straight line between two such points (a chord)
grows with the distance along the ground, so comparing squares of chords compares distances,
with nothing but products and sums, which every database computes alike.
"""

from __future__ import annotations

import math

from sqlalchemy import ColumnElement, and_, or_

from cvtube.browse.search.models import SearchEntry
from cvtube.taxonomy.places import EARTH_RADIUS_KM, Place

RADII_KM = (10, 30, 50, 100)
DEPARTMENT = 0  # in place of a radius: the whole department


def point(place: Place) -> tuple[float, float, float] | None:
    """Where the place is on the unit sphere, if its position is known."""
    if place.latitude is None or place.longitude is None:
        return None
    latitude, longitude = math.radians(place.latitude), math.radians(place.longitude)
    across = math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)


def chord(km: float) -> float:
    """The square of the chord between two places so far apart."""
    return float((2 * math.sin(km / (2 * EARTH_RADIUS_KM))) ** 2)


def is_near(place: Place, radius_km: int) -> ColumnElement[bool]:
    """SQL: the candidate lives within the radius, or would travel as far as the place.

    Where either position is unknown, the department decides.
    """
    entry = SearchEntry
    same_department = entry.department == place.department
    here = point(place)
    if here is None:
        return same_department
    away = _away(*here)
    comes = and_(entry.x.is_not(None), away <= entry.reach)
    if radius_km == DEPARTMENT:
        return or_(same_department, comes)
    inside = and_(entry.x.is_not(None), away <= chord(radius_km))
    return or_(inside, comes, and_(entry.x.is_(None), same_department))


def _away(x: float, y: float, z: float) -> ColumnElement[float | None]:
    """SQL: the square of the chord between the candidate's place and this one."""
    dx, dy, dz = SearchEntry.x - x, SearchEntry.y - y, SearchEntry.z - z
    return dx * dx + dy * dy + dz * dz
