"""Listed schools from what the federal files say: one campus each, an offering for each program and level. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from leadgen.directory.ipeds.completions import Taught
from leadgen.directory.ipeds.findings import Findings, Oddity, Skip
from leadgen.directory.ipeds.institutions import Institution
from leadgen.directory.ipeds.published import Published
from leadgen.directory.places import Site, place_campus
from leadgen.directory.records import CampusRecord, Directory, Key, Noun, OfferingRecord, Record, SchoolRecord
from leadgen.models import Format, Origin, SchoolStatus

CAMPUS = "Main campus"
PREFIX = "nces-"


@dataclass(frozen=True)
class Read:
    """What the files say. ``online`` are the UNITIDs that teach online alone, ``year`` the one that ends the year in
    which the awards were given."""

    directory_file: Published
    institutions: Mapping[str, Institution]
    taught: Mapping[Taught, int]
    online: Collection[str]
    year: int | None


def name_school(unitid: str) -> str:
    """The id of an institution's listed school."""
    return f"{PREFIX}{unitid}"


def list_schools(read: Read, findings: Findings) -> Directory:
    """Every institution that teaches one of our programs, as a listed school. The others are counted."""
    records: dict[Noun, dict[Key, Record]] = {noun: {} for noun in Noun}
    by_institution: dict[str, list[Taught]] = {}
    for each in sorted(read.taught):
        by_institution.setdefault(each.unitid, []).append(each)
    for institution in read.institutions.values():
        for noun, record in _list_one(read, institution, by_institution.get(institution.unitid, []), findings):
            records[noun][record.key] = record
    return Directory(records)


def _list_one(
    read: Read, institution: Institution, taught: list[Taught], findings: Findings
) -> list[tuple[Noun, Record]]:
    site = place_campus(institution.zip, institution.state, institution.point) if taught else None
    if site is None or site.point is None or site.timezone is None:
        reason = Skip.no_place if taught else Skip.no_program
        findings.skip(read.directory_file, institution.line, institution.unitid, institution.name, reason)
        return []
    _flag_far(read, institution, site, findings)
    campus = _make_campus(institution, site.point)
    offerings = [(Noun.offering, _make_offering(read, campus, each)) for each in taught]
    return [(Noun.school, _make_school(institution, site.timezone)), (Noun.campus, campus), *offerings]


def _flag_far(read: Read, institution: Institution, site: Site, findings: Findings) -> None:
    if site.miles_from_zip is not None and institution.point:
        shown = f"{institution.point[0]}, {institution.point[1]}"
        message = f"lies {site.miles_from_zip:.0f} miles from the centre of ZIP code {institution.zip}: "
        message += f"{institution.name}"
        odd = Oddity(read.directory_file.name, institution.line, "LATITUDE, LONGITUD", shown, message)
        findings.odd.append(odd)


def _make_school(institution: Institution, timezone: str) -> SchoolRecord:
    return SchoolRecord(
        id=name_school(institution.unitid),
        unitid=institution.unitid,
        name=institution.name,
        accreditor=None,
        website=institution.website,
        timezone=timezone,
        contact_email=None,
        status=SchoolStatus.taking,
        daily_cap=None,
        monthly_cap=None,
        control=institution.control,
        listed=True,
        origin=Origin.ipeds,
    )


def _make_campus(institution: Institution, point: tuple[float, float]) -> CampusRecord:
    return CampusRecord(
        name_school(institution.unitid),
        CAMPUS,
        institution.address,
        institution.city,
        institution.state,
        institution.zip,
        *point,
    )


def _make_offering(read: Read, campus: CampusRecord, taught: Taught) -> OfferingRecord:
    """Of whom it may enroll online, one thing is certain: people of its own state."""
    online = taught.unitid in read.online
    return OfferingRecord(
        id=f"{campus.school_id}-{taught.program}-{int(taught.level)}",
        school_id=campus.school_id,
        campus=campus.name,
        program=taught.program,
        credential=taught.level.credential,
        format=Format.online if online else Format.campus,
        latitude=campus.latitude,
        longitude=campus.longitude,
        service_miles=None,
        length_months=None,
        tuition_usd=None,
        certifications=None,
        min_age=None,
        education=None,
        online_states=(campus.state,) if online else None,
        schedule=None,
        languages=None,
        next_start=None,
        award_level=int(taught.level),
        awards=read.taught[taught],
        awards_year=read.year,
    )
