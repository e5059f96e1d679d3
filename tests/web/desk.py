"""Rita at the desk with one inquiry before her, and what she does there."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from leadgen.accounts.roles import RoleName
from leadgen.history import read_history
from leadgen.models import Base, Choice, Delivery, EndpointKind, Inquiry, Lead, Offering, Outcome, State, Subject
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import database, settle, sign_in

PERSONAL = ("Ada Example", "ada@mail.example", "555-0142", "5550142", "192.0.2.10")


@dataclass(frozen=True)
class Desk:
    """Rita at the desk, with one inquiry before her."""

    app: Flask
    rita: FlaskClient
    reference: str

    def page(self, path: str = "") -> str:
        answer = self.rita.get(f"/desk/inquiries/{self.reference}{path}")
        assert answer.status_code == 200
        return answer.text

    def act(self, verb: str, **fields: str) -> str:
        """Press a button of the inquiry's page; gives the page after it."""
        return follow(self.rita, f"/desk/inquiries/{self.reference}/{verb}", fields).text

    def outcomes(self) -> list[Outcome | None]:
        with database(self.app) as session:
            return list(session.scalars(select(Choice.outcome).order_by(Choice.rank)))

    def count(self, model: type[Base]) -> int:
        with database(self.app) as session:
            return len(session.scalars(select(model)).all())


def follow(client: FlaskClient, path: str, fields: dict[str, str]) -> TestResponse:
    """Send a form that answers with a way to a page; gives that page."""
    answer = client.post(path, data=fields)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location)


def make_desk(app: Flask, *schools: str, trap: str = "") -> Desk:
    """An inquiry to these schools. With a ``trap`` filled, screening holds it."""
    with database(app) as session:
        reference = send_inquiry(session, list(schools), trap=trap).reference
    return Desk(app, sign_in(app, "rita@firststep.example", RoleName.reviewer), reference)


@pytest.fixture
def schools(app: Flask) -> None:
    """Three schools, of which Harebell takes no notices."""
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        add_school(session, "harebell", kind=EndpointKind.form_post)


@pytest.fixture
def held(app: Flask, schools: None) -> Desk:
    """An inquiry to two schools that screening held."""
    return make_desk(app, "larkspur", "bramble", trap="filled")


@pytest.fixture
def sent(app: Flask, schools: None) -> Desk:
    """An inquiry that was released to Larkspur."""
    return make_desk(app, "larkspur")


def settle_only(desk: Desk, state: State, reason: str | None = None) -> int:
    """Put the only delivery into a state; gives its number."""
    with database(desk.app) as session:
        delivery = settle(session, session.scalars(select(Lead)).one(), state, reason)
        session.commit()
        return delivery.id


def read_delivery(desk: Desk) -> Any:
    """State and reason of the only delivery."""
    with database(desk.app) as session:
        return session.execute(select(Delivery.state, Delivery.reason)).one()


def kinds(desk: Desk) -> list[str]:
    """What the history of the inquiry tells, in order."""
    with database(desk.app) as session:
        inquiry = session.scalars(select(Inquiry.id).where(Inquiry.reference == desk.reference)).one()
        return [event.kind for event in read_history(session, Subject.inquiry, inquiry)]


def add_far_school(session: Session) -> None:
    """A school in Los Angeles."""
    school = add_school(session, "faraway")
    angeles = {"latitude": 34.05, "longitude": -118.24}
    session.execute(update(Offering).where(Offering.school_id == school.id).values(angeles))
    session.commit()
