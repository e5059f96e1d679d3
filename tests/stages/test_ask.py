"""What a yes needs besides her word: room at the school, where she was asked about it."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.core import current_settings
from leadgen.journey.ask import NoRoomError, ask, say_yes
from leadgen.models import Asking, Inquiry, Lead, Link, School
from leadgen.review.reasons import Reason
from leadgen.vault import open_vault
from tests.inquiries import HER_VISIT, add_school, send_inquiry


@pytest.fixture
def asking(session: Session) -> Asking:
    """Staff asked her about Harebell."""
    add_school(session, "larkspur")
    inquiry: Inquiry = send_inquiry(session, ["larkspur"])
    add_school(session, "harebell")
    secret = current_settings().secret_key.get_secret_value()
    ask(session, open_vault(), secret, inquiry, "harebell", "user:1", Reason("fits_now"))
    return session.scalars(select(Asking)).one()


@pytest.mark.parametrize("part", ["medical-billing-and-coding", "campus Main"])
def test_her_yes_waits_where_the_program_or_the_campus_is_full(session: Session, asking: Asking, part: str) -> None:
    cap_harebell(session, f"{part}: 0 a day")
    with pytest.raises(NoRoomError):
        answer(session, asking)
    cap_harebell(session, "dental-assistant: 0 a day")
    assert answer(session, asking).school_id == "harebell"


def cap_harebell(session: Session, cap: str) -> None:
    session.execute(update(School).where(School.id == "harebell").values(part_caps=(cap,)))
    session.flush()


def answer(session: Session, asking: Asking) -> Lead:
    return say_yes(
        session,
        open_vault(),
        asking,
        session.get_one(Link, asking.link_id),
        HER_VISIT,
    )
