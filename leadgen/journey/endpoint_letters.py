"""What letters to a school's mailbox are like: the whole lead, or no name and a link to the portal; English or Spanish.
Chosen once, with a reason."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.delivery.carriers.sftp_address import is_sftp
from leadgen.directory.about import find_last, name_endpoint
from leadgen.directory.by_hand import NotThereError
from leadgen.directory.records import Noun
from leadgen.journey.endpoints import lock_endpoint
from leadgen.journey.standing import StandsAlreadyError
from leadgen.marks import N_, say
from leadgen.models import Endpoint, EndpointKind, Subject, User


class Way(StrEnum):
    """How letters may be, as it stands in histories after ``endpoint.``."""

    link_only = "link_only"
    whole_letters = "whole_letters"
    in_english = "in_english"
    in_spanish = "in_spanish"


# the column that says so, and its value
KEPT_AS: dict[Way, tuple[str, bool | str]] = {
    Way.link_only: ("link_only", True),
    Way.whole_letters: ("link_only", False),
    Way.in_english: ("language", "en"),
    Way.in_spanish: ("language", "es"),
}
ALREADY = {
    Way.link_only: N_("Letters there name nobody already."),
    Way.whole_letters: N_("Letters there hold the whole lead already."),
    Way.in_english: N_("Letters there are in English already."),
    Way.in_spanish: N_("Letters there are in Spanish already."),
}


def choose_letters(session: Session, endpoint_id: int, actor: str, reason: str, way: Way) -> Endpoint:
    """Write letters there in this way; what waits goes out so too.

    Raises NotThereError where it is no mailbox in use, or nobody of the school could read a lead in the portal;
    StandsAlreadyError where it is so already."""
    endpoint = lock_endpoint(session, endpoint_id)
    _require_mailbox(endpoint, way)
    column, value = KEPT_AS[way]
    if getattr(endpoint, column) == value:
        kind = (f"endpoint.{way}",)
        last = find_last(session, endpoint.school_id, Noun.endpoint, name_endpoint(endpoint), kind)
        raise StandsAlreadyError(say(ALREADY[way]), last)
    if way is Way.link_only and not _has_readers(session, endpoint.school_id):
        raise NotThereError(say("Invite somebody of the school first: nobody there could open the link."))
    setattr(endpoint, column, value)
    session.flush()
    line = history.Line(f"endpoint.{way}", actor, {"endpoint": endpoint.id, "reason": reason})
    history.append(session, Subject.school, endpoint.school_id, line)
    return endpoint


def choose_each(session: Session, endpoint_id: int, actor: str, reason: str, ways: Sequence[Way]) -> list[Way]:
    """Several ways at once; gives those that are new. Raises what `choose_letters` does, and StandsAlreadyError only
    where none of them is."""
    chosen: list[Way] = []
    error: StandsAlreadyError | None = None
    for way in ways:
        try:
            choose_letters(session, endpoint_id, actor, reason, way)
            chosen.append(way)
        except StandsAlreadyError as stands:
            error = error or stands
    if error and not chosen:
        raise error
    return chosen


def is_mailbox(endpoint: Endpoint) -> bool:
    """Whether letters of ours go there: with a lead, or around a daily file."""
    is_file = endpoint.kind is EndpointKind.batch and not is_sftp(endpoint.address or "")
    return endpoint.retired_at is None and (is_file or endpoint.kind is EndpointKind.email)


def _require_mailbox(endpoint: Endpoint, way: Way) -> None:
    if not is_mailbox(endpoint):
        raise NotThereError(say("Only a mailbox that is in use gets letters."))
    if way is Way.link_only and endpoint.kind is EndpointKind.batch:
        raise NotThereError(say("A daily file holds whole leads: it cannot name nobody."))


def _has_readers(session: Session, school_id: str) -> bool:
    reader = select(User.id).where(User.school_id == school_id, User.active)
    return session.scalar(reader.limit(1)) is not None
