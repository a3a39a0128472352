"""Which page is for whom, and what becomes of a film there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from cvtube.accounts.models import AccountEvent, Role, User
from cvtube.i18n import translate
from cvtube.moderation.models import ReviewLock
from cvtube.videos import lifecycle, queries
from cvtube.videos.decisions import StatementOfReasons
from cvtube.videos.models import Clip, Review, VideoEvent
from tests.personas import NAMES

STAFF = {"ben", "adm"}
QUEUE = "/moderation"
SAY_WHY = translate("Say why, in a few words.", "fr")


def film_pages(film):
    base = f"/moderation/films/{film.id}"
    words = {"reason": "sound", "words": "A drill is louder than you."}
    return {
        ("GET", base): {},
        ("GET", f"{base}/events"): {},
        ("POST", f"{base}/lock"): {},
        ("POST", f"{base}/release"): {},
        ("POST", f"{base}/approval"): {"clip": film.clips[0]},
        ("POST", f"{base}/changes"): fields("asked_for_changes", film, **words),
        ("POST", f"{base}/rejection"): fields("rejected", film, reason="scam", words="x"),
        ("POST", f"{base}/removal"): fields("taken_down", film, **words),
    }


def fields(measure, film, **values):
    return {
        f"{measure}-{name}": value for name, value in (("clip", film.clips[0]), *values.items())
    }


def visit(people, name, method, address, data=None):
    return people.client(name).open(address, method=method, data=data or None)


def refusals(answers):
    """Who was sent to log in, who was told that there is nothing, and who got in."""
    asked = {name for name, answer in answers.items() if answer.status_code in {303, 401}
             and (answer.status_code == 401 or "/login" in answer.location)}  # fmt: skip
    unknown = {name for name, answer in answers.items() if answer.status_code == 404}
    return asked, unknown, set(answers) - asked - unknown


@pytest.mark.parametrize("number", range(8))
def test_everything_about_a_film_under_review_is_for_moderators_alone(people, studio, number):
    answers = {}
    for name in NAMES:
        film = studio.approved() if number == 7 else studio.sent()
        (method, address), data = list(film_pages(film).items())[number]
        answers[name] = visit(people, name, method, address, data)
    asked, unknown, welcome = refusals(answers)
    assert (asked, welcome) == ({"nobody"}, STAFF)
    assert unknown == set(NAMES) - STAFF - {"nobody"}
    assert all(answers[name].status_code in {200, 303} for name in welcome)


@pytest.mark.parametrize("number", range(8))
def test_a_moderators_own_film_does_not_exist_for_them(people, studio, number):
    film = studio.sent(people.ben)
    (method, address), data = list(film_pages(film).items())[number]
    assert visit(people, "ben", method, address, data).status_code == 404
    if number < 7:
        assert visit(people, "mo", method, address, data).status_code in {200, 303}


@pytest.mark.parametrize(
    ("method", "address", "welcome"),
    [
        ("GET", QUEUE, STAFF),
        ("POST", "/moderation/next", STAFF),
        ("POST", "/moderation/undo", STAFF),
        ("GET", "/moderation/recruiters", STAFF),
        ("GET", "/moderation/events", {"adm"}),
        ("GET", "/film-rules", set(NAMES)),
    ],
)
def test_the_other_pages_and_whom_they_are_for(people, method, address, welcome):
    answers = {name: visit(people, name, method, address) for name in NAMES}
    asked, unknown, got_in = refusals(answers)
    assert got_in == welcome
    assert asked == {"nobody"} - welcome
    assert unknown == set(NAMES) - welcome - {"nobody"}


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "", {}),
        ("POST", "/verification", {}),
        ("POST", "/refusal", {"words": "We could not reach you."}),
    ],
)
def test_a_recruiters_page_is_for_moderators_alone(people, method, path, data):
    address = f"/moderation/recruiters/{people.uma.id}{path}"
    answers = {name: visit(people, name, method, address, data) for name in NAMES if name != "adm"}
    asked, unknown, got_in = refusals(answers)
    assert (asked, got_in) == ({"nobody"}, {"ben"})
    assert unknown == {"ada", "cy", "rae", "uma"}
    assert visit(people, "ben", method, f"/moderation/recruiters/{people.ada.id}{path}",
                 data).status_code == 404  # fmt: skip


def test_a_statement_of_reasons_is_for_its_addressee_and_for_moderators(
    people, studio, runtime, take_effect
):
    film = studio.sent()
    base = film_pages(film)
    address = ("POST", f"/moderation/films/{film.id}/changes")
    visit(people, "ben", *address, base[address])
    take_effect()
    answers = {name: visit(people, name, "GET", f"/decisions/{film.clips[0]}") for name in NAMES}
    asked, unknown, got_in = refusals(answers)
    assert (asked, got_in) == ({"nobody"}, {"ada", "ben", "adm"})
    assert unknown == {"cy", "rae", "uma"}
    assert "A drill is louder than you." in answers["ada"].text
    assert visit(people, "ada", "GET", f"/decisions/{'0' * 26}").status_code == 404
    with runtime.reading() as session:
        part = queries.load_video(session, film.id).chapters[0].id
    for page in (f"/my-films/{film.id}", f"/studio/chapters/{part}"):
        assert f'href="/decisions/{film.clips[0]}"' in visit(people, "ada", "GET", page).text


def test_a_draft_and_a_deleted_film_do_not_exist_for_moderators(people, studio, runtime, now):
    draft, deleted = studio.sent(), studio.sent()
    with runtime.transaction() as session:
        lifecycle.withdraw(session, queries.load_video(session, draft.id), now, actor=people.ada)
        lifecycle.delete_video(
            session, queries.load_video(session, deleted.id), now, actor=people.ada
        )
    for film in (draft, deleted):
        for (method, address), data in film_pages(film).items():
            assert visit(people, "ben", method, address, data).status_code == 404


# -- reviewing ------------------------------------------------------------------------------


def review_of(runtime, clip_id):
    with runtime.reading() as session:
        return session.get_one(Clip, clip_id).review


def test_after_a_decision_comes_the_next_film(people, studio, runtime, clock):
    first = studio.sent()
    clock.advance(hours=1)
    second = studio.sent(people.cy)
    ben = people.client("ben")

    taken = ben.post("/moderation/next")
    assert taken.location == f"/moderation/films/{first.id}"
    done = ben.post(f"{taken.location}/approval", data={"clip": first.clips})
    assert done.location == f"/moderation/films/{second.id}"
    with runtime.reading() as session:
        assert session.scalars(select(ReviewLock.video_id)).all() == [second.id]
    last = ben.post(f"{done.location}/approval", data={"clip": second.clips})
    assert last.location == QUEUE
    assert "Il n’y a plus rien à vérifier." in ben.get(QUEUE).text


def test_a_film_with_something_left_to_decide_stays_on_the_table(people, studio):
    film = studio.sent(titles=("Hello", "Proof"))
    ben = people.client("ben")
    address = f"/moderation/films/{film.id}"
    ben.post(f"{address}/lock")
    asked = ben.post(
        f"{address}/changes", data=fields("asked_for_changes", film, reason="dark", words="")
    )
    assert asked.location == address
    page = ben.get(address).text
    assert film.clips[0] not in page.split('name="clip"', 1)[1].split("</form>", 1)[0]
    assert film.clips[1] in page


def test_the_second_of_two_decisions_is_a_conflict(people, studio, runtime, take_effect):
    film = studio.sent()
    ben, mo = people.client("ben"), people.client("mo")
    address = f"/moderation/films/{film.id}"
    assert ben.post(f"{address}/approval", data={"clip": film.clips}).status_code == 303
    late = mo.post(f"{address}/approval", data={"clip": film.clips})
    assert late.status_code == 409
    assert "already_decided" in late.text
    assert "Une autre personne a déjà décidé." in late.text
    rejected = mo.post(
        f"{address}/rejection", data=fields("rejected", film, reason="scam", words="At 0:03.")
    )
    assert rejected.status_code == 409
    take_effect()
    assert review_of(runtime, film.clips[0]) is Review.APPROVED


def test_a_second_decision_in_another_window_says_so_and_leads_on(people, studio, take_effect):
    film, other = studio.sent(), studio.sent(people.cy)
    ben, address = people.client("ben"), f"/moderation/films/{film.id}"
    assert ben.post(f"{address}/approval", data={"clip": film.clips}).status_code == 303
    for over in (lambda: None, take_effect):
        over()
        again = ben.post(f"{address}/approval", data={"clip": film.clips})
        assert (again.status_code, "decided_by_you" in again.text) == (409, True)
        assert "Vous avez déjà pris cette décision." in again.text
        assert 'action="/moderation/next"' in again.text
    assert ben.post("/moderation/next", data={"passed": film.id}).location.endswith(other.id)
    told = ben.post(
        f"{address}/approval", data={"clip": film.clips}, headers={"Accept": "application/json"}
    )
    assert (told.status_code, told.json["code"]) == (409, "decided_by_you")


def test_a_decision_can_be_undone_on_the_page_it_leads_to(
    people, studio, runtime, clock, take_effect
):
    first = studio.sent()
    clock.advance(minutes=1)
    second = studio.sent(people.cy)
    ben = people.client("ben")
    page = ben.post("/moderation/next").location
    onwards = ben.post(f"{page}/approval", data={"clip": first.clips}).location
    assert onwards.endswith(second.id)
    bar = ben.get(onwards).text
    assert "Film accepté" in bar
    assert 'data-undo="10"' in bar
    decision = bar.split('name="decision" value="', 1)[1][:26]
    assert 'name="decision"' not in people.client("mo").get("/moderation").text
    back = ben.post("/moderation/undo", data={"decision": decision})
    assert back.location == page
    assert "Votre décision est annulée." in ben.get(page).text
    with runtime.reading() as session:  # it is on the table again
        assert session.scalars(select(ReviewLock.video_id)).all() == [first.id]
    late = ben.post("/moderation/undo", data={"decision": decision})
    assert (late.status_code, "undo_too_late" in late.text) == (409, True)
    take_effect()
    assert review_of(runtime, first.clips[0]) is Review.PENDING
    assert 'name="decision"' not in ben.get(QUEUE).text


def test_moderators_read_how_many_they_decided_about_in_the_last_hour(
    people, studio, clock, take_effect
):
    film, other = studio.sent(titles=("Hello", "Proof")), studio.sent(people.cy)
    ben, mo = people.client("ben"), people.client("mo")

    def said(who):
        return [
            line.strip()
            for line in who.get(QUEUE).text.splitlines()
            if "dans la dernière heure" in line
        ]

    assert said(ben) == []
    data = fields("asked_for_changes", film, reason="dark", words="")
    ben.post(f"/moderation/films/{film.id}/changes", data=data)
    ben.post(f"/moderation/films/{film.id}/approval", data={"clip": film.clips[1:]})
    assert "1\u00a0film " in said(ben)[0]  # however many parts it has, and before it takes effect
    take_effect()
    ben.post(f"/moderation/films/{other.id}/approval", data={"clip": other.clips})
    assert "2\u00a0films " in said(ben)[0]
    take_effect()
    assert "2\u00a0films " in said(ben)[0]
    assert "2\u00a0films" in ben.get(f"/moderation/films/{film.id}").text
    assert said(mo) == []
    clock.advance(minutes=59, seconds=51)
    assert "1\u00a0film " in said(people.client("ben"))[0]
    clock.advance(seconds=10)
    assert said(people.client("ben")) == []


def test_a_clip_that_is_decided_about_offers_no_second_decision(people, studio):
    film = studio.sent(titles=("Hello", "Proof"))
    ben, address = people.client("ben"), f"/moderation/films/{film.id}"
    ben.post(f"{address}/lock")
    data = fields("asked_for_changes", film, reason="dark", words="")
    assert ben.post(f"{address}/changes", data=data).location == address
    page = ben.get(address).text
    assert "décision en cours" in page
    decide = page.split('id="decide"', 1)[1]
    assert film.clips[0] not in decide
    assert film.clips[1] in decide


def test_who_approves_must_have_seen_every_part(people, studio, runtime):
    film = studio.sent(titles=("Hello", "Proof"))
    address = f"/moderation/films/{film.id}/approval"
    for seen in ([], film.clips[:1], [*film.clips, "0" * 26]):
        answer = people.client("ben").post(address, data={"clip": seen})
        assert (answer.status_code, "film_changed" in answer.text) == (409, True)
    assert review_of(runtime, film.clips[0]) is Review.PENDING
    with runtime.reading() as session:
        verbs = session.scalars(select(VideoEvent.verb)).all()
    assert "approved" not in verbs


def test_another_moderators_film_can_be_looked_at_but_not_decided(people, studio, clock):
    film = studio.sent()
    ben, mo = people.client("ben"), people.client("mo")
    address = f"/moderation/films/{film.id}"
    assert ben.post(f"{address}/lock").location == address
    page = mo.get(address)
    assert page.status_code == 200
    assert "Film réservé par Ben jusqu’à" in page.text
    assert "/approval" not in page.text
    assert mo.post(f"{address}/lock").status_code == 409
    assert mo.post(f"{address}/approval", data={"clip": film.clips}).status_code == 409
    assert "Réservé par Ben jusqu’à" in mo.get(QUEUE).text
    clock.advance(minutes=15)
    assert mo.post(f"{address}/lock").status_code == 303


def test_the_page_renews_its_lock_as_a_program(people, studio):
    film = studio.sent()
    ben, mo = people.client("ben"), people.client("mo")
    address, headers = f"/moderation/films/{film.id}/lock", {"Accept": "application/json"}
    renewed = ben.post(address, headers=headers)
    assert renewed.json["seconds"] == 900
    refused = mo.post(address, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "under_review")
    ben.post(f"/moderation/films/{film.id}/release")
    assert mo.post(address, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("path", "measure", "values", "message"),
    [
        ("changes", "asked_for_changes", {"reason": "", "words": ""}, "Choisissez un motif"),
        ("changes", "asked_for_changes", {"reason": "scam", "words": ""}, ""),
        (
            "changes", "asked_for_changes", {"reason": "dark", "words": "x" * 501},
            "500\u00a0caractères au plus",
        ),
        (
            "changes", "asked_for_changes", {"reason": "dark", "words": "À 0:03, on voit…"},
            "Terminez la phrase",
        ),
        (
            "changes", "asked_for_changes",
            {"reason": "dark", "words": "À 0:00, l’image est… penchée."}, "Terminez la phrase",
        ),
        ("rejection", "rejected", {"reason": "scam", "words": "  "}, SAY_WHY),
        ("rejection", "rejected", {"reason": "sound", "words": "At 0:03."}, ""),
    ],
)  # fmt: skip
def test_a_form_that_is_not_complete_comes_back_with_a_sentence_and_the_words(
    people, studio, runtime, path, measure, values, message
):
    film = studio.sent()
    answer = people.client("ben").post(
        f"/moderation/films/{film.id}/{path}", data=fields(measure, film, **values)
    )
    assert answer.status_code == 422
    assert message in answer.text
    assert values["words"].strip() in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert answer.text.count('role="alert" tabindex="-1" autofocus') == 1, "seen at once"
    assert review_of(runtime, film.clips[0]) is Review.PENDING


def test_a_part_that_left_the_film_meanwhile_is_a_conflict(people, studio):
    film, other = studio.sent(), studio.sent(people.cy)
    data = fields("asked_for_changes", other, reason="dark", words="")
    answer = people.client("ben").post(f"/moderation/films/{film.id}/changes", data=data)
    assert answer.status_code == 409


def test_what_is_taken_down_is_gone_with_the_next_request(people, studio, runtime, now):
    film = studio.approved()
    answer = people.client("ben").post(
        f"/moderation/films/{film.id}/removal",
        data=fields("taken_down", film, reason="id_document", words="Your badge."),
    )
    assert answer.status_code == 303
    with runtime.reading() as session:
        listed = select(func.count()).where(queries.listed(now))
        assert session.scalar(listed) == 0
        assert session.scalars(select(StatementOfReasons)).one().clip_id == film.clips[0]


def test_the_page_shows_all_there_is_to_judge_by(people, studio):
    film = studio.sent(titles=("Hello", "Proof"))
    ben, address = people.client("ben"), f"/moderation/films/{film.id}"
    ben.post(f"{address}/lock")
    page = ben.get(address).text
    assert page.count('class="sheet') == 2
    assert 'data-seek="14.0"' in page  # the second part's second picture
    assert "Proof" in page
    assert "1280 × 720" in page
    assert "700\u00a0kbit/s" in page
    assert "Écrivez en français" in page
    assert "Ada" not in page  # who it is changes nothing


def test_a_link_may_lead_to_a_second_of_the_film(people, studio):
    address = f"/moderation/films/{studio.sent().id}"
    for second in ("9", "x", "-1", "9" * 400):
        assert people.client("ben").get(f"{address}?t={second}").status_code == 200


# -- recruiters -----------------------------------------------------------------------------


@pytest.mark.parametrize("siret", [None, "73282932000074"])
def test_whether_a_number_exists_is_asked_only_where_there_is_one(people, runtime, siret):
    with runtime.transaction() as session:
        session.merge(people.uma).organisation.siret = siret
    english = {"Accept-Language": "en"}
    page = people.client("ben").get(f"/moderation/recruiters/{people.uma.id}", headers=english)
    assert "Does the email address belong to the organisation?" in page.text
    assert ("Does the number exist?" in page.text) is bool(siret)


def test_verifying_and_refusing_a_recruiter(people, runtime, mails):
    ben = people.client("ben")
    address = f"/moderation/recruiters/{people.uma.id}"
    assert "Uma &amp; Co" in ben.get("/moderation/recruiters").text
    assert ben.post(f"{address}/refusal", data={"words": " "}).status_code == 422
    assert ben.post(f"{address}/refusal", data={"words": "No such number."}).status_code == 303
    assert ben.post(f"{address}/refusal", data={"words": "Again."}).status_code == 409
    assert "No such number." in ben.get(address).text
    assert ben.post(f"{address}/verification").status_code == 303
    assert ben.post(f"{address}/verification").status_code == 409
    with runtime.reading() as session:
        assert session.get_one(User, people.uma.id).is_verified_recruiter
        acts = session.scalars(select(AccountEvent).where(AccountEvent.actor_id == people.ben.id))
        assert {act.verb for act in acts} == {"recruiter_refused", "recruiter_verified"}
    assert {mail.to_address for mail in mails()} == {"uma@example.org"}


def test_recruiters_wait_in_the_order_in_which_they_came(people, clock):
    people.uma, clock.advance(hours=1)
    people._make("Zoe", Role.RECRUITER)
    page = people.client("ben").get("/moderation/recruiters").text
    assert page.index("Uma &amp; Co") < page.index("Zoe &amp; Co")
    assert people.client("ben").get("/moderation/recruiters?standing=nice").status_code == 404


# -- the event log --------------------------------------------------------------------------


def test_the_log_is_searched_by_film_person_and_day(people, studio, clock):
    film = studio.approved()
    clock.advance(days=1)
    other = studio.sent(people.cy)
    adm = people.client("adm")

    def shown(**wanted):
        return adm.get("/moderation/events", query_string=wanted).text

    assert film.id in shown()
    assert other.id in shown()
    assert other.id not in shown(subject=film.id)
    for name in (people.ben.id, "ben"):
        by_ben = shown(actor=name)
        assert film.id in by_ben
        assert other.id not in by_ben
        assert "Ben Test a accepté le film." in by_ben
    assert "Rien dans le journal." in shown(actor="nobody of this name")
    assert film.id not in shown(day="2026-03-03")
    assert other.id in shown(day="2026-03-03")


def test_a_day_of_the_log_is_one_of_the_readers_clocks(people, studio, clock):
    clock.time = datetime(2026, 7, 1, 21, 59, tzinfo=UTC)  # 23:59 in Paris
    before = studio.sent()
    clock.time = datetime(2026, 7, 1, 22, 1, tzinfo=UTC)
    after = studio.sent(people.cy)
    adm = people.client("adm")
    first = adm.get("/moderation/events", query_string={"day": "2026-07-01"}).text
    second = adm.get("/moderation/events", query_string={"day": "2026-07-02"}).text
    assert (before.id in first, after.id in first) == (True, False)
    assert (before.id in second, after.id in second) == (False, True)


@pytest.mark.parametrize(
    "wanted",
    [
        {"subject": "x" * 121},
        {"actor": "x" * 121},
        {"day": "tomorrow"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
    ],
)
def test_a_search_that_makes_no_sense_is_told_so(people, wanted):
    answer = people.client("adm").get("/moderation/events", query_string=wanted)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert 'role="alert" tabindex="-1" autofocus' in answer.text


@pytest.mark.parametrize("address", [QUEUE, "/moderation/recruiters", "/moderation/events"])
def test_a_page_nobody_has_linked_to_is_refused(people, address):
    assert people.client("adm").get(f"{address}?after=xyz").status_code == 400


# -- rules ----------------------------------------------------------------------------------


def test_the_rules_are_the_vocabulary_of_the_decisions(client):
    page = client.get("/film-rules", headers={"Accept-Language": "fr"}).text
    assert "On vous entend mal." in page
    assert 'id="scam"' in page
    assert "24\u00a0heures" in page
