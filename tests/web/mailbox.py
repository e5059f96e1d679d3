"""What was written to users, read as the letters themselves."""

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.letters.compose import compose
from leadgen.models import Letter, User
from tests.web.workplace import database


def read_letters(app: Flask, email: str) -> list[tuple[str, str]]:
    """Kind and plain text of every letter to a user that is to be sent, oldest first."""
    with app.test_request_context(), database(app) as session:
        return [(letter.kind, compose(session, letter)[1]) for letter in _find(session, email)]


def find_path(app: Flask, email: str) -> str:
    """The path of the link in the newest letter to a user."""
    _, text = read_letters(app, email)[-1]
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", text)
    assert found, text
    return found[1]


def _find(session: Session, email: str) -> list[Letter]:
    query = select(Letter).join(User, User.id == Letter.user_id).where(User.email == email, Letter.ended_at.is_(None))
    return list(session.scalars(query.order_by(Letter.id)))
