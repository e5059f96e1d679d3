"""The feed after a lead was withdrawn, changed or erased: what is told, and that the person is in it no more."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.carriers.contract import Answer
from leadgen.delivery.news import pass_on_change
from leadgen.extensions import current_settings
from leadgen.journey.erase import erase_inquiry
from leadgen.models import Endpoint, EndpointKind, EndpointState, Inquiry, Lead
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.tasks.feed_reader import acknowledge_all, read, withdraw
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, find_notice, inquiry, run

__all__ = ["inquiry"]  # a fixture, used by name


def test_withdrawn_lead_is_named_and_the_person_is_not(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    withdraw(session, inquiry)
    run(session, ScriptedCarrier([Answer("200")]), find_notice(session).id)
    lead, news = read(session)
    assert (lead["type"], lead["gone"], set(lead["data"])) == (
        "lead.created",
        "withdrawn",
        {"lead", "school_reference"},
    )
    assert (news["type"], news["gone"]) == ("lead.withdrawn", None)
    assert "Ada" not in str([lead, news])


def test_erased_person_is_in_the_feed_no_more(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    session.get_one(Inquiry, inquiry.id).contact.wrapped_key = None
    session.commit()
    (item,) = read(session)
    assert (item["gone"], set(item["data"])) == ("erased", {"lead", "school_reference"})


def test_school_that_takes_no_notices_reads_of_a_withdrawal(session: Session) -> None:
    add_school(session, "larkspur", kind=EndpointKind.form_post, secret=None)
    inquiry = send_inquiry(session, ["larkspur"])
    carry(session, Answer("200"))
    withdraw(session, inquiry)
    assert [item["type"] for item in read(session)] == ["lead.created", "lead.withdrawn"]
    assert session.scalars(select(Lead)).one().untold_since is not None
    acknowledge_all(session)
    session.expire_all()
    assert session.scalars(select(Lead)).one().untold_since is None, "its own system has told it"


def test_school_that_may_have_read_what_was_never_sent_reads_of_a_withdrawal(
    session: Session, inquiry: Inquiry
) -> None:
    session.scalars(select(Endpoint)).one().state = EndpointState.broken
    session.commit()
    run(session, ScriptedCarrier([Answer("200")]))
    withdraw(session, inquiry)
    assert [(item["type"], item["gone"]) for item in read(session)] == [
        ("lead.created", "withdrawn"),
        ("lead.withdrawn", None),
    ]


def test_notice_stands_in_the_feed_at_once_and_once_under_its_own_id(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    withdraw(session, inquiry)
    notice = find_notice(session)
    assert read(session)[-1]["id"] == notice.key
    run(session, ScriptedCarrier([Answer("200")]), notice.id)
    assert len(read(session)) == 2


def test_each_change_has_an_item_of_its_own(session: Session, inquiry: Inquiry) -> None:
    session.scalars(select(Endpoint)).one().state = EndpointState.broken
    session.commit()
    run(session, ScriptedCarrier([Answer("200")]))
    lead = session.scalars(select(Lead)).one()
    for _ in range(2):
        pass_on_change(session, lead, now(session))
        session.commit()
    items = read(session)
    assert [item["type"] for item in items] == ["lead.created", "lead.changed", "lead.changed"]
    assert items[1]["data"]["person"]["name"] == "Ada Example"


def test_erasure_is_told_by_references_alone(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    erase_inquiry(session, open_vault(), current_settings(), session.get_one(Inquiry, inquiry.id), "prospect", "asked")
    session.commit()
    items = read(session)
    assert [(item["type"], item["gone"]) for item in items] == [
        ("lead.created", "erased"),
        ("lead.withdrawn", None),
        ("lead.erased", None),
    ]
    assert "Ada" not in str(items)
