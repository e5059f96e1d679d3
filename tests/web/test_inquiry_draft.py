"""The draft behind the inquiry: whose it is, how long it stays, what may be seen of it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.models import Draft, Inquiry
from tests.web.test_inquiry_flow import STEPS, dump, schools, visitor
from tests.web.visitor import ELIGIBLE, GOALS, PERSON, PERSONAL, PLACE, PROGRAM, Visitor

__all__ = ["schools", "visitor"]  # fixtures, used by name


@pytest.mark.parametrize("step", STEPS)
def test_other_browser_does_not_find_the_draft(visitor: Visitor, app: Flask, step: str) -> None:
    visitor.reach_check("larkspur")
    for stranger in (Visitor(app), Visitor(app, "made-up")):
        answer = stranger.get(f"/inquiry/{step}")
        assert answer.status_code == 410
        assert "Start a new search" in answer.text
        assert stranger.post(f"/inquiry/{step}", {"form_token": "x"}).status_code == 410


def test_expired_draft_offers_a_new_start(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur")
    session.execute(update(Draft).values(expires_at=database_now(-1)))
    session.commit()
    assert visitor.get("/inquiry/check").status_code == 410
    answer = visitor.send(token)
    assert answer.status_code == 410
    assert "Nothing was sent" in answer.text
    assert session.scalars(select(Inquiry)).all() == []


def test_no_personal_data_in_addresses_headers_or_cookies(visitor: Visitor) -> None:
    token = visitor.reach_check("larkspur")
    visitor.get(visitor.send(token).location)
    assert len(visitor.answers) > 8
    for answer in visitor.answers:
        seen = answer.request.url + str(answer.headers)
        assert not [word for word in PERSONAL if word in seen]


def test_draft_in_the_database_is_sealed(visitor: Visitor, session: Session) -> None:
    visitor.reach_check("larkspur")
    stored = str(dump(session)["draft"])
    assert not [word for word in (*PERSONAL, PROGRAM, visitor.cookie) if word in stored]


def test_draft_cookie_is_out_of_reach_of_scripts_and_other_paths(
    visitor: Visitor, make_app: Callable[..., Flask]
) -> None:
    visitor.start()
    given = [value for value in visitor.answers[0].headers.getlist("Set-Cookie") if "leadgen_draft" in value]
    words = [set(each.split("; ")) for each in given]
    assert all({"HttpOnly", "SameSite=Lax"} <= each for each in words)
    assert {word for each in words for word in each if word.startswith("Path")} == {"Path=/inquiry", "Path=/es/inquiry"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "http://127.0.0.1:8000"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_start_refuses_posts_from_other_sites(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    assert visitor.post("/inquiry/start", {"program": PROGRAM, "zip": "60601"}, **headers).status_code == status


def test_every_form_but_the_start_asks_for_its_token(app: Flask, schools: list[str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    visitor = Visitor(app).start()
    refused = visitor.post("/inquiry/goals", GOALS)
    assert refused.status_code == 400
    assert "nothing has been sent yet" in refused.text
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/inquiry/goals").text)
    assert found
    csrf = {"csrf_token": found[1]}
    visitor.post("/inquiry/goals", GOALS | csrf)
    visitor.post("/inquiry/place", PLACE | csrf)
    visitor.post("/inquiry/eligibility", ELIGIBLE | csrf)
    visitor.post("/inquiry/schools", {"schools": ["larkspur"]} | csrf)
    visitor.post("/inquiry/details", PERSON | {"channels-larkspur": ["email"]} | csrf)
    token = visitor.read_token()
    assert visitor.send(token).status_code == 400
    answer = visitor.post("/inquiry/check", {"form_token": token} | csrf)
    assert answer.location.startswith("/inquiry/sent/")


def test_rate_limit_answers_with_a_page(make_app: Callable[..., Flask], schools: list[str]) -> None:
    visitor = Visitor(make_app(rate_limits="true"))
    statuses = [visitor.post("/inquiry/start", {"program": PROGRAM, "zip": "1"}).status_code for _ in range(61)]
    assert statuses[:60] == [422] * 60
    assert statuses[60] == 429
    assert "lot of requests at once" in visitor.answers[-1].text
    assert "Wait a minute" in visitor.answers[-1].text
    assert 1 <= int(visitor.answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("spoken", "words"),
    [("", r"in one hour.* Wait (\d+) minutes, then"), ("/es", r"en una hora.* Espere (\d+) minutos, vuelva")],
)
def test_where_few_an_hour_are_taken_the_page_says_how_long_to_wait(
    make_app: Callable[..., Flask], schools: list[str], spoken: str, words: str
) -> None:
    visitor = Visitor(make_app(rate_limits="true"), spoken=spoken).start()
    answers = [visitor.post("/inquiry/save", {"email": "x"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    found = re.search(words, answers[-1].text, re.DOTALL)
    assert found
    assert "Wait a minute" not in answers[-1].text
    assert 0 <= int(found[1]) * 60 - int(answers[-1].headers["Retry-After"]) < 60
