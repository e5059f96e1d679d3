"""Charlie, from another school, walks every address of ours with everybody else's numbers, and finds nothing."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from leadgen.accounts.api_keys import add_key
from leadgen.accounts.roles import SCHOOL_ROLES, RoleName
from leadgen.accounts.users import find_user
from leadgen.clock import now
from leadgen.models import Endpoint, EndpointKind, EndpointTest, Lead, Passkey, SignIn, State
from leadgen.web.access import Audience, find_audience
from tests.inquiries import add_school, send_inquiry
from tests.web.test_portal import PERSONAL
from tests.web.workplace import database, dump, settle, sign_in

LOU = "lou@larkspur.example"
# whatever a form of ours may hold, and what would make it Larkspur's
FIELDS = {
    "reason": "other",
    "school": "larkspur",
    "school_id": "larkspur",
    "role": "school_reader",
    "email": LOU,
    "reference": "",
    "user_id": "",
    "counts": "one",
}


@dataclass(frozen=True)
class Larkspur:
    """The ids of everything that is Larkspur's, by the name that addresses give them."""

    app: Flask
    lou: FlaskClient
    ids: dict[str, object]


@pytest.fixture
def larkspur(app: Flask) -> Larkspur:
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.portal, address=None, secret=None)
        add_school(session, "bramble")
        send_inquiry(session, ["larkspur"])
        lead = session.scalars(select(Lead)).one()
        settle(session, lead, State.delivered)
        session.commit()
        reference = lead.reference
    lou = sign_in(app, LOU, RoleName.owner, "larkspur")
    with database(app) as session:
        user = find_user(session, LOU)
        assert user is not None
        key = {"credential_id": b"1", "public_key": b"1", "device_type": "single_device", "backup_state": False}
        user.webauthn = [Passkey(**key, name="Lou's", usage="first", sign_count=0, lastuse_datetime=now(session))]
        session.flush()
        signed_in = session.scalars(select(SignIn.id)).one()
        at = now(session)
        test = {"version": 1, "key": "test_1", "asked_by": "user:1", "asked_at": at, "ended_at": at, "twice": True}
        session.add(EndpointTest(endpoint_id=session.scalars(select(Endpoint.id)).first(), **test))
        session.flush()
        ids = {"test_id": session.scalars(select(EndpointTest.id)).one()}
        ids |= {"reference": reference, "user_id": user.id, "sign_in_id": signed_in, "passkey_id": user.webauthn[0].id}
        ids |= {"key_id": add_key(session, "larkspur", "CRM", "test").key.id}
        session.commit()
    return Larkspur(app, lou, ids)


def own_routes(app: Flask) -> list[Rule]:
    """Every route for a school, and for whoever is signed in."""
    rules = app.url_map.iter_rules()
    return [rule for rule in rules if find_audience(app, rule.endpoint) in (Audience.school, Audience.user)]


def fill(rule: Rule, ids: dict[str, object]) -> str:
    """The address with Larkspur's ids. A name that is not known here has to be added to the fixture."""
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: str(ids[found[1]]), rule.rule)


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


@pytest.mark.parametrize("role", sorted(SCHOOL_ROLES))
def test_everything_with_an_id_is_answered_as_if_it_were_not_there(larkspur: Larkspur, role: RoleName) -> None:
    charlie = sign_in(larkspur.app, "charlie@bramble.example", role, "bramble")
    before = dump(larkspur.app)
    walked = 0
    for rule in own_routes(larkspur.app):
        if not rule.arguments:
            continue
        for method in methods(rule):
            answer = charlie.open(fill(rule, larkspur.ids), method=method, data=FIELDS)
            refused = {404} if role == RoleName.owner else {403, 404}
            assert answer.status_code in refused, (method, rule.rule, role)
            assert not [word for word in (*PERSONAL, LOU, "Larkspur") if word in answer.text]
            walked += 1
    assert walked >= 10
    assert dump(larkspur.app) == before


def test_pages_without_an_id_tell_of_the_own_school_alone(larkspur: Larkspur) -> None:
    charlie = sign_in(larkspur.app, "charlie@bramble.example", RoleName.owner, "bramble")
    for rule in own_routes(larkspur.app):
        if not rule.arguments and "GET" in methods(rule):
            for query in ("", "?school=larkspur", "?school_id=larkspur", "?page=2"):
                page = charlie.get(f"{rule.rule}{query}", follow_redirects=True).text
                assert not [word for word in (*PERSONAL, LOU, "Larkspur") if word in page], rule.rule


def test_the_walk_would_find_something(larkspur: Larkspur) -> None:
    """Lou herself, with the same ids, is let in."""
    reached = {
        rule.rule: larkspur.lou.get(fill(rule, larkspur.ids)).status_code
        for rule in own_routes(larkspur.app)
        if rule.arguments and methods(rule) == ["GET"]
    }
    assert reached
    assert set(reached.values()) == {200}
