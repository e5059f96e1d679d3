"""A list as it is kept beside an inquiry: measured from the middle of her ZIP code, wherever her device is.

The point that her device told is sealed. Miles to a few campuses, or scores that count them, would tell it to whoever
reads the database, and to a school with several campuses: where three circles meet, there she is.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from leadgen.geo.distance import geodesic_miles
from leadgen.geo.zips import Place
from leadgen.intake.answers import ShownMatch
from leadgen.intake.draft import OpenDraft
from leadgen.matching.candidates import select_named
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.matching.reasons import give_reasons
from leadgen.matching.score import score_offering


def measure_from_zip(session: Session, draft: OpenDraft) -> None:
    """Where her device told where she is, put miles, scores and first reasons as from her ZIP code into the list of a
    draft that is used up. The order stays the one that she saw."""
    shown = draft.shown
    asked = Criteria.from_json(shown.criteria) if shown else None
    if shown is None or asked is None or asked.latitude is None:
        return
    criteria = replace(asked, latitude=None, longitude=None)
    place = criteria.find_place()
    in_person = [each for school in shown.schools for each in school.matches if each.distance_miles is not None]
    facts = {each.id: each for each in select_named(session, [match.offering_id for match in in_person])}
    measured = {
        match.offering_id: _measure(match, facts[match.offering_id], criteria, place)
        for match in in_person
        if match.offering_id in facts
    }
    schools = [
        replace(school, matches=[measured.get(match.offering_id, match) for match in school.matches])
        for school in shown.schools
    ]
    draft.shown = replace(shown, schools=schools)


def _measure(match: ShownMatch, offering: OfferingFacts, criteria: Criteria, place: Place) -> ShownMatch:
    miles = geodesic_miles(place.point, (match.latitude, match.longitude))
    where, *_ = give_reasons(Candidate(offering, criteria, place.state, miles))
    score = score_offering(offering, criteria, miles)
    return replace(match, distance_miles=miles, score=score, reasons=[where, *match.reasons[1:]])
