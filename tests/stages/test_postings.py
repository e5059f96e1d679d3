"""The map of a form post: kept in versions, tested before it is used, its secrets sealed."""

from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.carry_test import carry_test
from leadgen.delivery.dispatch import open_dispatcher
from leadgen.delivery.endpoints import find_notice_endpoint
from leadgen.delivery.posting.document import MapError
from leadgen.delivery.posting.keep import (
    MappedMeanwhileError,
    open_secrets,
    read_posting,
    save_posting,
)
from leadgen.delivery.show_parcel import show_parcel
from leadgen.delivery.trial import ask_test, has_passed
from leadgen.invariants import find_breaches
from leadgen.journey import endpoints
from leadgen.journey.endpoints import NotTestedError
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    About,
    Delivery,
    Endpoint,
    EndpointKind,
    EndpointState,
    Lead,
    Receipt,
    ReceiptKind,
    Result,
    State,
    Subject,
    Takes,
)
from leadgen.vault import open_vault
from tests.fake_school import answers
from tests.fake_server import FakeServer, running
from tests.inquiries import add_school, send_inquiry
from tests.posting import describe_posting, make_posting

KEY = {"api_key": "k3y-of-theirs"}
SUCCESS = b'{"result": "success", "id": "A-1", "price": "12.50"}'
NOTICE = {
    "encoding": "json",
    "rows": [
        {"name": "id", "value": "{{ lead_id }}"},
        {"name": "why", "value": "{{ event }}"},
        {"name": "at", "value": "{{ withdrawn_at | date }}"},
    ],
}


def make_form(session: Session, address: str = "https://larkspur.example/post") -> Endpoint:
    add_school(session, "larkspur", kind=EndpointKind.form_post, address=address, secret=None)
    return session.scalars(select(Endpoint)).one()


def save(session: Session, endpoint: Endpoint, secrets: dict[str, str] | None = None, **changes: object) -> bool:
    posting, seen = make_posting(**changes), endpoint.version
    saved = save_posting(
        session, open_vault(), endpoint, posting, KEY if secrets is None else secrets, seen_version=seen, actor="user:1"
    )
    session.commit()
    return saved


def test_a_map_is_a_new_version_that_waits_for_its_test(session: Session) -> None:
    with running(answers(200, SUCCESS)) as server:
        endpoint = make_form(session, f"http://127.0.0.1:{server.port}/post")
        assert save(session, endpoint)
        assert (endpoint.version, endpoint.state) == (2, EndpointState.testing)
        event = history.read_history(session, Subject.school, "larkspur")[-1]
        assert (event.kind, event.actor, event.data["version"]) == ("endpoint.mapped", "user:1", 2)
        assert event.data["parts"] == ["lead", "tables", "rules", "reads", "secrets"]
        with pytest.raises(NotTestedError):
            endpoints.resume(session, endpoint.id, "user:1", "test_passed")
        number = ask_test(session, endpoint, "user:1").id
        session.commit()
        assert carry_test(open_dispatcher(), number) is Result.accepted
    session.expire_all()
    assert has_passed(session, endpoint)
    endpoints.resume(session, endpoint.id, "user:1", "test_passed")
    assert endpoint.state is EndpointState.live
    sent = dict(parse_qsl(server.received[0].partition(b"\r\n\r\n")[2].decode()))
    assert sent == {
        "first": "Test",
        "phone": "(312) 555-0100",
        "level": "NONE",
        "campaign": "spring",
        "api_key": "k3y-of-theirs",
    }


def test_a_refused_test_proves_nothing(session: Session) -> None:
    with running(answers(200, b'{"result": "failed"}')) as server:
        endpoint = make_form(session, f"http://127.0.0.1:{server.port}/post")
        save(session, endpoint)
        number = ask_test(session, endpoint, "user:1").id
        session.commit()
        assert carry_test(open_dispatcher(), number) is Result.permanent_no
    assert not has_passed(session, endpoint)


def test_nothing_differs_nothing_is_written(session: Session) -> None:
    endpoint = make_form(session)
    assert save(session, endpoint)
    assert not save(session, endpoint, {})
    assert endpoint.version == 2
    assert save(session, endpoint, {"api_key": "another"})
    assert endpoint.version == 3


def test_secrets_are_sealed_kept_and_forgotten(session: Session) -> None:
    endpoint = make_form(session)
    save(session, endpoint)
    stored = session.execute(text("SELECT posting, posting_sealed FROM endpoint")).one()
    assert "k3y" not in str(stored.posting)
    assert b"k3y" not in bytes(stored.posting_sealed)
    save(session, endpoint, {}, auth={"kind": "none"}, query=[{"name": "a", "value": "b"}])
    assert open_secrets(open_vault(), endpoint.id, endpoint.posting_sealed) == KEY
    save(session, endpoint, {}, lead={"rows": [{"name": "a", "value": "b"}]})
    assert endpoint.posting_sealed is None


def test_a_faulty_map_is_not_kept(session: Session) -> None:
    endpoint = make_form(session)
    with pytest.raises(MapError) as raised:
        save(session, endpoint, {})
    assert [fault.name for fault in raised.value.faults] == ["secrets.api_key"]
    assert read_posting(endpoint) is None
    add_school(session, "bramble")
    webhook = session.scalars(select(Endpoint).filter_by(kind=EndpointKind.webhook)).one()
    with pytest.raises(MapError, match="Only a form post"):
        save(session, webhook)


def test_whoever_saves_second_is_told_that_it_changed(session: Session) -> None:
    endpoint = make_form(session)
    save(session, endpoint)
    with pytest.raises(MappedMeanwhileError, match="version 2 by now"):
        save_posting(session, open_vault(), endpoint, None, {}, seen_version=1, actor="user:2")


def test_a_map_is_removed_and_the_fixed_list_goes_again(session: Session) -> None:
    endpoint = make_form(session)
    save(session, endpoint)
    assert save_posting(session, open_vault(), endpoint, None, {}, seen_version=2, actor="user:1")
    session.commit()
    assert (endpoint.posting, endpoint.posting_sealed, endpoint.version) == (None, None, 3)


def deliver_by(session: Session, server: FakeServer, **changes: object) -> Delivery:
    """Send an inquiry to a form post with this map, and carry its delivery."""
    endpoint = make_form(session, f"http://127.0.0.1:{server.port}/post")
    save(session, endpoint, **changes)
    endpoint.state = EndpointState.live
    session.commit()
    send_inquiry(session, ["larkspur"])
    return deliver(session, session.scalars(select(Delivery)).one())


def deliver(session: Session, delivery: Delivery) -> Delivery:
    number = delivery.id
    session.commit()  # nobody else writes meanwhile
    open_dispatcher().deliver(number)
    session.expire_all()
    return delivery


def test_a_lead_arrives_with_their_reference_and_what_they_pay(session: Session) -> None:
    with running(answers(200, SUCCESS)) as server:
        delivery = deliver_by(session, server)
    receipt = session.scalars(select(Receipt)).one()
    assert (delivery.state, session.scalars(select(Lead.school_reference)).one()) == (State.delivered, "A-1")
    assert (receipt.delivery_id, receipt.kind, receipt.price_cents) == (delivery.id, ReceiptKind.accepted, 1250)
    assert list(find_breaches(session)) == []


def test_a_duplicate_counts_as_received(session: Session) -> None:
    with running(answers(200, b'{"result": "duplicate", "id": "A-1"}')) as server:
        delivery = deliver_by(session, server)
    assert delivery.state is State.delivered
    assert session.scalars(select(Receipt.kind)).one() is ReceiptKind.duplicate


@pytest.mark.parametrize(
    ("body", "state", "endpoint_state"),
    [
        (b'{"result": "failed", "message": "ada@mail.example is no lead"}', State.failed, EndpointState.live),
        (b'{"result": "busy"}', State.pending, EndpointState.live),
        (b"invalid key", State.held, EndpointState.broken),
        (b'{"result": "who knows"}', State.uncertain, EndpointState.live),
    ],
)
def test_each_answer_leads_to_its_state(
    session: Session, body: bytes, state: State, endpoint_state: EndpointState
) -> None:
    with running(answers(200, body)) as server:
        delivery = deliver_by(session, server)
    assert (delivery.state, delivery.endpoint.state) == (state, endpoint_state)
    events = [str(event.data) for event in history.read_history(session, Subject.inquiry, "1")]
    assert not any("@" in told for told in [*events, str(delivery.reason)])


def test_what_was_sent_is_shown_without_its_secrets_and_known_as_the_same(session: Session) -> None:
    with running(answers(200, b'{"result": "success"}')) as server:
        delivery = deliver_by(session, server)
    shown = show_parcel(session, open_vault(), delivery, "user:1")
    assert shown.same == {1: True}
    assert dict(parse_qsl(shown.parcel.body.decode()))["api_key"] == "•••"


def test_a_notice_goes_by_the_second_map_alone(session: Session) -> None:
    with running(answers(200, b'{"result": "success"}')) as server:
        delivery = deliver_by(session, server, notice=NOTICE)
        lead = session.scalars(select(Lead)).one()
        withdraw_inquiry(session, lead.inquiry_id, ["larkspur"], "prospect")
        session.commit()
        notice = deliver(session, session.scalars(select(Delivery).filter_by(about=About.withdrawal)).one())
    assert (notice.endpoint_id, notice.state) == (delivery.endpoint_id, State.delivered)
    body = server.received[1].partition(b"\r\n\r\n")[2].decode()
    assert (lead.reference in body, "lead.withdrawn" in body, "@" in body) == (True, True, False)


def test_without_a_second_map_notices_go_to_the_mail_box_or_to_nobody(session: Session) -> None:
    endpoint = make_form(session)
    save(session, endpoint)
    assert find_notice_endpoint(session, endpoint) is None
    box = Endpoint(
        school_id="larkspur", kind=EndpointKind.email, takes=Takes.notices, address="a@larkspur.example", position=2
    )
    session.add(box)
    session.flush()
    assert find_notice_endpoint(session, endpoint) is box
    save(session, endpoint, notice=NOTICE)
    assert find_notice_endpoint(session, endpoint) is endpoint
    endpoint.retired_at = now(session)
    assert find_notice_endpoint(session, endpoint) is box


def test_a_map_survives_being_written_as_json(session: Session) -> None:
    endpoint = make_form(session)
    save(session, endpoint, notice=NOTICE)
    session.expire_all()
    assert read_posting(endpoint) == make_posting(notice=NOTICE)
    assert describe_posting()["rules"][0]["outcome"] == "accepted"
