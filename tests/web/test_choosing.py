"""Programs side by side, and the five questions: both by address alone, without a cookie."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import build_offering
from tests.web.workplace import database

THREE = ["phlebotomy", "practical-nursing", "medical-assistant"]


def read_table(page: str) -> list[list[str]]:
    table = page[page.index('<table class="table side">') : page.index("</table>")]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def test_programs_stand_side_by_side_each_figure_with_its_source(app: Flask, client: FlaskClient) -> None:
    with database(app) as session:
        build_offering(session, program="phlebotomy", length_months=3)
        session.commit()
    head, *rows = read_table(client.get("/programs/compare", query_string={"program": THREE}).text)
    assert head[1:] == ["Phlebotomy", "Practical nursing", "Medical assistant"]
    cells = {row[0]: row[1:] for row in rows}
    assert cells["Length"][0].startswith("3 months")
    assert "1 course in our directory" in cells["Length"][0]
    assert cells["Length"][1] == "not given"
    for row in ("Pay, a year", "Outlook"):
        for cell in cells[row]:
            assert "Bureau of Labor Statistics" in cell or "no figure" in cell
    assert "2023" in cells["Pay, a year"][0]
    assert "CPT" in cells["Certifications"][0]


def test_of_more_than_four_the_rest_is_named(client: FlaskClient) -> None:
    five = [*THREE, "dental-assistant", "pharmacy-technician"]
    page = client.get("/programs/compare", query_string={"program": five}).text
    assert len(read_table(page)[0]) == 5
    assert "Left out: Pharmacy technician" in page


def test_what_there_is_not_is_left_out_and_twice_is_once(client: FlaskClient) -> None:
    page = client.get("/programs/compare?program=astrology&program=phlebotomy&program=phlebotomy&program=%22%3E").text
    assert read_table(page)[0][1:] == ["Phlebotomy"]
    assert "astrology" not in page.split("</header>")[1], "and the way to the other language asks for the same"


def test_answers_lead_to_programs_with_their_reasons(client: FlaskClient) -> None:
    asked = {"patients": "few", "no_blood": "yes", "posture": "desk"}
    answer = client.get("/programs/which", query_string=asked)
    page = answer.text
    assert "Set-Cookie" not in answer.headers
    titles = re.findall(r'<li class="panel"><h3><a href="[^"]+">([^<]+)', page)
    assert titles[0] == "Medical billing and coding"
    assert len(titles) == 10
    assert page.count("You would see no blood.") == 4
    assert '<meta name="robots" content="noindex">' in page
    assert 'id="posture-desk" value="desk" checked' in page


@pytest.mark.parametrize("query", ["", "?months=5&patients=astrology&no_blood=perhaps"])
def test_without_an_answer_nothing_is_ticked_and_nothing_shown(client: FlaskClient, query: str) -> None:
    page = client.get(f"/programs/which{query}").text
    assert "checked" not in page
    assert "Look at these first" not in page
