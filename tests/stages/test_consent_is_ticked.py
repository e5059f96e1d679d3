"""The database itself refuses a consent, a lead or a delivery that she did not ask for."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen.models import Delivery, Endpoint, Inquiry, Lead
from tests.inquiries import add_school, make_draft, submit_draft

CONSENT = """
    INSERT INTO consent (inquiry_id, school_id, ticked, wording_version, words, words_sha256, page, act, given_at)
    VALUES (:inquiry, :school, :ticked, 'v', 'w', 'h', '/', 'none', :at)
"""
LEAD = "INSERT INTO lead (reference, inquiry_id, school_id, released_at) VALUES ('LD-FORGED', :inquiry, :school, :at)"
DELIVERY = """
    INSERT INTO delivery (lead_id, school_id, endpoint_id, about, version, key, state, due_at, fence, tries, created_at)
    VALUES (:lead, :school, :endpoint, 'lead', 9, 'forged', 'pending', :at, 0, 0, :at)
"""
AT = "2027-03-04 05:06:07.000000"

Forge = Callable[..., None]


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    """Larkspur was shown and ticked, Bramble shown and not ticked, Stranger not shown."""
    for school in ("larkspur", "bramble", "stranger"):
        add_school(session, school)
    draft = make_draft(session, ["larkspur", "bramble"])
    draft.answers.ticked = ["larkspur"]
    sent = submit_draft(session, draft)
    session.commit()
    return session.scalars(select(Inquiry).where(Inquiry.reference == sent.reference)).one()


@pytest.fixture
def forge(session: Session, inquiry: Inquiry) -> Forge:
    """Run an INSERT as somebody would who has the database and no scruples."""

    def run(statement: str, **values: object) -> None:
        at = AT if session.get_bind().dialect.name == "sqlite" else f"{AT}+00"
        session.execute(text(statement), {"inquiry": inquiry.id, "at": at} | values)
        session.commit()

    return run


@pytest.mark.parametrize("school", ["bramble", "stranger"])
@pytest.mark.parametrize("ticked", [True, False])
def test_consent_to_a_school_she_did_not_tick_is_refused(forge: Forge, school: str, ticked: bool) -> None:
    with pytest.raises(IntegrityError):
        forge(CONSENT, school=school, ticked=ticked)


def test_second_consent_to_a_ticked_school_is_refused(forge: Forge) -> None:
    with pytest.raises(IntegrityError):
        forge(CONSENT, school="larkspur", ticked=True)


@pytest.mark.parametrize("school", ["bramble", "stranger"])
def test_lead_without_a_consent_is_refused(forge: Forge, school: str) -> None:
    with pytest.raises(IntegrityError):
        forge(LEAD, school=school)


def test_tick_cannot_be_taken_from_under_a_consent(session: Session, forge: Forge) -> None:
    with pytest.raises(IntegrityError):
        forge("UPDATE choice SET ticked = :ticked WHERE school_id = :school", ticked=False, school="larkspur")


@pytest.mark.parametrize("claimed", ["larkspur", "bramble"])
def test_delivery_to_another_schools_endpoint_is_refused(session: Session, forge: Forge, claimed: str) -> None:
    lead = session.scalars(select(Lead)).one()
    foreign = session.scalars(select(Endpoint).where(Endpoint.school_id == "bramble")).one()
    with pytest.raises(IntegrityError):
        forge(DELIVERY, lead=lead.id, endpoint=foreign.id, school=claimed)


def test_delivery_to_the_leads_own_school_is_accepted(session: Session, forge: Forge) -> None:
    lead = session.scalars(select(Lead)).one()
    own = session.scalars(select(Endpoint).where(Endpoint.school_id == "larkspur")).one()
    before = len(session.scalars(select(Delivery.id)).all())
    forge(DELIVERY, lead=lead.id, endpoint=own.id, school="larkspur")
    assert len(session.scalars(select(Delivery.id)).all()) == before + 1
