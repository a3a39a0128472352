"""Administrators find people by what they know of them."""

from __future__ import annotations

import pytest

from cvtube.accounts.account_states import Act
from cvtube.accounts.models import Role, User
from cvtube.accounts.suspension import SuspensionReason
from cvtube.administration import people as lists
from cvtube.administration.people import PeopleFilter, State
from cvtube.db.keyset import decode_position
from cvtube.errors import Refused
from cvtube.videos import lifecycle
from tests import factories

pytestmark = pytest.mark.both_databases


@pytest.fixture
def find(runtime):
    def found(**wanted):
        with runtime.reading() as session:
            return [
                line.user.given_name
                for line in lists.list_people(session, PeopleFilter(**wanted)).rows
            ]

    return found


@pytest.fixture
def helene(runtime, now):
    with runtime.transaction() as session:
        helene = factories.make_user(session, now, name="Élène")
        helene.email_confirmed_at = None
        helene.email, helene.family_name = "h.o-neil@example.org", "O'Neil_Çelik"
    return helene


@pytest.mark.parametrize(
    "text",
    ["elene", "ÉLÈNE", "lène o'", "neil_c", "O-NEIL@example", "h.o-neil@example.org"],
)
def test_a_name_or_an_address_is_found_as_people_type_it(find, helene, people, text):
    assert people.ada.given_name not in find(text=text)
    assert find(text=text) == ["Élène"]


@pytest.mark.parametrize("text", ["neil%", "e_ene", "  1234 5678 9012", "0" * 26])
def test_signs_of_the_database_are_letters_like_any_other(find, helene, text):
    assert find(text=text) == []


def test_a_card_is_found_by_its_number_and_an_account_by_its_id(find, people, runtime):
    people.client("kim").post("/cards", data={"names": "Fatou"})
    with runtime.reading() as session:
        (line,) = lists.list_people(session, PeopleFilter("fatou")).rows
        (card,) = lists.access_cards_of(session, line.user)
        for name in (card.number, f" {card.number[:4]} {card.number[4:]}", line.user.id):
            assert lists.find_person(session, name).id == line.user.id
        with pytest.raises(Refused, match="person_unknown"):
            lists.find_person(session, "nobody@example.org")
    assert find(text=card.number) == find(text=line.user.id) == ["Fatou"]


def test_lists_are_by_role_and_state(find, helene, people, runtime, now):
    for name in ("ada", "ben", "cy", "rae"):
        getattr(people, name)  # made when first asked for
    with runtime.transaction() as session:
        session.get_one(User, people.cy.id).suspended_at = now
        session.get_one(User, people.rae.id).deleted_at = now
    assert set(find(role=Role.CANDIDATE)) == {"Élène", "Cy", "Ada"}
    assert set(find(role=Role.CANDIDATE, state=State.ACTIVE)) == {"Ada"}
    assert find(state=State.SUSPENDED) == ["Cy"]
    assert find(state=State.UNCONFIRMED) == ["Élène"]
    assert set(find()) == {"Élène", "Cy", "Ada", "Ben"}


def test_pages_follow_each_other_without_a_gap(people, runtime):
    for name in ("ada", "ben", "cy", "rae", "uma"):
        getattr(people, name)
    seen, after = [], None
    with runtime.reading() as session:
        while True:
            page = lists.list_people(session, PeopleFilter(), after=decode_position(after), size=2)
            seen += [line.user.id for line in page.rows]
            after = page.next
            if after is None:
                break
    assert len(seen) == len(set(seen)) == 5


def test_videos_are_counted_and_must_be_gone_before_another_role(people, runtime, now):
    act, ada_id = Act(people.adm, SuspensionReason.DUTIES), people.ada.id
    with runtime.transaction() as session:
        ada = session.get_one(User, ada_id)
        ada.password_hash = "x"
        video = factories.make_video(session, ada, now)
        session.flush()
        assert lists.load_person(session, ada.id).films == 1
        with pytest.raises(Refused, match="role_has_films"):
            lists.change_role(session, ada, now, act, role=Role.ADVISER)
        lifecycle.delete_video(session, video, now, actor=ada)
        lists.change_role(session, ada, now, act, role=Role.ADVISER)
        assert lists.load_person(session, ada.id).films == 0
        assert ada.role is Role.ADVISER
