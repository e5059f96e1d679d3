"""She alone answers about one more school, once, and a yes is tick, consent and release at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from leadgen.clock import now
from leadgen.models import (
    Answer,
    Asking,
    Choice,
    Consent,
    Contact,
    Delivery,
    Inquiry,
    Lead,
    Link,
    Match,
    School,
    SchoolStatus,
    State,
    Verdict,
)
from tests.web.asked import ASKED, Asked, asked
from tests.web.desk import PERSONAL
from tests.web.workplace import database, dump

__all__ = ["asked"]  # a fixture, used by name


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


def test_in_spanish_the_page_says_why_in_spanish_too(asked: Asked) -> None:
    asked.ask()
    page = asked.app.test_client().get(f"/es{asked.address()}").text
    assert "Coincide con lo que usted pidió, y no estaba en su lista." in page
    assert "It fits what you asked for" not in page


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
    set_school(asked, status=SchoolStatus.paused)
    answer = asked.answer("yes", page)
    assert answer.status_code == 200
    assert "takes no requests at the moment" in answer.text
    assert asked.count(Lead) == 1
    set_school(asked, status=SchoolStatus.taking)
    assert asked.answer("yes").status_code == 303
    assert asked.count(Lead) == 2


@pytest.mark.parametrize("part", ["medical-billing-and-coding", "campus Main"])
def test_where_her_program_or_campus_is_full_the_page_says_so_before_she_answers(asked: Asked, part: str) -> None:
    asked.ask()
    page = asked.open().text
    set_school(asked, part_caps=(f"{part}: 0 a day",))
    for told in (asked.open().text, asked.answer("yes", page).text):
        assert "takes no requests at the moment" in told
        assert "Yes, send my details" not in told
    assert asked.count(Lead) == 1
    set_school(asked, part_caps=("dental-assistant: 0 a day",))
    assert "Yes, send my details" in asked.open().text


def set_school(asked: Asked, **values: object) -> None:
    with database(asked.app) as session:
        session.execute(update(School).where(School.id == ASKED).values(**values))
        session.commit()


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
