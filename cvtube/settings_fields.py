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
        description="Folder of the embedded services: database, videos, keys, logs.",
    )
    public_url: Annotated[str, AfterValidator(address_forms.http_url)] = Field(
        default="",
        description=(
            "The site's address as people type it, such as https://cv.example.org; links in emails "
            "start with it. Empty: this machine only, http://127.0.0.1:PORT."
        ),
    )
    allowed_hosts: str = Field(
        default="",
        description=(
            "Further host names of the site, separated by spaces, beside that of PUBLIC_URL and, "
            "if BIND is one, those of this machine. Requests for any other host are refused."
        ),
    )
    bind: str = Field(default="127.0.0.1", description="Network address the web server listens on.")
    port: int = Field(default=8321, ge=1, le=65535, description="Port the web server listens on.")
    web_threads: int = Field(
        default=16,
        ge=4,
        le=512,
        description="Pages the web server makes at the same time; slow visitors take none of them.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="Exact number of reverse proxies; their X-Forwarded-* headers are trusted.",
    )
    hsts_subdomains: bool = Field(
        default=True,
        description=(
            "With an https PUBLIC_URL: browsers use https for every host below the site's, too "
            "(HSTS includeSubDomains). False if one of those works over http only."
        ),
    )
    database_url: Annotated[str, AfterValidator(address_forms.database_url)] = Field(
        default="",
        repr=False,
        description="postgresql://user:password@host/name; empty: SQLite in the home folder.",
    )
    redis_url: Annotated[str, AfterValidator(address_forms.redis_url)] = Field(
        default="",
        repr=False,
        description="redis://host:6379/0; empty: the embedded Valkey in the home folder.",
    )
    storage_url: Annotated[str, AfterValidator(address_forms.storage_url)] = Field(
        default="",
        description=(
            "s3://bucket?endpoint=https://s3.example.org&region=fr-par with AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY in the environment; empty: files in the home folder."
        ),
    )
    accel_path: Annotated[str, AfterValidator(address_forms.accel_path)] = Field(
        default="",
        description=(
            "Where nginx has the folder storage/objects as an internal location, such as /stored/: "
            "it sends the films then. Empty: the web server does."
        ),
    )
    pages: Path | None = Field(
        default=None,
        description=(
            "Folder of your own legal notice, privacy, accessibility, contact and help pages "
            "(docs/operations.md, Your own pages); None: the folder pages in the home folder."
        ),
    )
    secret_key: str = Field(
        default="",
        repr=False,
        description="Signs cookies and addresses; empty: made once and stored in the home folder.",
    )
    secret_key_fallbacks: str = Field(
        default="",
        repr=False,
        description=(
            "Former secret keys, newest first, separated by spaces: what they have signed is "
            "still accepted (docs/operations.md, Changing the secret key)."
        ),
    )


class People(BaseModel):
    """Who may do what, and how they are written to."""

    demo: bool = Field(
        default=False, description="Demo people and videos; their passwords are printed at start."
    )
    default_language: Literal["fr", "en"] = Field(
        default="fr", description="Language of a visitor whose browser asks for neither fr nor en."
    )
    audience: Literal["recruiters", "everyone"] = Field(
        default="recruiters",
        description="Who can search and watch approved videos: verified recruiters, or everyone.",
    )
    mail_url: Annotated[str, AfterValidator(address_forms.mail_url)] = Field(
        default="outbox",
        repr=False,
        description=(
            "smtp://user:password@host:587 (with STARTTLS, or nothing is sent; localhost needs no "
            "TLS), smtps://user:password@host:465 (TLS), or outbox: nothing is sent, and the "
            "administrators read the emails on a local page."
        ),
    )
    mail_from: str = Field(
        default="CV Tube <no-reply@localhost>", description="Sender of every email."
    )
    session_idle_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="Days without a visit after which people are signed out.",
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
        default=2048, ge=1, le=51200, description="Largest video a person can send, in MiB."
    )
    film_max_s: int = Field(
        default=300, ge=10, le=900, description="Longest clip that is accepted, in seconds."
    )
    upload_expires_days: int = Field(
        default=7, ge=1, le=60, description="Days after which an unfinished upload is deleted."
    )
    open_uploads_per_person: int = Field(
        default=8, ge=1, le=100, description="Unfinished uploads one person can have at a time."
    )
    upload_daily_mib_per_person: int = Field(
        default=8192, ge=1, description="MiB one person can start to send within 24 hours."
    )
    storage_reserve_mib: int = Field(
        default=1024,
        ge=0,
        description="Free disk space, in MiB, below which new videos are refused.",
    )
    film_program: str = Field(
        default="",
        description="TOML file with the parts and questions of a video; empty: the one shipped.",
    )
    take_kept_days: int = Field(
        default=7, ge=1, le=60, description="Days until a recording that was not chosen is deleted."
    )
    original_kept_days: int = Field(
        default=7,
        ge=0,
        le=365,
        description="Days until the uploaded file is deleted, once its video is ready.",
    )


class Films(BaseModel):
    """How films are made and kept."""

    ffmpeg: str = Field(
        default="", description="Path of ffmpeg; empty: the newest capable one found."
    )
    ffprobe: str = Field(
        default="", description="Path of ffprobe; empty: the one that fits ffmpeg best."
    )
    require_sandbox: bool | None = Field(
        default=None,
        description=(
            "Refuse videos if the kernel cannot sandbox ffmpeg; None: yes, except in the demo."
        ),
    )
    transcode_attempts: int = Field(
        default=4,
        ge=1,
        le=20,
        description="Attempts to process a video before it counts as failed.",
    )
    reencodes_at_once: int = Field(
        default=1,
        ge=0,
        le=64,
        description="Ready clips re-encoded at a time; new videos come first. 0: paused.",
    )
    lease_s: int = Field(
        default=15,
        ge=5,
        le=600,
        description="Seconds without a lease renewal before another worker takes the job.",
    )
    media_url_ttl_s: int = Field(
        default=3600,
        ge=60,
        le=86_400,
        description="Seconds until a signed address of a video expires.",
    )


class Captions(BaseModel):
    """Who drafts captions."""

    captions_engine: Literal["none", "faster-whisper"] = Field(
        default="none",
        description="Engine that drafts captions for candidates to correct; none: they write them.",
    )
    captions_model: Path | None = Field(
        default=None, description="Folder of the engine's model: Whisper in CTranslate2 format."
    )
    captions_compute: Literal["int8", "int8_float32", "float32"] = Field(
        default="int8", description="Number format of the engine; int8 is the fastest."
    )
    captions_threads: int = Field(default=2, ge=1, le=64, description="Threads of the engine.")


class Moderation(BaseModel):
    """What moderators promise."""

    review_promise_hours: int = Field(
        default=24, ge=1, le=720, description="Hours within which moderators promise an answer."
    )
    review_undo_seconds: int = Field(
        default=10,
        ge=1,
        le=120,
        description="Seconds in which moderators can undo a decision; nobody is told before.",
    )
    contact: str = Field(
        default="",
        description=(
            "Where people ask for help, such as help@example.org; shown with every decision, "
            "refusal and suspended account. Empty: no page names anybody."
        ),
    )
    decisions_kept_days: int = Field(
        default=365,
        ge=183,
        le=3650,
        description="Days until a decision's reasons are deleted (6 months to contest it, 6 more).",
    )


class Running(BaseModel):
    """How the processes run."""

    transcode_workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Videos that `cvtube run` processes at the same time, each with all cores.",
    )
    night_hour: int = Field(
        default=3,
        ge=0,
        le=23,
        description="Hour of the day, in Paris time, from which nightly work is done.",
    )
    metrics_token: str = Field(
        default="",
        repr=False,
        description="Bearer token that Prometheus sends to read /metrics; empty: no metrics.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Level of detail of the log files."
    )
