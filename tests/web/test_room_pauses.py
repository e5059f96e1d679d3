"""Schools paused and closed, and anything of theirs retired and put back."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.models import Campus, Endpoint, School
from tests.web.rooms import ada, find, read, rita, save
from tests.web.workplace import database, sign_in

__all__ = ["ada", "rita"]  # fixtures, used by name


def test_a_pause_may_end_by_itself_on_a_day_to_come(app: Flask, ada: FlaskClient) -> None:
    with database(app) as session:
        today = now(session).date()
    fields = {"reason": "too_many_leads", "until": "yesterday"}
    assert "Enter the last day of the pause like 2027-03-04" in save(ada, "schools/larkspur/pause", fields).text
    past = fields | {"until": today.isoformat()}
    assert "Choose a day after today" in save(ada, "schools/larkspur/pause", past).text
    with database(app) as session:
        assert session.get_one(School, "larkspur").is_shown
    page = save(ada, "schools/larkspur/pause", fields | {"until": (today + timedelta(days=9)).isoformat()}).text
    assert "Paused until" in page
    with database(app) as session:
        session.execute(update(School).values(paused_until=today - timedelta(days=1)))
        session.commit()
    assert "it takes inquiries again" in read(ada, "schools/larkspur")
    assert ">Pause<" in read(ada, "schools/larkspur")
    save(ada, "schools/larkspur/pause", {"reason": "too_many_leads"})
    assert "it takes inquiries again" not in save(ada, "schools/larkspur/resume", {"reason": "asked_by_school"}).text


def test_a_school_is_paused_and_resumed_and_the_second_is_told(app: Flask, ada: FlaskClient) -> None:
    bea = sign_in(app, "bea@firststep.example", RoleName.admin)
    assert "Choose a reason first" in save(ada, "schools/larkspur/pause", {}).text
    page = save(ada, "schools/larkspur/pause", {"reason": "too_many_leads"}).text
    for words in ("The school is paused", "reason It has more leads than it can answer", "status taking → paused"):
        assert words in page, words
    page = save(bea, "schools/larkspur/pause", {"reason": "our_decision"}).text
    assert "This school is paused already. By ada@firststep.example on " in page
    assert "The school takes inquiries" in save(bea, "schools/larkspur/resume", {"reason": "our_decision"}).text
    assert "The school is closed" in save(bea, "schools/larkspur/close", {"reason": "contract_ended"}).text
    assert "The school is retired" in save(bea, "schools/larkspur/retire", {"reason": "replaced"}).text
    assert "takes inquiries" in save(bea, "schools/larkspur/resume", {"reason": "stopped_by_mistake"}).text


def test_offerings_and_campuses_are_retired_and_put_back(app: Flask, ada: FlaskClient) -> None:
    campus = f"campuses/{find(app, Campus, school_id='larkspur')}"
    reason = {"reason": "no_longer_offered"}
    assert "1 offering is taught there" in save(ada, f"{campus}/retire", reason).text
    assert "The offering is retired" in save(ada, "offerings/larkspur-mbc/retire", reason).text
    assert "retired already. By ada@" in save(ada, "offerings/larkspur-mbc/retire", reason).text
    assert "The campus is retired" in save(ada, f"{campus}/retire", reason).text
    for path in (campus, "offerings/larkspur-mbc"):
        assert "in use again" in save(ada, f"{path}/resume", {"reason": "our_decision"}).text


def test_an_endpoint_is_retired_and_put_back(app: Flask, ada: FlaskClient, rita: FlaskClient) -> None:
    path = f"endpoints/{find(app, Endpoint, school_id='larkspur')}"
    assert rita.post(f"/desk/{path}/retire", data={"reason": "replaced"}).status_code == 403
    refused = save(ada, f"{path}/retire", {"reason": "replaced"}).text
    assert "Add another endpoint first, or pause the school. Nothing was changed." in refused
    assert "The school is paused" in save(ada, "schools/larkspur/pause", {"reason": "our_decision"}).text
    page = save(ada, f"{path}/retire", {"reason": "replaced"}).text
    assert "The endpoint is retired" in page
    assert "No endpoint takes its leads any more" in read(ada, "schools/larkspur")
    alone = save(ada, "schools/larkspur/resume", {"reason": "our_decision"}).text
    assert "Add an endpoint first, or resume a retired one. Nothing was changed." in alone
    assert "reason Something else replaced it" in page
    again = {"reason": "stopped_by_mistake"}
    assert "resume" not in read(rita, path), "who may not retire it does not put it back either"
    assert rita.post(f"/desk/{path}/resume", data=again).status_code == 403
    assert "The endpoint is live" in save(ada, f"{path}/resume", again).text
