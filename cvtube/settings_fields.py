"""The fields of `Settings`, one class a part, in the order of the annotated file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from cvtube import address_forms


class Places(BaseModel):
    """Where things are."""

    home: Path = Field(
        default=Path("~/.local/share/cvtube"),
        description="Folder for everything the embedded parts keep: database, films, keys, logs.",
    )
    public_url: Annotated[str, AfterValidator(address_forms.http_url)] = Field(
        default="",
        description=(
            "The site's address as people type it, such as https://cv.example.org; links in mails "
            "start with it. Empty: this machine alone, http://127.0.0.1:PORT."
        ),
    )
    bind: str = Field(default="127.0.0.1", description="Network address the web server listens on.")
    port: int = Field(default=8321, ge=1, le=65535, description="Port the web server listens on.")
    web_threads: int = Field(
        default=64, ge=4, le=512, description="Requests the web server answers at the same time."
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="Reverse proxies in front whose X-Forwarded-* are believed.",
    )
    database_url: Annotated[str, AfterValidator(address_forms.database_url)] = Field(
        default="",
        description="postgresql://user:password@host/name; empty: SQLite in the home folder.",
    )
    redis_url: Annotated[str, AfterValidator(address_forms.redis_url)] = Field(
        default="",
        description="redis://host:6379/0; empty: the embedded Valkey in the home folder.",
    )
    storage_url: Annotated[str, AfterValidator(address_forms.storage_url)] = Field(
        default="",
        description=(
            "s3://bucket?endpoint=https://s3.example.org&region=fr-par with AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY in the environment; empty: files in the home folder."
        ),
    )
    secret_key: str = Field(
        default="",
        repr=False,
        description="Signs cookies and addresses; empty: made once and kept in the home folder.",
    )


class People(BaseModel):
    """Who may do what, and how they are written to."""

    demo: bool = Field(
        default=False, description="Demo people and films, with passwords printed at start."
    )
    default_language: Literal["fr", "en"] = Field(
        default="fr", description="Language of a visitor whose browser asks for neither fr nor en."
    )
    audience: Literal["recruiters", "everyone"] = Field(
        default="recruiters",
        description="Who may search and watch approved films: verified recruiters, or everyone.",
    )
    mail_url: Annotated[str, AfterValidator(address_forms.mail_url)] = Field(
        default="outbox",
        repr=False,
        description="smtp://user:password@host:587; outbox: mails are only kept on a local page.",
    )
    mail_from: str = Field(
        default="CV Tube <no-reply@localhost>", description="Sender of every mail."
    )
    session_idle_days: int = Field(
        default=30, ge=1, le=365, description="Days without a visit after which a log-in ends."
    )
    staff_session_idle_minutes: int = Field(
        default=30,
        ge=5,
        le=1440,
        description="The same for moderators and administrators, in minutes.",
    )


class Sending(BaseModel):
    """What may be sent, and how much."""

    upload_max_mib: int = Field(
        default=2048, ge=1, le=51200, description="Largest film a person may send, in MiB."
    )
    film_max_s: int = Field(
        default=300, ge=10, le=900, description="Longest clip that is accepted, in seconds."
    )
    upload_expires_days: int = Field(
        default=7, ge=1, le=60, description="Days after which an unfinished upload is given up."
    )
    open_uploads_per_person: int = Field(
        default=8, ge=1, le=100, description="Unfinished uploads one person may have at a time."
    )
    upload_daily_mib_per_person: int = Field(
        default=8192, ge=1, description="MiB one person may begin to send within 24 hours."
    )
    storage_reserve_mib: int = Field(
        default=1024,
        ge=0,
        description="Free disk space, in MiB, below which new films are refused.",
    )
    film_program: str = Field(
        default="",
        description="TOML file of the parts and questions of a film; empty: the one shipped.",
    )
    take_kept_days: int = Field(
        default=7, ge=1, le=60, description="Days a take is kept that nobody has chosen."
    )
    original_kept_days: int = Field(
        default=7, ge=0, le=365, description="Days the sent file is kept once its film is ready."
    )


class Films(BaseModel):
    """How films are made and kept."""

    ffmpeg: str = Field(
        default="", description="Path of ffmpeg; empty: the first capable one found."
    )
    ffprobe: str = Field(
        default="", description="Path of ffprobe; empty: the first capable one found."
    )
    require_sandbox: bool = Field(
        default=False,
        description="Refuse films where this kernel cannot shut ffmpeg in (yes in production).",
    )
    transcode_attempts: int = Field(
        default=4, ge=1, le=20, description="Times a film is tried before it counts as failed."
    )
    reencodes_at_once: int = Field(
        default=1,
        ge=0,
        le=64,
        description="Ready clips made again at a time; new films come first. 0: none for now.",
    )
    lease_s: int = Field(
        default=15,
        ge=5,
        le=600,
        description="Seconds after which a silent worker's film is taken over.",
    )
    media_url_ttl_s: int = Field(
        default=3600,
        ge=60,
        le=86_400,
        description="Seconds a signed address of a film's parts lives.",
    )


class Captions(BaseModel):
    """Who drafts captions."""

    captions_engine: Literal["none", "faster-whisper"] = Field(
        default="none",
        description="Drafts captions for candidates to correct; none: they write by themselves.",
    )
    captions_model: Path | None = Field(
        default=None, description="Folder of the engine's model: Whisper in CTranslate2's format."
    )
    captions_compute: Literal["int8", "int8_float32", "float32"] = Field(
        default="int8", description="Numbers the engine computes with; int8 is the fastest."
    )
    captions_threads: int = Field(default=2, ge=1, le=64, description="Threads of the engine.")


class Moderation(BaseModel):
    """What moderators promise."""

    review_promise_hours: int = Field(
        default=24, ge=1, le=720, description="Hours within which moderators promise an answer."
    )
    contact: str = Field(
        default="",
        description=(
            "Where people ask for another look at a decision, such as help@example.org; "
            "shown with every decision. Empty: it names nobody."
        ),
    )
    decisions_kept_days: int = Field(
        default=365,
        ge=183,
        le=3650,
        description="Days a decision's reasons are kept (six months to contest it, six more).",
    )


class Running(BaseModel):
    """How the processes run."""

    transcode_workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Films that `cvtube run` makes playable at the same time, each with all cores.",
    )
    metrics_token: str = Field(
        default="",
        repr=False,
        description="What Prometheus sends as bearer token to read /metrics; empty: no metrics.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much the log files say."
    )
