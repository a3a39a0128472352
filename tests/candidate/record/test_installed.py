"""The studio beside a phone's apps: it opens without a network, and is light to load."""

from __future__ import annotations

import inspect
import re
import struct
from urllib.parse import urlsplit

from playwright.sync_api import Response, expect
from sqlalchemy import delete

from cvtube.accounts.models import LoginSession
from cvtube.videos import lifecycle
from tests.browser import FRONTEND, PHONE, log_in, open_context, until
from tests.candidate.record.filming import Filming

MOST_BYTES = 150_000

NAMES = "async () => (await caches.keys()).map((name) => name.replace('studio ', ''))"
ARE_KEPT = """async (count) => {
    const titled = (name) => caches.open(name).then((cache) => cache.match('/title'));
    const pages = await Promise.all((await caches.keys()).map(titled));
    return pages.filter(Boolean).length === count - 1;
}"""
NO_TAKES = """async () => {
    const root = await navigator.storage.getDirectory();
    const takes = [];
    for await (const name of (await root.getDirectoryHandle('takes')).keys()) takes.push(name);
    return takes.length === 0;
}"""
ALL_KEPT = """async () => {
    const all = [];
    for (const name of await caches.keys()) {
        all.push(...(await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname));
    }
    return all;
}"""


def wait_until_kept(page) -> None:
    until(page, "async () => Boolean(await caches.match('/title'))")


def test_a_page_that_was_visited_opens_films_and_keeps_takes_without_a_network(filming):
    filming.wait_for_state("ready")
    wait_until_kept(filming.page)
    filming.context.set_offline(True)
    filming.wire.cut()
    filming.page.reload()
    filming.take()
    expect(filming.place("waiting")).to_be_visible()
    filming.context.set_offline(False)
    filming.wait_until_sent()
    assert filming.complaints == []


def test_who_has_no_network_films_the_parts_that_were_never_opened_too(
    ada_context, runtime, wire, people, now
):
    with runtime.transaction() as session:
        ada = session.merge(people.ada)
        film = lifecycle.start_video(session, ada, now, chapter_titles=["Bonjour", "Au revoir"])
    page = ada_context.new_page()
    page.goto(f"{wire.url}/studio/films/{film.id}")
    until(page, ARE_KEPT, 4)  # the way out, the film, its two parts
    filming = Filming(ada_context, runtime, wire, film.chapters[0], page)
    filming.wait_for_state("ready")
    until(page, ARE_KEPT, 6)
    ada_context.set_offline(True)
    wire.cut()
    filming.take(1.2)
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")
    page.get_by_role("link", name="Aller à mon film").click()
    expect(page.locator("[data-chosen-here]:visible")).to_have_count(1)
    page.get_by_role("link", name="Continuer : Au revoir").click()
    page.get_by_role("link", name="Filmer cette partie").click()
    filming.take(1.2)
    ada_context.set_offline(False)
    filming.wait_until_sent(2)


def test_without_a_network_other_pages_lead_to_the_parts_that_can_be_filmed(filming):
    filming.wait_for_state("ready")
    wait_until_kept(filming.page)
    filming.context.set_offline(True)
    filming.page.goto(f"{filming.wire.url}/my-films")
    expect(filming.page.get_by_role("heading", name="Pas de réseau")).to_be_visible()
    filming.page.get_by_role("link", name="Bonjour").click()
    filming.wait_for_state("ready")


def test_whoever_logs_out_leaves_no_page_and_no_sent_take_behind(filming):
    filming.take(1.2)
    filming.wait_until_sent()
    expect(filming.place("sent")).to_be_visible()
    wait_until_kept(filming.page)
    kept = filming.page.evaluate(ALL_KEPT)
    assert not [path for path in kept if path.startswith(("/objects", "/uploads", "/films"))]
    filming.page.goto(f"{filming.wire.url}/account")
    filming.page.evaluate("() => document.querySelector('form.log-out').requestSubmit()")
    expect(filming.page.get_by_role("link", name="Se connecter").first).to_be_visible()
    until(filming.page, f"async () => (await ({NAMES})()).join() === '/studio/offline'")
    until(filming.page, NO_TAKES)


def test_a_log_in_that_ended_by_itself_leaves_nothing_behind(filming, runtime):
    filming.take(1.2)
    filming.wait_until_sent()
    expect(filming.place("sent")).to_be_visible()
    wait_until_kept(filming.page)
    with runtime.transaction() as session:
        session.execute(delete(LoginSession))
    filming.page.goto(f"{filming.wire.url}/my-films")
    expect(filming.page.get_by_role("heading", name="Se connecter")).to_be_visible()
    until(filming.page, f"async () => (await ({NAMES})()).join() === '/studio/offline'")
    until(filming.page, NO_TAKES)


def test_the_first_screen_is_light_over_the_wire(chromium, live, people, wire, runtime, chapter):
    allowed = ["camera", "microphone"]
    context = open_context(chromium, viewport=PHONE, permissions=allowed, service_workers="block")
    log_in(context, people, "ada", wire.url)
    page = context.new_page()
    seen: list[Response] = []
    page.on("response", lambda answer: seen.append(answer))  # noqa: PLW0108 (marked by Playwright)
    filming = Filming(context, runtime, wire, chapter, page)
    filming.wait_for_state("ready")
    page.wait_for_load_state("networkidle")
    sizes = {urlsplit(a.url).path: sum(transferred(a.request.sizes())) for a in seen}
    packed = [a.headers.get("content-encoding") for a in seen if "/build/" in a.url]
    context.close()
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert packed.count("br") >= len(packed) - 1  # the letters are packed by themselves


def transferred(sizes) -> tuple[int, int]:
    return sizes["responseBodySize"], sizes["responseHeadersSize"]


def test_a_phone_is_told_what_it_keeps_beside_its_apps(client):
    manifest = client.get("/studio.webmanifest", headers={"Accept-Language": "fr"})
    assert manifest.content_type == "application/manifest+json"
    assert manifest.json["display"] == "standalone"
    assert "partie par partie" in manifest.json["description"]
    worker = client.get("/studio-worker.js")
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "import" not in worker.text.partition("(")[0]


def test_every_icon_is_there_as_large_as_it_is_said_to_be(client):
    icons = client.get("/studio.webmanifest").json["icons"]
    said = {(icon["type"], icon["sizes"], icon["purpose"]) for icon in icons}
    assert said == {
        ("image/svg+xml", "any", "any"),
        ("image/png", "192x192", "any"),
        ("image/png", "512x512", "any"),
        ("image/png", "512x512", "maskable"),
    }
    for icon in icons:
        answer = client.get(icon["src"])
        assert answer.mimetype == icon["type"]
        if icon["type"] == "image/png":
            assert icon["sizes"] == "{}x{}".format(*size(answer.data))


def test_pages_name_the_icon_that_an_iphone_takes(people, chapter):
    browser = people.client("ada")
    for path in ("/studio/check", f"/studio/chapters/{chapter.id}"):
        page = browser.get(path).text
        (address,) = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', page)
        assert size(browser.get(address).data) == (180, 180)


def size(png: bytes) -> tuple[int, int]:
    """Of a PNG, as its header says it (https://www.w3.org/TR/png-3/#11IHDR)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def test_pages_of_the_recorder_let_no_text_become_a_script(people, chapter):
    page = people.client("ada").get("/studio/check")
    policies = page.headers.getlist("Content-Security-Policy")
    assert any("require-trusted-types-for 'script'" in policy for policy in policies)
    assert any("default-src 'none'" in policy for policy in policies)


def changes_who_is_there(function) -> bool:
    code = inspect.getsource(function)
    again = "access.log_in(myself())" in code  # with another password
    return re.search(r"access\.log_(in|out)\(", code) is not None and not again


def test_whatever_logs_somebody_in_or_out_makes_the_worker_forget(app):
    script = (FRONTEND / "src/workers/studio-worker.js").read_text(encoding="utf-8")
    pattern = re.search(r"PEOPLE_CHANGE =\s+/(.+)/;", script)[1].replace("\\/", "/")
    paths = set()
    for rule in app.url_map.iter_rules():
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        if changes_who_is_there(view) or any(
            changes_who_is_there(helper) and re.search(rf"[^\w.]{name}\(", inspect.getsource(view))
            for name, helper in vars(inspect.getmodule(view)).items()
            if inspect.isfunction(helper)
        ):
            paths.add(rule.build(dict.fromkeys(rule.arguments, "x"))[1])
    assert {"/login", "/card", "/phone/x"} <= paths
    assert [path for path in paths if not re.fullmatch(pattern, path)] == []
