"""The rooms of the directory and of delivery: lists that can be narrowed, and a page for each thing in them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from leadgen.accounts.roles import RoleName
from leadgen.clock import find_periods, now
from leadgen.directory.sync import import_directory
from leadgen.extensions import db
from leadgen.models import Base, Campus, CapUse, Endpoint, EndpointState, Event, Lead, Offering, School, State
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.schools_csv import make_csv, make_row
from tests.web.workplace import database, settle, sign_in

QUILLWATER = make_row(
    school_id="quillwater",
    school="Quillwater Community College",
    campus="River",
    city="Miami",
    state="FL",
    zip="33101",
    program="phlebotomy",
    credential="diploma",
    format="hybrid",
    online_states="FL",
    delivery="webhook",
    deliver_to="https://quillwater.example/leads",
)
MOST_STATEMENTS = 20
LISTS = ("schools", "campuses", "offerings", "endpoints")


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    """A reviewer, with two schools in the directory: Larkspur receives by email, Quillwater by webhook."""
    with database(app) as session:
        import_directory(session, "schools.csv", make_csv(make_row(daily_cap="4"), QUILLWATER), open_vault())
        session.commit()
    return sign_in(app, "rita@firststep.example", RoleName.reviewer)


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(f"/desk/{path}")
    assert answer.status_code == 200, path
    return answer.text


def find(app: Flask, model: type[Any], **values: object) -> Any:
    with database(app) as session:
        return session.scalars(select(model).filter_by(**values)).one().id


@pytest.mark.parametrize(
    ("path", "there", "gone"),
    [
        ("schools?name=quill", "Quillwater", "Larkspur"),
        ("schools?kind=webhook", "Quillwater", "Larkspur"),
        ("schools?state=FL", "Quillwater", "Larkspur"),
        ("schools?program=phlebotomy", "Quillwater", "Larkspur"),
        ("campuses?state=FL", "River", "Main<"),
        ("campuses?name=chic", "Main<", "River"),
        ("campuses?school=larkspur", "Main<", "River"),
        ("offerings?format=hybrid", "quillwater-mbc", "larkspur-mbc"),
        ("offerings?credential=diploma", "quillwater-mbc", "larkspur-mbc"),
        ("offerings?program=phlebotomy&state=FL", "quillwater-mbc", "larkspur-mbc"),
        ("endpoints?kind=email", "leads@larkspur.example", "quillwater.example"),
        ("endpoints?name=quillwater.example", "quillwater.example", "leads@larkspur.example"),
    ],
)
def test_a_list_is_narrowed_by_its_address(rita: FlaskClient, path: str, there: str, gone: str) -> None:
    assert there in read(rita, path.split("?", maxsplit=1)[0])
    page = read(rita, path)
    assert there in page
    assert gone not in page.split("</form>")[-1]


def test_schools_are_narrowed_by_status_and_sorted_by_leads(app: Flask, rita: FlaskClient) -> None:
    with database(app) as session:
        session.execute(update(School).where(School.id == "larkspur").values(status="paused"))
        add_school(session, "zinnia")
        send_inquiry(session, ["zinnia"])
    assert "Larkspur" not in read(rita, "schools?status=taking")
    assert "Larkspur" not in read(rita, "schools?status=retired")
    page = read(rita, "schools?sort=leads")
    assert page.index("Zinnia") < page.index("Larkspur")


def test_a_choice_that_is_not_offered_has_no_page(rita: FlaskClient) -> None:
    for path in ("schools?status=x", "schools?sort=x", "campuses?state=ZZ", "offerings?format=x", "endpoints?kind=fax"):
        assert rita.get(f"/desk/{path}").status_code == 404, path


def test_an_empty_list_says_so_and_leads_back(rita: FlaskClient) -> None:
    for path in LISTS:
        assert f'<a href="/desk/{path}">Show all {path}</a>' in read(rita, f"{path}?name=%25")


def test_pages_of_a_list_keep_its_filter(app: Flask, rita: FlaskClient) -> None:
    rows = [make_row(school_id=f"s{number:03}", school=f"Elm School {number:03}") for number in range(60)]
    with database(app) as session:
        import_directory(session, "schools.csv", make_csv(*rows), open_vault())
        session.commit()
    page = read(rita, "schools?name=elm&state=IL")
    assert "Page 1 of 2" in page
    assert "/desk/schools?page=2&amp;name=elm&amp;state=IL" in page
    assert "Elm School 059" in read(rita, "schools?name=elm&state=IL&page=2")


def test_each_thing_has_a_page_with_its_facts_and_its_own_history(app: Flask, rita: FlaskClient) -> None:
    with database(app) as session:
        import_directory(session, "f", make_csv(make_row(tuition_usd="9000"), QUILLWATER), open_vault())
        session.commit()
    offering = read(rita, "offerings/larkspur-mbc")
    for words in ("$9,000", "Offering created", "tuition not given → 9000.00", "chain verified"):
        assert words in offering, words
    assert "Campus created" not in offering
    campus = read(rita, f"campuses/{find(app, Campus, school_id='larkspur')}")
    for words in ("214 Lantern Court", "Campus created", "/desk/offerings/larkspur-mbc"):
        assert words in campus, words
    endpoint = read(rita, f"endpoints/{find(app, Endpoint, school_id='larkspur')}")
    for words in ("leads@larkspur.example", "Endpoint created", "Nothing was sent here yet"):
        assert words in endpoint, words


def test_unknown_things_have_no_page(rita: FlaskClient) -> None:
    for path in ("campuses/999", "offerings/nothing", "endpoints/999", "schools/nowhere"):
        assert rita.get(f"/desk/{path}").status_code == 404, path


def test_a_school_page_tells_how_full_it_is_and_what_waits(app: Flask, rita: FlaskClient) -> None:
    with database(app) as session:
        add_school(session, "zinnia", daily_cap=4)
        send_inquiry(session, ["zinnia"])
        send_inquiry(session, ["zinnia"], trap="filled")
        lead = session.scalars(select(Lead)).one()
        delivery = settle(session, lead, State.held, "cap")
        assert delivery.ended_at is None
        session.commit()
    page = " ".join(read(rita, "schools/zinnia").split())
    for words in ("0 of 4", "Waiting: 1 the school&#39;s cap is reached", "1 without a word yet"):
        assert words in page, words
    assert '<dt>Held for your review</dt><dd class="num">1</dd>' in page


def test_a_full_cap_is_marked(app: Flask, rita: FlaskClient) -> None:
    assert "0 of 4" in read(rita, "schools/larkspur")
    with database(app) as session:
        fill_caps(session, session.get_one(School, "larkspur"))
    assert "4 of 4" in read(rita, "schools/larkspur")
    assert ">full<" in read(rita, "schools/larkspur")


def fill_caps(session: Session, school: School) -> None:
    for period in find_periods(school.timezone, now(session)):
        session.add(CapUse(school_id=school.id, period=period, used=4))
    session.commit()


def test_an_endpoint_shows_what_came_of_its_last_tries(app: Flask, rita: FlaskClient) -> None:
    with database(app) as session:
        add_school(session, "zinnia")
        reference = send_inquiry(session, ["zinnia"]).reference
        delivery = settle(session, session.scalars(select(Lead)).one(), State.failed, "the server answered 422")
        delivery.ended_at = delivery.created_at
        session.execute(
            update(Endpoint)
            .where(Endpoint.school_id == "zinnia")
            .values(state=EndpointState.broken, broken_reason="the school's server answered 401")
        )
        session.commit()
    number = find(app, Endpoint, school_id="zinnia")
    page = read(rita, f"endpoints/{number}")
    for words in (reference, "The server answered 422", "0% <span", "of 1", "server answered 401", "Broken"):
        assert words in page, words
    assert "answered 401" in rita.get("/desk?bin=endpoints").text


def count_statements(client: FlaskClient, path: str, app: Flask) -> int:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    listener: Callable[..., None] = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    try:
        assert client.get(f"/desk/{path}").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    return sum(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in statements)


def test_pages_ask_the_same_few_questions_however_much_there_is(app: Flask, rita: FlaskClient) -> None:
    with database(app) as session:
        add_school(session, "zinnia")
        send_inquiry(session, ["zinnia"])
    number = find(app, Endpoint, school_id="zinnia")
    campus = find(app, Campus, school_id="zinnia")
    paths = (*LISTS, "schools/zinnia", f"campuses/{campus}", "offerings/zinnia-mbc", f"endpoints/{number}")
    few = {path: count_statements(rita, path, app) for path in paths}
    rows = [make_row(school_id=f"s{number:03}", school=f"Elm {number:03}") for number in range(60)]
    with database(app) as session:
        import_directory(session, "schools.csv", make_csv(*rows), open_vault())
        session.commit()
        session.execute(update(School).values(retired_at=None))
        session.execute(update(Offering).values(retired=False))
        session.commit()
        for each in range(5):
            send_inquiry(session, ["zinnia"], Prospect(email=f"ada{each}@mail.example", phone=f"+1312555010{each}"))
    many = {path: count_statements(rita, path, app) for path in paths}
    assert many == few
    assert max(many.values()) <= MOST_STATEMENTS, many


@pytest.fixture
def ada(app: Flask, rita: FlaskClient) -> FlaskClient:
    """An admin, who may change the directory."""
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def open_form(client: FlaskClient, path: str) -> dict[str, str]:
    """The fields of a page's form, as a browser would send them."""
    page = read(client, path)
    form = page[page.index("<form method=") :]
    fields = {
        name: unescape(value) for name, value in re.findall(r'<input[^>]* name="(\w+)"[^>]*value="([^"]*)"', form)
    }
    for name, body in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        fields[name] = unescape(chosen[1]) if chosen else ""
    return fields


def save(client: FlaskClient, path: str, fields: dict[str, str]) -> TestResponse:
    answer = client.post(f"/desk/{path}", data=fields)
    return client.get(answer.location) if answer.status_code == 303 else answer


def test_an_offering_is_edited_and_its_history_tells(app: Flask, ada: FlaskClient) -> None:
    fields = open_form(ada, "offerings/larkspur-mbc/edit")
    assert (fields["program"], fields["campus"], fields["credential"]) == (
        "medical-billing-and-coding",
        "Main",
        "certificate",
    )
    page = save(ada, "offerings/larkspur-mbc/edit", fields | {"tuition_usd": "9500", "next_start": "2027-03-04"}).text
    for words in ("Saved. This is version 2", "$9,500", "March 4, 2027", "by ada@firststep.example", "→ 9500.00"):
        assert words in page, words
    assert "An import leaves as it is here what was changed at the desk: next start, tuition" in page


def test_a_mistake_is_shown_beside_its_field_and_nothing_is_lost(app: Flask, ada: FlaskClient) -> None:
    fields = open_form(ada, "offerings/larkspur-mbc/edit")
    answer = save(ada, "offerings/larkspur-mbc/edit", fields | {"tuition_usd": "$9,500", "length_months": "11"})
    assert answer.status_code == 422
    for words in (
        "error-summary",
        "Tuition in dollars: enter US dollars in digits, like 12454",
        'value="$9,500"',
        'value="11"',
    ):
        assert words in answer.text, words
    assert "$9,500" not in read(ada, "offerings/larkspur-mbc")


def test_what_no_field_alone_can_tell_is_told_too(app: Flask, ada: FlaskClient) -> None:
    number = find(app, Campus, school_id="larkspur")
    fields = open_form(ada, f"campuses/{number}/edit")
    assert fields["latitude"] == ""
    answer = save(ada, f"campuses/{number}/edit", fields | {"latitude": "41.9"})
    assert answer.status_code == 422
    assert "latitude and longitude together" in answer.text


def test_the_second_editor_sees_what_the_first_changed_and_loses_nothing(app: Flask, ada: FlaskClient) -> None:
    bea = sign_in(app, "bea@firststep.example", RoleName.admin)
    path = "offerings/larkspur-mbc/edit"
    first, second = open_form(ada, path), open_form(bea, path)
    save(ada, path, first | {"tuition_usd": "9500", "length_months": "10"})
    answer = save(bea, path, second | {"tuition_usd": "9900", "min_age": "18"})
    assert answer.status_code == 409
    page = " ".join(answer.text.split())
    for words in (
        "Somebody else was first.",
        "ada@firststep.example on ",
        "<strong>9900</strong>",
        "left as it was",
        'value="9900"',
        'value="18"',
        'value="10"',
    ):
        assert words in page, words
    assert "$9,500" in read(ada, "offerings/larkspur-mbc")
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page)}
    saved = save(bea, path, second | fields).text
    for words in ("Saved.", "$9,900", "10 months", "Lowest age</dt><dd>18"):
        assert words in saved, words


def test_campuses_and_offerings_are_added(app: Flask, ada: FlaskClient) -> None:
    campus = {"campus": "Loop", "city": "Chicago", "state": "IL", "zip": "60602"}
    assert "Campus Loop" in save(ada, "schools/larkspur/campuses/new", campus).text
    assert "there is a campus of this name already" in save(ada, "schools/larkspur/campuses/new", campus).text
    offering = open_form(ada, "schools/larkspur/offerings/new") | {"offering_id": "larkspur-ph", "campus": "Loop"}
    offering |= {"program": "phlebotomy", "credential": "diploma", "format": ""}
    assert "Format: fill this in" in save(ada, "schools/larkspur/offerings/new", offering).text
    page = save(ada, "schools/larkspur/offerings/new", offering | {"format": "online"}).text
    assert "this online offering matches nobody" in page
    taken = save(ada, "schools/quillwater/offerings/new", offering | {"campus": "River", "format": "campus"})
    assert (taken.status_code, "this one is taken" in taken.text) == (422, True)


def test_a_school_is_edited(app: Flask, ada: FlaskClient) -> None:
    fields = open_form(ada, "schools/larkspur/edit")
    page = save(ada, "schools/larkspur/edit", fields | {"school": "Larkspur <b>College</b>", "daily_cap": ""}).text
    assert "Larkspur &lt;b&gt;College&lt;/b&gt;" in page
    assert "daily cap 4 → not given" in page


def test_fields_that_no_form_has_change_nothing(app: Flask, ada: FlaskClient) -> None:
    fields = open_form(ada, "schools/larkspur/edit")
    save(ada, "schools/larkspur/edit", fields | {"status": "closed", "school_id": "x", "route": "first", "id": "x"})
    with database(app) as session:
        school = session.get_one(School, "larkspur")
        assert (school.status, school.route) == ("taking", "all")


def test_a_record_is_given_back_to_the_file(app: Flask, ada: FlaskClient) -> None:
    save(ada, "offerings/larkspur-mbc/edit", open_form(ada, "offerings/larkspur-mbc/edit") | {"tuition_usd": "9500"})
    page = save(ada, "offerings/larkspur-mbc/follow", {}).text
    assert "Given back to the file" in page
    assert "An import leaves as it is" not in page
    assert "given back tuition_usd" in page
    assert "follows the file already" in save(ada, "offerings/larkspur-mbc/follow", {}).text
    with database(app) as session:
        rows = make_csv(make_row(tuition_usd="7000"), QUILLWATER)
        import_directory(session, "schools.csv", rows, open_vault())
        session.commit()
    assert "$7,000" in read(ada, "offerings/larkspur-mbc")


def list_pages(app: Flask) -> list[str]:
    campus, endpoint = find(app, Campus, school_id="larkspur"), find(app, Endpoint, school_id="larkspur")
    pages = [*LISTS, "schools/larkspur", f"campuses/{campus}", "offerings/larkspur-mbc", f"endpoints/{endpoint}"]
    edits = [f"{page}/edit" for page in pages[len(LISTS) :]]
    return pages + edits + [f"schools/larkspur/{room}/new" for room in ("campuses", "offerings", "endpoints")]


def test_every_page_reads_without_writing(app: Flask, ada: FlaskClient) -> None:
    pages = list_pages(app)
    before = dump(app)
    for path in pages:
        read(ada, path)
    assert dump(app) == before


def dump(app: Flask) -> dict[str, list[str]]:
    tables = [table for table in Base.metadata.sorted_tables if table.name != "sign_in"]
    with database(app) as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in tables}


def test_no_text_of_the_directory_becomes_part_of_a_page(app: Flask, ada: FlaskClient) -> None:
    script = "<script>alert(1)</script>"
    with database(app) as session:
        session.execute(update(School).values(name=script, accreditor=script, website=script, contact_email=script))
        session.execute(update(Campus).values(address=script, city=script, state=script, zip=script))
        session.execute(update(Offering).values(schedule=(script,), languages=(script,), certifications=(script,)))
        session.execute(update(Endpoint).values(address=script, state=EndpointState.broken, broken_reason=script))
        session.execute(update(Event).values(data={"what": script, "fields": {script: [script, script]}}))
        session.commit()
    for path in list_pages(app):
        assert script not in read(ada, path), path


def test_only_who_may_change_the_directory_gets_its_forms(rita: FlaskClient) -> None:
    for path in ("schools/larkspur/edit", "offerings/larkspur-mbc/edit", "schools/larkspur/campuses/new"):
        assert rita.get(f"/desk/{path}").status_code == 403, path
        assert rita.post(f"/desk/{path}").status_code == 403, path
    assert ">Edit<" not in read(rita, "schools/larkspur")


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


def test_caps_of_weeks_of_all_time_and_of_parts_are_edited_and_shown(app: Flask, ada: FlaskClient) -> None:
    fields = open_form(ada, "schools/larkspur/edit")
    wrong = save(ada, "schools/larkspur/edit", fields | {"part_caps": "campus Elsewhere: 5 a day"}).text
    assert "a campus or a program of this school; it has campus Main" in wrong
    caps = {"weekly_cap": "9", "total_cap": "900", "part_caps": "campus Main: 5 a day"}
    page = save(ada, "schools/larkspur/edit", fields | caps).text
    for words in ("Cap this week", "0 of 9", "Cap in all", "0 of 900", "Cap campus Main, today", "0 of 5"):
        assert words in page
    again = open_form(ada, "schools/larkspur/edit")
    assert {name: again[name] for name in caps} == caps


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
    page = save(ada, f"{path}/retire", {"reason": "replaced"}).text
    assert "The endpoint is retired" in page
    assert "reason Something else replaced it" in page
    again = {"reason": "stopped_by_mistake"}
    assert "resume" not in read(rita, path), "who may not retire it does not put it back either"
    assert rita.post(f"/desk/{path}/resume", data=again).status_code == 403
    assert "The endpoint is live" in save(ada, f"{path}/resume", again).text
