"""What hostile people send: it is refused or shown as text, and nothing breaks."""

import re
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from leadgen.accounts.roles import RoleName
from leadgen.directory.sync import import_directory
from leadgen.models import Attempt, Inquiry, Lead, State
from leadgen.vault import open_vault
from leadgen.web.access import find_audience
from tests.inquiries import add_school, send_inquiry
from tests.schools_csv import make_csv, make_row
from tests.web.visitor import Visitor
from tests.web.workplace import PASSWORD, database, settle, sign_in

RITA = "rita@firststep.example"
SCRIPT = "<script>alert(1)</script>"
# every field that any of our forms reads
FIELDS = [
    *("zip", "program", "certification", "credential", "certifications", "format", "within", "adult", "education"),
    *("schools", "name", "email", "phone", "contact_times", "referral", "channels-larkspur", "form_token", "school"),
    *("reason", "note", "answer", "q", "next", "password"),
]


@pytest.fixture
def lead(app: Flask) -> str:
    """The reference of a lead at Larkspur."""
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        send_inquiry(session, ["larkspur"])
        found = session.scalars(select(Lead)).one()
        settle(session, found, State.delivered)
        session.commit()
        return found.reference


@pytest.fixture
def everybody(app: Flask, lead: str) -> list[FlaskClient]:
    """A stranger, a reviewer, and the school's own user."""
    lou = sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    return [app.test_client(), sign_in(app, RITA, RoleName.reviewer), lou]


def fill(rule: Rule, text: str) -> str:
    """The address of a rule with ``text`` in its places, and a good number where it asks for one."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: "1" if found[1] == "int" else text, rule.rule)


def answers(app: Flask, clients: list[FlaskClient], text: str, typed: str) -> list[tuple[int, str]]:
    """Every route, asked by everybody, with ``text`` in its address and ``typed`` in every field."""
    told = []
    for rule in app.url_map.iter_rules():
        if find_audience(app, rule.endpoint) is None or rule.endpoint == "security.logout":
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            for client in clients:
                fields = dict.fromkeys(FIELDS, typed) if method == "POST" else None
                told.append((client.open(fill(rule, text), method=method, data=fields).status_code, rule.rule))
    return told


def test_zero_bytes_break_nothing(app: Flask, everybody: list[FlaskClient], lead: str) -> None:
    for text, typed in (("a%00b", "plain"), (lead, "a\0b"), (lead, "\0")):
        assert [each for each in answers(app, everybody, text, typed) if each[0] >= 500] == []


@pytest.mark.parametrize("typed", ["%00", "9" * 40, "-1", "%FF%FE", "x" * 5000, quote(SCRIPT), "%F0%9F%98%80"])
def test_odd_questions_in_an_address_break_nothing(everybody: list[FlaskClient], typed: str) -> None:
    rita = everybody[1]
    for path in (
        "/desk?bin=",
        "/desk?page=",
        "/desk/schools?name=",
        "/desk/schools?page=",
        "/programs/x?certification=",
    ):
        answer = rita.get(path + typed)
        assert answer.status_code in (200, 400, 404), path
        assert SCRIPT not in answer.text


def test_number_that_no_row_can_have_is_not_found(everybody: list[FlaskClient]) -> None:
    for path in ("/desk/deliveries/%s/resolve", "/desk/deliveries/%s/redeliver", "/desk/endpoints/%s/pause"):
        for number in (2**31 - 1, 2**31, 2**63, 10**30):
            fields = {"answer": "received", "reason": "school_said"}
            assert everybody[1].post(path % number, data=fields).status_code == 404, path


def test_request_over_200_kb_is_refused_with_a_page(client: FlaskClient) -> None:
    for path in ("/inquiry/start", "/login", "/inquiry/check"):
        answer = client.post(path, data={"zip": "6" * 250_000})
        assert answer.status_code == 413
        assert "larger than our forms allow" in answer.text


def test_password_that_is_too_long_to_hash_is_a_wrong_one(app: Flask, client: FlaskClient) -> None:
    sign_in(app, RITA, RoleName.reviewer)
    for email in (RITA, "nobody@firststep.example"):
        answer = client.post("/login", data={"email": email, "password": "x" * 5000})
        assert answer.status_code == 200
        assert "do not go together" in answer.text


def test_session_cookie_alone_signs_in(app: Flask) -> None:
    sign_in(app, RITA, RoleName.reviewer)
    client = app.test_client()
    told = client.post("/login?include_auth_token", json={"email": RITA, "password": PASSWORD}).get_json() or {}
    token = told.get("response", {}).get("user", {}).get("authentication_token", "none")
    stranger = app.test_client()
    assert stranger.get(f"/desk?auth_token={token}").status_code == 302
    assert stranger.get("/desk", headers={"Authentication-Token": token}).status_code == 302


def test_nobody_is_remembered_longer_than_a_session(app: Flask) -> None:
    sign_in(app, RITA, RoleName.reviewer)
    client = app.test_client()
    client.post("/login", data={"email": RITA, "password": PASSWORD, "remember": "y"})
    assert client.get("/desk").status_code == 200
    assert client.get_cookie("remember_token") is None


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 400)])
def test_post_of_another_site_gets_no_button_that_sends_it_again(app: Flask, site: str, status: int) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/login", data={"email": "eve@mail.example"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status
    assert ("eve@mail.example" in answer.text) is (site == "same-origin")
    assert ("Set-Cookie" in answer.headers) is (site == "same-origin")


def test_cookies_travel_over_tls_only_and_out_of_reach_of_scripts(make_app: Callable[..., Flask]) -> None:
    app = make_app(
        mode="production",
        base_url="https://schools.example.org",
        smtp_url="smtp://relay.example",
        min_form_seconds="3",
        allowed_private_networks="",
    )
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().get("/login", base_url="https://schools.example.org")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert flag in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada\r\nBcc: eve@mail.example", "Ada Bcc: eve@mail.example"),
        ("Ada \u202eelpmaxE", "Ada elpmaxE"),
        ("Ada\u2028Example\u2066", "Ada Example"),
    ],
)
def test_name_is_one_line_that_reads_in_one_direction(app: Flask, lead: str, typed: str, kept: str) -> None:
    visitor = Visitor(app)
    visitor.reach_list()
    visitor.tick("larkspur")
    assert visitor.give_details("larkspur", name=typed).status_code == 303
    assert escape(kept) in visitor.get("/inquiry/check").text


@pytest.mark.parametrize(
    "address", ["ädä@mail.example", "ada@mail.example\r\nBcc: eve@mail.example", "a" * 5000 + "@x.example"]
)
def test_address_that_no_relay_takes_is_asked_again(app: Flask, lead: str, address: str) -> None:
    visitor = Visitor(app)
    visitor.reach_list()
    visitor.tick("larkspur")
    assert visitor.give_details("larkspur", email=address).status_code == 422


def test_scripts_in_a_directory_stay_text(app: Flask) -> None:
    names = ("school", "campus", "address", "city", "certifications", "languages", "accreditor")
    hostile = make_row(**dict.fromkeys(names, SCRIPT), delivery="portal", deliver_to="")
    with database(app) as session:
        import_directory(session, f"{SCRIPT}.csv", make_csv(hostile), open_vault())
        session.commit()
    visitor = Visitor(app)
    visitor.reach_check("larkspur")
    visitor.get(visitor.send(visitor.read_token()).location)
    rita = sign_in(app, RITA, RoleName.reviewer)
    visitor.answers += [rita.get("/desk"), rita.get("/desk/schools"), rita.get("/desk/schools/larkspur")]
    pages = [answer.text for answer in visitor.answers if answer.status_code == 200]
    assert sum("&lt;script&gt;" in page for page in pages) >= 5
    assert not [page for page in pages if has_script(page)]


def has_script(page: str) -> bool:
    """Whether a script stands in the page that is not a file of ours."""
    return "<script" in page.replace('<script src="/static/', "")


def test_script_in_an_answer_of_a_school_stays_text(app: Flask, lead: str) -> None:
    with database(app) as session:
        found, attempt = session.scalars(select(Lead)).one(), session.scalars(select(Attempt)).one()
        inquiry = session.get_one(Inquiry, found.inquiry_id)
        key = open_vault().open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
        attempt.answer_sealed, found.school_reference = key.seal(SCRIPT, "answer"), SCRIPT
        address = f"/desk/inquiries/{inquiry.reference}"
        session.commit()
    rita = sign_in(app, RITA, RoleName.reviewer)
    revealed = rita.post(f"{address}/reveal").text
    assert "&lt;script&gt;" in revealed
    for page in (rita.get(address).text, revealed):
        assert not has_script(page)
