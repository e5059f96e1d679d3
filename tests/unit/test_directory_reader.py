"""A file gives its records, or all of its faults at once, each with line, column, value and what belongs there."""

from datetime import date
from decimal import Decimal

import pytest

from leadgen.directory.columns import BY_NAME, COLUMN_NAMES
from leadgen.directory.faults import DirectoryError, Fault
from leadgen.directory.reader import read_directory
from leadgen.directory.records import CampusRecord, Directory, EndpointRecord, Noun, OfferingRecord, SchoolRecord
from leadgen.directory.table import MAX_BYTES, check_size
from leadgen.models import Credential, Education, EndpointKind, Format, SchoolStatus, Takes
from tests.schools_csv import make_csv, make_row


def read(*rows: dict[str, str]) -> Directory:
    return read_directory(make_csv(*rows))


def faults_of(data: bytes) -> tuple[Fault, ...]:
    with pytest.raises(DirectoryError) as raised:
        read_directory(data)
    return raised.value.faults


def only_fault(**changed: str) -> Fault:
    (fault,) = faults_of(make_csv(make_row(**changed)))
    return fault


def only(directory: Directory, noun: Noun):
    (record,) = directory.records[noun].values()
    return record


def test_every_column_arrives_typed() -> None:
    directory = read(
        make_row(
            unitid="123456",
            latitude="41.8853",
            longitude="-87.6181",
            format="hybrid",
            length_months="9",
            tuition_usd="12454.50",
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


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("offering_id", "a b", "letters, digits"),
        ("unitid", "12", "six digits"),
        ("school", "", "a value; it is empty"),
        ("city", "x" * 301, "at most 300"),
        ("city", "Chi\x00cago", "without control characters"),
        ("state", "il", "two capital letters"),
        ("zip", "2139", "five digits"),
        ("zip", "00000", "a ZIP code that we know, or latitude and longitude"),
        ("program", "Medical Assistant", "joined by hyphens"),
        ("credential", "degree", "certificate, diploma, associate"),
        ("format", "", "a value; it is empty"),
        ("length_months", "0", "whole number from 1 to 120"),
        ("length_months", "1_0", "whole number from 1 to 120"),
        ("tuition_usd", "$9,000", "US dollars in digits"),
        ("tuition_usd", "-1", "US dollars in digits"),
        ("certifications", ";", "words separated by semicolons"),
        ("schedule", "day;nights", "one or more of day, evening, weekend, self-paced, separated by semicolons"),
        ("min_age", "eighteen", "whole number"),
        ("education", "college", "none, ged, high_school"),
        ("online_states", "*;IL", "* alone, or states"),
        ("next_start", "03/01/2027", "a date like"),
        ("next_start", "2027-02-30", "a date like"),
        ("website", "javascript:alert(1)", "a web address"),
        ("timezone", "Chicago", "a time zone like"),
        ("timezone", "../etc/passwd", "a time zone like"),
        ("contact_email", "admissions", "an e-mail address"),
        ("delivery", "fax", "email, webhook, form_post, portal"),
        ("deliver_to", "", "an address for this kind of delivery"),
        ("deliver_to", "https://larkspur.example/leads", "an e-mail address"),
        ("daily_cap", "-1", "whole number"),
        ("weekly_cap", "many", "whole number"),
        ("part_caps", "campus Main: 5 a year", "caps like campus Aurora: 5 a day"),
        ("part_caps", "campus Main: 5 a day; campus Main: 6 a day", "one cap for each part and period"),
        ("part_caps", "campus Elsewhere: 5 a day", "a campus or a program of this school; it has campus Main, medical"),
        ("paused_until", "2027-03-04", "nothing, since the status is taking"),
        ("paused_until", "soon", "a date like"),
        ("service_miles", "12.5", "whole number"),
        ("service_states", "*", "states in capital letters separated by semicolons"),
        ("service_zips", "60*", "their first three digits and a star"),
        ("service_zips", "606*;1234", "their first three digits and a star"),
        ("status", "open", "taking, paused, closed"),
    ],
)
def test_a_wrong_cell_is_named_with_what_belongs_there(column: str, value: str, expected: str) -> None:
    fault = only_fault(**{column: value})
    assert (fault.line, fault.column, fault.value) == (2, column, value)
    assert expected in fault.expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "column"),
    [("41.9", "", "longitude"), ("", "-87.6", "latitude"), ("91", "-87.6", "latitude"), ("nan", "-87.6", "latitude")],
)
def test_a_point_is_whole_and_on_the_globe(latitude: str, longitude: str, column: str) -> None:
    assert only_fault(latitude=latitude, longitude=longitude).column == column


@pytest.mark.parametrize(
    ("kind", "address", "accepted"),
    [
        ("webhook", "https://larkspur.example/leads", True),
        ("webhook", "http://larkspur.example/leads", True),
        ("webhook", "http://127.0.0.1:9000/leads", True),
        ("webhook", "http://larkspur.edu/leads", False),
        ("webhook", "https://user:password@larkspur.edu/leads", False),
        ("form_post", "ftp://larkspur.edu/leads", False),
        ("form_post", "https://", False),
        ("portal", "https://larkspur.edu/leads", False),
        ("portal", "", True),
    ],
)
def test_leads_go_to_addresses_of_the_right_kind_and_never_in_the_clear(
    kind: str, address: str, accepted: bool
) -> None:
    if accepted:
        read(make_row(delivery=kind, deliver_to=address))
    else:
        assert only_fault(delivery=kind, deliver_to=address).column == "deliver_to"


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


def test_all_faults_are_told_at_once_in_order() -> None:
    faults = faults_of(
        make_csv(
            make_row(format="remote", min_age="x"),
            make_row(offering_id="other", tuition_usd="free"),
            make_row(school_id="quillwater", status="maybe"),
        )
    )
    assert [(fault.line, fault.column) for fault in faults] == [
        (2, "format"),
        (2, "min_age"),
        (3, "tuition_usd"),
        (4, "status"),
    ]


def test_two_rows_with_one_offering_id_are_refused() -> None:
    (fault,) = faults_of(make_csv(make_row(), make_row()))
    assert (fault.line, fault.column, fault.value) == (3, "offering_id", "larkspur-mbc")
    assert "line 2" in fault.expected


def test_rows_of_a_school_that_disagree_name_both_lines() -> None:
    rows = (make_row(), make_row(offering_id="b"), make_row(offering_id="c", accreditor="Board", status="paused"))
    faults = faults_of(make_csv(*rows))
    assert [(fault.line, fault.column) for fault in faults] == [(4, "accreditor"), (4, "status")]
    assert all("as on line 2 of the same school" in fault.expected for fault in faults)


def test_rows_of_a_campus_that_disagree_name_both_lines() -> None:
    (fault,) = faults_of(make_csv(make_row(), make_row(offering_id="b", address="9 Other Street")))
    assert fault.column == "address"
    assert "as on line 2 of the same campus" in fault.expected


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = make_csv(make_row(address="two\nlines"), make_row(offering_id="b", min_age="x"))
    assert [(fault.line, fault.column) for fault in faults_of(text)][-1] == (4, "min_age")


def test_missing_unknown_and_doubled_columns_are_all_named() -> None:
    data = make_csv(make_row()).replace(b"tuition_usd", b"tuition", 1).replace(b"min_age", b"school", 1)
    named = {(fault.line, fault.column) for fault in faults_of(data)}
    assert named == {(1, "tuition_usd"), (1, "tuition"), (1, "min_age"), (1, "school")}


def test_a_row_with_too_few_cells_is_named() -> None:
    (fault,) = faults_of(make_csv(make_row()) + b"larkspur,short\n")
    assert (fault.line, fault.value, fault.expected) == (3, "2 cells", f"{len(COLUMN_NAMES)} cells, as in the header")


@pytest.mark.parametrize(
    ("data", "line", "expected"),
    [
        (b"", 0, "the file is empty"),
        (make_csv(), 0, "one row per offering"),
        (make_csv(make_row(city="Cañon")).decode().encode("latin-1"), 2, "UTF-8"),
        (make_csv(make_row()).decode().encode("utf-16"), 1, "UTF-8"),
        (make_csv(make_row()) + b'"never closed', 3, "quotes closed"),
        (b"\x00" * 100, 1, "this column in the header"),
    ],
)
def test_a_file_that_is_no_directory_is_refused(data: bytes, line: int, expected: str) -> None:
    fault = faults_of(data)[-1]
    assert fault.line == line
    assert expected in fault.expected or any(expected in other.expected for other in faults_of(data))


def test_a_file_over_fifty_megabytes_is_refused_before_it_is_read() -> None:
    check_size(MAX_BYTES)
    with pytest.raises(DirectoryError, match="at most 50 MB"):
        check_size(MAX_BYTES + 1)
    assert faults_of(b"a" * (MAX_BYTES + 1))[0].expected == "a file of at most 50 MB"


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
