"""Find the offerings that fit, in order, each with its reasons."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from leadgen.geo.zips import Place
from leadgen.matching.candidates import (
    make_candidates,
    measure_exactly,
    select_in_person,
    select_online,
)
from leadgen.matching.complaints import find_complained_of
from leadgen.matching.criteria import Criteria, FormatWish, Found, Matched, NearMiss
from leadgen.matching.describe import Described, Description, describe_offerings, describe_stamped
from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.matching.kept import Kept, Picked, find_kept
from leadgen.matching.near_misses import MANY_MATCHES, find_near_misses
from leadgen.matching.reasons import give_reasons, list_checks
from leadgen.matching.rules import fits
from leadgen.matching.score import ROUGHNESS, score_offering, score_parts, take_turns
from leadgen.models import Format

DEFAULT_LIMIT = 20


class Scored(NamedTuple):
    """A candidate with its score, 0 to 100."""

    candidate: Candidate
    score: float


def find_matches(session: Session, criteria: Criteria, *, limit: int = DEFAULT_LIMIT, seed: str = "") -> Found:
    """The first ``limit`` offerings that fit, the number of all of them, and near misses where few fit.

    ``seed`` is that of the draft, by which equals take turns (`leadgen.matching.score.take_turns`).
    Raises `leadgen.geo.zips.ZipError` for a ZIP code that cannot be placed. A program that nobody offers
    gives an empty answer.
    """
    place, kept = criteria.find_place(), find_kept(session)
    asked = _Asked(criteria, place, limit, seed, find_complained_of(session))
    found = _find_in_memory(session, kept, asked) if kept else None
    return found or _find_in_database(session, asked)


class _Asked(NamedTuple):
    criteria: Criteria
    place: Place
    limit: int
    seed: str
    later: frozenset[str]


def _find_in_memory(session: Session, kept: Kept, asked: _Asked) -> Found | None:
    """None where the directory has changed since it was read: then nothing of this counts."""
    picked = kept.pick_first(*asked)
    described = describe_stamped(session, [candidate.offering for candidate in picked.candidates])
    return _tell(session, asked, picked, described, kept) if kept.is_of(described.stamp) else None


def _find_in_database(session: Session, asked: _Asked) -> Found:
    picked = _pick_from_database(session, *asked)
    described = describe_stamped(session, [candidate.offering for candidate in picked.candidates])
    return _tell(session, asked, picked, described)


def _tell(session: Session, asked: _Asked, picked: Picked, described: Described, kept: Kept | None = None) -> Found:
    return Found(
        criteria=asked.criteria,
        place=asked.place,
        total=picked.total,
        matches=_match_all([score_candidate(candidate) for candidate in picked.candidates], described.by_id),
        near_misses=_find_near_misses(session, asked, picked, kept),
        directory_version=described.stamp.newest,
        total_online=picked.total_online,
        total_listed=picked.total_listed,
    )


def _find_near_misses(session: Session, asked: _Asked, picked: Picked, kept: Kept | None) -> tuple[NearMiss, ...]:
    """Where few fit; and where many do and not one of them takes inquiries through us, schools that would."""
    if picked.total < MANY_MATCHES:
        return find_near_misses(session, asked.criteria, asked.place, kept=kept)
    if picked.total_listed == picked.total:
        return find_near_misses(session, asked.criteria, asked.place, kept=kept, receiving=True)
    return ()


def _pick_from_database(
    session: Session, criteria: Criteria, place: Place, limit: int, seed: str, later: frozenset[str]
) -> Picked:
    offerings = _select_offerings(session, criteria, place)
    fitting = [candidate for candidate in make_candidates(session, criteria, place, offerings) if fits(candidate)]
    online = sum(candidate.offering.format is Format.online for candidate in fitting)
    listed = sum(candidate.offering.listed for candidate in fitting)
    return Picked(_pick_first(fitting, place, limit, seed, later), len(fitting), online, listed)


def _select_offerings(session: Session, criteria: Criteria, place: Place) -> list[OfferingFacts]:
    offerings: list[OfferingFacts] = []
    if criteria.format is not FormatWish.online:
        offerings += select_in_person(session, criteria.program, place, criteria.within_miles)
    if criteria.format is not FormatWish.campus:
        offerings += select_online(session, criteria.program, place.state)
    return offerings


def _pick_first(
    fitting: list[Candidate], place: Place, limit: int, seed: str, later: frozenset[str]
) -> list[Candidate]:
    """The first ``limit`` in order. Only those that the rough distances leave in the running are measured exactly."""
    rough = sorted((score_candidate(candidate) for candidate in fitting), key=lambda scored: -scored.score)
    if len(rough) > limit:
        least = rough[limit - 1].score - 2 * ROUGHNESS
        rough = [scored for scored in rough if scored.score >= least]
    exact = [score_candidate(measure_exactly(scored.candidate, place)) for scored in rough]
    first = sorted(exact, key=lambda scored: (-scored.score, take_turns(seed, scored.candidate.offering, later)))[
        :limit
    ]
    return [scored.candidate for scored in first]


def score_candidate(candidate: Candidate) -> Scored:
    """A candidate with its score, whether it fits or not."""
    return Scored(candidate, score_offering(candidate.offering, candidate.criteria, candidate.miles))


def describe_matches(session: Session, picked: Sequence[Scored]) -> tuple[Matched, ...]:
    """These candidates as they are shown, in the same order."""
    return _match_all(picked, describe_offerings(session, [scored.candidate.offering for scored in picked]))


def _match_all(picked: Sequence[Scored], described: Mapping[str, Description]) -> tuple[Matched, ...]:
    return tuple(_match(rank, scored, described[scored.candidate.offering.id]) for rank, scored in enumerate(picked, 1))


def _match(rank: int, scored: Scored, description: Description) -> Matched:
    candidate, offering = scored.candidate, scored.candidate.offering
    return Matched(
        rank=rank,
        offering_id=offering.id,
        school_id=offering.school_id,
        school=description.school,
        campus=description.campus,
        city=description.city,
        state=description.state,
        program=candidate.criteria.program,
        format=offering.format,
        distance_miles=candidate.miles,
        credential=offering.credential,
        length_months=offering.length_months,
        clock_hours=description.clock_hours,
        tuition_usd=description.tuition_usd,
        fees_usd=description.fees_usd,
        books_usd=description.books_usd,
        exam_usd=description.exam_usd,
        cost_usd=offering.cost_usd,
        certifications=offering.certifications,
        next_start=offering.next_start,
        schedule=description.schedule,
        accreditor=description.accreditor,
        website=description.website,
        control=description.control,
        awards=description.awards,
        awards_year=description.awards_year,
        length=offering.length,
        listed=offering.listed,
        latitude=offering.latitude,
        longitude=offering.longitude,
        score=scored.score,
        parts=score_parts(offering, candidate.criteria, candidate.miles),
        reasons=give_reasons(candidate),
        checks=list_checks(candidate),
    )
