"""The rooms of the directory and of delivery: lists that can be narrowed, and a page for each thing in them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import find_periods, now
from leadgen.directory.sync import import_directory
from leadgen.models import Campus, CapUse, Endpoint, EndpointState, Event, Lead, Offering, School, State
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.schools_csv import make_csv, make_row
from tests.web.rooms import LISTS, QUILLWATER, ada, count_statements, find, read, rita
from tests.web.workplace import database, dump, settle

__all__ = ["ada", "rita"]  # fixtures, used by name

MOST_STATEMENTS = 20


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


def list_pages(app: Flask) -> list[str]:
    campus, endpoint = find(app, Campus, school_id="larkspur"), find(app, Endpoint, school_id="larkspur")
    pages = [*LISTS, "schools/larkspur", f"campuses/{campus}", "offerings/larkspur-mbc", f"endpoints/{endpoint}"]
    edits = [f"{page}/edit" for page in pages[len(LISTS) :]]
    return pages + edits + [f"schools/larkspur/{room}/new" for room in ("campuses", "offerings", "endpoints")]


def test_every_page_reads_without_writing(app: Flask, ada: FlaskClient) -> None:
    pages = list_pages(app)
    before = dump(app, without="sign_in")
    for path in pages:
        read(ada, path)
    assert dump(app, without="sign_in") == before


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
