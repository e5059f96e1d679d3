"""What a browser sends back unseen may be anything: the desk answers with a page, never with a fault."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.models import Campus, Endpoint, Inquiry, Lead, Offering, State
from leadgen.web.access import Audience, find_audience
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import database, settle, sign_in

HALF = "\\ud800"  # of a character, as JSON writes it
ODD = (f'{{"name": "{HALF}", "program": "{HALF}"}}', '{"name": {"a": [1]}}', "[" * 20_000, "9" * 5_000, f"-{2**63}")
QUERIES = (
    "bin",
    "page",
    "school",
    "program",
    "state",
    "age",
    "who",
    "sort",
    "reason",
    "since",
    "until",
    "name",
    "from",
)
ODD_QUERIES = ("%00", "%ED%A0%80", quote(f'"{HALF}"'), "9" * 40, "-1", "x" * 2_000)


@dataclass
class Form:
    """A form of a page: where it goes, what it holds, and which of it nobody sees."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms of a page, filled in as a browser would send them."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self.found: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form((facts.get("action") or self._path) if facts.get("method") == "post" else ""))
        elif not self.found:
            return
        elif tag == "option" and self._select:
            self.found[-1].fields[self._select] = self.found[-1].fields.get(self._select) or facts.get("value", "")
        elif name := facts.get("name"):
            self._select = name if tag == "select" else ""
            self.found[-1].fields.setdefault(name, facts.get("value", "") if tag != "textarea" else "words")
            if facts.get("type") == "hidden" or tag == "select":
                self.found[-1].hidden.append(name)


def read_forms(client: FlaskClient, path: str) -> list[Form]:
    parser = Forms(path)
    parser.feed(client.get(path, follow_redirects=True).text)
    return [form for form in parser.found if form.action.startswith("/desk")]


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    return sign_in(app, "ada@firststep.example", RoleName.admin)


@pytest.fixture
def pages(app: Flask, ada: FlaskClient) -> list[str]:
    """The desk's pages, with something on each of them that can be decided."""
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        send_inquiry(session, ["larkspur"])
        settle(session, session.scalars(select(Lead)).one(), State.failed)
        held = send_inquiry(session, ["larkspur"], Prospect(phone="+13125550199"), trap="x").reference
        session.commit()
        first = session.scalars(select(Inquiry.reference)).first()
        campus, endpoint = (session.scalars(select(model.id)).first() for model in (Campus, Endpoint))
        offering = session.scalars(select(Offering.id)).first()
    rooms = ("schools/larkspur", f"campuses/{campus}", f"offerings/{offering}", f"endpoints/{endpoint}")
    forms = (*(f"{room}/edit" for room in rooms), "schools/larkspur/campuses/new", "schools/larkspur/offerings/new")
    lists = [rule.rule for rule in app.url_map.iter_rules() if is_page(app, rule.endpoint) and not rule.arguments]
    bins = [f"/desk?bin={name}" for name in ("held", "failed", "endpoints", "returns")]
    inquiries = [f"/desk/inquiries/{each}" for each in (first, held)]
    return [*inquiries, *bins, *(f"/desk/{name}" for name in (*rooms, *forms)), *lists]


def is_page(app: Flask, endpoint: str) -> bool:
    return find_audience(app, endpoint) is Audience.staff and any(
        "GET" in (rule.methods or ()) for rule in app.url_map.iter_rules(endpoint)
    )


@pytest.mark.timeout(300)
def test_no_hidden_field_of_the_desk_brings_it_down(ada: FlaskClient, pages: list[str]) -> None:
    faults, sent = [], set()
    for page in pages:
        for form in read_forms(ada, page):
            for name in form.hidden:
                if (form.action, name) in sent:
                    continue
                sent.add((form.action, name))
                for odd in ODD:
                    answer = ada.post(form.action, data=form.fields | {name: odd})
                    if answer.status_code >= 500:
                        faults.append((form.action, name, odd[:40]))
    assert faults == []
    assert {"seen", "school", "reason"} <= {name for _, name in sent}
    assert len(sent) >= 30


@pytest.mark.timeout(300)
def test_no_question_in_an_address_of_the_desk_brings_it_down(ada: FlaskClient, pages: list[str]) -> None:
    asked = [
        f"{page.split('?')[0]}?{'&'.join(f'{name}={odd}' for name in QUERIES)}" for page in pages for odd in ODD_QUERIES
    ]
    asked += [f"/desk?bin=held&{name}={odd}" for name in QUERIES for odd in ODD_QUERIES]
    assert [address[:120] for address in asked if ada.get(address).status_code >= 500] == []


@pytest.mark.parametrize("seen", ['{"school": "\\ud800"}', '{"\\udfff": "x"}', "[" * 50_000, "{}"])
def test_a_form_that_was_tampered_with_is_answered_like_one_that_is_stale(
    ada: FlaskClient, pages: list[str], seen: str
) -> None:
    (form,) = [each for each in read_forms(ada, "/desk/schools/larkspur/edit") if "seen" in each.fields]
    typed = form.fields | {"accreditor": "Somebody else"}
    answer = ada.post(form.action, data=typed | {"seen": seen})
    assert answer.status_code == 409
    assert "Somebody else" in answer.text, "what was typed stays"
    assert "Somebody else" not in ada.get("/desk/schools/larkspur").text
