"""The feed as a school's system meets it: pages, acknowledgements, days; JSON, never stored, never another school's."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from leadgen.delivery.feed.offer import number_entries, offer
from leadgen.models import Delivery, FeedEntry, Lead, Receipt
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.systems import System, start_system
from tests.web.workplace import database, dump

EMPTY = sha256().hexdigest()


@pytest.fixture
def system(app: Flask) -> System:
    """Larkspur's system, and three leads in its feed; Bramble has one of the same people."""
    with database(app) as session:
        add_school(session, "larkspur")
        add_school(session, "bramble")
        for number in range(3):
            person = Prospect(email=f"ada{number}@mail.example", phone=f"+1312555010{number}")
            send_inquiry(session, ["larkspur", "bramble"] if number == 0 else ["larkspur"], person)
        for delivery_id in session.scalars(select(Delivery.id)).all():
            offer(session, delivery_id)
        number_entries(session)
        session.commit()
    return start_system(app)


def list_ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer.json["items"]]


def test_system_follows_its_feed_to_the_end(system: System) -> None:
    first = system.get("/feed?limit=2")
    assert (first.status_code, first.content_type) == (200, "application/json")
    assert (len(first.json["items"]), first.json["more"]) == (2, True)
    second = system.get(f"/feed?limit=2&after={first.json['next']}")
    assert (len(second.json["items"]), second.json["more"]) == (1, False)
    assert len({*list_ids(first), *list_ids(second)}) == 3
    end = system.get(f"/feed?after={second.json['next']}")
    assert end.json == {"items": [], "next": second.json["next"], "more": False}


def test_personal_data_are_kept_by_nobody_on_the_way(system: System) -> None:
    answer = system.get("/feed")
    assert "ada0@mail.example" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_each_school_reads_its_own(app: Flask, system: System) -> None:
    bramble = start_system(app, "bramble")
    theirs = bramble.get("/feed").json["items"]
    assert len(theirs) == 1
    assert theirs[0]["id"] not in list_ids(system.get("/feed"))
    assert system.get(f"/feed?after={theirs[0]['id']}").status_code == 422
    assert system.post("/feed/ack", json={"through": theirs[0]["id"]}).status_code == 422


def test_reading_changes_nothing_but_the_last_use_of_the_key(app: Flask, system: System) -> None:
    before = dump(app, without="api_key")
    system.get("/feed")
    system.get("/days?from=2026-11-01&to=2026-11-02")
    assert dump(app, without="api_key") == before


def test_system_says_what_it_has(app: Flask, system: System) -> None:
    ids = list_ids(system.get("/feed"))
    assert system.post("/feed/ack", json={"through": ids[1]}).json == {"acknowledged": 2, "more": False}
    assert system.post("/feed/ack", json={"through": ids[1]}).json == {"acknowledged": 0, "more": False}
    with database(app) as session:
        assert {receipt.source for receipt in session.scalars(select(Receipt))} == {f"key:{system.secret[:12]}"}


def test_acknowledgement_asks_for_no_token_of_a_form(app: Flask, system: System) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    last = list_ids(system.get("/feed"))[-1]
    assert system.post("/feed/ack", json={"through": last}).status_code == 200


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/feed?limit=0", "limit"),
        ("/feed?limit=201", "limit"),
        ("/feed?limit=1.0", "limit"),
        ("/feed?limit=1_0", "limit"),
        ("/feed?limit=", "limit"),
        ("/feed?limit=5&limit=6", "limit"),
        ("/feed?after=", "after"),
        ("/feed?after=%7F", "after"),
        ("/feed?after=msg_LD00000000_1_lead_1", "after"),
        ("/feed?aftr=x", "aftr"),
        ("/days", "from"),
        ("/days?from=2026-11-25", "to"),
        ("/days?from=2026-11-31&to=2026-12-01", "from"),
        ("/days?from=0&to=1", "from"),
        ("/days?from=2026-11-02&to=2026-11-01", "request"),
        ("/days?from=2026-11-01&to=2026-12-02", "request"),
        ("/days?from=0001-01-01&to=0001-01-01", "from"),
        ("/days?from=9999-12-31&to=9999-12-31", "from"),
    ],
)
def test_wrong_question_is_told_by_name(system: System, address: str, name: str) -> None:
    answer = system.get(address)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    told = answer.get_json(force=True)
    assert name in [each["name"] for each in told["errors"]]
    assert name in told["detail"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"json": {}}, 422),
        ({"json": {"through": 7}}, 422),
        ({"json": {"through": "x"}}, 422),
        ({"json": {"through": "x\0y"}}, 422),
        ({"json": {"through": "\ud800"}}, 422),
        ({"json": {"through": "x", "until": "y"}}, 422),
        ({"json": ["x"]}, 422),
        ({"data": "null", "content_type": "application/json"}, 422),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": {"through": "x"}}, 415),
        ({}, 415),
    ],
)
def test_wrong_acknowledgement_is_told(system: System, more: dict[str, Any], status: int) -> None:
    answer = system.post("/feed/ack", **more)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_days_begin_at_midnight_of_the_school(app: Flask, system: System) -> None:
    last_of_november = datetime(2026, 12, 1, 5, 59, 59, tzinfo=UTC)  # in Chicago it is still November
    with database(app) as session:
        mine = select(FeedEntry.id).where(FeedEntry.school_id == "larkspur").order_by(FeedEntry.number)
        first, second, third = session.scalars(mine).all()
        for entry, at in ((first, last_of_november), (second, last_of_november + timedelta(seconds=1))):
            session.execute(update(FeedEntry).where(FeedEntry.id == entry).values(said_at=at))
        session.execute(update(FeedEntry).where(FeedEntry.id == third).values(said_at=last_of_november))
        session.commit()
        by_entry = select(FeedEntry.id, Lead.reference).join(Lead, Lead.id == FeedEntry.lead_id)
        references = dict(map(tuple, session.execute(by_entry)))
    november = "".join(sorted(f"lead.created {references[each]}\n" for each in (first, third)))
    assert system.get("/days?from=2026-11-29&to=2026-12-01").json == {
        "timezone": "America/Chicago",
        "days": [
            {"day": "2026-11-29", "count": 0, "sha256": EMPTY},
            {"day": "2026-11-30", "count": 2, "sha256": sha256(november.encode()).hexdigest()},
            {
                "day": "2026-12-01",
                "count": 1,
                "sha256": sha256(f"lead.created {references[second]}\n".encode()).hexdigest(),
            },
        ],
    }


def test_system_that_kept_its_feed_computes_the_same_days(system: System) -> None:
    """The recipe of docs/api.md."""
    items = system.get("/feed").json["items"]
    moments = [datetime.fromisoformat(item["timestamp"]) for item in items]
    days = system.get(f"/days?from={min(moments).date() - timedelta(1)}&to={max(moments).date()}").json["days"]
    lines = sorted(f"{item['type']} {item['data']['lead']}\n" for item in items)
    told = [day for day in days if day["count"]]
    if len(told) == 1:  # else midnight in Chicago passed meanwhile
        assert told[0]["sha256"] == sha256("".join(lines).encode()).hexdigest()
    assert sum(day["count"] for day in days) == 3
