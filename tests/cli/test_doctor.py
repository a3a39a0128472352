"""`cvtube doctor`: each part up, and each part down."""

from __future__ import annotations

import shutil
import socketserver
import threading

import pytest
from click.testing import CliRunner

from cvtube import runtime as runtimes
from cvtube.cli import checks, commands
from cvtube.cli.checks import CHECKS
from cvtube.cli.doctor import masked, run_check, shown_settings
from cvtube.runtime import Runtime
from cvtube.sandbox import probe
from cvtube.settings import MIB, Settings, load
from tests.services import free_port


def ask(name: str, runtime: Runtime):
    return run_check(next(check for check in CHECKS if check.name == name), runtime)


@pytest.fixture
def rebuilt(runtime):
    """The same runtime with other settings, opened anew."""
    made = []

    def rebuild(**change) -> Runtime:
        made.append(runtimes.build(Settings(**{**runtime.settings.model_dump(), **change})))
        return made[-1]

    yield rebuild
    for one in made:
        one.engine.dispose()


@pytest.mark.both_databases
def test_parts_that_answer_say_what_they_are(runtime, database_kind):
    assert ask("home", runtime).words.endswith("MiB free")
    assert ask("database", runtime).words.startswith(database_kind)
    assert ask("queue", runtime).words.startswith("valkey 9")
    assert ask("storage", runtime).words == "LocalStorage: written, read, deleted"
    assert ask("videos", runtime).state == "ok"
    assert ask("mail", runtime).state == "ok"


def test_a_site_without_an_address_for_help_is_told_so(runtime, rebuilt):
    found = ask("help", runtime)
    assert (found.state, found.fatal) == ("no answer", False)
    assert "CVTUBE_CONTACT" in found.advice
    assert ask("help", rebuilt(contact="help@example.org")).words == "help@example.org"


def test_a_database_that_is_away_is_no_answer_without_its_password(runtime, rebuilt):
    away = rebuilt(database_url=f"postgresql://me:hidden@127.0.0.1:{free_port()}/none")
    found = ask("database", away)
    assert (found.state, found.fatal) == ("no answer", True)
    assert "hidden" not in found.words + found.advice
    assert "CVTUBE_DATABASE_URL" in found.advice
    assert ask("schema", away).fatal


def test_a_queue_that_is_away_takes_its_workers_with_it(runtime, rebuilt):
    away = rebuilt(redis_url=f"redis://127.0.0.1:{free_port()}/0")
    assert ask("queue", away).advice == "Is the server running, and CVTUBE_REDIS_URL right?"
    assert ask("workers", away).fatal


def test_the_embedded_queue_answers_only_while_it_runs(runtime, rebuilt):
    away = rebuilt(redis_url="")
    assert ask("queue", away).advice == "The embedded Valkey runs while `cvtube run` does."


def test_a_queue_without_workers_says_which_are_missing(runtime):
    found = ask("workers", runtime)
    assert found.words == "nobody serves transcode and general"
    assert found.advice.startswith("start one with: cvtube worker transcode")


def test_a_worker_for_captions_is_missed_only_where_there_is_an_engine(runtime, rebuilt):
    with_engine = rebuilt(captions_engine="faster-whisper")
    found = ask("workers", with_engine)
    assert found.words == "nobody serves transcode and general and captions"


def test_the_engine_for_captions_is_told_and_needed_by_nobody(runtime, rebuilt):
    found = ask("captions", runtime)
    assert (found.state, found.words) == (
        "ok",
        "none: candidates write their captions by themselves",
    )
    found = ask("captions", rebuilt(captions_engine="faster-whisper"))
    assert (found.state, found.fatal) == ("no answer", False)
    assert "CVTUBE_CAPTIONS_MODEL" in found.words


def test_a_storage_that_is_away_is_no_answer(runtime, rebuilt, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    url = f"s3://films?endpoint=http://127.0.0.1:{free_port()}"
    found = ask("storage", rebuilt(storage_url=url))
    assert (found.state, found.fatal) == ("no answer", True)
    assert found.advice.endswith("cvtube storage prepare")


def test_a_bucket_that_browsers_may_not_read_is_found_and_mended(runtime, rebuilt, s3_bucket_url):
    runtime = rebuilt(storage_url=s3_bucket_url, public_url="https://cv.example.org")
    runtime.storage.prepare("https://other.example.org")
    assert ask("storage", runtime).state == "ok"
    found = ask("videos", runtime)
    assert found.words == "the bucket does not let pages of https://cv.example.org read from it"
    runtime.storage.prepare("https://cv.example.org")
    assert ask("videos", runtime).state == "ok"


def test_a_disk_that_is_nearly_full_is_told(runtime, monkeypatch):
    nearly = shutil.disk_usage("/")._replace(free=5 * MIB)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: nearly)
    assert ask("home", runtime).words == "only 5 MiB free, so new videos are refused"


def test_a_mail_server_that_is_away_is_told_and_nothing_else_waits_for_it(runtime, rebuilt):
    found = ask("mail", rebuilt(mail_url=f"smtp://me:hidden@127.0.0.1:{free_port()}"))
    assert (found.state, found.fatal) == ("no answer", False)
    assert "hidden" not in found.words


def test_a_mail_server_that_lets_us_in_is_ok(runtime, rebuilt):
    class Server(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                self.wfile.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 fine\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"smtp://127.0.0.1:{server.server_address[1]}"
        assert ask("mail", rebuilt(mail_url=url)).state == "ok"
        server.shutdown()


def test_the_tools_that_make_films_are_named_with_their_versions(runtime):
    found = ask("ffmpeg", runtime)
    assert found.state == "ok", found.words
    assert found.words.startswith("ffmpeg ")
    assert ", ffprobe " in found.words


def test_tools_that_are_not_there_are_no_answer(rebuilt):
    found = ask("ffmpeg", rebuilt(ffmpeg="/nowhere/ffmpeg"))
    assert found.fatal
    assert found.words.startswith("CVTUBE_FFMPEG: /nowhere/ffmpeg")


def test_a_machine_without_a_sandbox_is_no_good_unless_the_operator_says_so(
    runtime, rebuilt, monkeypatch
):
    assert ask("sandbox", runtime).words == "full: ffmpeg can reach nothing else"
    weak = probe.SandboxStatus(probe.SandboxLevel.LIMITS, "an old kernel.")
    monkeypatch.setattr(probe, "detect_level", lambda: weak)
    found = ask("sandbox", runtime)
    assert found.fatal
    assert found.words == "limits: an old kernel. Videos wait."
    assert ask("ffmpeg", runtime).state == "ok"  # which does not share the fault
    found = ask("sandbox", rebuilt(require_sandbox=False))
    assert (found.state, found.fatal) == ("ok", False)
    assert "WITHOUT a sandbox" in found.words


def test_a_part_that_fails_unforeseen_does_not_end_the_examination(runtime):
    def ask(_runtime):
        raise ConnectionResetError

    found = run_check(checks.Check("new", ask), runtime)
    assert (found.state, found.words, found.fatal) == ("no answer", "ConnectionResetError", True)


def test_the_command_shows_sources_hides_secrets_and_fails_when_something_is_missing(
    runtime, monkeypatch, tmp_path
):
    file = tmp_path / "config.py"
    file.write_text("FILM_MAX_S = 120\n")
    monkeypatch.setenv("CVTUBE_CONFIG", str(file))
    monkeypatch.setenv("CVTUBE_HOME", str(runtime.settings.home))
    monkeypatch.setenv("CVTUBE_SECRET_KEY", "very-secret: 0123456789 abcdefghij klm")
    monkeypatch.setenv("CVTUBE_REDIS_URL", f"redis://:hidden@127.0.0.1:{free_port()}/0")
    done = CliRunner().invoke(commands, ["doctor"])
    assert done.exit_code == 1
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    assert f"FILM_MAX_S 120 ({file})" in lines
    assert f"HOME {runtime.settings.home} (environment)" in lines
    assert "PORT 8321 (default)" in lines
    assert "very-secret" not in done.output
    assert "hidden" not in done.output
    assert lines[-1].startswith("Not working: ")
    assert "queue" in lines[-1]


def test_every_setting_is_shown(monkeypatch):
    monkeypatch.delenv("CVTUBE_CONFIG", raising=False)
    names = [name for name, _, _ in shown_settings(load())]
    assert names == [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("database_url", "postgresql://me:pw@db/cv", "postgresql://me:********@db/cv"),
        ("redis_url", "redis://:pw@queue:6379/0", "redis://:********@queue:6379/0"),
        ("mail_url", "smtps://me:p%40w@mail", "smtps://me:********@mail"),
        ("database_url", "sqlite:////srv/cv/cv.db", "sqlite:////srv/cv/cv.db"),
        ("secret_key", "x" * 40, "********"),
        ("secret_key_fallbacks", "x" * 40, "********"),
        ("ffmpeg", "", '""'),
    ],
)
def test_secrets_are_masked_and_the_rest_is_not(name, value, shown):
    assert masked(name, value) == shown
