"""The columns of ``schools.csv``: which record each belongs to, how it is read, whether it may be empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadgen.directory import addresses, cells
from leadgen.directory.cells import CellError
from leadgen.directory.records import Noun
from leadgen.marks import say
from leadgen.models import Credential, Education, EndpointKind, Format, Route, Schedule, SchoolStatus

MAX_CAP = 1_000_000
MAX_SERVICE_MILES = 5_000
MAX_LENGTH_MONTHS = 120
MAX_CLOCK_HOURS = 10_000


@dataclass(frozen=True)
class Column:
    """``of`` says whose column it is: a school's rows agree on a school's columns, a campus's on a campus's. A file
    may leave out an ``optional`` one, as if it were empty in each row; ``default`` is what an empty
    cell means."""

    name: str
    of: Noun
    read: cells.Reader
    required: bool = False
    optional: bool = False
    default: Any = None

    @property
    def may_be_unknown(self) -> bool:
        """Whether an empty cell says that nobody knows."""
        return not self.required and self.default is None


COLUMNS = (
    Column("school_id", Noun.school, cells.identity, required=True),
    Column("offering_id", Noun.offering, cells.identity, required=True),
    Column("unitid", Noun.school, cells.unitid),
    Column("school", Noun.school, cells.text, required=True),
    Column("campus", Noun.campus, cells.text, required=True),
    Column("address", Noun.campus, cells.text),
    Column("city", Noun.campus, cells.text, required=True),
    Column("state", Noun.campus, cells.state, required=True),
    Column("zip", Noun.campus, cells.zip_code, required=True),
    Column("latitude", Noun.campus, cells.degrees(90)),
    Column("longitude", Noun.campus, cells.degrees(180)),
    Column("program", Noun.offering, cells.slug, required=True),
    Column("credential", Noun.offering, cells.one_of(Credential), required=True),
    Column("format", Noun.offering, cells.one_of(Format), required=True),
    Column("length_months", Noun.offering, cells.whole(1, MAX_LENGTH_MONTHS)),
    Column("clock_hours", Noun.offering, cells.whole(1, MAX_CLOCK_HOURS), optional=True),
    Column("tuition_usd", Noun.offering, cells.dollars),
    Column("fees_usd", Noun.offering, cells.dollars, optional=True),
    Column("books_usd", Noun.offering, cells.dollars, optional=True),
    Column("exam_usd", Noun.offering, cells.dollars, optional=True),
    Column("certifications", Noun.offering, cells.words),
    Column("min_age", Noun.offering, cells.whole(0, 99)),
    Column("education", Noun.offering, cells.one_of(Education)),
    Column("online_states", Noun.offering, cells.states),
    Column("schedule", Noun.offering, cells.some_of(Schedule)),
    Column("languages", Noun.offering, cells.words),
    Column("next_start", Noun.offering, cells.day),
    Column("accreditor", Noun.school, cells.text),
    Column("website", Noun.school, addresses.web_address),
    Column("timezone", Noun.school, cells.timezone),
    Column("contact_email", Noun.school, addresses.email),
    Column("delivery", Noun.school, cells.one_of(EndpointKind), required=True),
    Column("deliver_to", Noun.school, cells.text),
    Column("daily_cap", Noun.school, cells.whole(0, MAX_CAP)),
    Column("monthly_cap", Noun.school, cells.whole(0, MAX_CAP)),
    Column("weekly_cap", Noun.school, cells.whole(0, MAX_CAP), optional=True),
    Column("total_cap", Noun.school, cells.whole(0, MAX_CAP), optional=True),
    Column("part_caps", Noun.school, cells.part_caps, optional=True),
    Column("price_per_lead_usd", Noun.school, cells.price, optional=True),
    Column("opening_hours", Noun.school, cells.opening_hours, optional=True),
    Column("service_miles", Noun.offering, cells.whole(1, MAX_SERVICE_MILES)),
    Column("service_states", Noun.offering, cells.some_states, optional=True),
    Column("service_zips", Noun.offering, cells.zip_areas, optional=True),
    Column("route", Noun.school, cells.one_of(Route), optional=True, default=Route.all),
    Column("status", Noun.school, cells.one_of(SchoolStatus), required=True),
    Column("paused_until", Noun.school, cells.day, optional=True),
)

COLUMN_NAMES = tuple(column.name for column in COLUMNS)
OPTIONAL_NAMES = tuple(column.name for column in COLUMNS if column.optional)
BY_NOUN = {noun: tuple(column for column in COLUMNS if column.of is noun) for noun in Noun}
BY_NAME = {column.name: column for column in COLUMNS}
EMPTY = say("a value; it is empty")


def read_cells(noun: Noun, cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of a noun's columns, and for each column that is wrong what belongs there. A wrong one is None.

    Columns that ``cells`` does not name are left out: a file has all of them, a form some."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column in BY_NOUN[noun]:
        cell = cells.get(column.name)
        if cell is None:
            continue
        values[column.name] = column.default
        try:
            if cell:
                values[column.name] = column.read(cell)
            elif column.required:
                wrong[column.name] = EMPTY
        except CellError as error:
            wrong[column.name] = error.expected
    return values, wrong
