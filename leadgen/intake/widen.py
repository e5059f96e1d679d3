"""One more way in which a school may reach her: she agrees anew, in words that name every way, on a page of its own."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.database import insert_row, insert_rows
from leadgen.intake.asked import AskedVisit, keep_shown
from leadgen.intake.consent import hash_words, word_consent
from leadgen.models import Channel, Consent, ConsentChannel, FormerConsent, Inquiry
from leadgen.models.consent import ConsentEvidence
from leadgen.vault import Key, Vault

PAGE = "/request/yours/ways"
# what proves a consent, and is kept of one that gives way to another
KEPT = tuple(ConsentEvidence.__annotations__)


def list_ways(consent: Consent, more: Channel) -> list[Channel]:
    """The ways that she would have agreed to, in their order."""
    ways = {row.channel for row in consent.channels} | {more}
    return [channel for channel in Channel if channel in ways]


def word_wider(
    inquiry: Inquiry, consent: Consent, asked: tuple[str, Channel], language: str = "en", title: str = ""
) -> str:
    """The words that she is asked to agree to: all the ways that the school of this name may use from then on.
    ``title`` is the program's in that language."""
    school, more = asked
    return word_consent(school, title or inquiry.program_title, list_ways(consent, more), language)


def word_act(school: str, language: str = "en") -> str:
    """What she did: the box that she ticked, and the button that she pressed."""
    if language == "es":
        return f"Ticked the box and pressed “Permitir que {school} se comunique conmigo también así”"
    return f"Ticked the box and pressed “Let {school} reach me this way too”"


def write_wider(
    session: Session,
    vault: Vault,
    key: Key,
    inquiry: Inquiry,
    consent: Consent,
    asked: tuple[str, Channel],
    visit: AskedVisit,
    at: datetime,
) -> str:
    """Keep what the consent was, and write what it is now; ``asked`` names the school and the way. Gives the hash of
    the page as shown. The caller holds the consent's row."""
    school, more = asked
    words = word_wider(inquiry, consent, asked, visit.language, visit.title)
    _keep_former(session, consent, at)
    shown = keep_shown(session, vault, key, inquiry, consent.school_id, visit)
    said = {"words": words, "words_sha256": hash_words(words), "act": word_act(school, visit.language)}
    values = shown | said | {"page": PAGE, "given_at": at}
    session.execute(update(Consent).where(Consent.id == consent.id).values(values))
    insert_rows(session, ConsentChannel, [{"consent_id": consent.id, "channel": more}])
    session.expire(consent)
    return str(shown["page_sha256"])


def _keep_former(session: Session, consent: Consent, at: datetime) -> None:
    kept = {name: getattr(consent, name) for name in KEPT}
    ways = tuple(str(row.channel) for row in consent.channels)
    insert_row(session, FormerConsent, kept | {"consent_id": consent.id, "channels": ways, "replaced_at": at})
