"""A file gives all of its faults at once, each with line, column, value and what belongs there."""

import pytest

from leadgen.directory.columns import COLUMN_NAMES
from leadgen.directory.faults import DirectoryError
from leadgen.directory.table import MAX_BYTES, check_size
from tests.schools_csv import make_csv, make_row
from tests.unit.directory_files import faults_of, only_fault, read


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
        ("fees_usd", "included", "US dollars in digits"),
        ("books_usd", "1,200", "US dollars in digits"),
        ("exam_usd", "155 each", "US dollars in digits"),
        ("clock_hours", "720.5", "whole number from 1 to 10,000"),
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
        ("part_caps", "school: $40.5 a day", "school: $500 a month"),
        ("part_caps", "school: $40 a day; school: $50 a day", "one cap for each part and period"),
        ("price_per_lead_usd", "0", "US dollars in digits, from 0.01 to 10,000"),
        ("price_per_lead_usd", "$25", "US dollars in digits, from 0.01 to 10,000"),
        ("part_caps", "campus Elsewhere: 5 a day", "a campus or a program of this school; it has campus Main, medical"),
        ("opening_hours", "Mon-Fri 9:10-17:00", "opening hours like Mon-Fri 9:00-17:00"),
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


def test_a_cap_in_dollars_asks_for_the_price_of_a_lead() -> None:
    fault = only_fault(part_caps="school: 9 a day; school: $40 a day")
    assert (fault.line, fault.column) == (2, "price_per_lead_usd")
    assert "a cap in dollars needs the price of a lead" in fault.expected
