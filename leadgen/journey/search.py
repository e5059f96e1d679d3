"""Search: find the schools for a draft's answers, and keep the list as it will be shown."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.database import count_one_more
from leadgen.geo.zips import Place
from leadgen.intake.answers import Answers, Shown, ShownMatch, ShownSchool
from leadgen.intake.draft import OpenDraft, save_draft
from leadgen.matching.criteria import DEFAULT_RADIUS_MILES, Criteria, FormatWish, Found, Matched, find_day_after
from leadgen.matching.find import find_matches
from leadgen.models import Credential, Education, SearchCount

SHOWN_OFFERINGS = 20
# so many where not one of the first takes inquiries through us
MORE_OFFERINGS = (60, 200)
FEW = 3
ADULT_AGE = 18


def search(session: Session, draft: OpenDraft) -> Shown:
    """Find matches for the draft's answers, keep them in the draft, and count the search without identity.

    Raises ZipError where the ZIP cannot be placed. Ticks of schools that are gone from the list go too."""
    at = now(session)
    criteria = read_criteria(draft.answers, at.date())
    found = find_shown(session, criteria, draft.seed)
    draft.shown = show(found, at.isoformat())
    still_there = {school.school_id for school in draft.shown.receiving}
    draft.answers.ticked = [school for school in draft.answers.ticked if school in still_there]
    save_draft(session, draft)
    count_search(session, found, at)
    return draft.shown


def find_shown(session: Session, criteria: Criteria, seed: str) -> Found:
    """The offerings that the page shows. Where only listed schools are among the first, as many more as reach a school
    that takes inquiries through us, in the same order: nobody is sent away from a school that would answer her."""
    first = found = find_matches(session, criteria, limit=SHOWN_OFFERINGS, seed=seed)
    for limit in MORE_OFFERINGS:
        # where every one that fits is only listed, to look further finds nobody, and costs the near misses each time
        if _has_receiving(found) or found.total_listed == found.total or len(found.matches) == found.total:
            break
        found = find_matches(session, criteria, limit=limit, seed=seed)
    if _has_receiving(found):
        return found
    return first if found.total_listed == found.total else _reach_farther(session, criteria, seed, first)


def _reach_farther(session: Session, criteria: Criteria, seed: str, first: Found) -> Found:
    """Behind hundreds that are only listed: the first as they are, and after them the first that take inquiries."""
    every = find_matches(session, criteria, limit=first.total, seed=seed)
    receiving = tuple(match for match in every.matches if not match.listed)[:SHOWN_OFFERINGS]
    return replace(first, matches=first.matches + receiving)


def _has_receiving(found: Found) -> bool:
    return any(not match.listed for match in found.matches)


def read_criteria(answers: Answers, today: date) -> Criteria:
    """The criteria that a draft's answers amount to on this day. "18 or over" is taken as 18."""
    months = answers.start_within_months
    radius = None if answers.any_distance else answers.within_miles or DEFAULT_RADIUS_MILES
    return Criteria(
        program=answers.program,
        zip=answers.zip,
        format=FormatWish(answers.format or FormatWish.any),
        within_miles=radius,
        credential=Credential(answers.credential) if answers.credential else None,
        certifications=tuple(answers.certifications),
        age=ADULT_AGE if answers.adult else None,
        education=Education(answers.education) if answers.education else None,
        max_months=answers.max_months,
        max_cost_usd=answers.max_cost_usd,
        schedules=tuple(answers.schedules),
        start_by=find_day_after(today, months) if months else None,
        start_from=today if months else None,
        language=answers.language or None,
        latitude=answers.latitude,
        longitude=answers.longitude,
    )


def show(found: Found, shown_at: str) -> Shown:
    """The list as shown: one entry per school, in the order of its first match."""
    grouped: dict[str, list[Matched]] = {}
    for match in found.matches:
        grouped.setdefault(match.school_id, []).append(match)
    schools = [
        ShownSchool(
            school_id=school_id,
            rank=rank,
            name=group[0].school,
            website=group[0].website,
            accreditor=group[0].accreditor,
            matches=[_card(match) for match in group],
            listed=group[0].listed,
            control=str(group[0].control) if group[0].control else None,
            awards=group[0].awards,
            awards_year=group[0].awards_year,
        )
        for rank, (school_id, group) in enumerate(grouped.items(), start=1)
    ]
    return Shown(
        shown_at=shown_at,
        directory_version=found.directory_version,
        place=_place(found.place),
        criteria=found.criteria.to_json(),
        total=found.total,
        schools=schools,
        near_misses=[
            {
                "school": miss.school,
                "city": miss.city,
                "state": miss.state,
                "format": str(miss.format),
                "distance_miles": miss.distance_miles,
                "reason": miss.reason,
                "listed": miss.listed,
                "control": str(miss.control) if miss.control else None,
            }
            for miss in found.near_misses
        ],
    )


def count_search(session: Session, found: Found, at: datetime) -> None:
    """One more search of this program in this three-digit ZIP area on that day. ``listed``: some fit, and of those
    shown not one takes inquiries through us."""
    receiving = _has_receiving(found)
    outcome = "none" if not found.total else "listed" if not receiving else "few" if found.total < FEW else "matched"
    key = {
        "day": at.date(),
        "program": found.criteria.program,
        "zip3": found.place.zip[:3],
        "outcome": outcome,
    }
    count_one_more(session, SearchCount, key, "times")


def _write_usd(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _card(match: Matched) -> ShownMatch:
    return ShownMatch(
        offering_id=match.offering_id,
        rank=match.rank,
        campus=match.campus,
        city=match.city,
        state=match.state,
        format=str(match.format),
        distance_miles=match.distance_miles,
        credential=str(match.credential),
        length_months=match.length_months,
        clock_hours=match.clock_hours,
        tuition_usd=_write_usd(match.tuition_usd),
        fees_usd=_write_usd(match.fees_usd),
        books_usd=_write_usd(match.books_usd),
        exam_usd=_write_usd(match.exam_usd),
        certifications=None if match.certifications is None else list(match.certifications),
        next_start=match.next_start.isoformat() if match.next_start else None,
        schedule=None if match.schedule is None else list(match.schedule),
        latitude=match.latitude,
        longitude=match.longitude,
        score=match.score,
        reasons=list(match.reasons),
        checks=list(match.checks),
        length=match.length,
    )


def _place(place: Place) -> dict[str, object]:
    return {
        "zip": place.zip,
        "city": place.city,
        "state": place.state,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }
