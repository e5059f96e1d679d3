"""Ask her whether one more school may contact her. She alone answers: a yes is tick, consent and release at once."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.database import insert_row
from leadgen.delivery.endpoints import Receivers
from leadgen.delivery.spread import NoEndpointError, find_receivers, spread_lead
from leadgen.intake.asked import AskedVisit, tick, write_asked_consent
from leadgen.intake.consent import WORDING_VERSIONS
from leadgen.journey.release import lock_choices
from leadgen.letters.kinds import ASKING
from leadgen.letters.write import write_letter
from leadgen.links import make_link, use_link
from leadgen.marks import say, say_moment
from leadgen.matching.criteria import Criteria, Matched
from leadgen.matching.nearly import match_school
from leadgen.matching.room import find_unavailable
from leadgen.models import Answer, Asking, Choice, Inquiry, Lead, Link, LinkPurpose, Match, Outcome, School, Subject
from leadgen.review.askings import find_choice, record_answer
from leadgen.review.notes import keep_words
from leadgen.review.overtaken import name_person
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError, give_verdict, make_lead, refuse_suppressed
from leadgen.vault import Vault

LIFE = timedelta(days=14)
PROSPECT = "prospect"


class NoRoomError(Exception):
    """The school takes no inquiries now. Nothing was written, and she may come again."""


def ask(
    session: Session, vault: Vault, secret: str, inquiry: Inquiry, school_id: str, actor: str, reason: Reason
) -> None:
    """Write her a letter about one school that she did not tick. Raises ReleaseError where she cannot be asked."""
    lock_choices(session, inquiry.id)
    at, choice = now(session), find_choice(session, inquiry.id, school_id)
    refuse_suppressed(session, inquiry.id)
    _refuse(session, inquiry, school_id, choice)
    nearly = match_school(session, Criteria.from_json(inquiry.criteria), school_id)
    if nearly is None:
        raise ReleaseError(
            say("This school does not fit nearly enough, or takes no inquiries now. Nothing was changed.")
        )
    choice_id = choice.id if choice else _add_choice(session, inquiry.id, nearly.matched)
    session.get_one(Choice, choice_id).asked_at = at
    letter_id = write_letter(session, ASKING, inquiry.id, at)
    link = make_link(session, secret, LinkPurpose.asking, letter_id, LIFE)
    row = {"inquiry_id": inquiry.id, "school_id": school_id, "choice_id": choice_id, "link_id": link.id}
    session.add(Asking(**row, asked_by=actor, reason=reason.code, asked_at=at))
    session.flush()
    line = history.Line("asking.sent", actor, {"school": school_id, "reason": reason.code})
    history.append(session, Subject.inquiry, inquiry.id, line, at=at)
    if reason.words:
        keep_words(session, vault, inquiry, actor, reason.words)


def say_yes(session: Session, vault: Vault, asking: Asking, link: Link, visit: AskedVisit) -> Lead:
    """She said yes: the tick, the consent, the verdict of whoever asked, the lead and its deliveries.

    Raises LinkError where the link was used or ended, NoRoomError where the school takes nothing now, ErasedError
    where she was erased."""
    if not has_room(session, asking):
        raise NoRoomError
    receivers = _find_receivers(session, asking)
    lock_choices(session, asking.inquiry_id)  # a withdrawal of everything takes this consent too, or ends the link
    use_link(session, link)
    at, inquiry = now(session), session.get_one(Inquiry, asking.inquiry_id)
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    school = session.get_one(School, asking.school_id)
    tick(session, asking.choice_id)
    page = write_asked_consent(session, vault, key, inquiry, school, visit, at)
    record_answer(session, asking, Answer.yes, at)
    return _release(session, asking, receivers, page, visit.language, at)


def has_room(session: Session, asking: Asking) -> bool:
    """Whether the school takes an inquiry now, at the campus and for the program that she was asked about."""
    unavailable = find_unavailable(session, [asking.school_id])
    first = select(Match.offering_id).where(Match.choice_id == asking.choice_id).order_by(Match.rank, Match.id).limit(1)
    return not unavailable.schools and session.scalar(first) not in unavailable.full_offerings


def say_no(session: Session, asking: Asking, link: Link) -> None:
    """She said no: nothing is sent, and nobody asks about this school again. Raises LinkError as `say_yes` does."""
    use_link(session, link)
    at = now(session)
    record_answer(session, asking, Answer.no, at)
    line = history.Line("asking.no", PROSPECT, {"school": asking.school_id})
    history.append(session, Subject.inquiry, asking.inquiry_id, line, at=at)


def _find_receivers(session: Session, asking: Asking) -> dict[str, Receivers]:
    try:
        return find_receivers(session, asking.school_id)
    except NoEndpointError:
        raise NoRoomError from None


def _release(
    session: Session, asking: Asking, receivers: dict[str, Receivers], page: str, language: str, at: datetime
) -> Lead:
    """Staff's asking was the release: nobody looks at her yes once more."""
    lead = make_lead(session, asking.inquiry_id, asking.school_id, at)
    give_verdict(session, asking.choice_id, Outcome.release, asking.asked_by, [asking.reason], at)
    school = {"school": asking.school_id}
    lines = (
        history.Line("asking.yes", PROSPECT, school | {"wording": WORDING_VERSIONS[language], "page": page}),
        history.Line("choice.released", asking.asked_by, school | {"reason": asking.reason}),
        history.Line(
            "lead.released",
            asking.asked_by,
            school | {"lead": lead.reference, "deliveries": spread_lead(session, lead, at, receivers)},
        ),
    )
    history.append(session, Subject.inquiry, asking.inquiry_id, *lines, at=at)
    return lead


def _refuse(session: Session, inquiry: Inquiry, school_id: str, choice: Choice | None) -> None:
    if inquiry.contact.erased_at or inquiry.contact.wrapped_key is None:
        raise ReleaseError(say("The personal data was erased. Nothing was changed."))
    session.refresh(inquiry, ["consents"])
    if all(consent.withdrawn_at for consent in inquiry.consents):
        raise ReleaseError(say("The whole request was withdrawn. Nothing was changed."))
    mine = (Asking.inquiry_id == inquiry.id, Asking.school_id == school_id)
    asked = session.scalars(select(Asking).where(*mine)).one_or_none()
    if asked is not None:
        who = name_person(session, asked.asked_by)
        raise ReleaseError(
            say(
                "Asked already by %(who)s on %(when)s. Nobody is asked twice.", who=who, when=say_moment(asked.asked_at)
            )
        )
    if choice is not None and choice.ticked:
        raise ReleaseError(say("This school was chosen already. Nothing was changed."))


def _add_choice(session: Session, inquiry_id: int, matched: Matched) -> int:
    """The school that was not on her list, after the last one on it, with what makes it fit."""
    last = session.scalar(select(func.max(Choice.rank)).where(Choice.inquiry_id == inquiry_id)) or 0
    row = {"inquiry_id": inquiry_id, "school_id": matched.school_id, "rank": last + 1, "ticked": False}
    choice_id = insert_row(session, Choice, row | {"outcome": None})
    match = {name: getattr(matched, name) for name in ("offering_id", "distance_miles", "score")}
    lists = {"reasons": list(matched.reasons), "checks": list(matched.checks)}
    insert_row(session, Match, {"choice_id": choice_id, "rank": last + 1} | match | lists)
    return choice_id
