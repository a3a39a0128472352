"""What an operator may choose, typed and checked once at start.

Sources, strongest first: arguments, environment variables (`CVTUBE_…`), the settings file
named by `CVTUBE_CONFIG` (Python assignments, read by path and never imported), defaults.
A bad value is one sentence that names the variable.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from cvtube.address_forms import LOOPBACK
from cvtube.settings_fields import (
    Captions,
    Films,
    Moderation,
    People,
    Places,
    Running,
    Sending,
)
from cvtube.settings_file import SettingsError, SettingsFile

__all__ = ["DAY_S", "LONGEST_SOCKET", "MIB", "Settings", "SettingsError", "load"]

MIB = 1024 * 1024
DAY_S = 86_400
LONGEST_SOCKET = 100  # bytes of a path; the kernel's own limit is 107 (unix(7))


class Settings(
    Running, Moderation, Captions, Films, Sending, People, Places, BaseSettings
):  # pydantic reads the fields of the last first
    """Every setting, in the order in which the annotated file shows them."""

    model_config = SettingsConfigDict(env_prefix="CVTUBE_", frozen=True, extra="forbid")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SettingsFile(settings_cls)

    def model_post_init(self, _context: object) -> None:
        home = self.home.expanduser().absolute()
        defaults = {
            "home": home,
            "public_url": self.public_url or f"http://127.0.0.1:{self.port}",
            "database_url": self.database_url or f"sqlite:///{home}/cvtube.db",
            "redis_url": self.redis_url or f"unix://{_sockets(home)}/valkey.sock",
            "storage_url": self.storage_url or f"file://{home}/storage",
        }
        for name, value in defaults.items():
            # The model is frozen for everyone else; these five only resolve relative to home.
            object.__setattr__(self, name, value)

    @property
    def upload_max_bytes(self) -> int:
        return self.upload_max_mib * MIB

    @property
    def needs_sandbox(self) -> bool:
        """Whether videos are refused where the kernel cannot sandbox ffmpeg."""
        return not self.demo if self.require_sandbox is None else self.require_sandbox

    @property
    def drafts_captions(self) -> bool:
        return self.captions_engine != "none"

    @property
    def embedded_redis(self) -> bool:
        """Whether this machine's supervisor has to run the Valkey server itself."""
        return self.redis_url == f"unix://{self.sockets}/valkey.sock"

    def refuse_public_demo(self) -> None:
        """A demo's passwords are printed, and in our documentation.

        Raises:
            SettingsError: it could be reached from elsewhere.
        """
        for name, host in self.named_hosts.items():
            if self.demo and host not in LOOPBACK:
                raise SettingsError(
                    f"CVTUBE_{name.upper()}: a demo is for this computer alone (127.0.0.1): "
                    f"its passwords are public (it is {getattr(self, name)!r})."
                )

    @property
    def keeps_demo_mails(self) -> bool:
        """Whether this is a demo that sends no mail, and shows invented people's to its admin."""
        return self.demo and self.mail_url == "outbox"

    @property
    def is_public(self) -> bool:
        """Whether others are meant to reach this site."""
        return not LOOPBACK.issuperset(self.named_hosts.values())

    @property
    def named_hosts(self) -> dict[str, str]:
        """Where the site listens and what it is called, by setting."""
        return {"bind": self.bind, "public_url": urlsplit(self.public_url).hostname or ""}

    @property
    def sockets(self) -> Path:
        """Where the embedded parts' sockets are: in the home folder unless its path is too long."""
        return _sockets(self.home)


def _sockets(home: Path) -> Path:
    folder = home / "run"
    if len(os.fsencode(folder / "supervisor.sock")) <= LONGEST_SOCKET:
        return folder
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir(), f"cvtube-{os.getuid()}-{name}")


def load(**arguments: Any) -> Settings:
    """Read the settings from every source, arguments first.

    Raises:
        SettingsError: with one sentence per bad value.
    """
    try:
        settings = Settings(**arguments)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(dict(e)) for e in error.errors())) from None
    settings.refuse_public_demo()
    return settings


def _sentence(error: dict[str, Any]) -> str:
    name = ".".join(str(part) for part in error["loc"]).upper()
    if error["type"] == "extra_forbidden":
        return f"CVTUBE_{name}: there is no such setting."
    reason = error["msg"].removeprefix("Value error, ")
    sentence = f"CVTUBE_{name}: {reason[0].lower()}{reason[1:]}"
    field = Settings.model_fields.get(name.lower())
    secret = field is not None and not field.repr
    return f"{sentence}." if secret else f"{sentence} (it is {error['input']!r})."
