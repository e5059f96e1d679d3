"""Endpoints changed by hand: they come back as another version, and an import leaves them as they are."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.directory.by_hand import EditError, NotThereError
from leadgen.directory.edit import ChangedMeanwhileError
from leadgen.directory.reader import read_directory
from leadgen.directory.receivers import Wanted, add_endpoint, change_endpoint, read_seen
from leadgen.directory.sync import Source, apply_plan, plan_import
from leadgen.invariants import find_breaches
from leadgen.journey import endpoints
from leadgen.journey.standing import pause_school
from leadgen.models import Delivery, Endpoint, EndpointKind, EndpointState, State, Subject, Takes
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.schools_csv import make_csv, make_row

ROW = make_row(delivery="webhook", deliver_to="https://larkspur.example/leads")


def bring(session: Session, *rows: dict[str, str]) -> tuple[str, ...]:
    """Import; gives the names of what was kept as the desk has it."""
    plan = plan_import(session, read_directory(make_csv(*rows)))
    apply_plan(session, plan, Source("schools.csv", "0" * 64), open_vault())
    session.commit()
    return tuple(change.name for change in plan.kept)


def add(session: Session, kind: EndpointKind, address: str, takes: Takes = Takes.everything) -> Endpoint:
    endpoint, _ = add_endpoint(session, open_vault(), "larkspur", Wanted(kind, takes, address), "user:1")
    session.commit()
    return endpoint


def find_webhook(session: Session) -> Endpoint:
    return session.scalars(select(Endpoint).filter_by(kind=EndpointKind.webhook)).one()


def test_an_import_leaves_endpoints_as_the_desk_has_them_and_says_so(session: Session) -> None:
    bring(session, ROW)
    add(session, EndpointKind.email, "leads@larkspur.example")
    assert bring(session, ROW | {"deliver_to": "https://larkspur.example/v2"}) == ("larkspur",)
    used = select(Endpoint.kind, Endpoint.address).where(Endpoint.retired_at.is_(None)).order_by(Endpoint.id)
    assert session.execute(used).all() == [
        (EndpointKind.webhook, "https://larkspur.example/leads"),
        (EndpointKind.email, "leads@larkspur.example"),
    ]


def test_an_endpoint_that_was_retired_and_is_added_again_is_another_version(session: Session) -> None:
    bring(session, ROW)
    old = find_webhook(session)
    secret = old.secret_sealed
    pause_school(session, "larkspur", "user:1", "no_room")
    endpoints.retire(session, old.id, "user:1", "replaced")
    session.commit()
    again = add(session, EndpointKind.webhook, "https://larkspur.example/v2")
    assert (again.id, again.version, again.state) == (old.id, 2, EndpointState.testing)
    assert again.secret_sealed != secret
    kinds = [event.kind for event in history.read_history(session, Subject.school, "larkspur")]
    assert kinds[-2:] == ["endpoint.retired", "endpoint.restored"]


def test_leads_wait_for_an_endpoint_that_is_being_tested_and_every_promise_holds(session: Session) -> None:
    add_school(session, "larkspur")
    mail = add(session, EndpointKind.email, "leads@larkspur.example", Takes.leads)
    send_inquiry(session, ["larkspur"])
    states = {each.endpoint_id: each.state for each in session.scalars(select(Delivery))}
    assert states == {find_webhook(session).id: State.pending, mail.id: State.pending}
    assert list(find_breaches(session)) == []


def test_an_address_is_changed_once_and_at_once_where_asked(session: Session) -> None:
    bring(session, ROW)
    endpoint = find_webhook(session)
    seen = read_seen(endpoint)
    typed = seen | {"address": "https://larkspur.example/v2"}
    assert change_endpoint(session, endpoint, typed, seen, "user:1", test=False)
    session.commit()
    assert (endpoint.version, endpoint.state) == (2, EndpointState.live)
    with pytest.raises(ChangedMeanwhileError) as raised:
        change_endpoint(session, endpoint, seen | {"position": "2"}, seen, "user:2", test=False)
    assert raised.value.last is not None
    assert raised.value.last.actor == "user:1"
    session.rollback()
    assert not change_endpoint(session, endpoint, read_seen(endpoint), read_seen(endpoint), "user:2", test=True)


def test_what_cannot_be_an_endpoint_is_refused(session: Session) -> None:
    bring(session, ROW)
    for kind, address, takes in (
        (EndpointKind.webhook, "https://larkspur.example/x", Takes.everything),
        (EndpointKind.form_post, "https://larkspur.example/x", Takes.everything),
        (EndpointKind.email, "", Takes.notices),
    ):
        with pytest.raises(EditError):
            add(session, kind, address, takes)
        session.rollback()
    with pytest.raises(NotThereError):
        add_endpoint(session, open_vault(), "nowhere", Wanted(EndpointKind.portal, Takes.everything, ""), "user:1")
