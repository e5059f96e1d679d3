"""Many lines at once: ticked or all that match, a page that asks, one job for two clicks, a report, and back again."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from leadgen.accounts.roles import RoleName
from leadgen.extensions import db
from leadgen.models import Choice, Inquiry, Job, JobState, Lead, User
from leadgen.tasks.bulk import run_job
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import database, sign_in

PERSONAL = ("Ada Example", "mail.example", "+1312555")
MOST_STATEMENTS = 18  # PostgreSQL is asked for the time too


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
    return sign_in(app, "rita@firststep.example", RoleName.reviewer)


def send_held(app: Flask, count: int, *schools: str, start: int = 0) -> list[str]:
    """Gives the keys of the lines."""
    with database(app) as session:
        numbers = range(start, start + count)
        people = [Prospect(email=f"a{n}@mail.example", phone=f"+1312555{100 + n:04}") for n in numbers]
        return [f"inquiry:{send_inquiry(session, list(schools), each, trap='x').id}" for each in people]


def read_fields(page: str) -> dict[str, str]:
    """The hidden fields of the form that asks for a yes."""
    form = re.search(r'<form class="panel bulk-yes".*?</form>', page, re.S)
    assert form
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    return {name: value.replace("&amp;", "&") for name, value in fields}


def plan(rita: FlaskClient, act: str, *keys: str, **fields: str) -> str:
    answer = rita.post("/desk/bulk", data={"act": act, "key": list(keys), "back": "bin=held"} | fields)
    assert answer.status_code == 200, answer.text
    return answer.text


def say_yes(rita: FlaskClient, page: str, reason: str = "checked") -> str:
    """Press the button; gives the address of the job."""
    answer = rita.post("/desk/jobs", data=read_fields(page) | {"reason": reason})
    assert answer.status_code == 303, answer.text
    return answer.location


def work(app: Flask) -> None:
    with app.app_context():
        for number in list(db.session.scalars(select(Job.id).where(Job.state == JobState.waiting))):
            db.session.rollback()
            run_job(number)


def count(app: Flask, model: type[Lead] | type[Job] | type[Choice]) -> int:
    with database(app) as session:
        return len(session.scalars(select(model)).all())


def test_ticked_lines_are_released_after_a_yes(app: Flask, rita: FlaskClient) -> None:
    first, second, _ = send_held(app, 3, "larkspur", "bramble")
    page = plan(rita, "release", first, second)
    assert "Release: 4 of 4?" in page
    assert count(app, Job) == 0
    job = say_yes(rita, page)
    assert "Waits for a worker" in rita.get(job).text
    work(app)
    report = rita.get(job).text
    assert "4 of 4: 4 released, 0 skipped" in report
    assert count(app, Lead) == 4


def test_all_that_match_are_taken_and_no_others(app: Flask, rita: FlaskClient) -> None:
    send_held(app, 2, "larkspur")
    send_held(app, 1, "bramble", start=5)
    page = plan(rita, "decline", all="1", back="bin=held&school=larkspur")
    assert "Decline: 2 of 2?" in page
    say_yes(rita, page, "not_genuine")
    work(app)
    with database(app) as session:
        outcomes = dict(session.execute(select(Choice.school_id, Choice.outcome)).all())
    assert outcomes == {"larkspur": "decline", "bramble": "hold"}


def test_lines_that_came_after_the_page_are_not_taken(app: Flask, rita: FlaskClient) -> None:
    send_held(app, 1, "larkspur")
    page = plan(rita, "decline", all="1")
    send_held(app, 1, "larkspur", start=5)
    say_yes(rita, page, "not_genuine")
    work(app)
    with database(app) as session:
        assert sorted(session.scalars(select(Choice.outcome))) == ["decline", "hold"]


def test_the_page_says_who_is_skipped_and_why(app: Flask, rita: FlaskClient) -> None:
    erased, claimed, fine = send_held(app, 3, "larkspur")
    sam = sign_in(app, "sam@firststep.example", RoleName.reviewer)
    sam.post("/desk/claims", data={"claim": claimed})
    with database(app) as session:
        session.get_one(Inquiry, int(erased.split(":")[1])).contact.wrapped_key = None
        session.commit()
    page = plan(rita, "release", erased, claimed, fine)
    assert "Release: 1 of 3?" in page
    assert "Skipped: 2" in page
    assert "sam@firststep.example works on this" in page
    assert "personal data was erased" in page
    report_of = say_yes(rita, page)
    work(app)
    report = rita.get(report_of).text
    assert "3 of 3: 1 released, 2 skipped" in report
    assert "sam@firststep.example works on this" in report


def test_two_clicks_make_one_job(app: Flask, rita: FlaskClient) -> None:
    (line,) = send_held(app, 1, "larkspur")
    page = plan(rita, "release", line)
    assert say_yes(rita, page) == say_yes(rita, page)
    assert count(app, Job) == 1


def test_a_job_is_taken_back_once(app: Flask, rita: FlaskClient) -> None:
    (line,) = send_held(app, 1, "larkspur")
    job = say_yes(rita, plan(rita, "release", line))
    assert "was taken back already" in rita.get(rita.post(f"{job}/undo").location).text
    work(app)
    assert "Take back 1" in rita.get(job).text
    taken_back = rita.post(f"{job}/undo").location
    assert rita.post(f"{job}/undo").location == taken_back
    work(app)
    assert "1 of 1: 1 held again, 0 skipped" in rita.get(taken_back).text
    assert "Take back 1" not in rita.get(job).text
    assert rita.post(f"{taken_back}/undo").status_code == 404
    assert (count(app, Lead), count(app, Job)) == (0, 2)


def test_no_form_takes_the_place_of_a_job_that_takes_another_back(app: Flask, rita: FlaskClient) -> None:
    first, second = send_held(app, 2, "larkspur")
    job = say_yes(rita, plan(rita, "release", first))
    work(app)
    planted = {"form_token": f"undo:{job.rpartition('/')[2]}", "reason": "ask_person"}
    assert rita.post("/desk/jobs", data=read_fields(plan(rita, "hold", second)) | planted).status_code == 303
    assert rita.post(f"{job}/undo").status_code == 303


def test_an_act_needs_a_reason_that_it_knows(app: Flask, rita: FlaskClient) -> None:
    (line,) = send_held(app, 1, "larkspur")
    page = plan(rita, "decline", line)
    for reason in ("", "checked", "other"):
        answer = rita.post("/desk/jobs", data=read_fields(page) | {"reason": reason})
        assert "Choose a reason first" in answer.text
    assert count(app, Job) == 0


def test_nothing_ticked_asks_for_ticks(rita: FlaskClient) -> None:
    answer = rita.post("/desk/bulk", data={"act": "release", "back": "bin=held&sort=newest"})
    assert answer.location == "/desk?bin=held&sort=newest"
    assert "Tick the lines first" in rita.get(answer.location).text


@pytest.mark.parametrize("act", ["", "send_again", "undo_release", "delete"])
def test_a_bin_knows_only_its_own_acts(app: Flask, rita: FlaskClient, act: str) -> None:
    (line,) = send_held(app, 1, "larkspur")
    fields = {"act": act, "key": line, "keys": line, "back": "bin=held", "form_token": "t", "reason": "checked"}
    for path in ("/desk/bulk", "/desk/jobs"):
        assert rita.post(path, data=fields).status_code == 400
    assert rita.post("/desk/jobs", data=fields | {"act": "release", "form_token": ""}).status_code == 400


def test_who_only_reads_ticks_nothing_and_starts_nothing(app: Flask, rita: FlaskClient) -> None:
    (line,) = send_held(app, 1, "larkspur")
    job = say_yes(rita, plan(rita, "release", line))
    ron = sign_in(app, "ron@firststep.example", RoleName.reader)
    assert 'id="bulk"' not in ron.get("/desk").text
    for path in ("/desk/bulk", "/desk/jobs", f"{job}/undo"):
        assert ron.post(path, data={"act": "release"}).status_code == 403
    assert "Waits for a worker" in ron.get(job).text


def test_jobs_are_listed_and_tell_how_far_they_are(app: Flask, rita: FlaskClient) -> None:
    lines = send_held(app, 2, "larkspur")
    job = say_yes(rita, plan(rita, "hold", *lines), "ask_person")
    assert rita.get(f"{job}/progress").json == {"state": "waiting", "total": 2, "waiting": 2, "done": 0, "skipped": 0}
    work(app)
    assert rita.get(f"{job}/progress").json == {"state": "done", "total": 2, "waiting": 0, "done": 2, "skipped": 0}
    listed = rita.get("/desk/jobs").text
    assert f'href="{job}">Hold, job 1</a>' in listed
    assert rita.get("/desk/jobs/99").status_code == 404


def test_no_page_of_a_job_names_a_person(app: Flask, rita: FlaskClient) -> None:
    (line,) = send_held(app, 1, "larkspur")
    page = plan(rita, "release", line)
    job = say_yes(rita, page)
    work(app)
    for text in (page, rita.get(job).text, rita.get("/desk/jobs").text, rita.get("/desk").text):
        assert not [word for word in PERSONAL if word in text]


def test_counts_are_told_without_writing(app: Flask, rita: FlaskClient) -> None:
    send_held(app, 2, "larkspur")
    told = {"held": 2, "uncertain": 0, "failed": 0, "endpoints": 0, "withdrawals": 0, "changes": 0, "returns": 0}
    assert rita.get("/desk/counts").json == told
    assert rita.post("/desk/counts").status_code == 405


def count_statements(app: Flask, client: FlaskClient, path: str) -> int:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(each.lstrip().upper().startswith(("SELECT", "WITH")) for each in statements)


def test_the_worklist_asks_the_same_few_questions_however_long_it_is(app: Flask, rita: FlaskClient) -> None:
    send_held(app, 1, "larkspur")
    few = {path: count_statements(app, rita, path) for path in ("/desk", "/desk?bin=failed", "/desk/counts")}
    send_held(app, 40, "larkspur", "bramble", start=2)
    many = {path: count_statements(app, rita, path) for path in few}
    assert many == few
    assert max(many.values()) <= MOST_STATEMENTS, many


def test_single_keys_are_listed_and_switched_off_for_one_user(app: Flask, rita: FlaskClient) -> None:
    assert 'id="keys"' in rita.get("/desk").text
    answer = rita.post("/desk/keys", data={"shortcuts": "off"})
    assert "Single keys are off for you" in rita.get(answer.location).text
    assert 'id="keys"' not in rita.get("/desk").text
    sam = sign_in(app, "sam@firststep.example", RoleName.reader)
    assert 'id="keys"' in sam.get("/desk").text
    with database(app) as session:
        assert dict(session.execute(select(User.email, User.shortcuts)).all()) == {
            "rita@firststep.example": False,
            "sam@firststep.example": True,
        }
    rita.post("/desk/keys", data={"shortcuts": "on"})
    assert 'id="keys"' in rita.get("/desk").text


def test_a_line_that_a_colleague_decided_meanwhile_is_skipped_and_says_who_and_when(
    app: Flask, rita: FlaskClient
) -> None:
    first, second = send_held(app, 2, "larkspur")
    sam = sign_in(app, "sam@firststep.example", RoleName.reviewer)
    with database(app) as session:
        reference = session.get_one(Inquiry, int(first.split(":")[1])).reference
    sam.post(f"/desk/inquiries/{reference}/decline", data={"reason": "not_genuine"})
    page = plan(rita, "release", first, second)
    assert "Release: 1 of 2?" in page
    assert re.search(r"Declined already by sam@firststep\.example on \w+ \d+, \d{4} at \d\d:\d\d:\d\d UTC", page)
