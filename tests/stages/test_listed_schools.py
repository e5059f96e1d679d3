"""A listed school is no receiver: the database itself refuses a tick, a consent and a lead; and payment or not, listed
or not, the order is the same."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.demo.shelf import fill_shelf
from leadgen.directory.showing import settle_showing
from leadgen.directory.sync import import_directory
from leadgen.journey import search
from leadgen.journey.search import SHOWN_OFFERINGS, count_search, find_shown
from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.explain import explain_all
from leadgen.matching.find import find_matches
from leadgen.matching.nearly import list_nearly
from leadgen.matching.room import find_hidden, find_unavailable
from leadgen.matching.rules import Rule
from leadgen.models import Choice, Format, Inquiry, Offering, School, SchoolStatus, SearchCount
from leadgen.review.verdicts import ReleaseError, make_lead
from tests.builders import build_offering, build_school, list_school
from tests.inquiries import add_school, make_draft, submit_draft
from tests.schools_csv import make_csv, make_row

BILLING = Criteria("medical-billing-and-coding", "60601")
AT = "2027-03-04 05:06:07.000000"
CONSENT = """
    INSERT INTO consent (inquiry_id, school_id, ticked, wording_version, words, words_sha256, page, act, given_at)
    VALUES (:inquiry, 'bramble', :ticked, 'v', 'w', 'h', '/', 'none', :at)
"""
LEAD = "INSERT INTO lead (reference, inquiry_id, school_id, released_at) VALUES ('LD-F', :inquiry, 'larkspur', :at)"
TICK = "UPDATE choice SET ticked = :ticked WHERE inquiry_id = :inquiry AND school_id = 'bramble'"
CHOOSE = "INSERT INTO choice (inquiry_id, school_id, rank, ticked) VALUES (:inquiry, 'stranger', 9, :ticked)"

Forge = Callable[..., None]


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    """Larkspur was ticked; Bramble was shown; Stranger was not."""
    for school in ("larkspur", "bramble", "stranger"):
        add_school(session, school)
    draft = make_draft(session, ["larkspur", "bramble"])
    draft.answers.ticked = ["larkspur"]
    sent = submit_draft(session, draft)
    session.commit()
    return session.scalars(select(Inquiry).where(Inquiry.reference == sent.reference)).one()


@pytest.fixture
def forge(session: Session, inquiry: Inquiry) -> Forge:
    """Run a statement as somebody would who has the database and no scruples."""

    def run(statement: str) -> None:
        at = AT if session.get_bind().dialect.name == "sqlite" else f"{AT}+00"
        session.execute(text(statement), {"inquiry": inquiry.id, "at": at, "ticked": True})
        session.commit()

    return run


@pytest.mark.parametrize(("statement", "school"), [(TICK, "bramble"), (CHOOSE, "stranger"), (LEAD, "larkspur")])
def test_the_database_refuses_a_tick_and_a_lead(session: Session, forge: Forge, statement: str, school: str) -> None:
    if statement is LEAD:
        session.execute(text("DELETE FROM delivery"))
        session.execute(text("DELETE FROM lead"))
    list_school(session, school)
    with pytest.raises(IntegrityError, match="does not take inquiries through us"):
        forge(statement)
    session.rollback()
    session.execute(update(School).values(listed=False))
    forge(statement)


def test_the_database_refuses_a_consent(session: Session, forge: Forge) -> None:
    forge(TICK)
    list_school(session, "bramble")
    with pytest.raises(IntegrityError, match="does not take inquiries through us"):
        forge(CONSENT)
    session.rollback()
    session.execute(update(School).values(listed=False))
    forge(CONSENT)


def test_a_release_to_a_school_that_was_listed_since_is_refused_in_words(session: Session, inquiry: Inquiry) -> None:
    session.execute(text("DELETE FROM delivery"))
    session.execute(text("DELETE FROM lead"))
    list_school(session, "larkspur")
    with pytest.raises(ReleaseError, match="only listed"):
        make_lead(session, inquiry.id, "larkspur", now(session))


def test_a_listed_school_may_be_shown_in_an_inquiry(session: Session, forge: Forge) -> None:
    list_school(session, "stranger")
    forge(CHOOSE.replace(":ticked", "NOT :ticked"))
    assert not session.scalars(select(Choice).where(Choice.school_id == "stranger")).one().ticked


def test_only_schools_of_federal_files_can_be_listed(session: Session) -> None:
    build_school(session, id="own")
    with pytest.raises(IntegrityError):
        session.execute(update(School).values(listed=True))


def test_being_listed_changes_neither_score_nor_order(session: Session) -> None:
    for number, certifications in enumerate([("CPC",), None, ("CCS",), (), None]):
        build_offering(session, build_school(session, id=f"s{number}"), certifications=certifications)
    before = [(match.school_id, match.score) for match in find_matches(session, BILLING).matches]
    for number in (0, 1, 4):
        list_school(session, f"s{number}")
    after = find_matches(session, BILLING)
    assert [(match.school_id, match.score) for match in after.matches] == before
    assert {match.school_id for match in after.matches if match.listed} == {"s0", "s1", "s4"}


def test_the_rule_says_that_it_takes_no_inquiries_through_us(session: Session) -> None:
    offering = build_offering(session)
    list_school(session, offering.school_id)
    (judged,) = explain_all(session, BILLING).offerings
    assert judged.fits
    (result,) = [result for result in judged.results if result.rule is Rule.school]
    assert (result.value, result.words) == ("listed", "Listed; does not take inquiries through us")


def test_a_listed_school_that_staff_close_is_hidden(session: Session) -> None:
    offering = build_offering(session)
    list_school(session, offering.school_id)
    session.execute(update(School).values(status=SchoolStatus.closed))
    assert find_matches(session, BILLING).total == 0


def test_a_listed_school_takes_no_inquiry_whoever_asks(session: Session) -> None:
    offering = build_offering(session)
    list_school(session, offering.school_id)
    assert find_hidden(session, [offering.school_id]).closed == frozenset()
    assert find_unavailable(session, [offering.school_id]).closed == {offering.school_id}
    assert list_nearly(session, BILLING) == []


def test_a_near_miss_may_be_a_listed_school(session: Session) -> None:
    offering = build_offering(session, format=Format.online, online_states=("WI",))
    list_school(session, offering.school_id)
    (miss,) = find_matches(session, Criteria(BILLING.program, BILLING.zip, FormatWish.online)).near_misses
    assert (miss.listed, miss.reason) == (True, "Has not told us whether it may enroll residents of IL")


def test_a_search_that_finds_listed_schools_alone_is_counted_as_such(session: Session) -> None:
    offering = build_offering(session)
    list_school(session, offering.school_id)
    count_search(session, find_matches(session, BILLING), now(session))
    assert session.scalars(select(SearchCount.outcome)).one() == "listed"


def test_a_school_that_takes_inquiries_is_reached_behind_many_that_are_listed(session: Session) -> None:
    for number in range(SHOWN_OFFERINGS + 5):
        list_school(session, build_offering(session, id=f"near-{number}").school_id)
    alone = find_shown(session, BILLING, "")
    assert (len(alone.matches), alone.total) == (SHOWN_OFFERINGS, SHOWN_OFFERINGS + 5)
    partner = build_offering(session, id="z-last", latitude=42.3, longitude=-87.9)
    found = find_shown(session, BILLING, "")
    assert found.matches[-1].offering_id == partner.id
    assert [match.offering_id for match in found.matches[:SHOWN_OFFERINGS]] == [m.offering_id for m in alone.matches]


def test_it_is_reached_behind_however_many_and_the_page_stays_short(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MORE_OFFERINGS", (SHOWN_OFFERINGS + 1, SHOWN_OFFERINGS + 2))
    for number in range(SHOWN_OFFERINGS + 5):
        list_school(session, build_offering(session, id=f"near-{number}").school_id)
    partner = build_offering(session, id="z-last", latitude=42.3, longitude=-87.9)
    found = find_shown(session, BILLING, "")
    assert (found.matches[-1].offering_id, found.matches[-1].rank) == (partner.id, SHOWN_OFFERINGS + 6)
    assert len(found.matches) == SHOWN_OFFERINGS + 1


def test_where_all_that_fit_are_only_listed_nothing_is_looked_for_behind_them(session: Session) -> None:
    for number in range(SHOWN_OFFERINGS + 5):
        list_school(session, build_offering(session, id=f"near-{number}").school_id)
    once, whole = (count_reads(session, search) for search in (find_matches, find_shown))
    assert whole == once


def count_reads(session: Session, search: Callable[..., object]) -> int:
    """How many statements a search takes."""
    read: list[str] = []
    engine = session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        read.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        search(session, BILLING, seed="")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(read)


def test_the_demo_invents_nothing_about_listed_schools(session: Session) -> None:
    import_directory(session, "schools.csv", make_csv(make_row()))
    assert fill_shelf(session, ()).goods
    list_school(session, "larkspur")
    assert fill_shelf(session, ()).goods == []


def test_an_offering_follows_its_school(session: Session) -> None:
    offering = build_offering(session)
    list_school(session, offering.school_id)
    session.refresh(offering)
    assert offering.listed
    session.execute(update(School).values(listed=False))
    settle_showing(session)
    session.refresh(offering)
    assert not session.get_one(Offering, offering.id).listed
