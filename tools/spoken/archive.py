"""The archive of a language's recordings, as the product reads it (cvtube/web/recordings.py).

The same recordings make the same bytes, on every machine: they stand in the order of their names,
without dates, and as they are, so that git keeps of a new archive little more than what is new.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from cvtube.web.recordings import ARCHIVES, INDEX

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # a ZIP file knows none before
READABLE = 0o100644
UNIX = 3


def path_of(language: str) -> Path:
    return ARCHIVES / f"{language}.zip"


def kept(language: str) -> dict[str, bytes]:
    """The recordings that an archive has, by their names."""
    path = path_of(language)
    if not path.exists():
        return {}
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != INDEX}


def write(language: str, texts: Mapping[str, str], sounds: Mapping[str, bytes]) -> Path:
    """Make the archive anew: the index of texts, and the recordings they name."""
    index = json.dumps(texts, ensure_ascii=False, indent=0, sort_keys=True) + "\n"
    content = {INDEX: index.encode(), **{name: sounds[name] for name in texts.values()}}
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    half_made = path.with_suffix(".part")
    with ZipFile(half_made, "w") as archive:
        for name in sorted(content):
            archive.writestr(_entry(name), content[name])
    return half_made.rename(path)


def _entry(name: str) -> ZipInfo:
    """What an archive says of a file, wherever it is made; stored, as a ZipInfo is by itself."""
    entry = ZipInfo(name, FIRST_DAY)
    entry.create_system = UNIX
    entry.external_attr = READABLE << 16
    return entry
