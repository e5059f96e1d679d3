"""A school with no endpoint that takes leads gets none: it is not found, not ticked, and nothing is released to it."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.directory.standing import InUseError
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.journey import endpoints, standing
from leadgen.journey.release import hold_choice, lock_choices, release_choice
from leadgen.journey.submit import NothingToSendError
from leadgen.matching.criteria import Criteria
from leadgen.matching.find import find_matches
from leadgen.matching.index.keeper import keep_directory
from leadgen.matching.nearly import list_nearly
from leadgen.matching.room import find_hidden, find_unavailable
from leadgen.models import (
    Choice,
    Delivery,
    Endpoint,
    EndpointKind,
    EndpointState,
    Lead,
    Outcome,
    SchoolStatus,
    Takes,
    Verdict,
)
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import open_vault
from leadgen.web.desk.words import REASON_WORDS
from tests.builders import build_school, list_school
from tests.inquiries import add_school, make_draft, send_inquiry, submit_draft

CRITERIA = Criteria("medical-billing-and-coding", "60601")
REASON = "replaced"


def retire_endpoints(session: Session, *schools: str) -> None:
    """As undoing a change of the directory may do it: whatever the desk would say."""
    session.execute(update(Endpoint).where(Endpoint.school_id.in_(schools)).values(retired_at=now(session)))
    session.commit()


def find_endpoint(session: Session) -> int:
    return session.scalars(select(Endpoint.id).where(Endpoint.retired_at.is_(None)).order_by(Endpoint.id)).first() or 0


def test_a_school_whose_endpoints_are_all_retired_is_unavailable(session: Session) -> None:
    for school in ("larkspur", "bramble"):
        add_school(session, school)
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.email, takes=Takes.notices, address="a@b.example"))
    retire_endpoints(session, "larkspur")
    session.execute(update(Endpoint).where(Endpoint.takes == Takes.notices).values(retired_at=None))
    assert find_unavailable(session, ["larkspur", "bramble"]).closed == {"larkspur"}
    assert find_hidden(session, ["larkspur", "bramble"]).closed == {"larkspur"}
    assert find_hidden(session, ["bramble"]).closed == frozenset()
    assert find_hidden(session).closed == {"larkspur"}
    assert [match.school_id for match in find_matches(session, CRITERIA).matches] == ["bramble"]
    assert [each.candidate.offering.school_id for each in list_nearly(session, CRITERIA)] == ["bramble"]


@pytest.mark.parametrize("state", list(EndpointState))
def test_an_endpoint_that_is_paused_broken_or_in_testing_is_one(session: Session, state: EndpointState) -> None:
    add_school(session)
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2, retired_at=now(session)))
    session.execute(update(Endpoint).where(Endpoint.kind == EndpointKind.webhook).values(state=state))
    assert find_hidden(session).closed == frozenset()


def test_a_listed_school_is_shown_whatever_endpoints_it_had(session: Session) -> None:
    add_school(session)
    retire_endpoints(session, "larkspur")
    list_school(session, "larkspur")
    assert find_hidden(session).closed == frozenset()
    assert find_unavailable(session, ["larkspur"]).closed == {"larkspur"}


def test_the_directory_in_memory_does_not_show_it_either(session: Session) -> None:
    for school in ("larkspur", "bramble"):
        add_school(session, school)
    retire_endpoints(session, "larkspur")
    keep_directory(db.engine).build()
    assert [match.school_id for match in find_matches(session, CRITERIA).matches] == ["bramble"]


def test_a_school_that_lost_its_endpoint_between_list_and_send_gets_no_lead(session: Session) -> None:
    for school in ("larkspur", "bramble"):
        add_school(session, school)
    both, one = make_draft(session, ["larkspur", "bramble"]), make_draft(session, ["larkspur"])
    retire_endpoints(session, "larkspur")
    sent = submit_draft(session, both)
    assert (sent.schools, sent.full) == (["bramble"], ["larkspur"])
    with pytest.raises(NothingToSendError):
        submit_draft(session, one)
    session.commit()
    assert session.scalars(select(Lead.school_id)).all() == ["bramble"]
    assert find_breaches(session) == []


def test_what_was_thanked_for_and_has_no_endpoint_is_held_where_staff_see_it(session: Session) -> None:
    """As where the endpoint goes in the very moment of her last post: a school that never had one is not hidden."""
    add_school(session)
    session.execute(Endpoint.__table__.delete())
    send_inquiry(session, ["larkspur"])
    assert session.scalars(select(Lead)).all() == []
    assert session.scalars(select(Choice.outcome)).all() == [Outcome.hold]
    assert session.scalars(select(Verdict.reasons)).all() == [["no_endpoint"]]
    assert REASON_WORDS["no_endpoint"]
    assert find_breaches(session) == []


def test_a_held_choice_stays_held_while_its_school_has_no_endpoint(session: Session) -> None:
    add_school(session)
    inquiry = send_inquiry(session, ["larkspur"])
    reason = Reason("checked")
    (choice,) = lock_choices(session, inquiry.id)
    hold_choice(session, open_vault(), choice, "user:1", reason)
    retire_endpoints(session, "larkspur")
    (choice,) = lock_choices(session, inquiry.id)
    with pytest.raises(ReleaseError, match="no endpoint"):
        release_choice(session, open_vault(), choice, "user:1", reason)
    session.commit()
    session.refresh(choice)
    assert choice.outcome is Outcome.hold
    assert session.scalars(select(Lead)).all() == []
    assert find_breaches(session) == []


def test_the_last_endpoint_of_a_school_that_takes_inquiries_stays(session: Session) -> None:
    add_school(session)
    with pytest.raises(InUseError, match="Add another endpoint first, or pause the school"):
        endpoints.retire(session, find_endpoint(session), "user:1", REASON)
    session.rollback()
    send_inquiry(session, ["larkspur"])
    assert session.scalars(select(Delivery.endpoint_id)).all() == [find_endpoint(session)]
    assert find_breaches(session) == []


def test_one_of_two_may_go_and_a_mail_box_for_notices_does_not_count(session: Session) -> None:
    add_school(session)
    box = Endpoint(school_id="larkspur", kind=EndpointKind.email, takes=Takes.notices, address="a@b.example")
    session.add(box)
    session.commit()
    with pytest.raises(InUseError):
        endpoints.retire(session, find_endpoint(session), "user:1", REASON)
    session.rollback()
    endpoints.retire(session, box.id, "user:1", REASON)
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    session.commit()
    endpoints.retire(session, find_endpoint(session), "user:1", REASON)


def test_the_endpoint_of_a_paused_school_may_go_and_then_the_school_cannot_resume(session: Session) -> None:
    add_school(session)
    standing.pause_school(session, "larkspur", "user:1", "asked_to")
    number = find_endpoint(session)
    endpoints.retire(session, number, "user:1", REASON)
    session.commit()
    with pytest.raises(InUseError, match="no endpoint"):
        standing.resume_school(session, "larkspur", "user:1", "asked_to")
    session.rollback()
    endpoints.resume(session, number, "user:1", "fault_mended")
    standing.resume_school(session, "larkspur", "user:1", "asked_to")


def test_a_listed_school_that_was_closed_resumes_without_an_endpoint(session: Session) -> None:
    school = build_school(session)
    list_school(session, school.id)
    standing.close_school(session, school.id, "user:1", "asked_to")
    standing.resume_school(session, school.id, "user:1", "asked_to")
    session.refresh(school)
    assert (school.status, school.listed) == (SchoolStatus.taking, True)
