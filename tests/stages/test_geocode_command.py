"""`leadgen directory geocode`: campuses are found by their street, once, politely, and only where it is believable."""

import time

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from leadgen.cli import main
from leadgen.clock import now
from leadgen.directory.geocode import geocode_campus, list_unasked, tell_precision
from leadgen.directory.sync import import_directory
from leadgen.geo.zips import find_place
from leadgen.models import Campus, Geocoded, GeocodedAs, GeocoderName, Offering, School
from tests.builders import build_campus, build_offering, build_school
from tests.fake_geocoder import run_geocoder
from tests.schools_csv import make_csv, make_row

STREET = (41.8853, -87.6181)


@pytest.fixture
def fake():
    with run_geocoder() as running:
        yield running


@pytest.fixture
def run(session, database_url, fake):
    """Commit what the test has built, and run the command against the geocoder on this machine."""

    def geocode(*arguments: str):
        session.commit()
        command = ["directory", "geocode", "--server", fake.site, *arguments]
        result = CliRunner().invoke(main, command, env={"LEADGEN_DATABASE_URL": database_url})
        session.expire_all()
        return result

    return geocode


def add_campus(session, address: str | None, **changes) -> Campus:
    """A campus at the middle of its ZIP code, with an offering."""
    middle = find_place("60601")
    school: School = build_school(session)
    place = {"latitude": middle.latitude, "longitude": middle.longitude, "address": address} | changes
    campus = build_campus(session, school, name=f"At {address}", zip="60601", **place)
    build_offering(session, school, campus, latitude=campus.latitude, longitude=campus.longitude)
    return campus


@pytest.mark.parametrize("source", ["nominatim", "census"])
def test_a_campus_and_its_offerings_move_to_the_street(session, run, fake, source):
    campus = add_campus(session, "214 Lantern Court")
    session.flush()
    assert tell_precision(session, campus) == "ZIP"
    fake.points["214 Lantern Court, Chicago, IL 60601"] = STREET
    result = run("--with", source, "--user-agent", "leadgen-test (ada@mail.example)")
    assert (result.exit_code, result.stdout) == (0, "Asked about 1: 1 found, 0 not found, 0 refused.\n")
    assert (campus.latitude, campus.longitude) == STREET
    offering = session.scalars(select(Offering).where(Offering.campus_id == campus.id)).one()
    assert (offering.latitude, offering.longitude) == STREET
    assert tell_precision(session, campus) == "street"
    assert fake.agents == {"leadgen-test (ada@mail.example)"}


def test_a_campus_that_is_retired_meanwhile_is_not_asked_about(session):
    first, second = add_campus(session, "214 Lantern Court"), add_campus(session, "9 Quill Street")
    unasked = list_unasked(session, GeocoderName.census)
    assert next(unasked) is first
    second.retired_at = now(session)
    session.flush()
    assert list(unasked) == []


def test_a_point_goes_with_the_address_that_a_file_says(session, run, fake):
    import_directory(session, "schools.csv", make_csv(make_row(address="214 Lantern Court")))
    fake.points["214 Lantern Court, Chicago, IL 60601"] = STREET
    assert run().stdout.startswith("Asked about 1: 1 found")
    assert import_directory(session, "schools.csv", make_csv(make_row(address="214 Lantern Court"))) is None
    assert locate(session) == [STREET, STREET]
    moved = make_csv(make_row(address="9 Harbor Street", zip="60602"))
    assert import_directory(session, "schools.csv", moved) is not None
    assert locate(session) == [find_place("60602").point] * 2
    assert "Asked about 1: 0 found, 1 not found" in run().stdout
    assert import_directory(session, "schools.csv", make_csv(make_row(address="214 Lantern Court"))) is not None
    assert locate(session) == [STREET, STREET]


def test_two_runs_at_once_both_end_well(session, fake):
    campus = add_campus(session, "214 Lantern Court")
    first = geocode_campus(session, campus, GeocoderName.census, lambda _: STREET, "operator")
    again = geocode_campus(session, campus, GeocoderName.census, lambda _: STREET, "operator")
    assert first.came_to is again.came_to is GeocodedAs.street
    assert len(session.scalars(select(Geocoded)).all()) == 1


def locate(session) -> list[tuple[float, float]]:
    """Where the campus is, and where its offering is."""
    rows = [*session.scalars(select(Campus)), *session.scalars(select(Offering))]
    return [(row.latitude, row.longitude) for row in rows]


def test_a_point_far_from_the_zip_code_is_refused_and_told(session, run, fake):
    campus = add_campus(session, "1 Elsewhere Road")
    before = campus.latitude, campus.longitude
    fake.points["1 Elsewhere"] = (39.8, -89.65)
    result = run()
    assert f"{campus.school_id}, At 1 Elsewhere Road: refused, 17" in result.stdout
    assert (campus.latitude, campus.longitude) == before
    assert session.scalars(select(Geocoded)).one().miles_from_zip > 25


def test_each_address_is_asked_once_and_a_run_goes_on_where_the_last_ended(session, run, fake):
    for number in range(3):
        add_campus(session, f"{number} Lantern Court")
    assert "Asked about 2" in run("--limit", "2").stdout
    assert "Asked about 1: 0 found, 1 not found" in run().stdout
    assert "Asked about 0" in run().stdout
    assert len(fake.asked) == len(set(fake.asked)) == 3
    session.scalars(select(Campus).order_by(Campus.id)).first().address = "9 Other Street"
    assert "Asked about 1" in run().stdout


def test_no_more_than_one_request_a_second_is_sent(session, run, fake):
    for number in range(3):
        add_campus(session, f"{number} Lantern Court")
    started = time.monotonic()
    run()
    assert time.monotonic() - started >= 2


def test_campuses_with_a_point_of_their_own_or_no_address_are_not_asked_about(session, run, fake):
    add_campus(session, None)
    given = add_campus(session, "1 Lantern Court", latitude=41.9)
    assert "Asked about 0" in run().stdout
    assert fake.asked == []
    assert tell_precision(session, given) == "given"


def test_a_server_that_fails_ends_the_run_and_nothing_is_remembered_of_it(session, run, fake):
    add_campus(session, "1 Lantern Court")
    fake.broken = True
    result = run()
    assert result.exit_code == 1
    assert "Run it again to go on" in result.stderr
    assert session.scalars(select(Geocoded)).all() == []


def test_a_server_that_is_no_address_is_refused(run):
    assert run("--server", "nominatim").exit_code == 2
