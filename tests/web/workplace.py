"""People who sign in: a client each, and the rows they work on, made outside of any request.

Requests inside a pushed app context would share the signed-in user, so nothing here leaves one open."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user
from leadgen.clock import now
from leadgen.extensions import db
from leadgen.models import Attempt, Base, Delivery, Lead, Result, State

PASSWORD = "correct horse battery"


@contextmanager
def database(app: Flask) -> Iterator[Session]:
    """A session of its own, closed at the end."""
    with app.app_context():
        yield db.session
        db.session.rollback()


def sign_in(
    app: Flask, email: str, role: RoleName, school: str | None = None, base_url: str | None = None
) -> FlaskClient:
    """Make the user, and a client that is signed in as that user."""
    with database(app) as session:
        add_user(session, email, PASSWORD, role, school, "test")
        session.commit()
    client = app.test_client()
    answer = client.post("/login", data={"email": email, "password": PASSWORD}, base_url=base_url)
    assert answer.status_code == 302, answer.text
    return client


def dump(app: Flask, *, without: str = "") -> dict[str, list[str]]:
    """Every row of every table, or of all but one table."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != without]
    with database(app) as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in tables}


def add_reviewer(session: Session, email: str = "rita@firststep.example") -> int:
    """A reviewer who does not sign in; gives the number of the user."""
    return add_user(session, email, PASSWORD, RoleName.reviewer, None, "test").id


def settle(session: Session, lead: Lead, state: State, reason: str | None = None) -> Delivery:
    """Put the lead's delivery into a state, with the attempt that belongs to it. The caller commits."""
    delivery = session.scalars(select(Delivery).where(Delivery.lead_id == lead.id).order_by(Delivery.id)).first()
    assert delivery is not None
    delivery.state, delivery.reason, delivery.tries = state, reason, 1
    session.flush()
    results = {
        State.delivered: Result.accepted,
        State.uncertain: Result.unknown,
        State.failed: Result.permanent_no,
        State.sending: None,
    }
    if state in results:
        values = {"parcel_bytes": 1, "parcel_schema": "lead.created/1", "parcel_hash": "0", "started_at": now(session)}
        session.execute(
            insert(Attempt).values(delivery_id=delivery.id, number=1, fence=0, result=results[state], **values)
        )
    return delivery
