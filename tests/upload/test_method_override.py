"""X-HTTP-Method-Override: for senders that cannot say PATCH or DELETE."""

from __future__ import annotations

import pytest

from tests.upload.tus import BYTES, film, original


@pytest.mark.parametrize("actual", ["POST", "GET", "PUT", "OPTIONS"])
def test_the_header_counts_and_the_method_does_not(tus, runtime, actual):
    path = tus.create(9000).headers["Location"]
    headers = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": 0, "Content-Type": BYTES}
    assert tus.send(actual, path, headers, data=film(9000)).status_code == 204
    assert original(runtime, path) == film(9000)
    asked = tus.send(actual, path, {"X-HTTP-Method-Override": "head"})
    assert asked.headers["Upload-Offset"] == "9000"
    assert tus.send(actual, path, {"X-HTTP-Method-Override": "DELETE"}).status_code == 204


def test_elsewhere_it_means_nothing(people):
    browser = people.client("ada")
    answer = browser.post("/language", headers={"X-HTTP-Method-Override": "GET"})
    assert answer.status_code == 400
    assert browser.get("/healthz", headers={"X-HTTP-Method-Override": "DELETE"}).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "", "x"])
def test_a_method_that_is_none_is_ignored(tus, method):
    path = tus.create(9000).headers["Location"]
    assert tus.head(path, x_http_method_override=method).status_code == 200


def test_it_is_no_way_around_forgery_protection(app, tus):
    path = tus.create(9000).headers["Location"]
    app.config["WTF_CSRF_ENABLED"] = True
    answer = tus.send("GET", path, {"X-HTTP-Method-Override": "DELETE"})
    assert (answer.status_code, answer.json["code"]) == (400, "form_expired")
