"""The parts CV Tube stands on, and how to ask each one whether it works."""

from __future__ import annotations

import shutil
import smtplib

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cvtube.accounts.cards import peppers
from cvtube.captions import speech
from cvtube.cli.about_site import contact, legal_notice
from cvtube.cli.check_failures import Check, Trouble
from cvtube.cli.database import Schema, compare
from cvtube.home import is_open_to_others
from cvtube.mail.outbox import NoStartTls, OutboxOnly, sender_for
from cvtube.queue.broker import Broker
from cvtube.queue.names import WORKER_ROLES, Queue
from cvtube.queue.notify import NotifyError
from cvtube.runtime import Runtime
from cvtube.sandbox import probe
from cvtube.settings import MIB, SettingsError
from cvtube.storage.contract import StorageError
from cvtube.toolchain import known_faults, preflight
from cvtube.toolchain.selection import Choice, Tool
from cvtube.transcode import self_test
from cvtube.web import assets


def check_home(runtime: Runtime) -> str:
    """The folder of the embedded parts, and how much room it has."""
    folder = runtime.settings.home
    try:
        open_to_others = folder.exists() and is_open_to_others(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = shutil.disk_usage(folder).free // MIB
    except OSError as error:
        raise Trouble(
            f"{folder}: {error.strerror}", "Choose a folder that can be written: CVTUBE_HOME."
        ) from error
    if open_to_others:
        raise Trouble(f"others can read {folder}", f"Close it with: chmod 700 {folder}")
    if free < runtime.settings.storage_reserve_mib:
        raise Trouble(
            f"only {free} MiB free, so new videos are refused",
            "Free some space, or lower CVTUBE_STORAGE_RESERVE_MIB.",
        )
    return f"{folder}, {free} MiB free"


def check_keys(runtime: Runtime) -> str:
    """The secret key, and whether the PINs of access cards can still be checked."""
    lost, waiting = peppers.unreadable(runtime), peppers.sealed_before(runtime)
    if lost:
        raise Trouble(
            "a former secret key is missing: PINs of that time open nothing",
            "Name it in CVTUBE_SECRET_KEY_FALLBACKS, or make new cards.",
        )
    former = len(runtime.keys.keys) - 1
    told = f"secret, and {former} former" if former else "secret"
    return f"{told}; keep them until `cvtube db upgrade` has run" if waiting else told


def check_database(runtime: Runtime) -> str:
    """The server, and its version."""
    sqlite = runtime.engine.dialect.name == "sqlite"
    try:
        with runtime.reading() as session:
            query = "SELECT sqlite_version()" if sqlite else "SHOW server_version"
            version = session.scalar(text(query))
    except SQLAlchemyError as error:
        raise Trouble(
            type(error).__name__, "Is the server running, and CVTUBE_DATABASE_URL right?"
        ) from error
    return f"{runtime.engine.dialect.name} {version}"


def check_schema(runtime: Runtime) -> str:
    """Whether every migration has run."""
    with runtime.engine.connect() as connection:
        found = compare(connection)
    if found is Schema.OLDER:
        raise Trouble("not up to date", "Run: cvtube db upgrade")
    return "up to date" if found is Schema.CURRENT else "newer than this version"


def check_queue(runtime: Runtime) -> str:
    """Redis or Valkey, and its version."""
    try:
        return _broker(runtime).check()
    except NotifyError as error:
        embedded = runtime.settings.embedded_redis
        raise Trouble(
            str(error),
            "The embedded Valkey runs while `cvtube run` does."
            if embedded
            else "Is the server running, and CVTUBE_REDIS_URL right?",
        ) from error


def check_workers(runtime: Runtime) -> str:
    """How many processes serve each queue."""
    try:
        alive = _broker(runtime).workers()
    except NotifyError as error:
        raise Trouble(str(error), "Workers are counted in the queue: see there.") from error
    needed = [
        name
        for name, role in WORKER_ROLES.items()
        if role.queue is not Queue.CAPTIONS or runtime.settings.drafts_captions
    ]
    absent = [name for name in needed if not alive[WORKER_ROLES[name].queue.value]]
    if absent:
        raise Trouble(
            f"nobody serves {' and '.join(absent)}",
            "; ".join(f"start one with: cvtube worker {name}" for name in absent),
        )
    return ", ".join(f"{alive[WORKER_ROLES[name].queue.value]} {name}" for name in needed)


def check_storage(runtime: Runtime) -> str:
    """An object is written, read and deleted."""
    try:
        runtime.storage.check()
    except StorageError as error:
        raise Trouble(
            f"{type(error).__name__}: {error}",
            "Check CVTUBE_STORAGE_URL and the credentials, then run: cvtube storage prepare",
        ) from error
    return f"{type(runtime.storage).__name__}: written, read, deleted"


def check_cors(runtime: Runtime) -> str:
    """Whether browsers let the site's pages read from the storage (CORS)."""
    try:
        runtime.storage.check_site(runtime.settings.public_url)
    except StorageError as error:
        raise Trouble(str(error), "Run: cvtube storage prepare") from error
    return "the site's pages can read from the storage"


def check_ffmpeg(runtime: Runtime) -> str:
    """The tools that make films, found and rehearsed."""
    try:
        tools = preflight.check_equipment(runtime.settings, self_test.run).tools
    except preflight.Unsafe as error:  # the next part's to say
        tools = error.equipment.tools
    except SettingsError as error:
        raise Trouble(str(error), "Without them, videos wait. Nothing is lost.") from error
    words = [
        f"{name} {tool.version} ({tool.path})"
        for name, tool in (("ffmpeg", tools.ffmpeg), ("ffprobe", tools.ffprobe))
    ]
    said = ", ".join([*words, _av1(tools.ffmpeg)])
    return "; ".join([said, *(words for choice in tools.chosen for words in _why(choice))])


def _why(choice: Choice) -> list[str]:
    """What spoke for it, who answers for its repairs, and what was passed over."""
    name, reasons = choice.tool.path.name, [choice.why] if choice.why else []
    if distribution := known_faults.patched_by(choice.tool):
        reasons.append(f"{distribution} answers for its repairs, which its number does not show")
    if choice.tool.release is None:
        reasons.append("a development build, which does not say what is mended in it")
    said = [f"{name}: {', '.join(reasons)}"] if reasons else []
    return [*said, *(f"passed over: {words}" for words in choice.passed_over)]


def _av1(tool: Tool) -> str:
    if tool.svt_av1 is None:
        return "no AV1 encoder: large pictures in H.264"
    version = ".".join(map(str, tool.svt_av1))
    if not tool.makes_av1:
        return f"SVT-AV1 {version} is too slow: large pictures in H.264"
    return f"large pictures in AV1 (SVT-AV1 {version})"


def check_sandbox(runtime: Runtime) -> str:
    """What stands between a video's decoder and this machine."""
    finding = probe.detect_level()
    if finding.shuts_in:
        return f"{finding.level}: ffmpeg can reach nothing else"
    if runtime.settings.needs_sandbox:
        raise Trouble(
            f"{finding.level}: {finding.reason} Videos wait.",
            "Use a newer kernel, or accept the risk with CVTUBE_REQUIRE_SANDBOX=false.",
        )
    return f"{finding.level}: {finding.reason} Videos are processed WITHOUT a sandbox."


def check_speech_engine(runtime: Runtime) -> str:
    """The speech engine and its model, loaded."""
    try:
        if runtime.settings.drafts_captions:
            speech.load_engine(runtime.settings)
        return speech.find_engine(runtime.settings)
    except SettingsError as error:
        raise Trouble(str(error), "Without it, candidates write their captions.") from error


def check_mail(runtime: Runtime) -> str:
    """The mail server lets us in; nothing is sent."""
    sender = sender_for(runtime.settings.mail_url)
    if isinstance(sender, OutboxOnly):
        return "emails only appear on the local page /outbox"
    try:
        sender.greet()
    except NoStartTls as error:
        raise Trouble(
            "the mail server offers no STARTTLS, so it gets no password and no mail",
            "Use its TLS port: CVTUBE_MAIL_URL=smtps://user:password@host:465",
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Trouble(
            f"{type(error).__name__}", "Check CVTUBE_MAIL_URL; emails wait until it answers."
        ) from error
    return "the mail server accepts our connection"


def check_help_desk(runtime: Runtime) -> str:
    """Where people who need help are sent."""
    if not runtime.settings.contact:
        raise Trouble(
            "no address is set", "Set CVTUBE_CONTACT. Until then, pages name nobody to ask."
        )
    return runtime.settings.contact


def check_built_assets(_runtime: Runtime) -> str:
    """The browser's files."""
    if not (assets.BUILT / "manifest.json").exists():
        raise Trouble("scripts and styles are not built", "Run: make build")
    return "scripts and styles are built"


def _broker(runtime: Runtime) -> Broker:
    if not isinstance(runtime.notifier, Broker):
        raise TypeError("this process has no real queue")
    return runtime.notifier


CHECKS = (
    Check("home", check_home),
    Check("database", check_database),
    Check("schema", check_schema),
    Check("keys", check_keys, needed=False),
    Check("queue", check_queue),
    Check("workers", check_workers),
    Check("storage", check_storage),
    Check("videos", check_cors),
    Check("ffmpeg", check_ffmpeg),
    Check("sandbox", check_sandbox),
    Check("captions", check_speech_engine, needed=False),
    Check("mail", check_mail, needed=False),
    Check("help", check_help_desk, needed=False),
    Check("pages", check_built_assets),
    Check("contact", contact, needed=False),
    Check("legal", legal_notice, needed=False),
)
