"""Claims: one person at a time, for a quarter of an hour, and nobody keeps what was let go."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.models import Assignment
from leadgen.review.claims import (
    ClaimedError,
    drop_claim,
    find_holders,
    forget_lapsed,
    refuse_claimed,
    renew_claims,
    take_claim,
    take_over,
)
from tests.web.workplace import add_reviewer

LINE = "inquiry:12"


@pytest.fixture
def rita(session: Session) -> int:
    return add_reviewer(session)


@pytest.fixture
def sam(session: Session) -> int:
    return add_reviewer(session, "sam@firststep.example")


def lapse(session: Session) -> None:
    move(session, minutes=15)


def move(session: Session, minutes: int) -> None:
    """As if so much time had passed."""
    for each in session.scalars(select(Assignment)):
        each.since -= timedelta(minutes=minutes)
        each.until -= timedelta(minutes=minutes)
    session.flush()


def holder(session: Session) -> int | None:
    found = find_holders(session, {LINE}).get(LINE)
    return found.user_id if found else None


def test_the_second_who_claims_is_told_who_was_first(session: Session, rita: int, sam: int) -> None:
    take_claim(session, LINE, rita)
    with pytest.raises(ClaimedError, match=r"rita@firststep\.example works on this, until \d\d:\d\d UTC"):
        take_claim(session, LINE, sam)
    assert holder(session) == rita


def test_a_claim_lasts_a_quarter_hour_and_then_anybody_takes_it(session: Session, rita: int, sam: int) -> None:
    take_claim(session, LINE, rita)
    found = find_holders(session, {LINE})[LINE]
    assert found.until - found.since == timedelta(minutes=15)
    lapse(session)
    assert holder(session) is None
    take_claim(session, LINE, sam)
    assert holder(session) == sam
    assert renew_claims(session, [LINE], rita) == []


def test_renewing_moves_the_end_and_not_the_beginning(session: Session, rita: int) -> None:
    take_claim(session, LINE, rita)
    move(session, minutes=5)
    before = find_holders(session, {LINE})[LINE]
    assert renew_claims(session, [LINE, "inquiry:13"], rita) == [LINE]
    after = find_holders(session, {LINE})[LINE]
    assert after.since == before.since
    assert after.until > before.until
    take_claim(session, LINE, rita)
    assert find_holders(session, {LINE})[LINE].since == before.since


def test_who_claims_again_after_a_lapse_begins_anew(session: Session, rita: int) -> None:
    take_claim(session, LINE, rita)
    move(session, minutes=75)
    take_claim(session, LINE, rita)
    found = find_holders(session, {LINE})[LINE]
    assert found.until - found.since == timedelta(minutes=15)


def test_only_the_holder_lets_go(session: Session, rita: int, sam: int) -> None:
    take_claim(session, LINE, rita)
    assert not drop_claim(session, LINE, sam)
    assert drop_claim(session, LINE, rita)
    assert not drop_claim(session, LINE, rita)
    assert holder(session) is None


def test_a_colleague_takes_over_by_saying_so(session: Session, rita: int, sam: int) -> None:
    take_claim(session, LINE, rita)
    take_over(session, LINE, sam)
    assert holder(session) == sam
    with pytest.raises(ClaimedError, match="sam"):
        take_claim(session, LINE, rita)
    take_over(session, "inquiry:13", sam)
    assert find_holders(session, {"inquiry:13"})["inquiry:13"].user_id == sam


def test_acting_is_refused_for_everybody_but_the_holder(session: Session, rita: int, sam: int) -> None:
    refuse_claimed(session, LINE, sam)
    take_claim(session, LINE, rita)
    refuse_claimed(session, LINE, rita)
    with pytest.raises(ClaimedError):
        refuse_claimed(session, LINE, sam)
    lapse(session)
    refuse_claimed(session, LINE, sam)


def test_lapsed_claims_are_forgotten_and_others_kept(session: Session, rita: int) -> None:
    take_claim(session, LINE, rita)
    lapse(session)
    take_claim(session, "endpoint:1", rita)
    forget_lapsed(session)
    assert [each.subject for each in session.query(Assignment)] == ["endpoint:1"]
