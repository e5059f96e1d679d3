"""A school's webhook secret is replaced, with the old one valid beside it or not."""

import time

from sqlalchemy import select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from leadgen.delivery.carriers.webhook import sign
from leadgen.delivery.endpoints import find_destination
from leadgen.delivery.facts import find_facts
from leadgen.directory.endpoints import rotate_secret
from leadgen.models import Delivery, EndpointKind, Event
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry

OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def find_secrets(session: Session) -> tuple[str, ...]:
    delivery = session.scalars(select(Delivery)).one()
    return find_destination(open_vault(), find_facts(session, delivery.id), 1).secrets


def rotate(session: Session, *, at_once: bool = False) -> str:
    secret = rotate_secret(session, open_vault(), "larkspur", "tests", at_once=at_once)
    session.commit()
    return secret or ""


def test_after_a_rotation_both_secrets_sign(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    new = rotate(session)
    assert find_secrets(session) == (new, OLD)
    body, moment = b'{"type":"lead.created"}', int(time.time())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(moment),
        "webhook-signature": sign(find_secrets(session), "msg_1", moment, body),
    }
    assert Webhook(new).verify(body, headers) == {"type": "lead.created"}
    assert Webhook(OLD).verify(body, headers) == {"type": "lead.created"}


def test_the_next_rotation_retires_the_oldest(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    first, second = rotate(session), rotate(session)
    assert find_secrets(session) == (second, first)


def test_at_once_leaves_the_new_secret_alone(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    new = rotate(session, at_once=True)
    assert find_secrets(session) == (new,)


def test_the_history_tells_of_it_without_the_secret(session: Session) -> None:
    add_school(session, "larkspur")
    new = rotate(session)
    event = session.scalars(select(Event).where(Event.kind == "endpoint.secret_rotated")).one()
    assert event.actor == "tests"
    assert new not in str(event.data)


def test_a_school_without_a_webhook_has_no_secret_to_replace(session: Session) -> None:
    add_school(session, "larkspur", kind=EndpointKind.portal, address=None, secret=None)
    assert rotate_secret(session, open_vault(), "larkspur", "tests", at_once=False) is None
