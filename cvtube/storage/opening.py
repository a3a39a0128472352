"""From the setting to the storage it names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from cvtube.storage.contract import Storage
from cvtube.storage.local import LocalStorage


def open_storage(url: str, *, site: str, signing_key: bytes) -> Storage:
    """The storage a `storage_url` names; nothing is connected or written yet."""
    if url.startswith("s3://"):
        # boto3 takes a quarter of a second to import: only those who use S3 pay for it.
        from cvtube.storage.s3 import S3Storage  # noqa: PLC0415

        return S3Storage.from_url(url)
    return LocalStorage(Path(unquote(urlsplit(url).path)), site, signing_key)
