"""Reads and acknowledges the feed of a school, as its own system does."""

from sqlalchemy.orm import Session

from leadgen.delivery.feed.acknowledge import acknowledge
from leadgen.delivery.feed.forms import FeedItem
from leadgen.delivery.feed.offer import number_entries
from leadgen.delivery.feed.read import read_page
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Inquiry
from leadgen.vault import open_vault

KEY = "key:lgk_1f3a5b7c"


def read(session: Session, after: str | None = None, school: str = "larkspur") -> list[FeedItem]:
    """Number what there is, as the sweeper does, and read the feed."""
    session.rollback()
    number_entries(session)
    session.commit()
    items = read_page(session, open_vault(), school, after, 200)["items"]
    session.rollback()
    return items


def acknowledge_all(session: Session) -> int:
    done = acknowledge(session, "larkspur", read(session)[-1]["id"], KEY)
    session.commit()
    return done["acknowledged"]


def withdraw(session: Session, inquiry: Inquiry) -> None:
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
