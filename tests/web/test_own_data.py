"""Her own data: a link to her e-mail opens it once, for half an hour; she changes it, downloads it, has it erased."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from leadgen.accounts.roles import RoleName
from leadgen.clock import database_now
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.history import read_history
from leadgen.letters.compose import compose
from leadgen.letters.kinds import OWN_DATA
from leadgen.models import About, Complaint, Contact, Delivery, Entry, Inquiry, Lead, Letter, Link, State, Subject
from leadgen.tokens import make_request_token
from leadgen.vault import open_vault
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school, send_inquiry
from tests.web.visitor import Visitor
from tests.web.workplace import database, settle, sign_in

PERSONAL = ("Ada Example", "ada@mail", "555-0142", "5550142", "60601")


@dataclass(frozen=True)
class Hers:
    """Her request, and a browser."""

    app: Flask
    inquiry_id: int
    path: str
    visitor: Visitor

    def ask(self) -> str:
        """Ask for a link; gives where the newest letter leads."""
        self.visitor.post(f"{self.path}/link")
        with database(self.app) as session:
            letters = select(Letter).where(Letter.kind == OWN_DATA).order_by(Letter.id.desc())
            subject, body, html = compose(session, session.scalars(letters).all()[0])
        assert not [word for word in PERSONAL if word in subject + body + html]
        found = re.search(r"http://127\.0\.0\.1:8000(/request/\w+/open/\w+)", body)
        assert found
        return found[1]

    def enter(self) -> TestResponse:
        """Open the door; gives the page behind it."""
        assert self.visitor.post(self.ask()).location == f"{self.path}/yours"
        return self.visitor.get(f"{self.path}/yours")

    def count(self, model: type) -> int:
        with database(self.app) as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def deliveries(self, about: About) -> list[str]:
        """The schools of the deliveries of a kind."""
        with database(self.app) as session:
            found = select(Delivery.school_id).where(Delivery.about == about)
            return sorted(session.scalars(found))

    def arrive(self, school: str) -> None:
        """The school has her lead."""
        with database(self.app) as session:
            settle(session, session.scalars(select(Lead).where(Lead.school_id == school)).one(), State.delivered)
            session.commit()

    def read_told(self, school: str) -> dict[str, Any]:
        """What the school is told by the newest change, as its schema has it."""
        with database(self.app) as session:
            mine = (Delivery.school_id == school, Delivery.about == About.change)
            newest = session.scalars(select(Delivery.id).where(*mine).order_by(Delivery.id.desc())).all()[0]
            told: dict[str, Any] = json.loads(build_parcel(open_vault(), find_facts(session, newest)).body)["data"]
            return told


@pytest.fixture
def hers(app: Flask) -> Hers:
    """An inquiry to two schools; Larkspur has it."""
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        inquiry = send_inquiry(session, ["larkspur", "bramble"])
        settle(session, session.scalars(select(Lead).where(Lead.school_id == "larkspur")).one(), State.delivered)
        session.commit()
        token = make_request_token(inquiry.reference, TEST_ENVIRONMENT["LEADGEN_SECRET_KEY"])
        return Hers(app, inquiry.id, f"/request/{token}", Visitor(app))


def test_link_opens_once_and_only_by_its_button(hers: Hers) -> None:
    link = hers.ask()
    for _ in range(3):  # a mail scanner
        assert hers.visitor.get(link).status_code == 200
    assert hers.count(Entry) == 0
    assert hers.visitor.post(link).status_code == 303
    page = hers.visitor.get(f"{hers.path}/yours").text
    for word in ("Ada Example", "ada@mail.example", "(312) 555-0142", "Larkspur Institute"):
        assert word in page
    again = Visitor(hers.app).post(link)
    assert again.status_code == 410
    assert "used already" in again.text
    assert hers.count(Entry) == 1


def test_without_the_door_nothing_is_shown_or_done(hers: Hers) -> None:
    hers.enter()
    stranger = Visitor(hers.app)
    for path in ("", "/change", "/erase", "/ways?school=larkspur&way=text"):
        answer = stranger.get(f"{hers.path}/yours{path}")
        assert (answer.status_code, answer.location) == (303, f"{hers.path}#own")
    for path in ("/change", "/erase", "/download", "/calls", "/ways?school=larkspur&way=text"):
        assert stranger.post(f"{hers.path}/yours{path}", {"school": "larkspur"}).status_code == 303
    assert hers.count(Complaint) == 0
    assert not [word for word in PERSONAL if word in stranger.get(hers.path).text]


def test_link_and_entry_run_out_by_the_clock_of_the_database(hers: Hers) -> None:
    link = hers.ask()
    with database(hers.app) as session:
        session.execute(update(Link).values(expires_at=database_now(-1)))
        session.commit()
    late = hers.visitor.post(link)
    assert late.status_code == 410
    assert "Send me a new link" in late.text
    hers.enter()
    with database(hers.app) as session:
        session.execute(update(Entry).values(expires_at=database_now(-1)))
        session.commit()
    assert hers.visitor.get(f"{hers.path}/yours").status_code == 303


def test_link_of_one_request_opens_no_other(hers: Hers) -> None:
    with database(hers.app) as session:
        other = send_inquiry(session, ["larkspur"])
        token = make_request_token(other.reference, TEST_ENVIRONMENT["LEADGEN_SECRET_KEY"])
    link = hers.ask()
    assert hers.visitor.post(f"/request/{token}/open/{link.rsplit('/', 1)[1]}").status_code == 410
    hers.enter()
    cookie = hers.visitor.client.get_cookie("leadgen_entry", path=hers.path)
    assert cookie
    thief = Visitor(hers.app)
    thief.client.set_cookie("leadgen_entry", cookie.value, path="/")
    assert thief.get(f"/request/{token}/yours").status_code == 303


def test_three_letters_an_hour_and_always_the_same_answer(hers: Hers) -> None:
    answers = []
    for _ in range(5):
        hers.visitor.post(f"{hers.path}/link")
        answers.append(re.findall(r"We send a link[^<]*", hers.visitor.get(hers.path).text))
    assert len({tuple(each) for each in answers}) == 1
    assert answers[0]
    assert hers.count(Link) == 3


CHANGE = {
    "phone": "(312) 555-0142",
    "contact_times": ["evening"],
    "language": "en",
    "channels-larkspur": ["email", "call"],
    "channels-bramble": ["email", "call"],
}


def test_change_is_kept_and_passed_on_to_who_has_it(hers: Hers) -> None:
    hers.enter()
    form = hers.visitor.get(f"{hers.path}/yours/change").text
    assert "(312) 555-0142" in form
    hers.visitor.post(f"{hers.path}/yours/change", CHANGE | {"phone": "312-555-0187", "language": "es"})
    page = hers.visitor.get(f"{hers.path}/yours").text
    assert "(312) 555-0187" in page
    assert "Spanish" in page
    assert "Larkspur Institute" in page
    assert hers.deliveries(About.change) == ["larkspur"], "Bramble's lead has not left, and is built from the new"
    hers.visitor.post(f"{hers.path}/yours/change", CHANGE | {"phone": "312-555-0187", "language": "es"})
    assert hers.deliveries(About.change) == ["larkspur"], "the same again is no change"
    with database(hers.app) as session:
        events = read_history(session, Subject.inquiry, hers.inquiry_id)
        changed = [event.data for event in events if event.kind == "contact.changed"]
    assert changed == [{"what": ["phone", "language"]}]


def test_way_taken_back_concerns_its_school_alone(hers: Hers) -> None:
    hers.enter()
    hers.visitor.post(f"{hers.path}/yours/change", CHANGE | {"channels-bramble": ["email"]})
    assert hers.deliveries(About.change) == []
    hers.visitor.post(
        f"{hers.path}/yours/change", CHANGE | {"channels-larkspur": ["email"], "channels-bramble": ["email"]}
    )
    assert hers.deliveries(About.change) == ["larkspur"]
    page = hers.visitor.get(f"{hers.path}/yours").text
    assert page.count("May contact you by email.") == 2


def test_best_way_is_shown_changed_and_passed_on_to_who_may_use_it(hers: Hers) -> None:
    assert "No preference" in hers.enter().text
    only_email = CHANGE | {"channels-bramble": ["email"]}
    hers.visitor.post(f"{hers.path}/yours/change", only_email)
    hers.arrive("bramble")
    hers.visitor.post(f"{hers.path}/yours/change", only_email | {"prefers": "call"})
    assert "By phone call" in hers.visitor.get(f"{hers.path}/yours").text
    assert re.search(r'selected value="call"', hers.visitor.get(f"{hers.path}/yours/change").text)
    assert hers.deliveries(About.change) == ["larkspur"], "Bramble may not call, and is told of no preference"
    assert hers.read_told("larkspur")["person"]["preferred_channel"] == "call"
    hers.visitor.post(f"{hers.path}/yours/change", only_email | {"prefers": "email"})
    assert hers.deliveries(About.change) == ["bramble", "larkspur", "larkspur"]
    hers.visitor.post(f"{hers.path}/yours/change", only_email | {"prefers": ""})
    assert hers.deliveries(About.change) == ["bramble", "bramble", *["larkspur"] * 3]
    assert hers.read_told("larkspur")["person"]["preferred_channel"] is None
    assert hers.visitor.post(f"{hers.path}/yours/change", only_email | {"prefers": "pigeon"}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"phone": "12"}, "Enter a US phone number"),
        ({"phone": "555-0142"}, "with its area code"),
        ({"phone": "+1 5550142"}, "with its area code"),
        ({"phone": ""}, "untick phone call and text message"),
        ({"channels-larkspur": []}, "Leave Larkspur Institute at least one way"),
        ({"channels-larkspur": ["email", "text"]}, "Leave Larkspur Institute at least one way"),
        ({"language": "xx"}, "Choose a language"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(hers: Hers, fields: dict[str, object], words: str) -> None:
    hers.enter()
    answer = hers.visitor.post(f"{hers.path}/yours/change", CHANGE | fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert hers.deliveries(About.change) == []


def test_withdrawn_school_is_told_of_no_change(hers: Hers) -> None:
    hers.enter()
    hers.visitor.post(f"{hers.path}/withdraw", {"school": "larkspur"})
    fields = {name: value for name, value in CHANGE.items() if name != "channels-larkspur"}
    hers.visitor.post(f"{hers.path}/yours/change", fields | {"phone": "312-555-0187"})
    assert hers.deliveries(About.change) == []


def test_too_many_calls_are_seen_by_school_and_staff(hers: Hers) -> None:
    hers.enter()
    for _ in range(2):
        hers.visitor.post(f"{hers.path}/yours/calls", {"school": "larkspur"})
    hers.visitor.post(f"{hers.path}/yours/calls", {"school": "another"})
    assert hers.count(Complaint) == 1
    assert "You told us that it contacts you too often" in hers.visitor.get(f"{hers.path}/yours").text
    with database(hers.app) as session:
        lead = session.scalars(select(Lead.reference).where(Lead.school_id == "larkspur")).one()
        reference = session.get_one(Inquiry, hers.inquiry_id).reference
    lou = sign_in(hers.app, "lou@larkspur.example", RoleName.owner, "larkspur")
    assert "contacted too often" in lou.get(f"/portal/leads/{lead}").text
    rita = sign_in(hers.app, "rita@firststep.example", RoleName.reviewer)
    assert "Too many calls" in rita.get(f"/desk/inquiries/{reference}").text


def test_download_holds_everything_and_is_kept_nowhere(hers: Hers) -> None:
    hers.enter()
    answer = hers.visitor.post(f"{hers.path}/yours/download", {"form": "json"})
    told = json.loads(answer.text)
    assert told["person"]["phone"] == "+13125550142"
    assert [school["school"] for school in told["schools"]] == ["Larkspur Institute", "Bramble Institute"]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{told["reference"]}.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    page = hers.visitor.post(f"{hers.path}/yours/download", {"form": "html"})
    assert page.mimetype == "text/html"
    assert "ada@mail.example" in page.text
    assert hers.visitor.post(f"{hers.path}/yours/download", {"form": "exe"}).status_code == 400


def test_erased_by_herself_says_before_what_goes_and_after_when(hers: Hers) -> None:
    hers.enter()
    before = hers.visitor.get(f"{hers.path}/yours/erase").text
    assert "for 5 years" in before
    assert "Larkspur Institute" in before
    assert hers.visitor.post(f"{hers.path}/yours/erase").location == hers.path
    page = hers.visitor.get(hers.path).text
    assert "Erased on" in page
    assert "Larkspur" not in page
    assert (hers.deliveries(About.withdrawal), hers.deliveries(About.erasure)) == (["larkspur"], ["larkspur"])
    assert hers.visitor.get(f"{hers.path}/yours").status_code == 303
    letters = hers.count(Letter)
    hers.visitor.post(f"{hers.path}/link")
    assert hers.count(Letter) == letters
    with database(hers.app) as session:
        assert session.get_one(Contact, hers.inquiry_id).wrapped_key is None


def test_leaving_closes_the_door(hers: Hers) -> None:
    hers.enter()
    hers.visitor.post(f"{hers.path}/leave")
    assert hers.count(Entry) == 0
    assert hers.visitor.get(f"{hers.path}/yours").status_code == 303
