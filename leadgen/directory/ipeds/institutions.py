"""The directory file (``HD2024``): who teaches, where, and whether still. Pure."""

from dataclasses import dataclass

from leadgen.directory import cells
from leadgen.directory.addresses import web_address
from leadgen.directory.cells import CellError
from leadgen.directory.ipeds.findings import Findings, Oddity, Skip
from leadgen.directory.ipeds.published import Published, Watch, read_rows, unwatched
from leadgen.geo.distance import Point
from leadgen.models import Control

REQUIRED = (
    "UNITID",
    "INSTNM",
    "ADDR",
    "CITY",
    "STABBR",
    "ZIP",
    "WEBADDR",
    "SECTOR",
    "CYACTIVE",
    "LONGITUD",
    "LATITUDE",
)
OPTIONAL = ("CONTROL",)
ACTIVE = 1
ADMINISTRATIVE = 0
UNKNOWN_SECTOR = 99
NOT_GIVEN = frozenset({"", ".", "-1", "-2", "-3"})

CONTROLS = (Control.public, Control.nonprofit, Control.for_profit)

read_code = cells.matching(r"-?\d{1,2}", "the number of a code, as NCES publishes it")
read_digits = cells.matching(r"\d{5}(-?\d{4})?", "a ZIP code of five digits, or nine")
read_latitude, read_longitude = cells.degrees(90), cells.degrees(180)


@dataclass(frozen=True, slots=True)
class Institution:
    """One active institution. ``line`` is its line in the file."""

    line: int
    unitid: str
    name: str
    address: str | None
    city: str
    state: str
    zip: str
    website: str | None
    control: Control | None
    point: Point | None


def read_institutions(
    file: Published, findings: Findings, watch: Watch = unwatched
) -> tuple[dict[str, Institution], frozenset[str]]:
    """The active institutions by UNITID, and the UNITIDs of those left out. Raises DirectoryError for a file that
    cannot be read; what is wrong in its cells goes to the findings."""
    found: dict[str, Institution] = {}
    left_out: set[str] = set()
    for line, row in read_rows(file, REQUIRED, OPTIONAL, watch):
        row_of = dict(zip(REQUIRED + OPTIONAL, row, strict=True))
        unitid = findings.read(file, line, "UNITID", row_of["UNITID"], cells.unitid)
        if unitid is None:
            continue
        if unitid in found or unitid in left_out:
            findings.read(file, line, "UNITID", unitid, _refuse_second)
        elif reason := _find_reason(file, line, row_of, findings):
            left_out.add(unitid)
            findings.skip(file, line, unitid, _tidy(row_of["INSTNM"]), reason)
        else:
            found[unitid] = _read(file, line, unitid, row_of, findings)
    return found, frozenset(left_out)


def _find_reason(file: Published, line: int, row: dict[str, str], findings: Findings) -> Skip | None:
    sector = findings.read(file, line, "SECTOR", row["SECTOR"], _read_sector)
    active = findings.read(file, line, "CYACTIVE", row["CYACTIVE"], read_code)
    if sector == ADMINISTRATIVE:
        return Skip.administrative
    return Skip.inactive if active is not None and int(active) != ACTIVE else None


def _read(file: Published, line: int, unitid: str, row: dict[str, str], findings: Findings) -> Institution:
    zip_code = findings.read(file, line, "ZIP", row["ZIP"], read_digits) or ""
    return Institution(
        line=line,
        unitid=unitid,
        name=findings.read(file, line, "INSTNM", _tidy(row["INSTNM"]), _read_name) or "",
        address=findings.read(file, line, "ADDR", _tidy(row["ADDR"]), cells.text) or None,
        city=findings.read(file, line, "CITY", _tidy(row["CITY"]), _read_name) or "",
        state=findings.read(file, line, "STABBR", row["STABBR"], cells.state) or "",
        zip=zip_code if len(zip_code) < 9 or "-" in zip_code else f"{zip_code[:5]}-{zip_code[5:]}",
        website=_read_website(file, line, row["WEBADDR"], findings),
        control=find_control(row["SECTOR"], row["CONTROL"]),
        point=_read_point(file, line, row, findings),
    )


def find_control(sector: str, control: str) -> Control | None:
    """Public, non-profit, for-profit in turn, at four years, two and less; by CONTROL where the sector is unknown."""
    code = sector if sector != str(UNKNOWN_SECTOR) else control
    return CONTROLS[(int(code) - 1) % 3] if code.isdigit() and int(code) > 0 else None


def _read_point(file: Published, line: int, row: dict[str, str], findings: Findings) -> Point | None:
    if row["LATITUDE"] in NOT_GIVEN or row["LONGITUD"] in NOT_GIVEN:
        return None
    latitude = findings.read(file, line, "LATITUDE", row["LATITUDE"], read_latitude)
    longitude = findings.read(file, line, "LONGITUD", row["LONGITUD"], read_longitude)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _read_website(file: Published, line: int, cell: str, findings: Findings) -> str | None:
    """Most stand there without https://. One that is none is left out, and told."""
    if cell in NOT_GIVEN:
        return None
    try:
        return web_address(cell if "://" in cell else f"https://{cell}")
    except CellError:
        findings.odd.append(Oddity(file.name, line, "WEBADDR", cell, "is no web address; the school has none"))
        return None


def _read_sector(cell: str) -> int:
    if cell not in _SECTORS:
        raise CellError("a sector from 0 to 9, or 99")
    return int(cell)


def _read_name(cell: str) -> str:
    if not cell:
        raise CellError("a value; it is empty")
    return cells.text(cell)


def _refuse_second(_cell: str) -> str:
    raise CellError("each institution once")


def _tidy(cell: str) -> str:
    return " ".join(cell.split())


_SECTORS = frozenset(str(sector) for sector in (*range(10), UNKNOWN_SECTOR))
