"""From the setting to the storage it names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cvtube.address_forms import PLACEHOLDER
from cvtube.settings_file import SettingsError
from cvtube.storage.contract import Storage
from cvtube.storage.local import LocalStorage


def open_storage(
    url: str, *, site: str, signing_keys: Sequence[bytes], interactive: bool = False
) -> Storage:
    """The storage a `storage_url` names; nothing is connected or written yet.

    `interactive`: somebody waits for each answer.

    Raises:
        SettingsError: the bucket's key is the one of our example.
    """
    if url.startswith("s3://"):
        if os.environ.get("AWS_SECRET_ACCESS_KEY") == PLACEHOLDER:
            raise SettingsError(
                "AWS_SECRET_ACCESS_KEY: is the example's, which everybody knows: choose another."
            )
        # boto3 takes a quarter of a second to import: only those who use S3 pay for it.
        from cvtube.storage.s3 import S3Storage  # noqa: PLC0415

        return S3Storage.from_url(url, interactive=interactive)
    return LocalStorage(Path(unquote(urlsplit(url).path)), site, *signing_keys)
