"""Staff ask her about one more school: which schools, whom, and never twice."""

from sqlalchemy import select, update

from leadgen.accounts.roles import RoleName
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    Asking,
    Choice,
    Consent,
    Contact,
    Delivery,
    Inquiry,
    Lead,
    Letter,
    Match,
    Offering,
    School,
    SchoolStatus,
)
from tests.inquiries import add_school
from tests.web.asked import ASKED, Asked, asked
from tests.web.desk import PERSONAL
from tests.web.workplace import database, sign_in

__all__ = ["asked"]  # a fixture, used by name


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
