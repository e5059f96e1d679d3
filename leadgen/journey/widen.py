"""She lets a school reach her in one more way: a new consent, told to that school as a change of its lead."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.news import pass_on_change
from leadgen.intake.asked import AskedVisit
from leadgen.intake.change import Change, find_standing, read_person, write_change
from leadgen.intake.consent import WORDING_VERSIONS, hash_words
from leadgen.intake.widen import word_wider, write_wider
from leadgen.journey.change import PROSPECT
from leadgen.marks import say
from leadgen.models import Channel, Inquiry, Lead, School, Subject
from leadgen.vault import Vault


class WidenError(Exception):
    """There is nothing to agree to. The message says why; nothing was written."""


class WordsChangedError(Exception):
    """What she would agree to is not what she read any more. Nothing was written, and she may read it again."""


def widen_consent(
    session: Session,
    vault: Vault,
    inquiry: Inquiry,
    asked: tuple[str, Channel],
    phone: str,
    visit: AskedVisit,
    *,
    agreed: str,
) -> list[str]:
    """Write the new consent for ``asked``, a school and a way, and the number (E.164) where she gave one with it; gives
    the schools to which that matters. ``agreed`` is the hash of the words that she read.

    Raises WidenError where she has withdrawn or agreed already, WordsChangedError where another tab gave or took a way
    meanwhile, ErasedError once she was erased."""
    school_id, more = asked
    standing = find_standing(session, inquiry.id)
    consent = next((each for each in standing if each.school_id == school_id), None)
    if consent is None:
        raise WidenError(say("You have withdrawn from this school. Nothing was changed."))
    if more in {row.channel for row in consent.channels}:
        raise WidenError(say("You have agreed to this already. Nothing was changed."))
    school = session.get_one(School, school_id).name
    # only now that the consent is locked, nobody changes the words between this look and the writing
    if hash_words(word_wider(inquiry, consent, (school, more), visit.language, visit.title)) != agreed:
        raise WordsChangedError
    person, at = read_person(session, vault, inquiry), now(session)
    change = Change(phone or person["phone"], person["times"], person["language"], {})
    changed = write_change(session, vault, inquiry, change, standing)
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    page = write_wider(session, vault, key, inquiry, consent, (school, more), visit, at)
    lines = [history.Line("contact.changed", PROSPECT, {"what": changed.fields})] if changed.fields else []
    ways = [str(row.channel) for row in consent.channels]
    told = {"school": school_id, "channels": ways, "wording": WORDING_VERSIONS[visit.language], "page": page}
    schools = sorted({school_id, *changed.schools})
    mine = select(Lead).where(Lead.inquiry_id == inquiry.id, Lead.school_id.in_(schools)).order_by(Lead.school_id)
    for lead in session.scalars(mine).all():
        pass_on_change(session, lead, at)
    history.append(session, Subject.inquiry, inquiry.id, *lines, history.Line("consent.widened", PROSPECT, told), at=at)
    return schools
