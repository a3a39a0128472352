"""The home folder: for this account alone, also where it was there before CV Tube.

It holds films, addresses, password hashes and the secret key.
"""

from __future__ import annotations

import os
from pathlib import Path

from cvtube.settings_file import SettingsError

OTHERS = 0o077  # the mode's bits for the group and for everybody else
# What tells a home folder from a folder that somebody named by mistake.
OURS = ("secret_key", "cvtube.db", "storage", "run", "scratch")


def make_private(folder: Path) -> None:
    """Make the folder, or close it to others if it is CV Tube's own.

    Raises:
        SettingsError: others can read it, and it is not ours to close: it holds something else,
            or belongs to another account.
        OSError: it cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not is_open_to_others(folder):
        return
    if _is_ours(folder):
        try:
            folder.chmod(0o700)
        except PermissionError:  # another account's
            pass
        else:
            return
    raise SettingsError(
        f"CVTUBE_HOME: others can read {folder}. Close it with: chmod 700 {folder} "
        "(or choose another folder)."
    )


def is_open_to_others(folder: Path) -> bool:
    """Whether anybody but this account may look into it."""
    return bool(folder.stat().st_mode & OTHERS)


def _is_ours(folder: Path) -> bool:
    names = os.listdir(folder)  # noqa: PTH208 (names alone)
    return not names or any(name in OURS for name in names)
