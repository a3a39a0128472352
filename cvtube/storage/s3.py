"""Objects in any S3 service, through boto3; nothing else in CV Tube imports it.

Buckets stay private: no object ACLs (many services refuse them), only presigned GETs.
Checksums are sent only where the service demands them: boto3's newer default breaks
several S3-compatible services (boto/boto3 issue 4401).
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cvtube.storage.contract import (
    PIECE,
    ObjectNotFound,
    Readable,
    StorageError,
    StorageUnavailable,
    StoredObject,
    cache_control,
    checked_key,
    content_type,
    expiry_window,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

SPOOL = 1024 * 1024  # bytes of one stream kept in memory before a temporary file takes over
SIGNED_URLS_KEPT = 20_000
DELETE_AT_ONCE = 1000  # DeleteObjects takes no more keys than this
_ABSENT = {"404", "NoSuchKey", "NotFound"}


@dataclass(frozen=True)
class Patience:
    """How often a request is made (one that was refused is made again), and the seconds of each."""

    attempts: int
    connect_s: int
    answer_s: int


# A browser sends again by itself what it is told has failed; a worker's hour of work is lost.
SOMEBODY_WAITS = Patience(attempts=2, connect_s=2, answer_s=8)
NOBODY_WAITS = Patience(attempts=6, connect_s=3, answer_s=20)


class S3Storage:
    """A `Storage` in one bucket of an S3 service."""

    def __init__(
        self,
        bucket: str,
        *,
        endpoint: str | None,
        public_endpoint: str | None,
        region: str | None,
        patience: Patience,
    ) -> None:
        self._bucket = bucket
        self._client = _client(endpoint, region, patience)
        # Browsers may reach the service under another name than this machine does.
        self._signer = (
            _client(public_endpoint, region, patience) if public_endpoint else self._client
        )
        self._presign = lru_cache(SIGNED_URLS_KEPT)(self._presign_until)

    @classmethod
    def from_url(cls, url: str, *, interactive: bool = False) -> S3Storage:
        """`s3://bucket?endpoint=…&region=…&public_endpoint=…`; credentials as boto3 finds them."""
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return cls(
            parts.netloc,
            endpoint=options.get("endpoint"),
            public_endpoint=options.get("public_endpoint"),
            region=options.get("region"),
            patience=SOMEBODY_WAITS if interactive else NOBODY_WAITS,
        )

    @property
    def browser_origin(self) -> str | None:
        parts = urlsplit(self._presign_until("origin", 60, 0))
        return f"{parts.scheme}://{parts.netloc}"

    def put(self, key: str, stream: Readable) -> StoredObject:
        # S3 wants the length before the first byte, and a retry wants to start over: spool.
        with tempfile.SpooledTemporaryFile(SPOOL) as spool:
            while piece := stream.read(PIECE):
                spool.write(piece)
            size = spool.tell()
            spool.seek(0)
            with _translated(key):
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=checked_key(key),
                    Body=spool,
                    ContentLength=size,
                    ContentType=content_type(key),
                )
        return StoredObject(key, size)

    def put_file(self, key: str, path: Path) -> StoredObject:
        with _translated(key):
            self._client.upload_file(
                str(path),
                self._bucket,
                checked_key(key),
                ExtraArgs={"ContentType": content_type(key)},
                Config=TransferConfig(max_concurrency=4),
            )
        return StoredObject(key, path.stat().st_size)

    @contextmanager
    def open(self, key: str) -> Iterator[Iterator[bytes]]:
        with _translated(key):
            body = self._client.get_object(Bucket=self._bucket, Key=checked_key(key))["Body"]
            try:
                yield body.iter_chunks(PIECE)
            finally:
                body.close()

    def head(self, key: str) -> StoredObject:
        with _translated(key):
            found = self._client.head_object(Bucket=self._bucket, Key=checked_key(key))
            return StoredObject(key, found["ContentLength"])

    def list(self, prefix: str) -> Iterator[StoredObject]:
        with _translated(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            for page in pages:
                for item in page.get("Contents", []):
                    yield StoredObject(item["Key"], item["Size"])

    def delete(self, key: str) -> None:
        with _translated(key):
            self._client.delete_object(Bucket=self._bucket, Key=checked_key(key))

    def delete_prefix(self, prefix: str) -> int:
        keys = [stored.key for stored in self.list(prefix)]
        for start in range(0, len(keys), DELETE_AT_ONCE):
            batch = keys[start : start + DELETE_AT_ONCE]
            with _translated(prefix):
                answer = self._client.delete_objects(
                    Bucket=self._bucket,
                    Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True},
                )
            if failed := answer.get("Errors"):
                raise StorageUnavailable(f"{len(failed)} objects below {prefix} were not deleted")
        return len(keys)

    def signed_url(self, key: str, ttl_s: int) -> str:
        return self._presign(checked_key(key), ttl_s, expiry_window(time.time(), ttl_s))

    def free_bytes(self) -> int | None:
        return None

    def check(self) -> None:
        key = f"check/{secrets.token_hex(8)}"
        with _translated(key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=b"CV Tube was here")
        with self.open(key) as pieces:
            if b"".join(pieces) != b"CV Tube was here":
                raise StorageError("what was read is not what was written")
        self.delete(key)

    def prepare(self, site: str) -> None:
        """Make the bucket if need be, and let the site's pages (and no other's) read from it."""
        with _translated(self._bucket):
            try:
                self._client.head_bucket(Bucket=self._bucket)
            except ClientError:
                self._client.create_bucket(Bucket=self._bucket)
            self._client.put_bucket_cors(
                Bucket=self._bucket,
                CORSConfiguration={
                    "CORSRules": [
                        {
                            "AllowedOrigins": [site],
                            "AllowedMethods": ["GET", "HEAD"],
                            "AllowedHeaders": ["Range"],
                            "ExposeHeaders": ["Content-Length", "Content-Range"],
                            "MaxAgeSeconds": 3600,
                        }
                    ]
                },
            )

    def check_site(self, site: str) -> None:
        with _translated(self._bucket):
            try:
                rules = self._client.get_bucket_cors(Bucket=self._bucket)["CORSRules"]
            except ClientError as error:
                if _reason(error) != "NoSuchCORSConfiguration":
                    raise
                rules = []
        origins = {origin for rule in rules for origin in rule["AllowedOrigins"]}
        if not origins & {site, "*"}:
            raise StorageError(f"the bucket does not let pages of {site} read from it")

    def _presign_until(self, key: str, ttl_s: int, expires: int) -> str:
        """Signed for the whole window; cached, since one signature costs most of a millisecond."""
        remaining = max(expires - int(time.time()), ttl_s)
        return self._signer.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseCacheControl": cache_control(key, remaining),
            },
            ExpiresIn=remaining,
        )


def _client(endpoint: str | None, region: str | None, patience: Patience) -> S3Client:
    # Virtual-host addresses need DNS for every bucket name, which own services rarely have.
    style: Literal["path", "auto"] = "path" if endpoint else "auto"
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=region or "us-east-1",
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": style},
            retries={"mode": "standard", "total_max_attempts": patience.attempts},
            connect_timeout=patience.connect_s,
            read_timeout=patience.answer_s,
            max_pool_connections=64,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _ABSENT:
            raise ObjectNotFound(what) from error
        raise StorageUnavailable(_reason(error)) from error
    except (BotoCoreError, boto3.exceptions.Boto3Error) as error:
        raise StorageUnavailable(type(error).__name__) from error


def _reason(error: ClientError) -> str:
    # The code alone: the message of some services repeats the signed address.
    return str(error.response.get("Error", {}).get("Code", "unknown"))
