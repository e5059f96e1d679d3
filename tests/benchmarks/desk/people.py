"""Reviewers who are signed in: each with a user of her own and a cookie as the sign-in page hands it out.

``python -m tests.benchmarks.desk.people COUNT`` prints their cookies as JSON."""

import json
import sys

from flask import Flask

from leadgen.accounts.roles import RoleName
from leadgen.accounts.sign_ins import Proof, start_sign_in
from leadgen.accounts.users import add_user, find_user
from leadgen.app import create_app
from leadgen.clock import now
from leadgen.extensions import db
from leadgen.web.signed_in import PROVED_AT, TOKEN

PASSWORD = "a long walk along the river"


def sign_in_reviewers(app: Flask, count: int) -> list[str]:
    """The session cookies of so many reviewers, signed in a moment ago."""
    with app.app_context():
        cookies = [_sign_in(app, f"reviewer{number}@firststep.example") for number in range(count)]
        db.session.commit()
    return cookies


def _sign_in(app: Flask, email: str) -> str:
    user = find_user(db.session, email) or add_user(db.session, email, PASSWORD, RoleName.reviewer, None, "bench")
    token = start_sign_in(db.session, user, Proof.code, "Benchmark")
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie: str = signer.dumps({TOKEN: token, PROVED_AT: now(db.session).isoformat()})
    return cookie


if __name__ == "__main__":
    print(json.dumps(sign_in_reviewers(create_app(), int(sys.argv[1]))))
