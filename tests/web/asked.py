"""An inquiry to Larkspur, after which staff ask her about Harebell too."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from leadgen.accounts.roles import RoleName
from leadgen.core import current_settings
from leadgen.invariants import find_breaches
from leadgen.links import make_link_token
from leadgen.models import Base, EndpointKind, Link, LinkPurpose
from tests.inquiries import add_school, send_inquiry
from tests.web.desk import follow
from tests.web.workplace import database, sign_in

ASKED = "harebell"


@dataclass(frozen=True)
class Asked:
    """An inquiry to Larkspur, after which Harebell came to teach the program; Rita at the desk."""

    app: Flask
    rita: FlaskClient
    reference: str

    def ask(self, school: str = ASKED, client: FlaskClient | None = None, **fields: str) -> str:
        """Staff ask about a school; gives the page after it."""
        path = f"/desk/inquiries/{self.reference}/ask"
        return follow(client or self.rita, path, {"school": school, "reason": "fits_now"} | fields).text

    def address(self) -> str:
        """Where the link in the letter leads."""
        with database(self.app) as session:
            link = session.scalars(select(Link)).one()
            secret = current_settings().secret_key.get_secret_value()
            return f"/asking/{make_link_token(secret, LinkPurpose.asking, link.salt)}"

    def open(self) -> TestResponse:
        """She follows the link."""
        return self.app.test_client().get(self.address())

    def answer(self, answer: str, page: str | None = None) -> TestResponse:
        """She answers on the page given, or on the page as it is now."""
        words = re.search(r'name="words" value="(\w+)"', page or self.open().text)
        fields = {"answer": answer} | ({"words": words[1]} if words else {})
        return self.app.test_client().post(self.address(), data=fields)

    def count(self, model: type[Base]) -> int:
        with database(self.app) as session:
            return len(session.scalars(select(model)).all())

    def breaches(self) -> list[object]:
        with database(self.app) as session:
            return list(find_breaches(session))


@pytest.fixture
def asked(app: Flask) -> Asked:
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        reference = send_inquiry(session, ["larkspur"]).reference
        add_school(session, ASKED, kind=EndpointKind.email, address="admissions@harebell.example", secret=None)
    return Asked(app, sign_in(app, "rita@firststep.example", RoleName.reviewer), reference)
