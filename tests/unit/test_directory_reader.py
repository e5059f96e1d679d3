"""A file gives its records, typed, with warnings of what is doubtful."""

from datetime import date
from decimal import Decimal

import pytest

from leadgen.directory.columns import BY_NAME, COLUMN_NAMES
from leadgen.directory.reader import read_directory
from leadgen.directory.records import CampusRecord, EndpointRecord, Noun, OfferingRecord, SchoolRecord
from leadgen.models import Credential, Education, EndpointKind, Format, SchoolStatus, Takes
from tests.schools_csv import make_csv, make_row
from tests.unit.directory_files import only, only_fault, read


def test_every_column_arrives_typed() -> None:
    directory = read(
        make_row(
            unitid="123456",
            latitude="41.8853",
            longitude="-87.6181",
            format="hybrid",
            length_months="9",
            clock_hours="720",
            tuition_usd="12454.50",
            fees_usd="0",
            books_usd="385.5",
            exam_usd="155",
            certifications="CPC; CCS;CPC",
            min_age="17",
            education="ged",
            online_states="IL;IN",
            schedule="day;evening",
            languages="English",
            next_start="2027-03-01",
            accreditor="Board",
            website="https://larkspur.example/a b",
            timezone="America/Chicago",
            daily_cap="5",
            monthly_cap="60",
            service_miles="40",
            service_states="IL;IN",
            service_zips="606*;53140",
        )
    )
    assert only(directory, Noun.school) == SchoolRecord(
        "larkspur",
        "123456",
        "Larkspur Career Institute",
        "Board",
        "https://larkspur.example/a%20b",
        "America/Chicago",
        "admissions@larkspur.example",
        SchoolStatus.taking,
        5,
        60,
    )
    assert only(directory, Noun.campus) == CampusRecord(
        "larkspur", "Main", "214 Lantern Court", "Chicago", "IL", "60601", 41.8853, -87.6181
    )
    assert only(directory, Noun.offering) == OfferingRecord(
        "larkspur-mbc",
        "larkspur",
        "Main",
        "medical-billing-and-coding",
        Credential.certificate,
        Format.hybrid,
        41.8853,
        -87.6181,
        40,
        9,
        Decimal("12454.50"),
        ("CPC", "CCS"),
        17,
        Education.ged,
        ("IL", "IN"),
        ("day", "evening"),
        ("English",),
        date(2027, 3, 1),
        service_states=("IL", "IN"),
        service_zips=("606*", "53140"),
        clock_hours=720,
        fees_usd=Decimal(0),
        books_usd=Decimal("385.50"),
        exam_usd=Decimal(155),
    )
    assert directory.warnings == ()


def test_empty_means_not_known_and_the_zip_gives_place_and_zone() -> None:
    directory = read(make_row())
    offering, school = only(directory, Noun.offering), only(directory, Noun.school)
    assert (offering.length_months, offering.tuition_usd, offering.certifications, offering.education) == (None,) * 4
    assert (school.accreditor, school.daily_cap, school.timezone) == (None, None, "America/Chicago")
    assert (offering.latitude, offering.longitude) == pytest.approx((41.886, -87.622), abs=0.02)


def test_a_file_from_before_a_column_was_there_is_read_as_if_it_were_empty() -> None:
    older = tuple(name for name in COLUMN_NAMES if name not in ("service_states", "service_zips"))
    offering = only(read_directory(make_csv(make_row(), columns=older)), Noun.offering)
    assert (offering.service_states, offering.service_zips) == (None, None)


def test_a_byte_order_mark_and_other_line_ends_are_read() -> None:
    data = b"\xef\xbb\xbf" + make_csv(make_row()).replace(b"\n", b"\r\n")
    assert len(read_directory(data).records[Noun.offering]) == 1


def test_a_form_takes_leads_and_the_contact_address_takes_notices() -> None:
    directory = read(make_row(delivery="form_post", deliver_to="https://larkspur.example/form"))
    assert list(directory.records[Noun.endpoint].values()) == [
        EndpointRecord("larkspur", EndpointKind.form_post, Takes.leads, "https://larkspur.example/form", 1),
        EndpointRecord("larkspur", EndpointKind.email, Takes.notices, "admissions@larkspur.example", 2),
    ]


def test_every_other_kind_takes_everything() -> None:
    for kind, address in (("email", "l@a.example"), ("webhook", "https://a.example/"), ("portal", "")):
        endpoint = only(read(make_row(delivery=kind, deliver_to=address)), Noun.endpoint)
        assert (endpoint.kind, endpoint.takes, endpoint.address) == (kind, Takes.everything, address or None)


def test_a_point_far_from_its_zip_is_a_warning() -> None:
    directory = read(make_row(latitude="40.11", longitude="-88.24"))
    (warning,) = directory.warnings
    assert (warning.line, warning.column) == (2, "latitude, longitude")
    assert "miles from the centre of ZIP code 60601" in warning.message
    assert only(directory, Noun.campus).latitude == 40.11


def test_an_unknown_zip_with_a_point_and_a_zone_is_accepted() -> None:
    row = {"zip": "00000", "latitude": "41.9", "longitude": "-87.6"}
    assert only_fault(**row).column == "timezone"
    assert only(read(make_row(**row, timezone="America/Chicago")), Noun.school).timezone == "America/Chicago"


def test_an_island_without_known_zips_still_has_its_zone() -> None:
    row = make_row(state="FM", zip="96941", latitude="6.909759", longitude="158.158189")
    assert only(read(row), Noun.school).timezone == "Pacific/Pohnpei"


def test_an_online_offering_without_states_is_a_warning() -> None:
    (warning,) = read(make_row(format="online")).warnings
    assert "matches nobody" in warning.message


def test_caps_of_weeks_of_all_time_and_of_parts_are_read_and_a_pause_with_its_end() -> None:
    parts = "campus Main: 5 a day;  medical-billing-and-coding:20 in all"
    row = make_row(weekly_cap="9", total_cap="900", part_caps=parts, status="paused", paused_until="2027-03-04")
    school = only(read(row), Noun.school)
    assert (school.weekly_cap, school.total_cap, school.paused_until) == (9, 900, date(2027, 3, 4))
    assert school.part_caps == ("campus Main: 5 a day", "medical-billing-and-coding: 20 in all")


def test_a_file_from_before_these_columns_is_read() -> None:
    old = tuple(name for name in COLUMN_NAMES if not BY_NAME[name].optional)
    school = only(read_directory(make_csv(make_row(), columns=old)), Noun.school)
    assert (school.weekly_cap, school.part_caps, school.paused_until) == (None, None, None)


def test_caps_in_dollars_are_read_with_the_price_of_a_lead() -> None:
    parts = "school: $500 a month; campus Main: $50.00 a day on Fri"
    school = only(read(make_row(part_caps=parts, price_per_lead_usd="37.5")), Noun.school)
    assert school.part_caps == ("school: $500 a month", "campus Main: $50 a day on Fri")
    assert str(school.price_per_lead_usd) == "37.50"
