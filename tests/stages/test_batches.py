"""Daily files: each lead and each withdrawal is a row of one file, counted once."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.delivery.batch.start import start_batch
from leadgen.delivery.carriers.contract import DefiniteNo
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.delivery.feed.days import count_days
from leadgen.delivery.posting.keep import MapError, save_posting
from leadgen.delivery.posting.model import Posting
from leadgen.invariants import find_breaches
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import About, Attempt, Batch, Delivery, Endpoint, EndpointState, Result, School, State
from leadgen.vault import open_vault
from tests.fleet import find_free_port
from tests.inquiries import send_inquiry
from tests.stages.daily_files import (
    LONG_AGO,
    Relay,
    Worker,
    claim,
    describe,
    dispatcher_to,
    inquire,
    let_the_day_pass,
    make_batch_school,
    read_rows,
    relay,
    send_leads,
    states,
)
from tests.tasks.feed_reader import read
from tests.tasks.post_office import PostOffice

__all__ = ["relay"]  # a fixture, used by name


def test_a_lead_waits_for_the_file_of_the_day_by_the_clock_of_the_school(session: Session, relay: Relay) -> None:
    make_batch_school(session)
    send_inquiry(session, ["larkspur"])
    number = session.scalars(select(Delivery.id)).one()
    assert dispatcher_to(relay, session).deliver(number) is None
    delivery = session.get_one(Delivery, number, populate_existing=True)
    assert (delivery.state, delivery.reason) == (State.held, "daily_file")
    assert delivery.due_at > delivery.created_at
    assert delivery.due_at - delivery.created_at <= timedelta(hours=25)
    assert relay.files == []


def test_all_that_is_due_goes_in_one_file_and_each_row_is_delivered_once(session: Session, relay: Relay) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 3)
    carrier = dispatcher_to(relay, session)
    assert carrier.deliver(first) is State.delivered
    for number in session.scalars(select(Delivery.id)).all():
        assert carrier.deliver(number) is None
    assert len(relay.files) == 1
    rows = read_rows(relay.files[0])
    assert [row["Event"] for row in rows] == ["lead.created"] * 3
    assert rows[0]["Name"] == "Ada Example"
    assert rows[0]["Phone"].startswith("'+1"), "a number that begins with a plus is no formula"
    assert len({row["Lead"] for row in rows}) == 3
    assert states(session) == [State.delivered] * 3
    batch = session.scalars(select(Batch)).one()
    assert (batch.state, batch.result, batch.size) == (State.delivered, Result.accepted, len(relay.files[0].body))
    assert session.scalars(select(Attempt.result)).all() == [Result.accepted] * 3
    assert find_breaches(session) == []


def test_a_cap_lets_so_many_into_the_file_and_no_more(session: Session, relay: Relay) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 4)
    session.scalars(select(School)).one().daily_cap = 2
    session.commit()
    dispatcher_to(relay, session).deliver(first)
    assert len(read_rows(relay.files[0])) == 2
    assert sorted(states(session)) == [State.delivered, State.delivered, State.held, State.held]
    assert find_breaches(session) == []


def test_consent_that_is_withdrawn_between_claim_and_send_drops_the_row(session: Session) -> None:
    make_batch_school(session)
    kept, gone = inquire(session, 1), inquire(session, 2)
    let_the_day_pass(session)
    claimed = claim(session, kept.leads[0].deliveries[0].id)
    assert len(claimed.fences) == 2
    withdraw_inquiry(session, gone.id, None, "prospect", "her_wish")
    session.commit()
    started = start_batch(session, open_vault(), claimed)
    session.commit()
    assert started is not None
    assert [row["Lead"] for row in read_rows(started.parcel)] == [kept.leads[0].reference]
    assert len(started.attempts) == 1
    assert find_breaches(session) == []


def test_a_withdrawal_is_a_row_of_a_later_file_with_nothing_about_her(session: Session, relay: Relay) -> None:
    make_batch_school(session)
    sent = send_inquiry(session, ["larkspur"])
    let_the_day_pass(session)
    carrier = dispatcher_to(relay, session)
    carrier.deliver(sent.leads[0].deliveries[0].id)
    withdraw_inquiry(session, sent.id, None, "prospect", "her_wish")
    session.commit()
    notice = session.scalars(select(Delivery.id).where(Delivery.about == About.withdrawal)).one()
    let_the_day_pass(session)
    assert carrier.deliver(notice) is State.delivered
    (row,) = read_rows(relay.files[1])
    assert row == {"Event": "lead.withdrawn", "Lead": sent.leads[0].reference, "Name": "", "Phone": "", "Level": ""}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"batch": None}, "Say when the file goes"),
        ({"batch": {"at": "25:00"}}, "Enter a time of day like 17:30"),
        ({"lead": {"rows": [{"name": "a", "value": "{{ event }}"}]}}, "Add a column with {{ lead_id }}"),
    ],
)
def test_a_map_that_cannot_make_a_file_is_refused(session: Session, changes: dict[str, Any], words: str) -> None:
    endpoint = make_batch_school(session)
    with pytest.raises(MapError) as raised:
        save_posting(
            session,
            open_vault(),
            endpoint,
            Posting.model_validate(describe(**changes)),
            {},
            seen_version=endpoint.version,
            actor="user:1",
        )
    assert words in str(raised.value.words)


def test_a_file_reaches_a_real_mail_box_as_an_attachment(session: Session) -> None:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=find_free_port())
    controller.start()
    try:
        make_batch_school(session)
        first, *_ = send_leads(session, 2)
        known = open_dispatcher()
        line = replace(known.line, smtp_url=f"smtp://127.0.0.1:{controller.port}")
        worker = Worker(session, Dispatcher(known.sessions, known.vault, line, 0))
        assert worker.deliver(first) is State.delivered
    finally:
        controller.stop()
    message: Any = office.read()
    assert "Ada" not in str(message["Subject"])
    (file,) = list(message.iter_attachments())
    assert file.get_filename().endswith(".csv")
    assert len(list(csv.reader(io.StringIO(file.get_content())))) == 3
    assert find_breaches(session) == []


def test_what_went_with_a_file_stands_in_the_feed_and_in_the_counts_of_its_days(session: Session, relay: Relay) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 2)
    dispatcher_to(relay, session).deliver(first)
    items = read(session)
    assert [item["data"]["lead"] for item in items] == [row["Lead"] for row in read_rows(relay.files[0])]
    school = session.scalars(select(School)).one()
    when = LONG_AGO.astimezone(ZoneInfo(school.timezone)).date()
    (day,) = count_days(session, school.id, school.timezone, when, when)
    assert day["count"] == 2


def test_what_only_a_broken_mail_box_keeps_back_can_be_fetched_once_its_file_should_have_gone(
    session: Session, relay: Relay
) -> None:
    make_batch_school(session).state = EndpointState.broken
    early = inquire(session, 1).leads[0].reference
    carrier = dispatcher_to(relay, session)
    carrier.deliver(session.scalars(select(Delivery.id)).one())
    assert read(session) == [], "its turn has not come"
    let_the_day_pass(session)
    inquire(session, 2)
    for number in session.scalars(select(Delivery.id)).all():
        carrier.deliver(number)
    assert [item["data"]["lead"] for item in read(session)] == [early]
    assert relay.files == []


def test_a_row_that_got_a_place_is_full_since_no_day(session: Session) -> None:
    make_batch_school(session, daily_cap=5)
    (number,) = send_leads(session, 1)
    session.execute(update(Delivery).values(full_since=LONG_AGO))
    session.commit()
    assert claim(session, number) is not None
    assert session.get_one(Delivery, number, populate_existing=True).full_since is None


def test_a_file_is_one_try_of_its_endpoint_however_many_rows_it_has(session: Session) -> None:
    make_batch_school(session)
    first, *_ = send_leads(session, 10)
    carrier = dispatcher_to(Relay(DefiniteNo("the server was not reached")), session)
    for tries in (1, 2, 3):
        assert carrier.deliver(first) is State.pending
        session.expire_all()
        endpoint = session.scalars(select(Endpoint)).one()
        assert (endpoint.failures_in_a_row, endpoint.open_until) == (tries, None)
        session.execute(update(Delivery).values(due_at=LONG_AGO))
