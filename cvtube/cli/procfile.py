"""The processes of one machine, as supervisord's configuration: written anew at each start.

supervisord restarts what dies. Every process is tethered, so that nothing outlives it.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass

from cvtube.cli.preconditions import CannotStart
from cvtube.cli.valkey import valkey_command
from cvtube.process import tethered
from cvtube.settings import Settings

LOG_SIZE = "10MB"
LOGS_KEPT = 3
STARTED_S = 4


@dataclass(frozen=True)
class ProcessEntry:
    """One kind of process."""

    name: str
    command: list[str]
    copies: int = 1
    patience_s: int = 10  # between "please stop" and SIGKILL


def programs(settings: Settings) -> list[ProcessEntry]:
    """What has to run here, given what the settings say runs elsewhere."""
    found = [
        ProcessEntry("web", _cvtube("web")),
        ProcessEntry(
            "transcode", _cvtube("worker", "transcode"), copies=settings.transcode_workers
        ),
        ProcessEntry("general", _cvtube("worker", "general")),
        ProcessEntry("clock", _cvtube("clock")),
    ]
    if settings.drafts_captions:
        found.append(ProcessEntry("captions", _cvtube("worker", "captions")))
    if settings.embedded_redis:
        found.insert(0, ProcessEntry("valkey", valkey_command(settings)))
    return found


def configuration(settings: Settings) -> str:
    """The text of supervisord.conf."""
    sections: dict[str, dict[str, object]] = {
        "supervisord": {
            "nodaemon": "true",
            "umask": "077",
            "silent": "true",
            "logfile": _verbatim(settings.home / "logs/supervisord.log"),
            "logfile_maxbytes": LOG_SIZE,
            "logfile_backups": LOGS_KEPT,
            "pidfile": _verbatim(settings.home / "run/supervisord.pid"),
            "childlogdir": _verbatim(settings.home / "logs"),
            "identifier": "cvtube",
        },
        "unix_http_server": {
            "file": _verbatim(settings.sockets / "supervisor.sock"),
            "chmod": "0700",
        },
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
    }
    everything = programs(settings)
    for program in everything:
        sections[f"program:{program.name}"] = _program(settings, program)
    # Groups stop one after the other, from high to low priority, what is in one at the same
    # time: Valkey outlives those who use it.
    users = [program.name for program in everything if program.name != "valkey"]
    sections["group:cvtube"] = {"programs": ",".join(users), "priority": 20}
    return "\n".join(
        "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in options.items()), ""])
        for name, options in sections.items()
    )


def _program(settings: Settings, program: ProcessEntry) -> dict[str, object]:
    number = "_%(process_num)d" if program.copies > 1 else ""
    log = _verbatim(settings.home / "logs" / program.name)
    return {
        "command": _verbatim(shlex.join(program.command)),
        "process_name": f"%(program_name)s{number}",
        "numprocs": program.copies,
        "priority": 10,
        "autorestart": "true",
        # Who ends sooner than this did not start, and is named after a few tries.
        "startsecs": STARTED_S,
        "startretries": 3,
        "stopsignal": "TERM",
        "stopwaitsecs": program.patience_s,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": f"{log}{number}.log",
        "stdout_logfile_maxbytes": LOG_SIZE,
        "stdout_logfile_backups": LOGS_KEPT,
    }


def _verbatim(value: object) -> str:
    """Text that supervisord takes as it is: it expands %, and " ;" starts a comment."""
    text = str(value)
    if " ;" in text or "\n" in text:
        raise CannotStart(f"A path with “ ;” or a line break in it cannot be used: {text}")
    return text.replace("%", "%%")


def _cvtube(*words: str) -> list[str]:
    return tethered([sys.executable, "-m", "cvtube", *words])
