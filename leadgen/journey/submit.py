"""Submit: one transaction from the last post to the leads. All of it is written, or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.config import Mode, Review, Settings
from leadgen.delivery.endpoints import Receivers, find_first_endpoints
from leadgen.delivery.spread import spread_leads
from leadgen.intake.consent import WORDING_VERSIONS
from leadgen.intake.draft import OpenDraft, use_up_draft
from leadgen.intake.screening import Flag, Limits, Submission, screen, screen_choice
from leadgen.intake.submit import Visit, Written, find_seen, index_person, write_inquiry
from leadgen.journey.from_zip import measure_from_zip
from leadgen.letters.kinds import CONFIRMATION
from leadgen.letters.write import write_letter
from leadgen.matching.room import Unavailable, find_unavailable
from leadgen.models import Subject
from leadgen.models.lead import FreshLead
from leadgen.review.verdicts import decide_first, give_first_verdicts, make_first_leads
from leadgen.suppression import is_suppressed, take_turns
from leadgen.vault import Vault

PROSPECT = "prospect"
SCREENING = "rule:screening"


class NothingToSendError(Exception):
    """Not one of the schools she chose can take her inquiry now. Nothing was written."""

    def __init__(self, full: Sequence[str]) -> None:
        super().__init__("no chosen school has room")
        self.full = list(full)


@dataclass(frozen=True)
class Sent:
    """The outcome: the inquiry's reference, the schools it goes to, and those that filled up meanwhile."""

    reference: str
    schools: list[str]
    full: list[str]


def submit_inquiry(
    session: Session, vault: Vault, settings: Settings, draft: OpenDraft, visit: Visit, program: str
) -> Sent:
    """Write the inquiry of a complete draft, screen it, release what passes, and forget the draft.

    ``program`` is the title as she read it. Raises NothingToSendError where no chosen school has room, and
    IntegrityError or StaleDataError where another post sent the same form token (look it up with `find_sent`)
    or changed the answers."""
    at = now(session)
    chosen = draft.answers.chosen
    full = _list_full(draft, find_unavailable(session, chosen, at))
    open_schools = [school for school in chosen if school not in full]
    if not open_schools:
        raise NothingToSendError(full)
    use_up_draft(session, draft)
    receivers = find_first_endpoints(session, open_schools)
    reasons = _hold_unsent(_screen_choices(session, vault, settings, draft, open_schools, at), receivers)
    outcomes = {school: decide_first(why) for school, why in reasons.items()}
    measure_from_zip(session, draft)
    written = write_inquiry(session, vault, draft, visit, program, outcomes, at)
    given = [_line_given(each, written.page_sha256, visit.language) for each in open_schools]
    lines = [
        _line_received(draft, written, open_schools, visit.language),
        *given,
        *_release(session, written, reasons, receivers, at),
    ]
    history.start(session, Subject.inquiry, written.inquiry_id, *lines, at=at)
    if not any(Flag.suppressed in why for why in reasons.values()):
        write_letter(session, CONFIRMATION, written.inquiry_id, at)
    return Sent(written.reference, open_schools, full)


def _list_full(draft: OpenDraft, unavailable: Unavailable) -> list[str]:
    """The chosen schools that take no inquiry now: not at all, or not at the campus or for the program that they were
    chosen for."""
    firsts = {
        school.school_id: school.matches[0].offering_id for school in (draft.shown.schools if draft.shown else ())
    }
    return [
        school
        for school in draft.answers.chosen
        if school in unavailable.schools or firsts.get(school) in unavailable.full_offerings
    ]


def _screen_choices(
    session: Session, vault: Vault, settings: Settings, draft: OpenDraft, schools: Sequence[str], at: datetime
) -> dict[str, list[Flag]]:
    """Why each school's choice is held, in the order of ``schools``; released where there is no reason."""
    indexes = index_person(vault, draft.answers)
    take_turns(session, *indexes)
    if is_suppressed(session, *indexes):
        return {school: [Flag.suppressed] for school in schools}
    if settings.review is Review.none:
        return {school: [] for school in schools}
    flags = _screen(settings, draft, at)
    seen_email, seen_phone = find_seen(session, indexes, schools, at)
    return {
        school: screen_choice(flags, seen_email=school in seen_email, seen_phone=school in seen_phone)
        for school in schools
    }


def _hold_unsent(reasons: Mapping[str, list[Flag]], receivers: Mapping[str, Receivers]) -> dict[str, list[Flag]]:
    """A school whose last endpoint goes in this very moment: what we thank her for waits where staff see it."""
    return {school: why if receivers[school].ids else [Flag.no_endpoint, *why] for school, why in reasons.items()}


def _release(
    session: Session,
    written: Written,
    reasons: Mapping[str, Sequence[Flag]],
    receivers: Mapping[str, Receivers],
    at: datetime,
) -> list[history.Line]:
    """Verdicts, leads and deliveries; gives what the history says of them."""
    give_first_verdicts(session, {written.choices[school]: why for school, why in reasons.items()}, SCREENING, at)
    passed = [school for school, why in reasons.items() if not why]
    leads = {lead.school_id: lead for lead in make_first_leads(session, written.inquiry_id, passed, at)}
    deliveries = spread_leads(session, list(leads.values()), at, receivers)
    return [
        line for school, why in reasons.items() for line in _tell_decision(school, why, leads.get(school), deliveries)
    ]


def _tell_decision(
    school: str, reasons: Sequence[Flag], lead: FreshLead | None, deliveries: Mapping[int, list[int]]
) -> Iterator[history.Line]:
    kind = f"choice.{'held' if reasons else 'released'}"
    yield history.Line(kind, SCREENING, {"school": school, "reasons": list(reasons)})
    if lead:
        facts = {"school": school, "lead": lead.reference, "deliveries": deliveries[lead.id]}
        yield history.Line("lead.released", SCREENING, facts)


def _screen(settings: Settings, draft: OpenDraft, at: datetime) -> list[Flag]:
    person = draft.answers.person
    seconds = (at - draft.started_at).total_seconds()
    limits = Limits(settings.min_form_seconds, settings.mode is Mode.local, settings.review is Review.all)
    return screen(Submission(person.email, person.phone, draft.answers.trap, seconds), limits)


def _line_given(school: str, page: str, language: str) -> history.Line:
    """One line for each school: its proof of consent shows this line, and nothing about the other schools."""
    facts = {"school": school, "wording": WORDING_VERSIONS[language], "page": page}
    return history.Line("consent.given", PROSPECT, facts)


def _line_received(draft: OpenDraft, written: Written, schools: Sequence[str], language: str) -> history.Line:
    shown = draft.shown
    facts = {
        "reference": written.reference,
        "shown": len(shown.schools) if shown else 0,
        "consents": list(schools),
        "full": [school for school in draft.answers.chosen if school not in schools],
        "wording": WORDING_VERSIONS[language],
    }
    return history.Line("inquiry.received", PROSPECT, facts)
