"""Settings: where they come from, and what is said about bad ones."""

from __future__ import annotations

import pytest

from cvtube.settings import SettingsError, load
from cvtube.storage.factory import open_storage


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in ("CVTUBE_CONFIG", "CVTUBE_PORT", "CVTUBE_HOME", "CVTUBE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CVTUBE_HOME", str(tmp_path / "home"))


def config(tmp_path, monkeypatch, text):
    path = tmp_path / "config.py"
    path.write_text(text)
    monkeypatch.setenv("CVTUBE_CONFIG", str(path))


def test_with_nothing_set_everything_lives_in_the_home_folder(monkeypatch):
    home = "/srv/cvtube"  # short enough for a socket, as a folder of the tests need not be
    monkeypatch.setenv("CVTUBE_HOME", home)
    settings = load()
    assert settings.database_url == f"sqlite:///{home}/cvtube.db"
    assert settings.storage_url == f"file://{home}/storage"
    assert settings.redis_url == f"unix://{home}/run/valkey.sock"
    assert settings.public_url == "http://127.0.0.1:8321"
    assert settings.embedded_redis


def test_arguments_outrank_the_environment_which_outranks_the_file(tmp_path, monkeypatch):
    config(tmp_path, monkeypatch, "PORT = 1001\nWEB_THREADS = 8\nFILM_MAX_S = 60\n")
    monkeypatch.setenv("CVTUBE_PORT", "1002")
    monkeypatch.setenv("CVTUBE_WEB_THREADS", "9")
    settings = load(port=1003)
    assert (settings.port, settings.web_threads, settings.film_max_s) == (1003, 9, 60)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("port", "0", "CVTUBE_PORT: input should be greater than or equal to 1"),
        ("port", "eighty", "CVTUBE_PORT: input should be a valid integer"),
        ("public_url", "cv.example.org", "CVTUBE_PUBLIC_URL: must be the site's address alone"),
        ("public_url", "https://a.example/path", "CVTUBE_PUBLIC_URL: must be the site's address"),
        ("database_url", "mysql://x", "CVTUBE_DATABASE_URL: must start with sqlite:/// or"),
        ("redis_url", "http://x", "CVTUBE_REDIS_URL: must start with redis://"),
        ("storage_url", "/films", "CVTUBE_STORAGE_URL: must be file:///folder or s3://"),
        ("mail_url", "mail.example.org", "CVTUBE_MAIL_URL: must be outbox, smtp://"),
        ("audience", "all", "CVTUBE_AUDIENCE: input should be 'recruiters' or 'everyone'"),
        ("demo", "perhaps", "CVTUBE_DEMO: input should be a valid boolean"),
        ("log_level", "LOUD", "CVTUBE_LOG_LEVEL: input should be 'DEBUG', 'INFO'"),
    ],
)
def test_a_bad_value_is_one_sentence_that_names_the_variable(name, value, sentence, monkeypatch):
    monkeypatch.setenv(f"CVTUBE_{name.upper()}", value)
    with pytest.raises(SettingsError) as refusal:
        load()
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.5", "demo.local"])  # noqa: S104
def test_a_demo_listens_on_this_computer_alone(bind):
    with pytest.raises(SettingsError) as refusal:
        load(demo=True, bind=bind)
    assert str(refusal.value) == (
        "CVTUBE_BIND: a demo is for this computer alone (127.0.0.1): "
        f"its passwords are public (it is {bind!r})."
    )
    assert load(bind=bind).is_public


def test_a_demo_is_not_published_under_a_name():
    with pytest.raises(SettingsError, match="CVTUBE_PUBLIC_URL: a demo is for this computer"):
        load(demo=True, public_url="https://cv.example.org")


@pytest.mark.parametrize("bind", ["127.0.0.1", "::1", "localhost"])
def test_on_this_computer_a_demo_is_fine(bind):
    assert not load(demo=True, bind=bind, public_url="http://localhost:9000").is_public


def test_a_secret_is_not_repeated_in_the_sentence(monkeypatch):
    monkeypatch.setenv("CVTUBE_MAIL_URL", "http://user:hunter2@example.org")
    with pytest.raises(SettingsError) as refusal:
        load()
    assert "hunter2" not in str(refusal.value)
    monkeypatch.setenv("CVTUBE_MAIL_URL", "smtp://user:hunter2@example.org")
    assert "hunter2" not in repr(load())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql://cvtube:change-me@db/cvtube"),
        ("redis_url", "redis://:change-me@queue:6379/0"),
    ],
)
def test_the_examples_passwords_are_refused(name, value):
    with pytest.raises(SettingsError, match="has the example's password") as refusal:
        load(**{name: value})
    assert "change-me" not in str(refusal.value)


def test_the_examples_key_of_the_bucket_is_refused(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "change-me")
    with pytest.raises(SettingsError, match="AWS_SECRET_ACCESS_KEY: is the example's"):
        open_storage("s3://films?region=x", site="http://localhost", signing_keys=[b"k" * 32])


def test_a_misspelt_setting_in_the_file_is_told_of(tmp_path, monkeypatch):
    config(tmp_path, monkeypatch, "PROT = 8000\n")
    with pytest.raises(SettingsError, match="CVTUBE_PROT: there is no such setting"):
        load()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("PORT = (", "is not valid Python"), ("PORT = missing", "is not valid Python")],
)
def test_a_broken_file_is_one_sentence(tmp_path, monkeypatch, text, sentence):
    config(tmp_path, monkeypatch, text)
    with pytest.raises(SettingsError, match=sentence):
        load()


def test_a_missing_file_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("CVTUBE_CONFIG", str(tmp_path / "none.py"))
    with pytest.raises(SettingsError, match=r"cannot be read \(No such file"):
        load()
