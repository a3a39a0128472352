"""`cvtube doctor`: what is set and from where, and whether each part answers."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import click
from sqlalchemy.exc import SQLAlchemyError

from cvtube import runtime as runtimes
from cvtube.cli.check_failures import Check, Trouble
from cvtube.cli.checks import CHECKS
from cvtube.queue.notify import NotifyError
from cvtube.runtime import Runtime
from cvtube.settings import Settings, load
from cvtube.settings_file import read_file
from cvtube.storage.contract import StorageError

SECRET = "********"  # noqa: S105 (what is shown instead of one)
HIDDEN = {"secret_key", "secret_key_fallbacks", "metrics_token"}
_HEALTHY, _SILENT = "ok", Trouble.state


@dataclass(frozen=True)
class CheckResult:
    """What came of one check."""

    check: Check
    state: str
    words: str
    advice: str = ""

    @property
    def fatal(self) -> bool:
        return self.state != _HEALTHY and self.check.needed


@click.command()
def doctor() -> None:
    """Show every setting with its source, and say for each check whether it answers."""
    settings = load()
    click.echo("Settings")
    for name, value, source in shown_settings(settings):
        click.echo(f"  {name:<30} {value}  ({source})")
    click.echo("\nParts")
    with runtimes.opened(settings) as runtime:
        findings = [run_check(check, runtime) for check in CHECKS]
    for finding in findings:
        click.echo(f"  {finding.state:<10} {finding.check.name:<12} {finding.words}")
        if finding.advice:
            click.echo(f"  {'':<10} {'':<12} -> {finding.advice}")
    missing = [finding.check.name for finding in findings if finding.fatal]
    click.echo(
        f"\nNot working: {', '.join(missing)}." if missing else "\nEverything needed answers."
    )
    sys.exit(1 if missing else 0)


def run_check(check: Check, runtime: Runtime) -> CheckResult:
    """Make one check; what goes wrong in it is its finding, never the end of the others'."""
    try:
        return CheckResult(check, _HEALTHY, check.ask(runtime))
    except Trouble as trouble:
        return CheckResult(check, trouble.state, trouble.what, trouble.advice)
    except (SQLAlchemyError, NotifyError, StorageError, OSError) as error:
        return CheckResult(check, _SILENT, type(error).__name__)


def shown_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """Name, value without secrets, and source of every setting."""
    path = os.environ.get("CVTUBE_CONFIG")
    in_file = read_file(path) if path else {}

    def source(name: str) -> str:
        if f"CVTUBE_{name.upper()}" in {key.upper() for key in os.environ}:
            return "environment"
        return f"{path}" if name in in_file else "default"

    return [
        (name.upper(), masked(name, str(getattr(settings, name))), source(name))
        for name in Settings.model_fields
    ]


def masked(name: str, value: str) -> str:
    """The value with every secret in it hidden."""
    if name == "secret_key" and not value:
        return "(made once, kept in the home folder)"
    if name in HIDDEN:
        return SECRET if value else '""'
    if not name.endswith("_url") or "@" not in value:
        return value or '""'
    parts = urlsplit(value)
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    host = parts.netloc.rpartition("@")[2]
    hidden = f"{user}:{SECRET}@{host}" if password else f"{user}@{host}"
    return urlunsplit(parts._replace(netloc=hidden))
