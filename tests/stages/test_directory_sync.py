"""An import brings the stored directory into step with a file, and touches nothing else."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.directory.faults import DirectoryError
from leadgen.directory.plan import Action, Plan
from leadgen.directory.reader import read_directory
from leadgen.directory.records import Noun
from leadgen.directory.sync import plan_import, read_current_version
from leadgen.models import (
    Campus,
    Chain,
    Choice,
    Consent,
    Delivery,
    DirectoryVersion,
    Endpoint,
    EndpointKind,
    Event,
    Inquiry,
    Lead,
    Offering,
    School,
    SchoolStatus,
    State,
    Subject,
)
from tests.schools_csv import make_csv, make_row
from tests.stages.importing import BRAMBLE, LARKSPUR, QUILLWATER, bring, endpoint_of, kinds_in_history


def plan(session: Session, *rows: dict[str, str]) -> Plan:
    return plan_import(session, read_directory(make_csv(*rows)))


def add_lead(session: Session, school_id: str) -> int:
    """A released lead with a pending delivery, row by row; gives the delivery's id."""
    at = now(session)
    inquiry = Inquiry(
        reference="LG-1",
        form_token_hash=b"h",
        program="medical-billing-and-coding",
        program_title="Medical billing and coding",
        criteria={},
        zip="60601",
        city="Chicago",
        state="IL",
        flags=[],
        received_at=at,
    )
    session.add(inquiry)
    session.flush()
    refer = {"inquiry_id": inquiry.id, "school_id": school_id}
    words = {"wording_version": "1", "words": "Yes", "words_sha256": "0", "page": "/", "act": "ticked"}
    lead = Lead(**refer, reference="LG-1-A", released_at=at)
    for row in (Choice(**refer, rank=1, ticked=True), Consent(**refer, **words, given_at=at), lead):
        session.add(row)
        session.flush()
    endpoint_id = session.scalars(select(Endpoint.id).filter_by(school_id=school_id)).one()
    delivery = Delivery(
        lead_id=lead.id, school_id=school_id, endpoint_id=endpoint_id, key="k", due_at=at, created_at=at
    )
    session.add(delivery)
    session.commit()
    return delivery.id


def test_a_first_import_creates_everything(session: Session) -> None:
    version = bring(session, LARKSPUR, QUILLWATER, BRAMBLE)
    assert version is not None
    # three schools, campuses and offerings; four endpoints, because a form has a mail box beside it
    assert (version.created, version.changed, version.retired) == (13, 0, 0)
    assert (version.source, len(version.sha256)) == ("schools.csv", 64)
    school = session.get_one(School, "larkspur")
    assert (school.name, school.timezone, school.status) == (LARKSPUR["school"], "America/Chicago", SchoolStatus.taking)
    offering = session.get_one(Offering, "larkspur-mbc")
    campus = session.get_one(Campus, offering.campus_id)
    assert (campus.school_id, campus.zip) == ("larkspur", "60601")
    assert (offering.latitude, offering.longitude) == (campus.latitude, campus.longitude)


def test_the_same_file_again_changes_nothing(session: Session) -> None:
    bring(session, LARKSPUR, QUILLWATER, BRAMBLE)
    before = session.scalar(select(func.count()).select_from(Event))
    assert plan(session, LARKSPUR, QUILLWATER, BRAMBLE).changes == ()
    assert bring(session, BRAMBLE, LARKSPUR, QUILLWATER) is None
    assert session.scalar(select(func.count()).select_from(DirectoryVersion)) == 1
    assert session.scalar(select(func.count()).select_from(Event)) == before


def test_every_value_survives_the_database(session: Session) -> None:
    full = make_row(
        format="hybrid",
        length_months="9",
        tuition_usd="12454.50",
        certifications="CPC;CCS",
        min_age="17",
        education="ged",
        online_states="IL;IN",
        schedule="day",
        languages="English;Spanish",
        next_start="2027-03-01",
        latitude="41.88531",
        longitude="-87.61812",
        daily_cap="5",
        service_miles="40",
        service_states="IL;IN",
        service_zips="606*;53140",
    )
    bring(session, full)
    assert plan(session, full).changes == ()


def test_a_plan_writes_nothing(session: Session) -> None:
    found = plan(session, LARKSPUR)
    assert found.count(Action.created) == {Noun.school: 1, Noun.campus: 1, Noun.endpoint: 1, Noun.offering: 1}
    session.commit()
    assert session.scalar(select(func.count()).select_from(School)) == 0
    assert read_current_version(session) is None


def test_a_change_names_its_fields_and_raises_the_version(session: Session) -> None:
    bring(session, LARKSPUR, QUILLWATER)
    changed = LARKSPUR | {"tuition_usd": "9000", "status": "paused"}
    (school, offering) = plan(session, changed, QUILLWATER).changes
    assert school.fields == {"status": (SchoolStatus.taking, SchoolStatus.paused)}
    assert list(offering.fields) == ["tuition_usd"]
    version = bring(session, changed, QUILLWATER)
    assert version is not None
    assert (version.created, version.changed, version.retired) == (0, 2, 0)
    assert session.get_one(School, "larkspur").version_id == version.id == read_current_version(session)
    assert session.get_one(School, "quillwater").version_id != version.id


def test_a_new_offering_marks_its_school_with_the_version(session: Session) -> None:
    bring(session, LARKSPUR)
    version = bring(session, LARKSPUR, make_row(offering_id="larkspur-ma", program="medical-assistant"))
    assert version is not None
    assert session.get_one(School, "larkspur").version_id == version.id


def test_what_vanished_is_retired_and_what_comes_back_is_restored(session: Session) -> None:
    second = make_row(offering_id="larkspur-ma", program="medical-assistant", campus="North", zip="60201")
    bring(session, LARKSPUR, second, QUILLWATER)
    version = bring(session, LARKSPUR)
    assert version is not None
    # a campus, its offering; and a school with its campus and its offering
    assert (version.created, version.changed, version.retired) == (0, 0, 5)
    assert session.get_one(Offering, "larkspur-ma").retired
    assert not session.get_one(Offering, "larkspur-mbc").retired
    assert session.get_one(School, "quillwater").retired_at is not None
    assert endpoint_of(session, "quillwater", EndpointKind.webhook).retired_at is None
    assert plan(session, LARKSPUR).changes == ()
    version = bring(session, LARKSPUR, second, QUILLWATER)
    assert version is not None
    assert (version.created, version.changed, version.retired) == (0, 5, 0)
    assert session.get_one(School, "quillwater").takes_inquiries
    assert not session.get_one(Offering, "larkspur-ma").retired


def test_retiring_a_school_leaves_its_leads_alone(session: Session) -> None:
    bring(session, LARKSPUR, QUILLWATER)
    delivery_id = add_lead(session, "quillwater")
    before = [dict(row._mapping) for row in session.execute(select(Delivery.__table__))]
    bring(session, LARKSPUR)
    assert [dict(row._mapping) for row in session.execute(select(Delivery.__table__))] == before
    assert session.get_one(Delivery, delivery_id).state is State.pending


def test_an_offering_may_move_between_campuses_but_not_between_schools(session: Session) -> None:
    bring(session, LARKSPUR, QUILLWATER)
    version = bring(session, LARKSPUR | {"campus": "Loop", "zip": "60602"}, QUILLWATER)
    assert version is not None
    moved = session.get_one(Offering, "larkspur-mbc")
    assert session.get_one(Campus, moved.campus_id).name == "Loop"
    with pytest.raises(DirectoryError) as raised:
        bring(
            session, LARKSPUR, QUILLWATER | {"offering_id": "quillwater-2"}, BRAMBLE | {"offering_id": "larkspur-mbc"}
        )
    assert [fault.column for fault in raised.value.faults] == ["offering_id"]
    session.rollback()
    with pytest.raises(DirectoryError) as raised:
        bring(session, QUILLWATER, LARKSPUR | {"offering_id": "other"}, BRAMBLE | {"offering_id": "larkspur-mbc"})
    (fault,) = raised.value.faults
    assert (fault.line, fault.value) == (4, "larkspur-mbc")
    assert "belongs to school larkspur" in fault.expected


def test_a_bad_file_writes_nothing(session: Session) -> None:
    with pytest.raises(DirectoryError):
        bring(session, LARKSPUR, QUILLWATER | {"zip": "no"})
    session.commit()
    assert session.scalar(select(func.count()).select_from(School)) == 0


def test_history_tells_what_changed_without_addresses(session: Session) -> None:
    bring(session, QUILLWATER)
    bring(
        session, QUILLWATER | {"deliver_to": "https://quillwater.example/v2", "contact_email": "x@quillwater.example"}
    )
    bring(session, QUILLWATER | {"deliver_to": "https://quillwater.example/v2", "tuition_usd": "9000"})
    assert kinds_in_history(session, "quillwater") == [
        "school.created",
        "campus.created",
        "endpoint.created",
        "offering.created",
        "school.changed",
        "endpoint.changed",
        "school.changed",
        "offering.changed",
    ]
    events = history.read_history(session, Subject.school, "quillwater")
    assert events[4].data["fields"] == {"contact_email": "changed"}
    assert events[7].data["changes"] == {"quillwater-mbc": {"tuition_usd": [None, "9000.00"]}}
    assert not any("quillwater.example" in str(event.data) for event in events)
    head = session.scalars(select(Chain).filter_by(subject_id="quillwater")).one()
    assert list(history.verify(events, head)) == []
