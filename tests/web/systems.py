"""A school's own system, with a key of its own."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leadgen.accounts.api_keys import add_key
from tests.web.workplace import database


@dataclass(frozen=True)
class System:
    """Asks with a key, as a program does: without cookies."""

    client: FlaskClient
    secret: str

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.client.get(f"/api/v1{address}", headers={"Authorization": f"Bearer {self.secret}"}, **more)

    def post(self, address: str, **more: Any) -> TestResponse:
        return self.client.post(f"/api/v1{address}", headers={"Authorization": f"Bearer {self.secret}"}, **more)


def start_system(app: Flask, school: str = "larkspur", name: str = "CRM") -> System:
    """Make a key of a school, and a system that has it."""
    with database(app) as session:
        made = add_key(session, school, name, "test")
        session.commit()
        return System(app.test_client(use_cookies=False), made.secret)
