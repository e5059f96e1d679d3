"""Every route names its audience, and everybody else is kept out."""

import re
from itertools import chain

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from leadgen.accounts.roles import Permission, RoleName
from leadgen.accounts.users import find_user
from leadgen.web.access import ROLES, Audience, find_audience, find_permission, needs_fresh
from tests.inquiries import add_school
from tests.web.workplace import database, sign_in

# what stands for the variable parts of an address; nobody has such a row
EXAMPLES = {"int": "999999", "default": "LG-0000-0000", "path": "x"}

# acts of which nothing is left but an answer, or that touch only the user's own things
FREE_ACTS = {"desk.search", "desk.switch_keys", "desk.keep_view", "desk.drop_view"}


@pytest.fixture
def insiders(app: Flask) -> dict[str, FlaskClient]:
    """A client for each kind of person."""
    with database(app) as session:
        add_school(session, "larkspur")
    return {
        "nobody": app.test_client(),
        "reviewer": sign_in(app, "rita@firststep.example", RoleName.reviewer),
        "school": sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur"),
    }


def fill(rule: Rule) -> str:
    return re.sub(r"<(?:(\w+)(?:\(([^)]*)\))?:)?\w+>", stand_in, rule.rule)


def stand_in(found: re.Match[str]) -> str:
    """One of few words where an address offers only those, else what nobody has."""
    return found[2].split(",")[0] if found[1] == "any" else EXAMPLES[found[1] or "default"]


def routes(app: Flask, *audiences: Audience) -> list[tuple[str, str]]:
    """Method and address of every route for one of these audiences."""
    named = [rule for rule in app.url_map.iter_rules() if find_audience(app, rule.endpoint) in audiences]
    methods = ((rule, (rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in named)
    return sorted(chain.from_iterable(((method, fill(rule)) for method in each) for rule, each in methods))


def test_every_route_names_its_audience(app: Flask) -> None:
    nameless = [rule.endpoint for rule in app.url_map.iter_rules() if find_audience(app, rule.endpoint) is None]
    # libraries bring these along; a route without an audience is answered as if it were not there
    assert [endpoint for endpoint in nameless if not endpoint.startswith("security.")] == []


def test_routes_that_libraries_bring_and_nobody_named_do_not_exist(
    app: Flask, insiders: dict[str, FlaskClient]
) -> None:
    for rule in app.url_map.iter_rules():
        if find_audience(app, rule.endpoint) is None:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                for client in insiders.values():
                    assert client.open(fill(rule), method=method).status_code == 404, rule


def test_desk_is_for_staff_and_portal_for_schools(app: Flask) -> None:
    who = {"/desk": Audience.staff, "/portal": Audience.school}
    for rule in app.url_map.iter_rules():
        for prefix, audience in who.items():
            if rule.rule.startswith(prefix):
                assert find_audience(app, rule.endpoint) is audience, rule


def test_door_for_systems_asks_for_a_key_and_nothing_else_does(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        is_open = find_audience(app, rule.endpoint) is Audience.everybody  # what the door is like, anybody may read
        if rule.rule.startswith("/api/") and not is_open:
            assert find_audience(app, rule.endpoint) is Audience.system, rule
        if find_audience(app, rule.endpoint) is Audience.system:
            assert rule.rule.startswith("/api/"), rule


def test_nobody_comes_to_the_door_for_systems_with_a_session(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    assert routes(app, Audience.system)
    for method, address in routes(app, Audience.system):
        for who, client in insiders.items():
            answer = client.open(address, method=method)
            assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), (who, address)


def test_there_is_something_to_guard(app: Flask) -> None:
    assert len(routes(app, Audience.staff)) >= 15
    assert len(routes(app, Audience.school)) >= 4


def test_strangers_are_sent_to_sign_in(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    for method, address in routes(app, Audience.staff, Audience.school, Audience.user, *ROLES):
        answer = insiders["nobody"].open(address, method=method)
        assert answer.status_code == 302, (method, address)
        assert answer.location.split("?")[0] == "/login"


def test_school_finds_no_desk(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    for method, address in routes(app, Audience.staff):
        assert insiders["school"].open(address, method=method).status_code == 404, (method, address)


def test_staff_find_no_portal(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    for method, address in routes(app, Audience.school):
        assert insiders["reviewer"].open(address, method=method).status_code == 404, (method, address)


def test_school_user_without_a_school_finds_no_portal(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    client = sign_in(app, "odd@larkspur.example", RoleName.owner, "larkspur")
    with database(app) as session:
        user = find_user(session, "odd@larkspur.example")
        assert user is not None
        user.school_id = None
        session.commit()
    for method, address in routes(app, Audience.school):
        assert client.open(address, method=method).status_code == 404, (method, address)


def test_every_act_of_insiders_names_its_permission(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if find_audience(app, rule.endpoint) in ROLES]
    acts = {rule.endpoint for rule in rules if "POST" in (rule.methods or set())}
    assert {endpoint for endpoint in acts if find_permission(app, endpoint) is None} <= FREE_ACTS


def test_who_may_only_read_changes_nothing(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    readers = {
        Audience.staff: sign_in(app, "rhea@firststep.example", RoleName.reader),
        Audience.school: sign_in(app, "ray@larkspur.example", RoleName.school_reader, "larkspur"),
    }
    for who, client in readers.items():
        for rule in app.url_map.iter_rules():
            if find_audience(app, rule.endpoint) is who and find_permission(app, rule.endpoint):
                methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
                assert {client.open(fill(rule), method=method).status_code for method in methods} == {403}, rule


def test_user_who_is_switched_off_is_out_at_once(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    assert insiders["reviewer"].get("/desk").status_code == 200
    with database(app) as session:
        user = find_user(session, "rita@firststep.example")
        assert user is not None
        user.active = False
        session.commit()
    assert insiders["reviewer"].get("/desk").status_code == 302


def test_every_form_that_writes_asks_for_its_token(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    people = {Audience.staff: insiders["reviewer"], Audience.school: insiders["school"]}
    for who, client in people.items():
        for method, address in routes(app, who):
            if method == "POST":
                answer = client.post(address)
                assert answer.status_code == 400, address


def test_every_form_of_an_account_asks_for_its_token(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("account.")]
    posts = [rule for rule in posts if "POST" in (rule.methods or set())]
    assert len(posts) >= 15
    for rule in posts:
        for client in (insiders["reviewer"], insiders["nobody"]):
            answer = client.post(fill(rule))
            # strangers are sent to sign in before anything is looked at
            assert answer.status_code == 400 or answer.location.startswith("/login"), rule
    assert insiders["reviewer"].get("/desk").status_code == 200, "nobody can be signed out from elsewhere"


# whose posts a stolen session must not be enough for
FRESH_PERMISSIONS = {Permission.users, Permission.colleagues, Permission.export}
FRESH_ENDPOINTS = re.compile(r"secret|rotate|account\.(.*app|.*passkey|renew_recovery_codes)$")
PROVES_ITSELF = {
    "account.offer_passkeys",
    "account.use_passkey",
    "account.offer_own_passkeys",
    "account.give_passkey",
}


def test_exports_secrets_people_and_second_steps_ask_for_a_proof_of_minutes_ago(app: Flask) -> None:
    guarded = set()
    for rule in app.url_map.iter_rules():
        sensitive = find_permission(app, rule.endpoint) in FRESH_PERMISSIONS or FRESH_ENDPOINTS.search(rule.endpoint)
        if "POST" in (rule.methods or set()) and sensitive and rule.endpoint not in PROVES_ITSELF:
            assert needs_fresh(app, rule.endpoint), rule
            guarded.add(rule.endpoint)
    assert len(guarded) >= 20


def test_pages_for_insiders_are_never_stored(app: Flask, insiders: dict[str, FlaskClient]) -> None:
    assert insiders["reviewer"].get("/desk").headers["Cache-Control"] == "no-store"
    assert insiders["school"].get("/portal").headers["Cache-Control"] == "no-store"
