"""The federal files as NCES publishes them, and as they come when somebody opened them in between."""

from typing import Any

import pytest

from leadgen.directory.faults import DirectoryError, Fault
from leadgen.directory.ipeds.findings import Findings, Skip
from leadgen.directory.ipeds.institutions import find_control
from leadgen.directory.ipeds.published import Published
from leadgen.directory.ipeds.reader import Files, read_ipeds
from leadgen.directory.records import CampusRecord, Directory, Noun, OfferingRecord, SchoolRecord
from leadgen.guides.loader import list_programs
from leadgen.models import AwardLevel, Control, Credential, Format, SchoolStatus
from tests.ipeds_files import (
    BRAMBLE,
    C_A,
    C_DEP,
    HD,
    LARKSPUR,
    PROGRAMS,
    QUILLWATER,
    completion,
    institution,
    make_files,
    make_table,
    make_zip,
)


def read(
    institutions: list[dict[str, str]], completions: list[dict[str, str]], **more: Any
) -> tuple[Directory, Findings]:
    return read_ipeds(make_files(institutions, completions, **more), PROGRAMS)


def read_bytes(hd: bytes, completions: bytes | None = None, names: tuple[str, str] = ("HD2024.csv", "C2024_A.csv")):
    plain = make_table(C_A, [completion()]).encode()
    files = Files(Published(names[0], hd), Published(names[1], completions or plain))
    return read_ipeds(files, PROGRAMS)


def refuse(hd: bytes, completions: bytes | None = None, **more: Any) -> Fault:
    with pytest.raises(DirectoryError) as raised:
        read_bytes(hd, completions, **more)
    return raised.value.faults[0]


def offerings(found: Directory) -> list[OfferingRecord]:
    return [each for each in found.records[Noun.offering].values() if isinstance(each, OfferingRecord)]


ONE = make_table(HD, [institution()])


def test_an_institution_becomes_a_listed_school_with_its_facts() -> None:
    found, findings = read([institution()], [completion()])
    (school,), (campus,), (offering,) = (
        list(found.records[noun].values()) for noun in (Noun.school, Noun.campus, Noun.offering)
    )
    assert isinstance(school, SchoolRecord)
    assert (school.id, school.unitid, school.name) == ("nces-900001", LARKSPUR, "Larkspur Federal College")
    assert (school.website, school.control, school.timezone) == (
        "https://www.larkspur.example/",
        Control.public,
        "America/Chicago",
    )
    assert (school.listed, school.status, school.contact_email) == (True, SchoolStatus.taking, None)
    assert not found.records[Noun.endpoint]
    assert isinstance(campus, CampusRecord)
    assert (campus.zip, campus.latitude, campus.longitude) == ("60601-1234", 41.8858, -87.6181)
    assert isinstance(offering, OfferingRecord)
    assert (offering.program, offering.credential, offering.format) == (
        "medical-billing-and-coding",
        Credential.certificate,
        Format.campus,
    )
    assert (offering.award_level, offering.awards, offering.awards_year) == (21, 12, 2024)
    assert findings.counts == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_both_encodings_are_read(encoding: str) -> None:
    text = make_table(HD, [institution(INSTNM="Universidad de Mayagüez", CITY="Añasco")])
    found, _ = read_bytes(text.encode(encoding))
    assert found.records[Noun.school]["nces-900001",].name == "Universidad de Mayagüez"  # type: ignore[union-attr]


def test_names_of_columns_may_be_in_small_letters_and_in_any_order() -> None:
    columns = tuple(reversed(HD))
    found, _ = read_bytes(
        make_table(columns, [institution()]).replace(",".join(columns), ",".join(columns).lower()).encode()
    )
    assert len(found.records[Noun.school]) == 1


@pytest.mark.parametrize("header_too", [True, False])
def test_a_comma_at_the_end_of_lines_is_no_cell(header_too: bool) -> None:
    text = make_table(HD, [institution()], tail=",")
    text = text if header_too else text.replace(",\r\n", "\r\n", 1)
    found, _ = read_bytes(text.encode())
    assert len(found.records[Noun.school]) == 1


def test_a_zip_may_hold_the_revised_table_beside_the_first() -> None:
    packed = make_zip("hd2024.csv", make_table(HD, [institution(INSTNM="First word")]))
    both = bytearray(packed)
    import zipfile  # noqa: PLC0415
    from io import BytesIO  # noqa: PLC0415

    stream = BytesIO(bytes(both))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("hd2024_rv.csv", make_table(HD, [institution(INSTNM="Revised")]))
    found, _ = read_bytes(stream.getvalue(), names=("HD2024.zip", "C2024_A.csv"))
    assert found.records[Noun.school]["nces-900001",].name == "Revised"  # type: ignore[union-attr]


@pytest.mark.parametrize("names", [("hd.csv", "completions.csv"), ("HD2020.csv", "C2020_A.csv")])
def test_the_year_is_in_the_name_or_not_known(names: tuple[str, str]) -> None:
    found, _ = read_bytes(ONE.encode(), names=names)
    assert offerings(found)[0].awards_year == (2020 if "2020" in names[1] else None)


def test_files_from_before_2020_are_refused() -> None:
    assert "2020 or later" in refuse(ONE.encode(), names=("HD2019.zip", "C2019_A.csv")).expected


def test_several_codes_of_a_program_and_several_levels_come_together() -> None:
    rows = [completion(cip="51.0713"), completion(cip="51.0714", total="5"), completion(level="3", total="0")]
    rows += [
        completion(cip="51.0801", level="2", total="7"),
        completion(cip="99", total="24"),
        completion(cip="01.0999"),
    ]
    found, findings = read([institution()], rows)
    assert {each.id: each.awards for each in offerings(found)} == {
        "nces-900001-medical-billing-and-coding-21": 17,
        "nces-900001-medical-billing-and-coding-3": 0,
        "nces-900001-medical-assistant-2": 7,
    }
    assert findings.counts[Skip.other_program] == 2


def test_every_award_level_has_a_credential_and_a_band_of_length() -> None:
    assert {level: level.credential for level in AwardLevel} == {
        20: Credential.certificate,
        21: Credential.certificate,
        2: Credential.certificate,
        4: Credential.certificate,
        3: Credential.associate,
    }
    assert AwardLevel(21).length == "12 weeks to 1 year"


@pytest.mark.parametrize(
    ("sector", "control", "expected"),
    [
        ("1", "1", Control.public),
        ("2", "2", Control.nonprofit),
        ("3", "3", Control.for_profit),
        ("4", "1", Control.public),
        ("9", "3", Control.for_profit),
        ("99", "2", Control.nonprofit),
        ("99", "-3", None),
        ("99", "", None),
    ],
)
def test_the_sector_tells_who_runs_it(sector: str, control: str, expected: Control | None) -> None:
    assert find_control(sector, control) == expected


def test_what_is_passed_over_is_counted_and_named_with_the_reason() -> None:
    there = [
        institution(),
        institution(UNITID=QUILLWATER, CYACTIVE="3"),
        institution(UNITID=BRAMBLE, SECTOR="0"),
        institution(UNITID="900004"),
    ]
    rows = [
        completion(),
        completion(level="5"),
        completion(QUILLWATER),
        completion("900009"),
        completion(cip="11.0101"),
    ]
    second = completion() | {"MAJORNUM": "2"}
    found, findings = read(there, [*rows, second])
    assert list(found.records[Noun.school]) == [("nces-900001",)]
    assert findings.counts == {
        Skip.inactive: 1,
        Skip.administrative: 1,
        Skip.no_program: 1,
        Skip.above: 1,
        Skip.left_out: 1,
        Skip.no_institution: 1,
        Skip.second_major: 1,
        Skip.other_program: 1,
    }
    told = {(each.file, each.line, each.unitid): each.reason for each in findings.skipped}
    assert told["HD2024.zip", 3, QUILLWATER] is Skip.inactive
    assert told["C2024_A.zip", 3, LARKSPUR] is Skip.above
    assert told["C2024_A.zip", 5, "900009"] is Skip.no_institution


def test_who_teaches_online_alone_is_online_for_people_of_its_own_state() -> None:
    found, _ = read([institution()], [completion()], online=[LARKSPUR])
    (offering,) = offerings(found)
    assert (offering.format, offering.online_states) == (Format.online, ("IL",))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("99", "4", "4")], Format.online),
        ([("99", "4", "3"), ("51.0713", "1", "1")], Format.campus),
        ([("51.0713", "1", "1"), ("51", "1", "1")], Format.online),
        ([("51.0713", "1", "1"), ("51.0801", "1", "0")], Format.campus),
        ([("99", "0", "0")], Format.campus),
    ],
)
def test_the_file_of_programs_by_distance_says_it_too(rows: list[tuple[str, str, str]], expected: Format) -> None:
    table = [dict(zip(C_DEP, (LARKSPUR, *row), strict=True)) for row in rows]
    files = make_files([institution()], [completion()])
    distance = Published("C2024DEP.csv", make_table(C_DEP, table).encode())
    found, _ = read_ipeds(Files(files.institutions, files.completions, None, distance), PROGRAMS)
    assert offerings(found)[0].format is expected


def test_a_school_far_from_its_own_zip_is_flagged() -> None:
    _, findings = read([institution(LATITUDE="43.0", LONGITUD="-89.4")], [completion()])
    (odd,) = findings.odd
    assert (odd.line, odd.column) == (2, "LATITUDE, LONGITUD")
    assert "miles from the centre of ZIP code 60601-1234" in str(odd)


def test_an_address_that_is_none_is_left_out_and_told() -> None:
    found, findings = read([institution(WEBADDR="https://office@larkspur.example/")], [completion()])
    assert found.records[Noun.school]["nces-900001",].website is None  # type: ignore[union-attr]
    assert [odd.column for odd in findings.odd] == ["WEBADDR"]


def test_a_zip_of_nine_digits_gets_its_hyphen_and_one_without_coordinates_is_placed_by_it() -> None:
    found, _ = read([institution(ZIP="606011234", LATITUDE="", LONGITUD=".")], [completion()])
    campus = found.records[Noun.campus]["nces-900001", "Main campus"]
    assert isinstance(campus, CampusRecord)
    assert campus.zip == "60601-1234"
    assert round(campus.latitude) == 42


def test_a_place_that_nothing_tells_is_passed_over() -> None:
    _, findings = read(
        [institution(), institution(UNITID=BRAMBLE, ZIP="00000", LATITUDE="", LONGITUD="")],
        [completion(), completion(BRAMBLE)],
    )
    assert findings.counts == {Skip.no_place: 1}


def test_no_code_belongs_to_two_programs() -> None:
    codes = [code for program in list_programs() for code in program.cip_codes]
    assert len(codes) == len(set(codes))
