"""What `leadgen match --json` prints."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from leadgen.geo.zips import Place
from leadgen.matching.criteria import Found, Matched, NearMiss, ScoreParts
from leadgen.matching.explain import Explained, Explanation


def found_to_json(found: Found) -> dict[str, Any]:
    """One search and its answer."""
    return {
        "criteria": found.criteria.to_json(),
        "place": _place_to_json(found.place),
        "total": found.total,
        "matches": [_match_to_json(match) for match in found.matches],
        "near_misses": [_near_miss_to_json(miss) for miss in found.near_misses],
    }


def explanation_to_json(explanation: Explanation, shown: Iterable[Explained]) -> dict[str, Any]:
    """One search and every offering of its program, with every rule."""
    return {
        "criteria": explanation.criteria.to_json(),
        "place": _place_to_json(explanation.place),
        "directory_version": explanation.directory_version,
        "total": explanation.total,
        "offerings": [_explained_to_json(one) for one in shown],
    }


def _place_to_json(place: Place) -> dict[str, Any]:
    return {
        "zip": place.zip,
        "city": place.city,
        "state": place.state,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _match_to_json(match: Matched) -> dict[str, Any]:
    return {
        "rank": match.rank,
        "school_id": match.school_id,
        "school": match.school,
        "campus": match.campus,
        "city": match.city,
        "state": match.state,
        "program": match.program,
        "format": match.format,
        "distance_miles": _round_miles(match.distance_miles),
        "credential": match.credential,
        "length_months": match.length_months,
        "clock_hours": match.clock_hours,
        "tuition_usd": _plain_number(match.tuition_usd),
        "fees_usd": _plain_number(match.fees_usd),
        "books_usd": _plain_number(match.books_usd),
        "exam_usd": _plain_number(match.exam_usd),
        "cost_usd": _plain_number(match.cost_usd),
        "certifications": None if match.certifications is None else list(match.certifications),
        "score": match.score,
        "score_parts": _parts_to_json(match.parts),
        "reasons": list(match.reasons),
        "listed": match.listed,
        "website": match.website,
        "control": match.control,
        "length": match.length,
        "awards": match.awards,
        "awards_year": match.awards_year,
    }


def _near_miss_to_json(miss: NearMiss) -> dict[str, Any]:
    return {
        "school_id": miss.school_id,
        "school": miss.school,
        "city": miss.city,
        "state": miss.state,
        "format": miss.format,
        "distance_miles": _round_miles(miss.distance_miles),
        "rule": miss.rule,
        "reason": miss.reason,
        "listed": miss.listed,
        "control": miss.control,
    }


def _explained_to_json(one: Explained) -> dict[str, Any]:
    offering, failure = one.judged.candidate.offering, one.judged.first_failure
    return {
        "offering_id": offering.id,
        "school_id": offering.school_id,
        "school": one.description.school,
        "campus": one.description.campus,
        "city": one.description.city,
        "state": one.description.state,
        "format": offering.format,
        "distance_miles": _round_miles(one.distance_miles),
        "fits": one.judged.fits,
        "score": one.score,
        "score_parts": _parts_to_json(one.parts),
        "first_failure": failure.rule if failure else None,
        "rules": [result._asdict() for result in one.judged.results],
    }


def _parts_to_json(parts: ScoreParts) -> dict[str, float]:
    return {name: round(points, 2) for name, points in parts._asdict().items()}


def _round_miles(miles: float | None) -> float | None:
    return None if miles is None else round(miles, 3)


def _plain_number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)
