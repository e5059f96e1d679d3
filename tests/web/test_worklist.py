"""The worklist's pages: what is asked for stands in the address, and each line leaves by one act with a reason."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.guides.loader import require_program
from leadgen.models import DispositionReport, Endpoint, EndpointKind, EndpointState, Lead, State
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import database, settle, sign_in


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    """A reviewer, at a desk with three schools."""
    with database(app) as session:
        for school in ("larkspur", "bramble"):
            add_school(session, school)
        add_school(session, "harebell", kind=EndpointKind.form_post)
    return sign_in(app, "rita@firststep.example", RoleName.reviewer)


def send_held(app: Flask, count: int, *schools: str) -> list[str]:
    with database(app) as session:
        people = [Prospect(email=f"a{n}@mail.example", phone=f"+1312555{100 + n:04}") for n in range(count)]
        return [send_inquiry(session, list(schools), person, trap="filled").reference for person in people]


def send_settled(app: Flask, state: State, reason: str | None = None) -> int:
    with database(app) as session:
        send_inquiry(session, ["larkspur"])
        delivery = settle(session, session.scalars(select(Lead)).one(), state, reason)
        session.commit()
        return delivery.id


def list_links(page: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(/desk\?[^"]*)"', page)]


def test_filters_and_order_stay_in_every_address_of_the_list(app: Flask, rita: FlaskClient) -> None:
    send_held(app, 51, "larkspur", "bramble")
    page = rita.get("/desk?bin=held&school=bramble&reason=filled_trap&sort=newest&age=&who=").text
    assert "/desk?page=2&bin=held&reason=filled_trap&school=bramble&sort=newest" in list_links(page)
    assert "/desk?bin=held&reason=filled_trap&school=bramble&sort=program" in list_links(page)
    assert "Page 1 of 2" in page


def test_a_bin_that_is_narrowed_to_nothing_says_so(app: Flask, rita: FlaskClient) -> None:
    send_held(app, 1, "larkspur")
    page = rita.get("/desk?school=nowhere").text
    assert "Nothing in this bin is like that" in page
    assert '<option value="nowhere" selected>' in page


@pytest.mark.parametrize("query", ["sort=x", "age=5", "who=all", "page=-1", "school=%22%3E%3Cscript%3E", "reason=%25"])
def test_odd_arguments_break_nothing(app: Flask, rita: FlaskClient, query: str) -> None:
    reference = send_held(app, 1, "larkspur")[0]
    answer = rita.get(f"/desk?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert (reference in answer.text) is not query.startswith(("school", "reason"))


def test_reasons_of_what_is_held_are_counted_in_the_rail(app: Flask, rita: FlaskClient) -> None:
    send_held(app, 2, "larkspur")
    page = rita.get("/desk").text
    assert re.search(r'reason=filled_trap">Hidden field filled in <span class="n">2<', page)


def test_a_failed_delivery_is_set_aside_for_a_reason_and_the_list_stays_as_it_was(
    app: Flask, rita: FlaskClient
) -> None:
    delivery = send_settled(app, State.failed, "422")
    path = f"/desk/failed/delivery/{delivery}/set-aside"
    assert path in rita.get("/desk?bin=failed").text
    answer = rita.post(path, data={"reason": "Ada", "back": "bin=failed&sort=newest&next=//evil.example"})
    assert answer.location == "/desk?bin=failed&sort=newest"
    assert "Choose a reason first" in rita.get(answer.location).text
    rita.post(path, data={"reason": "never_will", "back": "bin=failed"})
    assert path not in rita.get("/desk?bin=failed").text
    back = f"/desk/failed/delivery/{delivery}/put-back"
    page = rita.get(rita.post(back).location).text
    assert "Choose a reason first" in page
    assert "Set aside: It will never be taken there." in page
    assert f'action="{back}"' in page
    assert path not in rita.get("/desk?bin=failed").text, "nothing is put back without a reason"
    page = rita.get(rita.post(back, data={"reason": "taken_there_now"}).location).text
    assert re.search("Failed delivery back on the worklist.*It can be taken there now", page, re.DOTALL)
    assert f'action="{back}"' not in page
    assert path in rita.get("/desk?bin=failed").text


def test_a_return_is_judged_in_its_line_and_taken_back_on_the_inquirys_page(app: Flask, rita: FlaskClient) -> None:
    send_settled(app, State.delivered)
    with database(app) as session:
        lead = session.scalars(select(Lead)).one()
        return_lead(session, open_vault(), lead, ReturnReason.duplicate, "Ada came in May", "user:9")
        session.commit()
        report = session.scalars(select(DispositionReport.id)).one()
    path = f"/desk/returns/{report}"
    assert f"{path}/judge" in rita.get("/desk?bin=returns").text
    answer = rita.post(f"{path}/judge", data={"reason": "school_never_tried", "back": "bin=returns"})
    assert "The return is judged" in rita.get(answer.location).text
    assert f"{path}/judge" not in rita.get("/desk?bin=returns").text
    page = rita.get(rita.post(f"{path}/judge", data={"reason": "goodwill"}).location).text
    assert "judged already" in page
    assert "Return contested" in page
    assert f"{path}/reopen" in page
    assert "Choose a reason first" in rita.get(rita.post(f"{path}/reopen").location).text
    page = rita.get(rita.post(f"{path}/reopen", data={"reason": "school_objects"}).location).text
    assert "waits for a judgment again" in page
    assert re.search("Return to be judged again.*The school objects to the judgment", page, re.DOTALL)


def test_leads_that_wait_for_a_test_are_seen_with_the_way_to_it(app: Flask, rita: FlaskClient) -> None:
    with database(app) as session:
        send_inquiry(session, ["larkspur"])
        endpoint = session.scalars(select(Endpoint).where(Endpoint.school_id == "larkspur")).one()
        endpoint.state, number = EndpointState.testing, endpoint.id
        session.commit()
    page = rita.get("/desk?bin=endpoints").text
    assert "Leads wait until a test of it is accepted" in page
    assert f'href="/desk/endpoints/{number}#tests">Test it' in page
    assert "Take leads" not in page


def test_who_only_reads_sees_the_lines_and_no_buttons(app: Flask, rita: FlaskClient) -> None:
    delivery = send_settled(app, State.failed, "422")
    reader = sign_in(app, "ron@firststep.example", RoleName.reader)
    page = reader.get("/desk?bin=failed").text
    assert "422" in page
    assert "set-aside" not in page
    assert reader.post(f"/desk/failed/delivery/{delivery}/set-aside").status_code == 403


def test_a_view_is_kept_by_name_for_its_user_alone(app: Flask, rita: FlaskClient) -> None:
    send_held(app, 1, "larkspur")
    back = "bin=held&school=larkspur&sort=newest&who=mine&q=Ada+Example&page=2"
    answer = rita.post("/desk/views", data={"name": "  My   <b>larks</b> ", "back": back})
    page = rita.get(answer.location).text
    assert "/desk?bin=held&school=larkspur&who=mine&sort=newest" in list_links(page)
    assert "My &lt;b&gt;larks&lt;/b&gt;" in page
    assert "Ada" not in page
    sam = sign_in(app, "sam@firststep.example", RoleName.reader)
    assert "larks&lt;" not in sam.get("/desk").text
    assert sam.post("/desk/views/1/remove").status_code == 404
    rita.post("/desk/views", data={"name": "My <b>larks</b>", "back": "bin=failed"})
    assert list_links(rita.get("/desk").text).count("/desk?bin=failed") == 2
    rita.post("/desk/views/1/remove", data={"back": "bin=held"})
    assert "larks&lt;" not in rita.get("/desk").text


def test_a_view_needs_a_name_and_there_is_an_end_to_them(app: Flask, rita: FlaskClient) -> None:
    assert "Give the view a name" in rita.get(rita.post("/desk/views", data={"name": " "}).location).text
    for number in range(30):
        rita.post("/desk/views", data={"name": f"view {number}"})
    assert "You have 30 views" in rita.get(rita.post("/desk/views", data={"name": "one more"}).location).text
    assert "Saved as" in rita.get(rita.post("/desk/views", data={"name": "view 3"}).location).text


def test_the_desk_warns_of_guides_that_nobody_reviewed_for_a_year(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    assert "last reviewed over a year ago" not in rita.get("/desk").text
    old = replace(require_program("phlebotomy"), reviewed=date(2020, 1, 1))
    monkeypatch.setattr("leadgen.web.desk.worklist.list_programs", lambda: [old])
    assert "One guide was last reviewed over a year ago: Phlebotomy" in rita.get("/desk").text
