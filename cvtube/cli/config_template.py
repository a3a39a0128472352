"""The settings as text: an annotated file to start from, and the table of the documentation.

Both are made from the fields of `Settings` alone, so neither can tell anything else than the
program does; a test compares them with what the repository holds.
"""

from __future__ import annotations

import json
import types
import typing
from pathlib import Path
from typing import Any, Literal

import annotated_types
import click
from pydantic.fields import FieldInfo

from cvtube.settings import Settings

# The field that each part of the file begins with.
SECTIONS = {
    "home": "Where things are",
    "demo": "People",
    "upload_max_mib": "Sending videos",
    "ffmpeg": "Processing videos",
    "captions_engine": "Captions",
    "review_promise_hours": "Moderation",
    "transcode_workers": "Running",
}
WIDTH = 96

HEAD = '''\
"""CV Tube's settings, one deployment's own. Name this file in CVTUBE_CONFIG.

Each line shows a default: take the # away to change it. Environment variables of the same
name with CVTUBE_ in front (CVTUBE_PORT=8000) outrank this file; secrets belong there.
`cvtube doctor` shows what is in force and where it comes from.

Made by `cvtube init-config`.
"""
'''

DOCUMENT_HEAD = """\
# Configuration

Every setting has a default that works on one machine. A setting comes from, strongest first:

1. the environment (`CVTUBE_PORT=8000`);
2. the file named by `CVTUBE_CONFIG` (`PORT = 8000`); `cvtube init-config my.py` writes one with
   every setting;
3. the default.

A bad value stops start-up with one sentence naming the variable (exit status 2). `cvtube doctor`
lists all values and where they come from.

By default, embedded services store everything in `HOME`. One setting replaces each of them:
`DATABASE_URL` with PostgreSQL, `REDIS_URL` with Redis (6.2 or newer) or Valkey (7.2 or newer),
`STORAGE_URL` with an S3 service, `MAIL_URL` with a mail server. For S3, credentials come from
`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or any other source of boto3. If browsers need
another address for the service than the servers, add `public_endpoint=https://…` to `STORAGE_URL`.

`make settings` writes this page from the program.
"""


@click.command("init-config")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--documentation", is_flag=True, help="Write the page of the documentation instead.")
def init_config(path: Path | None, *, force: bool, documentation: bool) -> None:
    """Write an annotated settings file to PATH, or to standard output."""
    text = as_document() if documentation else as_file()
    if path is None:
        click.echo(text, nl=False)
    elif path.exists() and not force:
        raise click.ClickException(f"{path} is there already; --force writes over it.")
    else:
        path.write_text(text, encoding="utf-8")
        click.echo(f"Written: {path}")


def as_file() -> str:
    """A settings file in which every default is commented out."""
    lines = [HEAD]
    for name, field in Settings.model_fields.items():
        if name in SECTIONS:
            title = f"# -- {SECTIONS[name]} "
            lines += ["", title + "-" * (WIDTH - len(title)), ""]
        lines += [f"# {line}" for line in _wrapped(field.description or "")]
        if rule := _rule(field):
            lines.append(f"# {rule}")
        lines += [f"# {name.upper()} = {_python(field.default)}", ""]
    return "\n".join(lines)


def as_document() -> str:
    """The same as a page with one table a part."""
    lines = [DOCUMENT_HEAD]
    for name, field in Settings.model_fields.items():
        if name in SECTIONS:
            lines += ["", f"## {SECTIONS[name]}", ""]
            lines += ["| Setting | Default | What it is |", "| --- | --- | --- |"]
        default = _python(field.default)
        shown = f"`{default}`" if default != '""' else ""
        told = " ".join(filter(None, [field.description, _rule(field)])).replace("|", "\\|")
        lines.append(f"| `{name.upper()}` | {shown} | {told} |")
    return "\n".join([*lines, ""]).replace("\n\n\n", "\n\n")


def _python(value: Any) -> str:
    """The value as a settings file says it, with double quotes like the rest of the code."""
    return json.dumps(str(value)) if isinstance(value, str | Path) else repr(value)


def _rule(field: FieldInfo) -> str:
    """Which values are allowed, where that is a choice or a range."""
    kind = field.annotation
    if typing.get_origin(kind) is Literal:
        return "One of: " + ", ".join(typing.get_args(kind)) + "."
    least = next((m.ge for m in field.metadata if isinstance(m, annotated_types.Ge)), None)
    most = next((m.le for m in field.metadata if isinstance(m, annotated_types.Le)), None)
    if isinstance(kind, types.UnionType) or (least is None and most is None):
        return ""
    return f"From {least} to {most}." if most is not None else f"At least {least}."


def _wrapped(text: str) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 3 > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]
