"""Federal files that are wrong: each fault is named with file, line, column, value and what belongs there."""

import pytest

from leadgen.directory.faults import DirectoryError
from leadgen.directory.ipeds.findings import MOST_FAULTS
from tests.ipeds_files import (
    BRAMBLE,
    C_A,
    HD,
    completion,
    institution,
    make_table,
    make_zip,
)
from tests.unit.test_ipeds_reader import ONE, read_bytes, refuse


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("UNITID", "12", "six digits"),
        ("STABBR", "Illinois", "two capital letters"),
        ("ZIP", "6060", "five digits"),
        ("SECTOR", "12", "a sector"),
        ("CYACTIVE", "yes", "number of a code"),
        ("LATITUDE", "north", "degrees"),
        ("INSTNM", "", "a value"),
    ],
)
def test_a_fault_names_file_line_column_value_and_what_belongs_there(column: str, value: str, expected: str) -> None:
    fault = refuse(make_table(HD, [institution(UNITID=BRAMBLE), institution(**{column: value})]).encode())
    assert (fault.file, fault.line, fault.column, fault.value) == ("HD2024.csv", 3, column, value)
    assert expected in fault.expected
    assert str(fault).startswith(f"HD2024.csv, line 3, {column}: ")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"cip": "51.071"}, "CIP code as text"),
        ({"cip": "510713"}, "CIP code as text"),
        ({"level": "1"}, "award level of 2020 or later"),
        ({"total": "-1"}, "whole number"),
        ({"unitid": "x"}, "six digits"),
    ],
)
def test_faults_of_completions_too(changed: dict[str, str], expected: str) -> None:
    fault = refuse(ONE.encode(), make_table(C_A, [completion(), completion(**changed)]).encode())
    assert (fault.file, fault.line) == ("C2024_A.csv", 3)
    assert expected in fault.expected


def test_faults_of_all_files_come_together_and_a_file_wrong_all_over_is_given_up() -> None:
    hd = make_table(HD, [institution(ZIP="x"), institution(UNITID=BRAMBLE)]).encode()
    with pytest.raises(DirectoryError) as raised:
        read_bytes(hd, make_table(C_A, [completion(BRAMBLE), completion(total="x")]).encode())
    assert {fault.file for fault in raised.value.faults} == {"HD2024.csv", "C2024_A.csv"}
    with pytest.raises(DirectoryError) as raised:
        read_bytes(ONE.encode(), make_table(C_A, [completion(total="x")] * 500).encode())
    assert len(raised.value.faults) == MOST_FAULTS


@pytest.mark.parametrize(
    ("hd", "expected"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04 not a zip", "a zip as NCES publishes it"),
        (make_zip("readme.txt", "x"), "a zip with one .csv"),
        (ONE.replace("SECTOR", "SECTER").encode(), "this column once"),
        ((ONE + '"1","2"\r\n').encode(), "cells, as in the header"),
        ((ONE + '"1","2').encode(), "quotes closed"),
        (b"UNITID\x81,INSTNM\r\n", "UTF-8 or cp1252"),
        (make_table(HD, [institution(), institution()]).encode(), "each institution once"),
    ],
)
def test_files_that_are_none_are_refused(hd: bytes, expected: str) -> None:
    assert expected in refuse(hd).expected


def test_files_without_any_of_our_programs_are_a_mistake() -> None:
    assert (
        "rows of our programs" in refuse(ONE.encode(), make_table(C_A, [completion(cip="01.0999")]).encode()).expected
    )
