"""Staff ask her about one more school. She alone answers, once, and a yes is tick, consent and release at once."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.core import current_settings
from leadgen.delivery.carriers.contract import DefiniteNo, Parcel
from leadgen.delivery.claim import claim_letter, start_sending
from leadgen.delivery.record import Heard, record_outcome
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.links import make_link_token
from leadgen.models import (
    Answer,
    Asking,
    Base,
    Choice,
    Consent,
    Contact,
    Delivery,
    EndpointKind,
    Inquiry,
    Lead,
    Letter,
    Link,
    LinkPurpose,
    Match,
    Offering,
    School,
    SchoolStatus,
    State,
    Verdict,
)
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.web.test_desk import PERSONAL, dump, follow
from tests.web.workplace import database, sign_in

ASKED = "harebell"


@dataclass(frozen=True)
class Asked:
    """An inquiry to Larkspur, after which Harebell came to teach the program; Rita at the desk."""

    app: Flask
    rita: FlaskClient
    reference: str

    def ask(self, school: str = ASKED, client: FlaskClient | None = None, **fields: str) -> str:
        path = f"/desk/inquiries/{self.reference}/ask"
        return follow(client or self.rita, path, {"school": school, "reason": "fits_now"} | fields).text

    def address(self) -> str:
        """Where the link in the letter leads."""
        with database(self.app) as session:
            link = session.scalars(select(Link)).one()
            secret = current_settings().secret_key.get_secret_value()
            return f"/asking/{make_link_token(secret, LinkPurpose.asking, link.salt)}"

    def open(self) -> TestResponse:
        return self.app.test_client().get(self.address())

    def answer(self, answer: str, page: str | None = None) -> TestResponse:
        words = re.search(r'name="words" value="(\w+)"', page or self.open().text)
        fields = {"answer": answer} | ({"words": words[1]} if words else {})
        return self.app.test_client().post(self.address(), data=fields)

    def count(self, model: type[Base]) -> int:
        with database(self.app) as session:
            return len(session.scalars(select(model)).all())

    def breaches(self) -> list[object]:
        with database(self.app) as session:
            return list(find_breaches(session))


@pytest.fixture
def asked(app: Flask) -> Asked:
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        reference = send_inquiry(session, ["larkspur"]).reference
        add_school(session, ASKED, kind=EndpointKind.email, address="admissions@harebell.example", secret=None)
    return Asked(app, sign_in(app, "rita@firststep.example", RoleName.reviewer), reference)


def test_staff_pick_from_what_fits_or_nearly_fits_and_was_not_chosen(asked: Asked) -> None:
    with database(asked.app) as session:
        add_school(session, "nearly")
        add_school(session, "paused")
        session.execute(update(School).where(School.id == "paused").values(status=SchoolStatus.paused))
        add_school(session, "faraway")
        for school, longitude in (("nearly", -89.6), ("faraway", -118.24)):
            place = {"latitude": 40.7, "longitude": longitude}
            session.execute(update(Offering).where(Offering.school_id == school).values(place))
        session.commit()
    page = asked.rita.get(f"/desk/inquiries/{asked.reference}/ask").text
    assert page.index("Harebell Institute") < page.index("Nearly Institute")
    assert "miles asked for" in page
    assert not [name for name in ("Larkspur", "Paused", "Faraway") if name in page]
    assert not [word for word in PERSONAL if word in page]


def test_asking_writes_a_letter_and_sends_the_school_nothing(asked: Asked) -> None:
    page = asked.ask(words="Ada wants more")
    assert "The school gets nothing unless the person says yes" in page
    assert "Asked about later" in page
    assert "Ada wants more" not in page
    assert (asked.count(Lead), asked.count(Consent), asked.count(Delivery)) == (1, 1, 1)
    with database(asked.app) as session:
        choice = session.scalars(select(Choice).where(Choice.school_id == ASKED)).one()
        assert (choice.ticked, choice.outcome, choice.rank) == (False, None, 2)
        assert choice.asked_at
        assert [letter.state for letter in session.scalars(select(Letter).where(Letter.kind == "asking"))] == [
            "pending"
        ]
        # matches of an asking say why, like those of the first list
        assert session.scalars(select(Match).where(Match.choice_id == choice.id)).one().reasons
    assert asked.breaches() == []


def test_nobody_is_asked_twice_about_one_school(asked: Asked) -> None:
    asked.ask()
    max_ = sign_in(asked.app, "max@firststep.example", RoleName.reviewer)
    assert "Asked already by rita@firststep.example on " in asked.ask(client=max_)
    assert asked.count(Asking) == 1
    assert "Harebell" not in asked.rita.get(f"/desk/inquiries/{asked.reference}/ask").text


def test_school_that_she_chose_or_that_does_not_fit_is_not_asked_about(asked: Asked) -> None:
    assert "chosen already" in asked.ask("larkspur")
    assert "does not fit nearly enough" in asked.ask("nowhere")
    assert "Choose a reason first" in asked.ask(reason="because")
    assert "Choose a school first" in asked.ask("")
    assert asked.count(Asking) == 0


def test_withdrawn_or_erased_person_is_not_asked(asked: Asked) -> None:
    with database(asked.app) as session:
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()
    assert "whole request was withdrawn" in asked.ask()
    with database(asked.app) as session:
        session.execute(update(Contact).values(wrapped_key=None, sealed=None))
        session.commit()
    assert "personal data was erased" in asked.ask()
    assert asked.count(Asking) == 0


def test_her_page_shows_the_school_why_and_the_words_and_changes_nothing(asked: Asked) -> None:
    asked.ask()
    before = dump(asked.app)
    page = asked.open()
    assert page.status_code == 200
    for words in (
        "Harebell Institute",
        "It fits what you asked for, and was not on your list.",
        "Harebell Institute may contact me by email and phone call about training in medical billing and coding.",
        "Yes, send my details to Harebell Institute",
    ):
        assert words in page.text, words
    assert not [word for word in PERSONAL if word in page.text]
    assert dump(asked.app) == before


def test_her_yes_is_tick_consent_verdict_and_lead_at_once(asked: Asked) -> None:
    asked.ask()
    with database(asked.app) as session:
        first_page = session.scalars(select(Contact.page_sealed)).one()
    answer = asked.answer("yes")
    assert answer.status_code == 303
    assert "/request/" in answer.location
    assert "You said yes" in asked.app.test_client().get(answer.location).text
    with database(asked.app) as session:
        choice = session.scalars(select(Choice).where(Choice.school_id == ASKED)).one()
        consent = session.scalars(select(Consent).where(Consent.school_id == ASKED)).one()
        verdict = session.scalars(select(Verdict).where(Verdict.choice_id == choice.id)).one()
        lead = session.scalars(select(Lead).where(Lead.school_id == ASKED)).one()
        delivery = session.scalars(select(Delivery).where(Delivery.lead_id == lead.id)).one()
        asking = session.scalars(select(Asking)).one()
        assert (choice.ticked, choice.outcome, verdict.outcome) == (True, "release", "release")
        assert (verdict.actor, verdict.reasons) == (asking.asked_by, ["fits_now"])
        assert "Harebell Institute may contact me by email and phone call" in consent.words
        assert [row.channel for row in consent.channels] == ["call", "email"]
        assert (delivery.state, asking.answer) == (State.pending, Answer.yes)
        # the first page as shown stays
        assert session.scalars(select(Contact.page_sealed)).one() == first_page
    assert asked.breaches() == []
    page = asked.rita.get(f"/desk/inquiries/{asked.reference}").text
    assert "The person said yes to another school" in page
    assert "asked about later" in page


def test_her_no_sends_nothing_and_is_kept(asked: Asked) -> None:
    asked.ask()
    assert asked.answer("no").status_code == 303
    assert (asked.count(Lead), asked.count(Consent)) == (1, 1)
    with database(asked.app) as session:
        assert session.scalars(select(Asking.answer)).one() is Answer.no
        assert not session.scalars(select(Choice.ticked).where(Choice.school_id == ASKED)).one()
    assert "The person said no to another school" in asked.rita.get(f"/desk/inquiries/{asked.reference}").text
    assert asked.breaches() == []


@pytest.mark.parametrize("second", ["yes", "no"])
def test_link_is_good_for_one_answer(asked: Asked, second: str) -> None:
    asked.ask()
    page = asked.open().text
    asked.answer("yes")
    again = asked.answer(second, page)
    assert again.status_code == 410
    assert "used already" in again.text
    assert asked.open().status_code == 410
    assert (asked.count(Lead), asked.count(Consent)) == (2, 2)


def test_link_runs_out_after_two_weeks(asked: Asked) -> None:
    asked.ask()
    page = asked.open().text
    with database(asked.app) as session:
        link = session.scalars(select(Link)).one()
        assert link.expires_at - link.made_at == timedelta(days=14)
        link.expires_at = now(session) - timedelta(seconds=1)
        session.commit()
    assert asked.open().status_code == 410
    assert asked.answer("yes", page).status_code == 410
    assert asked.count(Lead) == 1
    assert "No answer" in asked.rita.get(f"/desk/inquiries/{asked.reference}").text


def test_words_that_changed_after_she_opened_the_page_are_read_again(asked: Asked) -> None:
    asked.ask()
    page = asked.open().text
    with database(asked.app) as session:
        session.execute(update(School).where(School.id == ASKED).values(name="Harebell College"))
        session.commit()
    answer = asked.answer("yes", page)
    assert answer.location == asked.address()
    assert asked.count(Lead) == 1


def test_anything_but_yes_or_no_is_no_answer(asked: Asked) -> None:
    asked.ask()
    assert asked.answer("maybe").status_code == 400
    assert asked.app.test_client().get("/asking/" + "0" * 32).status_code == 410
    assert asked.count(Lead) == 1


def test_school_that_is_full_by_then_gets_nothing_and_she_may_come_again(asked: Asked) -> None:
    asked.ask()
    page = asked.open().text
    set_status(asked, SchoolStatus.paused)
    answer = asked.answer("yes", page)
    assert answer.status_code == 200
    assert "takes no requests at the moment" in answer.text
    assert asked.count(Lead) == 1
    set_status(asked, SchoolStatus.taking)
    assert asked.answer("yes").status_code == 303
    assert asked.count(Lead) == 2


def set_status(asked: Asked, status: SchoolStatus) -> None:
    with database(asked.app) as session:
        session.execute(update(School).where(School.id == ASKED).values(status=status))
        session.commit()


def test_who_withdraws_the_whole_request_is_not_asked_any_more(asked: Asked) -> None:
    asked.ask()
    page = asked.open().text
    with database(asked.app) as session:
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()
        assert session.scalars(select(Letter.state).where(Letter.kind == "asking")).one() is State.cancelled
    assert asked.open().status_code == 410
    assert asked.answer("yes", page).status_code == 410
    assert asked.count(Lead) == 1
    assert asked.breaches() == []


def withdraw_everything(asked: Asked) -> None:
    with database(asked.app) as session:
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()


def test_letter_that_a_worker_has_claimed_is_not_sent_once_she_withdrew(asked: Asked) -> None:
    asked.ask()
    with database(asked.app) as session:
        claim = claim_letter(session, session.scalars(select(Letter.id).where(Letter.kind == "asking")).one(), 30)
        session.commit()
    assert claim is not None
    withdraw_everything(asked)
    with database(asked.app) as session:
        assert start_sending(session, claim, Parcel(b"", "text/plain", "letter.asking/1"), "") is None
        assert session.get_one(Letter, claim.row_id).state is State.cancelled


def test_letter_on_its_way_as_she_withdraws_is_not_tried_again_and_its_page_says_what_happened(asked: Asked) -> None:
    asked.ask()
    with database(asked.app) as session:
        claim = claim_letter(session, session.scalars(select(Letter.id).where(Letter.kind == "asking")).one(), 30)
        assert claim is not None
        attempt = start_sending(session, claim, Parcel(b"", "text/plain", "letter.asking/1"), "")
        assert attempt is not None
        session.commit()
    withdraw_everything(asked)
    with database(asked.app) as session:
        state = record_outcome(session, open_vault(), claim, Heard(attempt, DefiniteNo("421 busy"), 5))
        session.commit()
    assert state is State.cancelled
    opened = asked.open()
    assert opened.status_code == 410
    assert "Your request was withdrawn" in opened.text


def test_letter_that_failed_is_not_sent_again_once_its_link_is_dead(asked: Asked) -> None:
    asked.ask()
    with database(asked.app) as session:
        session.execute(update(Letter).where(Letter.kind == "asking").values(state=State.failed))
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()
        letter = session.scalars(select(Letter.id).where(Letter.kind == "asking")).one()
    again = {"reason": "relay_mended"}
    page = asked.rita.post(f"/desk/letters/{letter}/resend", data=again, follow_redirects=True).text
    assert "opens nothing any more" in page
    with database(asked.app) as session:
        assert session.get_one(Letter, letter).state is State.failed


def test_school_that_was_shown_and_not_ticked_can_be_asked_about(asked: Asked) -> None:
    with database(asked.app) as session:
        inquiry = session.scalars(select(Inquiry.id)).one()
        choice = Choice(inquiry_id=inquiry, school_id="bramble", rank=2, ticked=False)
        session.add(choice)
        session.flush()
        match = {"rank": 2, "distance_miles": 0.0, "score": 50.0, "reasons": ["In Chicago"], "checks": []}
        session.add(Match(choice_id=choice.id, offering_id="bramble-mbc", **match))
        session.commit()
    assert "was shown, not chosen" in asked.rita.get(f"/desk/inquiries/{asked.reference}/ask").text
    asked.ask("bramble")
    assert "In Chicago" in asked.open().text
    asked.answer("yes")
    with database(asked.app) as session:
        assert len(session.scalars(select(Match).join(Choice).where(Choice.school_id == "bramble")).all()) == 1
    assert asked.breaches() == []


def test_request_page_tells_the_asked_schools_own_story(asked: Asked) -> None:
    asked.ask()
    page = asked.app.test_client().get(asked.answer("yes").location).text
    mine = page[page.index("Harebell Institute") :]
    assert "We asked you by email whether we may send it" in mine
    assert "You sent your request" not in mine
