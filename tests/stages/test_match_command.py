"""`leadgen match`, as a person and as a machine would run it."""

import json
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from leadgen.cli import main
from leadgen.clock import now
from leadgen.matching.criteria import find_day_after
from leadgen.models import Format
from tests.builders import build_offering, build_school

BASE = ["--program", "medical-billing-and-coding", "--zip", "60601"]


@pytest.fixture
def run(session, database_url):
    """Commit what the test has built, and run `leadgen match` on it."""

    def match(*arguments: str) -> Result:
        session.commit()
        return CliRunner().invoke(main, ["match", *arguments], env={"LEADGEN_DATABASE_URL": database_url})

    return match


def test_json_has_the_documented_shape(session, run):
    school = build_school(session, name="Larkspur Career Institute")
    build_offering(session, school, tuition_usd=Decimal("12450.50"), fees_usd=Decimal("49.50"), clock_hours=720)
    build_offering(session, school, format=Format.online, online_states=("*",), tuition_usd=None, certifications=None)
    result = run(*BASE, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert list(answer) == ["criteria", "place", "total", "matches", "near_misses"]
    assert list(answer["place"]) == ["zip", "city", "state", "latitude", "longitude"]
    assert answer["criteria"] == {
        "program": "medical-billing-and-coding",
        "zip": "60601",
        "format": "any",
        "within_miles": 50,
        "credential": None,
        "certifications": [],
        "age": None,
        "education": None,
        "max_months": None,
        "max_cost_usd": None,
        "schedules": [],
        "start_by": None,
        "start_from": None,
        "language": None,
        "latitude": None,
        "longitude": None,
    }
    assert answer["total"] == 2
    near, online = answer["matches"]
    assert near == {
        "rank": 1,
        "school_id": school.id,
        "school": "Larkspur Career Institute",
        "campus": "Main",
        "city": "Chicago",
        "state": "IL",
        "program": "medical-billing-and-coding",
        "format": "campus",
        "distance_miles": 0.0,
        "credential": "certificate",
        "length_months": 9,
        "clock_hours": 720,
        "tuition_usd": 12450.5,
        "fees_usd": 49.5,
        "books_usd": None,
        "exam_usd": None,
        "cost_usd": 12500,
        "certifications": ["CPC", "CCS"],
        "score": 95.0,
        "score_parts": {"nearness": 60.0, "certifications": 25.0, "facts": 10.0},
        "reasons": ["0.0 miles from your ZIP", "Prepares for CPC and CCS"],
        "listed": False,
        "website": None,
        "control": None,
        "length": None,
        "awards": None,
        "awards_year": None,
    }
    assert (online["distance_miles"], online["tuition_usd"], online["certifications"]) == (None, None, None)


def test_every_option_reaches_the_search(session, run):
    build_offering(session)
    arguments = "--format campus --within any --credential diploma --certification CCS --certification CPC --age 17"
    arguments += " --max-months 12 --max-cost 9000 --schedule evening --schedule weekend --start-by 2027-03-04"
    arguments += " --language Spanish"
    answer = json.loads(run(*BASE, *arguments.split(), "--education", "ged", "--json").stdout)
    assert answer["criteria"].pop("start_from") == now(session).date().isoformat()
    assert answer["criteria"] == {
        "program": "medical-billing-and-coding",
        "zip": "60601",
        "format": "campus",
        "within_miles": None,
        "credential": "diploma",
        "certifications": ["CCS", "CPC"],
        "age": 17,
        "education": "ged",
        "max_months": 12,
        "max_cost_usd": 9000,
        "schedules": ["evening", "weekend"],
        "start_by": "2027-03-04",
        "language": "Spanish",
        "latitude": None,
        "longitude": None,
    }


def test_a_start_within_some_months_is_counted_from_today(session, run):
    build_offering(session)
    criteria = json.loads(run(*BASE, "--start-within", "6", "--json").stdout)["criteria"]
    assert criteria["start_by"] == find_day_after(now(session).date(), 6).isoformat()


def test_a_start_is_asked_for_in_one_way_only(session, run):
    result = run(*BASE, "--start-within", "6", "--start-by", "2027-03-04")
    assert (result.exit_code, "not both" in result.output) == (2, True)


def test_the_limit_cuts_the_list_and_not_the_total(session, run):
    for _ in range(3):
        build_offering(session)
    answer = json.loads(run(*BASE, "--limit", "2", "--json").stdout)
    assert (answer["total"], len(answer["matches"])) == (3, 2)


def test_near_misses_say_which_rule_and_why(session, run):
    build_offering(session, format=Format.online, online_states=("WI",))
    (miss,) = json.loads(run(*BASE, "--json").stdout)["near_misses"]
    assert (miss["rule"], miss["reason"]) == ("state", "May not enroll residents of IL online")
    assert "May not enroll residents of IL online" in run(*BASE).stdout


def test_people_get_a_table_with_reasons(session, run):
    build_offering(session, build_school(session, name="Larkspur [Career] Institute"), tuition_usd=None)
    output = run(*BASE).stdout
    for words in ("1 fit", "Larkspur [Career]", "Cost: not given", "0.0 miles from your"):
        assert words in output


def test_explain_prints_every_offering_with_every_rule(session, run):
    build_offering(session, id="far", latitude=61.2, longitude=-149.9)
    build_offering(session, id="near")
    output = run(*BASE, "--explain").stdout
    assert "1 of 2 fit" in output
    assert "fails by distance" in output
    assert output.count("passed education") == 2
    near, far = json.loads(run(*BASE, "--explain", "--json").stdout)["offerings"]
    assert (near["offering_id"], near["fits"], near["first_failure"]) == ("near", True, None)
    assert (far["offering_id"], far["fits"], far["first_failure"]) == ("far", False, "distance")
    assert [rule["rule"] for rule in far["rules"] if not rule["passed"]] == ["distance"]
    assert set(far["rules"][0]) == {"rule", "passed", "value", "words"}


def test_explain_shows_as_many_as_are_asked_for_and_says_that_there_are_more(session, run):
    for _ in range(3):
        build_offering(session)
    output = run(*BASE, "--explain", "--limit", "2").stdout
    assert output.count("passed education") == 2
    assert "Shown are the first 2 of 3" in output


def test_a_near_miss_says_its_distance_once(session, run):
    build_offering(session, latitude=61.2, longitude=-149.9)
    assert run(*BASE).stdout.count("miles away") == 1
    assert " miles)" not in run(*BASE).stdout


def assert_refused(result: Result, words: str) -> None:
    assert result.exit_code == 1
    assert result.stdout == ""
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_malformed_or_unknown_zip_is_one_clear_line(session, run):
    build_offering(session)
    assert_refused(run("--program", "medical-billing-and-coding", "--zip", "2139"), "five digits, like 60601")
    assert_refused(run("--program", "medical-billing-and-coding", "--zip", "00000", "--json"), "do not know the ZIP")


def test_an_unknown_program_lists_the_known_ones(session, run):
    build_offering(session)
    build_offering(session, program="phlebotomy")
    for more in ([], ["--explain"], ["--json"]):
        assert_refused(
            run("--program", "astronaut", "--zip", "60601", *more), "Known are: medical-billing-and-coding, phlebotomy"
        )


def test_an_empty_directory_says_how_to_fill_it(session, run):
    assert_refused(run(*BASE), "leadgen directory import")


def test_a_database_without_tables_says_what_to_run(tmp_path):
    environment = {"LEADGEN_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"}
    assert_refused(CliRunner().invoke(main, ["match", *BASE], env=environment), "leadgen db upgrade")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--zip", "60601"],
        [*BASE, "--place", "Joliet, IL"],
        [*BASE[:2], "--latitude", "41.5"],
        [*BASE[:2]],
        [*BASE[:2], "--latitude", "91", "--longitude", "0"],
        ["--program", "x"],
        [*BASE, "--format", "evening"],
        [*BASE, "--within", "-5"],
        [*BASE, "--within", "fifty"],
        [*BASE, "--within", "9"],
        [*BASE, "--within", "251"],
        [*BASE, "--within", "9" * 5_000],
        [*BASE, "--limit", "0"],
        [*BASE, "--age", "old"],
    ],
)
def test_misuse_exits_with_two(run, arguments):
    assert run(*arguments).exit_code == 2


WANTED = BASE[:2]


def test_a_town_is_as_good_as_a_zip_code(session, run):
    build_offering(session)
    result = run(*WANTED, "--place", "Chicago, Illinois", "--json")
    assert json.loads(result.stdout)["place"]["city"] == "Chicago"
    assert json.loads(result.stdout)["total"] == 1


def test_a_name_that_several_towns_have_is_answered_with_all_of_them(run):
    result = run(*WANTED, "--place", "Springfield")
    assert result.exit_code == 1
    assert "Springfield, Illinois (627" in result.stderr
    assert "Springfield, Missouri (658" in result.stderr


def test_from_a_point_distances_count_from_there(session, run):
    build_offering(session, latitude=41.53, longitude=-88.08)
    arguments = [*WANTED, "--latitude", "41.5301", "--longitude", "-88.0799"]
    answer = json.loads(run(*arguments, "--json").stdout)
    assert answer["place"] | {"zip": ""} == {
        "zip": "", "city": "Joliet", "state": "IL", "latitude": 41.53, "longitude": -88.08
    }  # fmt: skip
    assert answer["matches"][0]["distance_miles"] == 0
    assert answer["matches"][0]["reasons"][0] == "0.0 miles from where you are"
    assert "near Joliet, IL 604" in run(*arguments).stdout


def test_a_point_abroad_is_refused(run):
    result = run(*WANTED, "--latitude", "48.85", "--longitude", "2.35")
    assert result.exit_code == 1
    assert "not in the United States" in result.stderr


def test_map_is_a_file_with_the_ranks_of_the_list(session, run, tmp_path):
    school = build_school(session, name="Larkspur Career Institute")
    build_offering(session, school)
    build_offering(session, build_school(session, name="Wide & Far"), format=Format.online, online_states=("*",))
    out = tmp_path / "out.svg"
    result = run(*BASE, "--map", str(out), "--json")
    matches = json.loads(result.stdout)["matches"]
    texts = [each.text for each in ElementTree.parse(out).getroot().iter("{http://www.w3.org/2000/svg}text")]
    near, online = sorted(matches, key=lambda match: match["format"])
    assert str(near["rank"]) in texts
    assert f"{near['rank']}. Larkspur Career Institute, Chicago, IL, 0.0 miles" in texts
    assert f"{online['rank']}. Wide & Far" in texts
    assert "The map is in" in result.stderr


def test_map_that_cannot_be_written_says_why(session, run, tmp_path):
    build_offering(session)
    result = run(*BASE, "--map", str(tmp_path / "none" / "out.svg"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert "No such file or directory" in result.stderr


def test_map_with_explain_is_refused(session, run, tmp_path):
    assert run(*BASE, "--explain", "--map", str(tmp_path / "out.svg")).exit_code == 2
