"""The feed: what enters it and when, and that whoever follows it meets everything once, in one order."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.delivery import circuit
from leadgen.delivery.carriers.contract import Answer, DefiniteNo
from leadgen.delivery.feed.acknowledge import acknowledge
from leadgen.delivery.feed.offer import number_entries, offer
from leadgen.delivery.feed.read import CursorError, read_page
from leadgen.delivery.take_back import take_back_lead
from leadgen.extensions import db
from leadgen.models import Contact, Delivery, Endpoint, EndpointKind, EndpointState, Inquiry, Lead, School, State
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.tasks.feed_reader import KEY, read
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, inquiry, only_delivery, run
from tests.tasks.test_circuit import send_many

__all__ = ["inquiry"]  # a fixture, used by name


def test_lead_is_in_the_feed_as_soon_as_it_was_tried(session: Session, inquiry: Inquiry) -> None:
    assert read(session) == []
    carrier, delivery = carry(session, DefiniteNo("refused"))
    (item,) = read(session)
    assert (item["id"], item["type"], item["gone"]) == (delivery.key, "lead.created", None)
    assert b'"data":{"lead":"' + item["data"]["lead"].encode() in carrier.carried[0][0].body


def test_feed_says_what_the_webhook_says(session: Session, inquiry: Inquiry) -> None:
    carrier, _ = carry(session, Answer("200"))
    (item,) = read(session)
    told = {"type": item["type"], "timestamp": item["timestamp"], "data": item["data"]}
    assert told == json.loads(carrier.carried[0][0].body)


def test_lead_that_is_tried_again_or_goes_to_two_endpoints_stands_in_the_feed_once(session: Session) -> None:
    add_school(session, "larkspur")
    session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
    session.commit()
    send_inquiry(session, ["larkspur"])
    for delivery_id in session.scalars(select(Delivery.id)).all():
        run(session, ScriptedCarrier([Answer("200")]), delivery_id)
    assert len(read(session)) == 1


def test_what_a_cap_holds_back_is_not_in_the_feed(session: Session) -> None:
    school = add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    school.daily_cap = 0
    session.commit()
    run(session, ScriptedCarrier([Answer("200")]))
    assert only_delivery(session).reason == "cap"
    assert read(session) == []


def test_what_waits_for_a_broken_endpoint_alone_can_be_fetched(session: Session, inquiry: Inquiry) -> None:
    session.scalars(select(Endpoint)).one().state = EndpointState.broken
    session.commit()
    run(session, ScriptedCarrier([Answer("200")]))
    assert only_delivery(session).state is State.held
    assert len(read(session)) == 1
    lead = session.scalars(select(Lead)).one()
    assert not take_back_lead(session, lead), "the school may have read it"


def test_what_waits_while_the_circuit_is_open_can_be_fetched(session: Session) -> None:
    ids = send_many(session, circuit.FAILURES_TO_OPEN + 1)
    for delivery_id in ids:
        run(session, ScriptedCarrier([DefiniteNo("refused")]), delivery_id)
    assert session.get_one(Delivery, ids[-1]).reason == circuit.OPEN
    assert len(read(session)) == len(ids)


def test_paused_school_fetches_nothing_new(session: Session, inquiry: Inquiry) -> None:
    session.scalars(select(Endpoint)).one().state = EndpointState.broken
    session.scalars(select(School)).one().status = "paused"
    session.commit()
    run(session, ScriptedCarrier([Answer("200")]))
    assert read(session) == []


def test_person_who_cannot_be_opened_keeps_nobody_else_out_of_the_feed(session: Session) -> None:
    ids = send_many(session, 2)
    for delivery_id in ids:
        run(session, ScriptedCarrier([Answer("200")]), delivery_id)
    first = session.get_one(Delivery, ids[0])
    inquiry_id, reference = (
        session.get_one(Lead, first.lead_id).inquiry_id,
        session.get_one(Lead, first.lead_id).reference,
    )
    session.execute(update(Contact).where(Contact.inquiry_id == inquiry_id).values(sealed=bytes(64)))
    session.commit()
    spoilt, whole = read(session)
    assert (spoilt["gone"], spoilt["data"]) == ("unreadable", {"lead": reference, "school_reference": None})
    assert (whole["gone"], "person" in whole["data"]) == (None, True)


def test_pages_follow_each_other_by_the_last_id(session: Session) -> None:
    for delivery_id in send_many(session, 5):
        run(session, ScriptedCarrier([Answer("200")]), delivery_id)
    everything = [item["id"] for item in read(session)]
    page = read_page(session, open_vault(), "larkspur", everything[1], 2)
    assert [item["id"] for item in page["items"]] == everything[2:4]
    assert (page["next"], page["more"]) == (everything[3], True)
    last = read_page(session, open_vault(), "larkspur", everything[4], 2)
    assert last == {"items": [], "next": everything[4], "more": False}


def test_cursor_of_another_school_is_no_cursor(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    (item,) = read(session)
    add_school(session, "bramble")
    assert read(session, school="bramble") == []
    with pytest.raises(CursorError, match="Your feed has no item with this id"):
        read_page(session, open_vault(), "bramble", item["id"], 10)
    with pytest.raises(CursorError):
        acknowledge(session, "bramble", item["id"], KEY)


def test_entry_that_is_committed_late_is_not_skipped(session: Session) -> None:
    early, late = send_many(session, 2)
    writer = db.sessionmaker()
    offer(writer, late)  # its row comes first, and nobody else sees it yet
    if db.engine.dialect.name == "postgresql":  # on SQLite a second writer waits, so there is no such moment
        offer(session, early)
        session.commit()
    seen = read(session) if db.engine.dialect.name == "postgresql" else []
    writer.commit()
    writer.close()
    offer(session, early)
    session.commit()
    seen += read(session, seen[-1]["id"] if seen else None)
    keys = {session.get_one(Delivery, each).key for each in (early, late)}
    assert {item["id"] for item in seen} == keys


def test_reader_who_follows_meets_everything_once_while_many_write(app: Flask, session: Session) -> None:
    ids = send_many(session, 24)

    def in_own_session(act: Callable[[Session], None]) -> None:
        with app.app_context():
            act(db.session)
            db.session.commit()

    def follow() -> list[str]:
        seen: list[str] = []
        with app.app_context():
            while len(seen) < len(ids):
                number_entries(db.session)
                db.session.commit()
                page = read_page(db.session, open_vault(), "larkspur", seen[-1] if seen else None, 5)
                db.session.rollback()
                seen += [item["id"] for item in page["items"]]
        return seen

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(follow) for _ in range(2)]
        list(pool.map(in_own_session, [lambda own, each=each: offer(own, each) for each in ids]))
        followed = [reader.result(timeout=60) for reader in readers]
    assert followed[0] == followed[1], "everybody reads it in the same order"
    assert len(set(followed[0])) == len(ids)
