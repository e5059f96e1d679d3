"""Who asked never to be contacted: requests are withdrawn, later ones held, and none goes out."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.core import current_settings
from leadgen.delivery.carriers.contract import Answer
from leadgen.extensions import db
from leadgen.intake.change import Change
from leadgen.invariants import find_breaches
from leadgen.journey.ask import ask
from leadgen.journey.change import change_inquiry
from leadgen.journey.erase import erase_inquiry
from leadgen.journey.release import release_choice
from leadgen.journey.suppress import lift_suppression, suppress_person
from leadgen.models import Choice, Consent, Delivery, Inquiry, Lead, Letter, Outcome, State, Verdict
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.suppression import SuppressedError
from leadgen.vault import open_vault
from tests.at_once import Act, do_at_once
from tests.inquiries import Prospect, add_school, make_draft, send_inquiry, submit_draft
from tests.tasks.scripted_carrier import carry, inquiry

__all__ = ["inquiry"]  # a fixture, used by name

EMAIL, PHONE = "ada@mail.example", "+13125550142"
OTHER = Prospect(email="grace@mail.example", phone="+13125550199")


def never_contact(session: Session, *indexes: bytes) -> list[str]:
    references = suppress_person(session, indexes or [open_vault().index_email(EMAIL)], "user:1", "called_us")
    session.commit()
    return references


def test_what_has_not_left_never_leaves(session: Session, inquiry: Inquiry) -> None:
    assert never_contact(session) == [inquiry.reference]
    carrier, delivery = carry(session, Answer("200"))
    assert (delivery.state, carrier.carried) == (State.cancelled, [])
    assert session.scalars(select(Consent.withdrawn_at)).one() is not None
    assert find_breaches(session) == []


@pytest.mark.parametrize("again", [Prospect(email=EMAIL, phone=OTHER.phone), Prospect(email=OTHER.email, phone=PHONE)])
def test_a_later_request_with_the_email_or_the_number_is_held_and_no_letter_goes(
    session: Session, again: Prospect
) -> None:
    add_school(session, "larkspur")
    vault = open_vault()
    assert never_contact(session, vault.index_email(EMAIL), vault.index_phone(PHONE)) == []
    send_inquiry(session, ["larkspur"], again)
    assert session.scalars(select(Verdict.reasons)).all() == [["suppressed"]]
    assert session.scalars(select(Lead)).all() == []
    assert session.scalars(select(Letter)).all() == []
    choice = session.scalars(select(Choice).where(Choice.ticked)).one()
    with pytest.raises(ReleaseError, match="never to be contacted"):
        release_choice(session, vault, choice, "user:1", Reason("plausible", ""))
    session.rollback()
    lift_suppression(session, [vault.index_email(EMAIL), vault.index_phone(PHONE)], "user:1")
    release_choice(session, vault, choice, "user:1", Reason("plausible", ""))
    session.commit()
    assert session.scalars(select(Choice.outcome).where(Choice.ticked)).one() is Outcome.release


def test_where_nothing_is_reviewed_such_a_request_is_held_too(make_app: Callable[..., Flask]) -> None:
    app = make_app(review="none")
    with app.app_context(), db.sessionmaker() as session:
        add_school(session, "larkspur")
        never_contact(session)
        send_inquiry(session, ["larkspur"])
        assert session.scalars(select(Delivery)).all() == []


def test_the_list_outlives_an_erasure(session: Session, inquiry: Inquiry) -> None:
    never_contact(session)
    erase_inquiry(session, open_vault(), current_settings(), inquiry, "user:1", "called_us")
    session.commit()
    send_inquiry(session, ["larkspur"])
    assert session.scalars(select(Verdict.reasons).order_by(Verdict.id.desc())).first() == ["suppressed"]


def test_nobody_changes_to_a_number_whose_owner_asked(session: Session, inquiry: Inquiry) -> None:
    vault = open_vault()
    never_contact(session, vault.index_phone("+13125550177"))
    with pytest.raises(SuppressedError, match="never to pass this number on"):
        change_inquiry(session, vault, inquiry, Change("+13125550177", [], "en", {}))


def test_staff_do_not_ask_about_one_more_school(session: Session, inquiry: Inquiry) -> None:
    add_school(session, "bramble")
    never_contact(session)
    secret = current_settings().secret_key.get_secret_value()
    with pytest.raises(ReleaseError, match="never to be contacted"):
        ask(session, open_vault(), secret, inquiry, "bramble", "user:1", Reason("wants_more", ""))


def test_a_request_at_the_same_moment_is_withdrawn_or_held(app: Flask, session: Session) -> None:
    add_school(session, "larkspur")
    session.commit()
    index = open_vault().index_email(EMAIL)
    acts: list[Act] = [
        lambda mine: suppress_person(mine, [index], "user:1", "called_us"),
        lambda mine: submit_draft(mine, make_draft(mine, ["larkspur"])),
    ]
    assert do_at_once(app, *acts) == [True, True]
    session.expire_all()
    is_held = session.scalars(select(Choice.outcome).where(Choice.ticked)).one() is Outcome.hold
    is_withdrawn = session.scalars(select(Consent.withdrawn_at)).one() is not None
    assert is_held or is_withdrawn
