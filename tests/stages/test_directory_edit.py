"""Edits by hand: the rules of a file, a version and a line of history each, and no quarrel with the next import."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.directory.add import add_campus, add_offering
from leadgen.directory.by_hand import EditError, NotThereError, Written
from leadgen.directory.edit import ChangedMeanwhileError, edit_record, read_editable
from leadgen.directory.faults import DirectoryError
from leadgen.directory.plan import Plan
from leadgen.directory.reader import read_directory
from leadgen.directory.records import Noun
from leadgen.directory.sync import Source, apply_plan, plan_import, read_current_version
from leadgen.extensions import db
from leadgen.models import Campus, Chain, Endpoint, EndpointKind, Event, Offering, School, Subject, Takes
from tests.schools_csv import make_csv, make_row

ROW = make_row(tuition_usd="9000", length_months="9")
FORM = make_row(delivery="form_post", deliver_to="https://larkspur.example/form")
KEYS = {Noun.school: ("larkspur",), Noun.campus: ("larkspur", "Main"), Noun.offering: ("larkspur-mbc",)}
LOOP = {"campus": "Loop", "city": "Chicago", "state": "IL", "zip": "60602"}


def bring(session: Session, *rows: dict[str, str], override: bool = False) -> Plan:
    plan = plan_import(session, read_directory(make_csv(*rows)), override=override)
    apply_plan(session, plan, Source("schools.csv", "0" * 64))
    session.commit()
    return plan


def edit(session: Session, noun: Noun, seen: dict[str, str] | None = None, **cells: str) -> Written:
    seen = seen or read_editable(session, "larkspur", noun, KEYS[noun])
    written = edit_record(session, "larkspur", noun, KEYS[noun], cells, seen, "user:1")
    session.commit()
    return written


def last_event(session: Session) -> Event:
    return history.read_history(session, Subject.school, "larkspur")[-1]


def test_an_edit_is_a_version_and_a_line_with_old_and_new(session: Session) -> None:
    bring(session, ROW)
    written = edit(session, Noun.offering, tuition_usd="9500", certifications="CPC;CCS")
    offering = session.get_one(Offering, "larkspur-mbc")
    assert (offering.tuition_usd, offering.certifications, offering.edits) == (Decimal("9500"), ("CPC", "CCS"), 1)
    assert written.version is not None
    assert (written.version.id, written.version.source, read_current_version(session)) == (2, "by hand", 2)
    event = last_event(session)
    assert (event.kind, event.actor) == ("offering.changed", "user:1")
    told = event.data["changes"]["larkspur-mbc"]
    assert told == {"tuition_usd": ["9000.00", "9500.00"], "certifications": [None, ["CPC", "CCS"]]}
    chain = session.scalars(select(Chain).filter_by(subject_id="larkspur")).one()
    assert list(history.verify(history.read_history(session, Subject.school, "larkspur"), chain)) == []


def test_an_edit_of_nothing_writes_nothing(session: Session) -> None:
    bring(session, ROW)
    before = session.scalar(select(func.count()).select_from(Event))
    assert edit(session, Noun.offering, tuition_usd="9000.00").version is None
    assert session.scalar(select(func.count()).select_from(Event)) == before


def test_addresses_stay_out_of_the_history(session: Session) -> None:
    bring(session, ROW)
    edit(session, Noun.school, contact_email="dean@larkspur.example")
    edit(session, Noun.campus, address="1 Quiet Road")
    events = history.read_history(session, Subject.school, "larkspur")[-2:]
    assert not [event for event in events if "dean@" in str(event.data) or "Quiet" in str(event.data)]
    assert events[0].data["fields"] == {"contact_email": "changed"}


@pytest.mark.parametrize(
    ("noun", "cells", "wrong"),
    [
        (Noun.offering, {"tuition_usd": "$9,500"}, {"tuition_usd": "US dollars in digits, like 12454 or 12454.50"}),
        (Noun.offering, {"length_months": "0", "min_age": "x"}, {"length_months", "min_age"}),
        (Noun.offering, {"campus": "Nowhere"}, {"campus": "a campus of this school that is in use"}),
        (Noun.offering, {"program": ""}, {"program": "a value; it is empty"}),
        (Noun.campus, {"zip": "00000"}, {"zip": "a ZIP code that we know, or latitude and longitude beside it"}),
        (Noun.campus, {"latitude": "41.9"}, {"longitude": "latitude and longitude together, or neither"}),
        (Noun.school, {"contact_email": "dean"}, {"contact_email": "an e-mail address"}),
        (Noun.school, {"website": "larkspur.example"}, {"website"}),
    ],
)
def test_what_a_file_may_not_say_a_hand_may_not_either(
    session: Session, noun: Noun, cells: dict[str, str], wrong: dict[str, str] | set[str]
) -> None:
    bring(session, ROW)
    with pytest.raises(EditError) as raised:
        edit(session, noun, **cells)
    assert (raised.value.wrong if isinstance(wrong, dict) else set(raised.value.wrong)) == wrong
    session.rollback()
    if "campus" not in cells:  # a file makes the campus that it names
        with pytest.raises(DirectoryError):
            read_directory(make_csv(ROW | cells))


def test_a_school_without_a_time_zone_has_that_of_its_campus(session: Session) -> None:
    bring(session, ROW | {"timezone": "America/Denver"})
    edit(session, Noun.school, timezone="")
    assert session.get_one(School, "larkspur").timezone == "America/Chicago"


def test_the_second_editor_is_told_what_the_first_changed(session: Session) -> None:
    bring(session, ROW)
    seen = read_editable(session, "larkspur", Noun.offering, KEYS[Noun.offering])
    edit(session, Noun.offering, seen, length_months="10")
    with pytest.raises(ChangedMeanwhileError) as raised:
        edit(session, Noun.offering, seen, tuition_usd="9900")
    session.rollback()
    assert raised.value.differences == {"length_months": ("9", "10")}
    assert raised.value.last is not None
    assert raised.value.last.actor == "user:1"
    assert session.get_one(Offering, "larkspur-mbc").tuition_usd == Decimal("9000")
    edit(session, Noun.offering, raised.value.now, tuition_usd="9900")
    offering = session.get_one(Offering, "larkspur-mbc")
    assert (offering.tuition_usd, offering.length_months) == (Decimal("9900"), 10)


def test_of_two_who_save_at_the_same_moment_one_is_told(app: Flask, session: Session) -> None:
    bring(session, ROW)
    seen = read_editable(session, "larkspur", Noun.offering, KEYS[Noun.offering])
    session.rollback()
    ready = Barrier(2)

    def save(tuition: str) -> str:
        with app.app_context():
            ready.wait(10)
            try:
                edit(db.session, Noun.offering, seen, tuition_usd=tuition)
            except ChangedMeanwhileError:
                db.session.rollback()
                return "told"
            return tuition

    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(save, ("9500", "9900")))
    assert sorted(outcomes)[1] == "told"
    offering = session.get_one(Offering, "larkspur-mbc", populate_existing=True)
    assert offering.tuition_usd == Decimal(sorted(outcomes)[0])
    assert read_current_version(session) == 2


def test_an_import_meanwhile_counts_as_a_change_too(session: Session) -> None:
    bring(session, ROW)
    seen = read_editable(session, "larkspur", Noun.offering, KEYS[Noun.offering])
    bring(session, ROW | {"tuition_usd": "8000"})
    with pytest.raises(ChangedMeanwhileError, match="tuition_usd"):
        edit(session, Noun.offering, seen, length_months="10")


def test_offerings_move_with_their_campus(session: Session) -> None:
    bring(session, ROW)
    edit(session, Noun.campus, city="Evanston", zip="60201")
    offering, campus = session.get_one(Offering, "larkspur-mbc"), session.scalars(select(Campus)).one()
    assert (offering.latitude, offering.longitude) == (campus.latitude, campus.longitude)
    assert campus.latitude > 42
    # and an import that still says the old place does not tear them apart
    bring(session, ROW)
    session.expire_all()
    assert (campus.zip, round(campus.latitude), campus.latitude) == ("60201", 42, offering.latitude)


def test_what_was_added_by_hand_survives_an_import(session: Session) -> None:
    bring(session, ROW)
    add_campus(session, "larkspur", LOOP, "user:1")
    cells = {"offering_id": "larkspur-ph", "campus": "Loop", "program": "phlebotomy"}
    add_offering(session, "larkspur", cells | {"credential": "certificate", "format": "campus"}, "user:1")
    session.commit()
    assert last_event(session).kind == "offering.created"
    plan = bring(session, ROW)
    assert plan.changes == ()
    assert session.get_one(Offering, "larkspur-ph").retired is False


@pytest.mark.parametrize("add", [add_campus, add_offering])
def test_what_is_there_already_is_not_added_again(session: Session, add: Callable[..., Written]) -> None:
    bring(session, ROW)
    cells = LOOP | {"campus": "Main", "offering_id": "larkspur-mbc", "program": "phlebotomy", "format": "campus"}
    with pytest.raises(EditError, match="another"):
        add(session, "larkspur", cells | {"credential": "diploma"}, "user:1")


def test_nothing_is_added_to_a_school_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotThereError):
        add_campus(session, "nowhere", LOOP, "user:1")


def test_a_retired_record_is_not_edited(session: Session) -> None:
    bring(session, ROW, make_row(offering_id="other"))
    seen = read_editable(session, "larkspur", Noun.offering, KEYS[Noun.offering])
    bring(session, make_row(offering_id="other"))
    with pytest.raises(NotThereError, match="retired"):
        edit(session, Noun.offering, seen, tuition_usd="1")


def test_an_import_keeps_what_was_edited_and_says_so(session: Session) -> None:
    bring(session, ROW)
    edit(session, Noun.offering, tuition_usd="9500")
    plan = bring(session, ROW | {"length_months": "12"})
    (kept,) = plan.kept
    assert (kept.name, dict(kept.fields)) == ("larkspur-mbc", {"tuition_usd": (Decimal("9500.00"), Decimal("9000.00"))})
    offering = session.get_one(Offering, "larkspur-mbc")
    assert (offering.tuition_usd, offering.length_months) == (Decimal("9500"), 12)
    assert offering.edited == ("tuition_usd",)


def test_a_cap_in_dollars_of_the_desk_keeps_its_price_though_the_file_has_none(session: Session) -> None:
    bring(session, ROW | {"price_per_lead_usd": "25"})
    edit(session, Noun.school, part_caps="school: $500 a month")
    plan = bring(session, ROW)
    told = {"price_per_lead_usd": (Decimal("25.00"), None)}
    assert [dict(kept.fields) for kept in plan.kept] == [{"part_caps": (("school: $500 a month",), None)}, told]
    assert session.get_one(School, "larkspur").price_per_lead_usd == Decimal(25)
    edit(session, Noun.school, part_caps="", price_per_lead_usd="")
    bring(session, ROW | {"price_per_lead_usd": "30"})
    assert session.get_one(School, "larkspur").price_per_lead_usd is None


def test_an_import_that_overrides_lets_the_file_hold_everywhere(session: Session) -> None:
    bring(session, ROW)
    edit(session, Noun.offering, tuition_usd="9500")
    add_campus(session, "larkspur", LOOP, "user:1")
    session.commit()
    plan = bring(session, ROW, override=True)
    assert [each.name for each in plan.kept] == ["Loop", "larkspur-mbc"]
    offering = session.get_one(Offering, "larkspur-mbc")
    assert (offering.tuition_usd, offering.edited) == (Decimal("9000"), ())
    assert session.scalars(select(Campus).filter_by(name="Loop")).one().retired_at is not None
    bring(session, ROW | {"tuition_usd": "7000"})
    session.expire_all()
    assert offering.tuition_usd == Decimal("7000")


def test_a_form_gets_its_notices_where_the_contact_is(session: Session) -> None:
    bring(session, FORM)
    box = session.scalars(select(Endpoint).filter_by(kind=EndpointKind.email, takes=Takes.notices)).one()
    edit(session, Noun.school, contact_email="dean@larkspur.example")
    assert (box.address, box.version) == ("dean@larkspur.example", 2)
    edit(session, Noun.school, contact_email="")
    assert box.retired_at is not None
    bring(session, FORM)
    session.expire_all()
    assert box.retired_at is not None, "the desk said that there is no contact"
