"""The one blueprint of the slice; modules named `views` and `*_views` hang their pages on it."""

from flask import Blueprint

blueprint = Blueprint("candidate", __name__)
