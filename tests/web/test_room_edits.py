"""The forms of the rooms: records added and edited, and given back to the file."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from leadgen.accounts.roles import RoleName
from leadgen.directory.sync import import_directory
from leadgen.models import Campus, School
from leadgen.vault import open_vault
from tests.schools_csv import make_csv, make_row
from tests.web.rooms import QUILLWATER, ada, find, open_form, read, rita, save
from tests.web.workplace import database, sign_in

__all__ = ["ada", "rita"]  # fixtures, used by name


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
    save(ada, "schools/larkspur/edit", fields | {"status": "closed", "school_id": "x", "listed": "yes", "id": "x"})
    with database(app) as session:
        school = session.get_one(School, "larkspur")
        assert (school.status, school.listed, school.route) == ("taking", False, "all")


def test_a_school_with_several_endpoints_takes_the_first_that_accepts(app: Flask, ada: FlaskClient) -> None:
    fields = open_form(ada, "schools/larkspur/edit")
    assert fields["route"] == "all"
    page = save(ada, "schools/larkspur/edit", fields | {"route": "first"}).text
    assert "route all → first" in page
    with database(app) as session:
        assert session.get_one(School, "larkspur").route == "first"


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


def test_only_who_may_change_the_directory_gets_its_forms(rita: FlaskClient) -> None:
    for path in ("schools/larkspur/edit", "offerings/larkspur-mbc/edit", "schools/larkspur/campuses/new"):
        assert rita.get(f"/desk/{path}").status_code == 403, path
        assert rita.post(f"/desk/{path}").status_code == 403, path
    assert ">Edit<" not in read(rita, "schools/larkspur")


def test_a_cap_in_dollars_asks_for_a_price_and_is_shown_in_dollars(app: Flask, ada: FlaskClient) -> None:
    fields = open_form(ada, "schools/larkspur/edit") | {"part_caps": "school: $500 a month"}
    wrong = save(ada, "schools/larkspur/edit", fields).text
    assert "Price of a lead in dollars: enter US dollars like 25 or 37.50" in wrong
    page = save(ada, "schools/larkspur/edit", fields | {"price_per_lead_usd": "37.50"}).text
    assert "$0 of $500" in page
    assert open_form(ada, "schools/larkspur/edit")["price_per_lead_usd"] == "37.50"


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
