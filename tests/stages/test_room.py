"""Room under caps: places taken, and leads that wait for one, in the school's own day and month."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import pytest

from leadgen.clock import find_periods
from leadgen.matching import counted
from leadgen.matching.room import find_full_schools, find_hidden
from leadgen.models import (
    About,
    CapUse,
    Choice,
    Consent,
    Delivery,
    Endpoint,
    EndpointKind,
    Inquiry,
    Lead,
    School,
    SchoolStatus,
    State,
)
from tests.builders import build_campus, build_offering, build_school

NOON = datetime(2027, 3, 4, 18, tzinfo=UTC)  # noon in Chicago
numbers = count(1)


@pytest.fixture(autouse=True, params=["by name", "all of them"])
def _few_schools_or_many(request, monkeypatch):
    """Where schools are many, what counts for their caps is read without naming them."""
    if request.param == "all of them":
        monkeypatch.setattr(counted, "MANY_SCHOOLS", 0)
        monkeypatch.setattr(counted, "MOST_NAMED", 1)


def test_schools_without_caps_always_have_room(session):
    build_school(session)
    assert find_full_schools(session) == frozenset()


@pytest.mark.parametrize(("used", "full"), [(0, False), (4, False), (5, True), (6, True)])
def test_a_school_is_full_at_its_daily_cap(session, used, full):
    school = build_school(session, daily_cap=5)
    session.add(CapUse(school_id=school.id, period="2027-03-04", used=used))
    assert (school.id in find_full_schools(session, at=NOON)) == full


def test_a_school_is_full_at_its_monthly_cap_though_the_day_has_room(session):
    school = build_school(session, daily_cap=5, monthly_cap=20)
    session.add_all(
        [CapUse(school_id=school.id, period=name, used=n) for name, n in {"2027-03": 20, "2027-03-04": 1}.items()]
    )
    assert find_full_schools(session, at=NOON) == {school.id}
    assert find_full_schools(session, at=NOON.replace(month=4)) == frozenset()


def test_yesterday_does_not_count(session):
    school = build_school(session, daily_cap=1)
    session.add(CapUse(school_id=school.id, period="2027-03-03", used=1))
    assert find_full_schools(session, at=NOON) == frozenset()


def test_the_day_is_the_schools_own(session):
    honolulu = build_school(session, daily_cap=1, timezone="Pacific/Honolulu")
    guam = build_school(session, daily_cap=1, timezone="Pacific/Guam")
    for school in (honolulu, guam):
        session.add(CapUse(school_id=school.id, period="2027-03-04", used=1))
    morning = datetime(2027, 3, 4, 8, tzinfo=UTC)
    assert find_periods("Pacific/Honolulu", morning) == ("2027-03-03", "2027-03")
    assert find_full_schools(session, at=morning) == {guam.id}
    assert find_full_schools(session, at=datetime(2027, 3, 4, 20, tzinfo=UTC)) == {honolulu.id}


def test_a_cap_of_zero_is_full_at_once(session):
    school = build_school(session, daily_cap=0)
    assert find_full_schools(session) == {school.id}


def test_only_the_schools_asked_about_are_looked_at(session):
    full, other = build_school(session, daily_cap=0), build_school(session, daily_cap=0)
    assert find_full_schools(session, [full.id]) == {full.id}
    assert find_full_schools(session, []) == frozenset()
    assert find_full_schools(session) == {full.id, other.id}


@pytest.mark.parametrize(
    ("state", "counts"),
    [(state, state in {State.pending, State.held, State.claimed}) for state in State],
)
def test_a_lead_that_waits_for_its_place_counts(session, state, counts):
    school = build_school(session, daily_cap=1)
    build_lead(session, school, state)
    assert (school.id in find_full_schools(session, at=NOON)) == counts


def test_a_waiting_lead_counts_once_however_many_endpoints_wait(session):
    school = build_school(session, daily_cap=2)
    build_lead(session, school, State.pending, kinds=(EndpointKind.portal, EndpointKind.email))
    assert find_full_schools(session, at=NOON) == frozenset()
    build_lead(session, school, State.held)
    assert find_full_schools(session, at=NOON) == {school.id}


def test_a_lead_with_a_place_is_counted_by_its_place_alone(session):
    school = build_school(session, daily_cap=2, monthly_cap=2)
    build_lead(session, school, State.claimed, slots=("2027-03-04", "2027-03"))
    session.add_all([CapUse(school_id=school.id, period=name, used=1) for name in ("2027-03-04", "2027-03")])
    assert find_full_schools(session, at=NOON) == frozenset()


def test_a_notice_about_a_lead_takes_no_place(session):
    school = build_school(session, daily_cap=1)
    build_lead(session, school, State.pending, about=About.withdrawal)
    assert find_full_schools(session, at=NOON) == frozenset()


@pytest.mark.parametrize(
    ("caps", "period"), [({"weekly_cap": 5}, "2027-W09"), ({"total_cap": 5}, "total"), ({"monthly_cap": 5}, "2027-03")]
)
@pytest.mark.parametrize(("used", "full"), [(4, False), (5, True)])
def test_a_school_is_full_at_its_cap_of_the_week_of_the_month_or_in_all(session, caps, period, used, full):
    school = build_school(session, **caps)
    session.add(CapUse(school_id=school.id, period=period, used=used))
    assert (school.id in find_full_schools(session, at=NOON)) == full


def test_a_campus_and_a_program_are_full_on_their_own(session):
    school = build_school(session, part_caps=("campus Aurora: 1 a day", "phlebotomy: 2 a month"))
    aurora = build_campus(session, school, name="Aurora")
    for name, campus, program in (
        ("a", aurora, "dental-assistant"),
        ("m", None, "dental-assistant"),
        ("p", None, "phlebotomy"),
    ):
        build_offering(session, school, campus, id=name, program=program)
    assert find_hidden(session, at=NOON).full_offerings == {}
    session.add(CapUse(school_id=school.id, period="campus Aurora 2027-03-04", used=1))
    assert find_hidden(session, at=NOON).full_offerings == {"a": school.id}
    session.add(CapUse(school_id=school.id, period="phlebotomy 2027-03", used=2))
    hidden = find_hidden(session, at=NOON)
    assert (set(hidden.full_offerings), hidden.full) == ({"a", "p"}, frozenset())


def test_each_part_says_when_it_has_room_again(session):
    school = build_school(session, part_caps=("campus Aurora: 1 a day", "phlebotomy: 2 a month"))
    aurora = build_campus(session, school, name="Aurora")
    for name, campus, program in (("day", aurora, "dental-assistant"), ("month", aurora, "phlebotomy")):
        build_offering(session, school, campus, id=name, program=program)
    session.add(CapUse(school_id=school.id, period="campus Aurora 2027-03-04", used=1))
    session.add(CapUse(school_id=school.id, period="phlebotomy 2027-03", used=2))
    assert find_hidden(session, at=NOON).room_again == {"day": "tomorrow", "month": "next month"}


@pytest.mark.parametrize(("used", "full"), [(0, False), (6250, False), (6251, True)])
def test_a_school_is_full_where_the_price_of_one_more_does_not_fit_its_dollars(session, used, full):
    school = build_school(session, part_caps=("school: $100 a month",), price_per_lead_usd=Decimal("37.50"))
    session.add(CapUse(school_id=school.id, period="$2027-03", used=used))
    hidden = find_hidden(session, at=NOON)
    assert (school.id in hidden.full, school.id in hidden.spent) == (full, full)
    assert hidden.room_again.get(school.id) == ("next month" if full else None)


def test_leads_that_wait_count_at_the_price_of_a_lead(session):
    school = build_school(session, part_caps=("school: $100 a month",), price_per_lead_usd=Decimal("37.50"))
    build_lead(session, school, State.pending)
    assert find_full_schools(session, at=NOON) == frozenset()
    build_lead(session, school, State.held)
    assert find_full_schools(session, at=NOON) == {school.id}


def test_a_program_is_full_by_its_dollars_and_says_so_only_where_no_other_cap_is_reached(session):
    caps = ("phlebotomy: $50 a day on Mon-Fri", "school: 2 a month")
    school = build_school(session, part_caps=caps, price_per_lead_usd=Decimal(30))
    build_offering(session, school, id="p", program="phlebotomy")
    session.add(CapUse(school_id=school.id, period="phlebotomy $2027-03-04", used=3000))
    hidden = find_hidden(session, at=NOON)
    assert (set(hidden.full_offerings), hidden.spent, hidden.room_again) == ({"p"}, {"p"}, {"p": "tomorrow"})
    session.add(CapUse(school_id=school.id, period="2027-03", used=2))
    assert find_hidden(session, at=NOON).spent == frozenset()


def test_a_lead_that_waits_counts_for_its_program_alone(session):
    school = build_school(session, part_caps=("p: 1 a day", "phlebotomy: 1 a day"))
    for program in ("p", "phlebotomy"):
        build_offering(session, school, id=program, program=program)
    build_lead(session, school, State.pending)
    assert set(find_hidden(session, at=NOON).full_offerings) == {"p"}


@pytest.mark.parametrize(("hour", "closed"), [(5, True), (6, False)])
def test_a_pause_ends_when_its_last_day_is_over_where_the_school_is(session, hour, closed):
    school = build_school(session, status=SchoolStatus.paused, paused_until=date(2027, 3, 5))
    at = datetime(2027, 3, 5, hour, tzinfo=UTC)  # midnight in Chicago is six o'clock
    assert (school.id in find_hidden(session, at=at).closed) == closed


def test_a_pause_without_an_end_and_a_closed_school_stay_away(session):
    for status, until in ((SchoolStatus.paused, None), (SchoolStatus.closed, None)):
        school = build_school(session, status=status, paused_until=until)
        assert school.id in find_hidden(session, at=NOON).closed
        assert not school.is_shown


def build_lead(session, school: School, state: State, kinds=(EndpointKind.portal,), about=About.lead, **slots) -> Lead:
    """A lead released to the school, with a delivery in this state to each of its endpoints."""
    number = next(numbers)
    inquiry = Inquiry(
        reference=f"R{number}",
        form_token_hash=number.to_bytes(4),
        program="p",
        program_title="P",
        criteria={},
        zip="60601",
        city="Chicago",
        state="IL",
        flags=[],
        received_at=NOON,
    )
    session.add(inquiry)
    session.flush()
    of = {"inquiry_id": inquiry.id, "school_id": school.id}
    session.add(Choice(**of, rank=1, ticked=True))
    session.flush()
    session.add(Consent(**of, wording_version="1", words="w", words_sha256="0", page="/", act="post", given_at=NOON))
    session.flush()
    lead = Lead(**of, reference=f"L{number}", released_at=NOON, **slots)
    session.add(lead)
    session.flush()
    for kind in kinds:
        delivery = Delivery(
            lead_id=lead.id,
            school_id=school.id,
            endpoint_id=find_endpoint(session, school, kind).id,
            about=about,
            key=f"k{number}-{kind}",
            state=state,
            due_at=NOON,
            created_at=NOON,
        )
        session.add(delivery)
    session.flush()
    return lead


def find_endpoint(session, school: School, kind: EndpointKind) -> Endpoint:
    session.refresh(school, ["endpoints"])
    for endpoint in school.endpoints:
        if endpoint.kind is kind:
            return endpoint
    endpoint = Endpoint(school_id=school.id, kind=kind, address="leads@school.example")
    session.add(endpoint)
    session.flush()
    return endpoint
