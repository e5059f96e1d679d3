"""Deliveries at the desk: settled, sent again, told by hand, and endpoints stopped; each once."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from leadgen.history import read_history
from leadgen.models import About, Consent, Delivery, Endpoint, EndpointState, Lead, State, Subject
from tests.web.desk import Desk, follow, kinds, make_desk, read_delivery, schools, sent, settle_only
from tests.web.workplace import database

__all__ = ["schools", "sent"]  # fixtures, used by name


@pytest.mark.parametrize(("answer", "state"), [("received", State.delivered), ("not_received", State.pending)])
def test_uncertain_delivery_is_settled_once(sent: Desk, answer: str, state: State) -> None:
    delivery = settle_only(sent, State.uncertain, "timed out")
    assert "Did Larkspur Institute get it?" in sent.page()
    path, fields = f"/desk/deliveries/{delivery}/resolve", {"answer": answer, "reason": "school_said"}
    assert "Settled: the school" in follow(sent.rita, path, fields).text
    assert read_delivery(sent).state is state
    again = follow(sent.rita, path, fields).text
    assert "Nothing was changed. Settled: the school" in again
    assert "by rita@firststep.example on " in again
    assert sum(kind.startswith("delivery.resolved") for kind in kinds(sent)) == 1


def test_settling_needs_a_reason_from_the_list_and_a_plain_answer(sent: Desk) -> None:
    delivery = settle_only(sent, State.uncertain)
    path = f"/desk/deliveries/{delivery}/resolve"
    assert "Choose a reason" in follow(sent.rita, path, {"answer": "received", "reason": "Ada said so"}).text
    assert sent.rita.post(path, data={"answer": "maybe", "reason": "school_said"}).status_code == 400
    assert read_delivery(sent).state is State.uncertain


def test_failed_delivery_goes_out_again_once(sent: Desk) -> None:
    delivery = settle_only(sent, State.failed, "the school's server answered 422")
    assert "server answered 422" in sent.page()
    path, fields = f"/desk/deliveries/{delivery}/redeliver", {"reason": "school_mended"}
    assert "goes out again" in follow(sent.rita, path, fields).text
    assert read_delivery(sent).state is State.pending
    assert "This delivery is pending by now" in follow(sent.rita, path, fields).text
    assert kinds(sent).count("delivery.redelivered") == 1


def test_withdrawn_lead_is_never_sent_again(sent: Desk) -> None:
    delivery = settle_only(sent, State.failed, "422")
    sent.act("withdraw", reason="called_us")
    answer = follow(sent.rita, f"/desk/deliveries/{delivery}/redeliver", {"reason": "school_asked"})
    assert "withdrawn her consent" in answer.text
    assert read_delivery(sent).state is State.failed


def test_the_desk_says_by_when_a_school_has_to_have_heard_and_when_that_is_over(app: Flask, schools: None) -> None:
    desk = make_desk(app, "harebell")
    settle_only(desk, State.delivered)
    desk.act("withdraw", reason="called_us")
    for page in (desk.rita.get("/desk?bin=withdrawals").text, desk.page()):
        assert re.search(r'<span class="small muted">due by \w+ \d+, \d{4}, 10 business days left</span>', page)
    with database(app) as session:
        session.execute(update(Consent).values(withdrawn_at=datetime(2026, 1, 30, 18, tzinfo=UTC)))
        session.commit()
    late = '<span class="small late">was due by February 13, 2026</span>'
    assert late in desk.rita.get("/desk?bin=withdrawals").text
    assert late in desk.page()
    assert "debía saberlo hasta el 13 de febrero de 2026" in desk.rita.get("/es/desk?bin=withdrawals").text


def test_a_notice_that_failed_says_by_when_it_has_to_arrive(sent: Desk) -> None:
    settle_only(sent, State.delivered)
    sent.act("withdraw", reason="called_us")
    with database(sent.app) as session:
        session.execute(update(Delivery).where(Delivery.about == About.withdrawal).values(state=State.failed))
        session.commit()
    assert "10 business days left" in sent.page()
    assert "10 business days left" in sent.rita.get("/desk?bin=withdrawals").text


def test_school_told_by_hand_leaves_the_worklist(app: Flask, schools: None) -> None:
    desk = make_desk(app, "harebell")
    settle_only(desk, State.delivered)
    desk.act("withdraw", reason="called_us")
    page = desk.rita.get("/desk?bin=withdrawals").text
    assert "I told the school" in page
    with database(app) as session:
        lead = session.scalars(select(Lead.reference)).one()
    told = f"/desk/leads/{lead}/told"
    for reason in ("", "because", "other"):
        assert "Nothing was changed" in follow(desk.rita, told, {"reason": reason}).text
    assert "I told the school" in desk.rita.get("/desk?bin=withdrawals").text
    assert "Written down" in follow(desk.rita, told, {"reason": "called_school", "words": "Spoke to Max Example"}).text
    assert "I told the school" not in desk.rita.get("/desk?bin=withdrawals").text
    assert "told already" in follow(desk.rita, told, {"reason": "called_school"}).text
    assert "We called the school" in desk.page()
    assert "Max Example" not in desk.page()


def test_endpoint_is_paused_and_resumed_once_each(sent: Desk) -> None:
    with database(sent.app) as session:
        endpoint = session.scalars(select(Endpoint.id).where(Endpoint.school_id == "larkspur")).one()
    for verb, said, again in (("pause", "is paused", "paused by now"), ("resume", "is live", "live by now")):
        path = f"/desk/endpoints/{endpoint}/{verb}"
        assert "Choose a reason first" in follow(sent.rita, path, {}).text
        assert said in follow(sent.rita, path, {"reason": "school_wishes"}).text
        page = follow(sent.rita, path, {"reason": "our_decision"}).text
        assert again in page
        assert "By rita@firststep.example on " in page
    with database(sent.app) as session:
        assert session.get_one(Endpoint, endpoint).state is EndpointState.live
        kinds_of_school = [event.kind for event in read_history(session, Subject.school, "larkspur")]
    assert kinds_of_school == ["endpoint.paused", "endpoint.resumed"]
