"""The one blueprint of the studio; the modules named `*_views` hang their pages on it."""

from flask import Blueprint

blueprint = Blueprint("studio", __name__, url_prefix="/studio")
