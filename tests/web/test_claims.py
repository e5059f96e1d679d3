"""Claims at the desk: shown in every list, kept while a page is open, told to whoever acts meanwhile."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from leadgen.accounts.roles import RoleName
from leadgen.models import Assignment, Choice, Endpoint, Inquiry
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import database, sign_in


@dataclass(frozen=True)
class Room:
    """Rita and Sam, with one held inquiry between them."""

    app: Flask
    rita: FlaskClient
    sam: FlaskClient
    reference: str
    claim: str

    def outcome(self) -> str | None:
        with database(self.app) as session:
            return session.scalars(select(Choice.outcome)).one()


def press(client: FlaskClient, path: str, **fields: str) -> str:
    answer = client.post(path, data=fields)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


@pytest.fixture
def room(app: Flask) -> Room:
    with database(app) as session:
        add_school(session, "larkspur")
        inquiry = send_inquiry(session, ["larkspur"], trap="filled")
        reference, claim = inquiry.reference, f"inquiry:{inquiry.id}"
    rita, sam = (sign_in(app, f"{name}@firststep.example", RoleName.reviewer) for name in ("rita", "sam"))
    return Room(app, rita, sam, reference, claim)


def test_a_claim_is_shown_to_its_holder_and_to_others(room: Room) -> None:
    assert ">Yours<" in press(room.rita, "/desk/claims", claim=room.claim, back="bin=held")
    for path in ("/desk", f"/desk/inquiries/{room.reference}"):
        assert ">Yours<" in room.rita.get(path).text
        assert ">rita@firststep.example</span>" in room.sam.get(path).text


def test_mine_shows_what_one_holds(room: Room) -> None:
    assert room.reference not in room.rita.get("/desk?who=mine").text
    press(room.rita, "/desk/claims", claim=room.claim)
    assert room.reference in room.rita.get("/desk?who=mine").text
    assert room.reference not in room.sam.get("/desk?who=mine").text


def test_a_colleague_may_look_and_is_told_who_holds_it_when_acting(room: Room) -> None:
    press(room.rita, "/desk/claims", claim=room.claim)
    assert room.sam.get(f"/desk/inquiries/{room.reference}").status_code == 200
    page = press(room.sam, f"/desk/inquiries/{room.reference}/release")
    assert "rita@firststep.example works on this, until" in page
    assert "Nothing was changed" in page
    assert room.outcome() == "hold"
    press(room.sam, "/desk/claims", claim=room.claim, over="1")
    press(room.sam, f"/desk/inquiries/{room.reference}/release")
    assert room.outcome() == "release"


def test_the_holder_acts_and_looking_at_sealed_data_is_no_act(room: Room) -> None:
    press(room.rita, "/desk/claims", claim=room.claim)
    assert room.sam.post(f"/desk/inquiries/{room.reference}/reveal").status_code == 200
    press(room.rita, f"/desk/inquiries/{room.reference}/release")
    assert room.outcome() == "release"


def test_a_claim_that_was_let_go_is_anybodys(room: Room) -> None:
    press(room.rita, "/desk/claims", claim=room.claim)
    assert "did not hold it any more" in press(room.sam, "/desk/claims/drop", claim=room.claim)
    assert "You let it go" in press(room.rita, "/desk/claims/drop", claim=room.claim)
    assert ">Yours<" in press(room.sam, "/desk/claims", claim=room.claim)


def test_an_open_page_holds_on_to_its_claims_and_hears_which_are_lost(room: Room) -> None:
    press(room.rita, "/desk/claims", claim=room.claim)
    with database(room.app) as session:
        before = session.scalars(select(Assignment.until)).one()
    assert room.rita.post("/desk/claims/renew", data={"claim": [room.claim, "x"]}).json == {"held": [room.claim]}
    with database(room.app) as session:
        assert session.scalars(select(Assignment.until)).one() > before
    press(room.sam, "/desk/claims", claim=room.claim, over="1")
    assert room.rita.post("/desk/claims/renew", data={"claim": room.claim}).json == {"held": []}


def test_an_endpoint_that_a_colleague_holds_is_not_switched(room: Room) -> None:
    with database(room.app) as session:
        session.execute(update(Endpoint).values(state="broken", broken_reason="401"))
        session.commit()
        endpoint = session.scalars(select(Endpoint.id)).one()
    press(room.rita, "/desk/claims", claim=f"endpoint:{endpoint}", back="bin=endpoints")
    assert "works on this" in press(room.sam, f"/desk/endpoints/{endpoint}/resume")
    with database(room.app) as session:
        assert session.scalars(select(Endpoint.state)).one() == "broken"


@pytest.mark.parametrize("claim", ["", "inquiry:0", "inquiry:x", "delivery:1", "inquiry:99999999999", "inquiry:1 "])
def test_only_what_there_can_be_is_claimed(room: Room, claim: str) -> None:
    for verb in ("", "/drop"):
        assert room.rita.post(f"/desk/claims{verb}", data={"claim": claim}).status_code == 400
    with database(room.app) as session:
        assert session.scalars(select(Assignment)).all() == []


def test_who_only_reads_sees_claims_and_takes_none(room: Room) -> None:
    press(room.rita, "/desk/claims", claim=room.claim)
    ron = sign_in(room.app, "ron@firststep.example", RoleName.reader)
    page = ron.get("/desk").text
    assert ">rita@firststep.example</span>" in page
    assert "Take over" not in page
    assert ron.post("/desk/claims", data={"claim": room.claim}).status_code == 403


def test_what_is_not_there_cannot_be_acted_on(room: Room) -> None:
    assert room.sam.post("/desk/inquiries/LG-0000-0000/release").status_code == 404
    with database(room.app) as session:
        assert session.scalars(select(Inquiry)).all()
