"""Daily files as bytes: no cell is a formula; and when they go by the school's clock."""

import csv
import io
import zipfile
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen.delivery.batch.turn import find_next_turn, read_clock
from leadgen.delivery.carriers.contract import Misconfigured
from leadgen.delivery.carriers.sftp_address import SftpAddress, read_sftp_address
from leadgen.delivery.posting.model import SheetKind
from leadgen.delivery.posting.sheet import neutralise, write_sheet

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\n=1",
    "\r\n =1",
    "\u00a0=1",
    "\u200b=1",
    "'=1",
    '"=1',
    "＝1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_a_formula_is_a_text(text: str) -> None:
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ada", "O'Brien", "Ada-Mae", "a=b", "60601", "03/04/2027", "a@mail.example"])
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_a_csv_is_read_back_as_it_was_written(cells: list[str]) -> None:
    body = write_sheet(SheetKind.csv, ["a"] * len(cells), [cells])
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [[neutralise(cell) for cell in cells]] or cells == [""]


def test_an_excel_file_holds_texts_alone_and_the_same_rows_are_the_same_bytes() -> None:
    rows = [[*FORMULAS, "http://a.example", "42"]]
    body = write_sheet(SheetKind.xlsx, ["n"] * len(rows[0]), rows)
    assert body == write_sheet(SheetKind.xlsx, ["n"] * len(rows[0]), rows)
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert not any("rels" in name and "sheet1" in name for name in book.namelist()), "no links"
    assert "<f>" not in sheet
    assert sheet.count("<c ") == sheet.count('t="s"') == 2 * len(rows[0])


@pytest.mark.parametrize(
    ("after", "turn"),
    [
        ("2027-03-04T12:00", "2027-03-04T23:30"),
        ("2027-03-04T23:30", "2027-03-05T23:30"),
        ("2027-03-14T12:00", "2027-03-14T22:30"),  # from that day on an hour earlier in UTC
        ("2027-11-07T12:00", "2027-11-07T23:30"),
    ],
)
def test_the_file_goes_at_the_same_time_of_day_on_either_side_of_a_change_of_clocks(after: str, turn: str) -> None:
    found = find_next_turn(time(17, 30), "America/Chicago", datetime.fromisoformat(after).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(turn).replace(tzinfo=UTC)


@pytest.mark.parametrize("day", ["2027-03-14", "2027-11-07"])
def test_in_the_night_when_clocks_change_there_is_one_file(day: str) -> None:
    before = datetime.fromisoformat(day).replace(tzinfo=UTC)
    first = find_next_turn(time(2, 30), "America/Chicago", before)
    assert before < first < find_next_turn(time(2, 30), "America/Chicago", first)
    assert (find_next_turn(time(2, 30), "America/Chicago", first) - first).total_seconds() >= 22 * 3600


@pytest.mark.parametrize("text", ["24:00", "5:30", "17:60", "", "17.30", "noon"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    assert read_clock(text) is None


def test_an_sftp_address_is_read_strictly() -> None:
    assert read_sftp_address("sftp://files.school.org/in/leads/") == SftpAddress("files.school.org", 22, "/in/leads")
    for wrong in ("sftp://us:pw@a.org/", "ftp://a.org/", "sftp://a.org/../x", "sftp://a.org/?x=1", "sftp://a.org:x/"):
        with pytest.raises(Misconfigured):
            read_sftp_address(wrong)
