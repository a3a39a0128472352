"""The operator's settings file, as one of the places that settings come from."""

from __future__ import annotations

import os
import runpy
from typing import Any

from pydantic_settings import PydanticBaseSettingsSource


class SettingsError(Exception):
    """A setting has a value CV Tube cannot work with; the message is for the operator."""


class SettingsFile(PydanticBaseSettingsSource):
    """The file at CVTUBE_CONFIG: upper-case Python assignments, `DATABASE_URL = "…"`."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError  # __call__ reads all fields at once

    def __call__(self) -> dict[str, Any]:
        path = os.environ.get("CVTUBE_CONFIG")
        return read_file(path) if path else {}


def read_file(path: str) -> dict[str, Any]:
    """The settings a file makes: its upper-case names."""
    try:
        names = runpy.run_path(path)
    except OSError as error:
        raise SettingsError(f"CVTUBE_CONFIG: {path} cannot be read ({error.strerror}).") from error
    except Exception as error:  # whatever a file of Python may raise
        raise SettingsError(f"CVTUBE_CONFIG: {path} is not valid Python ({error}).") from error
    return {name.lower(): value for name, value in names.items() if name.isupper()}
