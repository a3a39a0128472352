"""What the product may do in the S3 service of compose.yaml: what it needs, and no more."""

from __future__ import annotations

import io
import urllib.request

import pytest
from botocore.exceptions import ClientError

from cvtube.storage.contract import StorageError
from cvtube.storage.s3 import S3Storage
from tests.services import PRODUCT_KEY, PRODUCT_SECRET, actions_of


@pytest.fixture
def product(s3_bucket_url, monkeypatch):
    """The storage as the product has it, of a bucket that was prepared for it."""
    S3Storage.from_url(s3_bucket_url).prepare("http://localhost")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", PRODUCT_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PRODUCT_SECRET)
    return S3Storage.from_url(s3_bucket_url)


def test_the_product_can_do_all_that_it_does(product, tmp_path):
    product.check()
    product.check_site("http://localhost")
    product.put("films/a/1", io.BytesIO(b"a film"))
    large = tmp_path / "large"
    large.write_bytes(bytes(20_000_000))  # comes in parts
    assert product.put_file("films/a/2", large).size == 20_000_000
    assert product.head("films/a/1").size == 6
    assert len(list(product.list("films/a/"))) == 2
    with urllib.request.urlopen(product.signed_url("films/a/1", 60)) as answer:
        assert answer.read() == b"a film"
    product.delete("films/a/1")
    assert product.delete_prefix("films/") == 1


def test_the_product_makes_no_bucket_and_opens_none_to_the_world(product, s3_bucket_url):
    assert actions_of("cvtube") == ["Read", "Write", "List"]
    other = S3Storage.from_url(s3_bucket_url.replace("s3://", "s3://other-"))
    with pytest.raises(StorageError):
        other.prepare("http://localhost")
    with pytest.raises(ClientError):
        product._client.put_bucket_policy(Bucket=product._bucket, Policy="{}")
    with pytest.raises(ClientError):
        product._client.delete_bucket(Bucket=product._bucket)
