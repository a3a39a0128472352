"""What the slice's views hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("moderation", __name__)
