"""A request as CV Tube reads it."""

from __future__ import annotations

from typing import Any

import flask
from werkzeug.exceptions import BadRequest

from cvtube.errors import Refused


class Request(flask.Request):
    """One whose JSON is either read or refused, and never taken for an empty one."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ARG002 (Flask's signature)
        """The body as JSON.

        Raises:
            Refused: "json_not_valid", also for brackets nested so deep that nobody can read them.
        """
        try:
            return super().get_json(force=force, cache=cache)
        except (BadRequest, RecursionError) as error:
            raise Refused("json_not_valid") from error
