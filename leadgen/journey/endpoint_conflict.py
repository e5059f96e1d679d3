"""What a school's system means by 409: no to this lead, as HTTP has it, or "I have it". Chosen with a reason."""

from enum import StrEnum

from sqlalchemy.orm import Session

from leadgen import history
from leadgen.directory.about import find_last, name_endpoint
from leadgen.directory.by_hand import NotThereError
from leadgen.directory.records import Noun
from leadgen.journey.endpoints import lock_endpoint
from leadgen.journey.standing import StandsAlreadyError
from leadgen.marks import N_, say
from leadgen.models import Endpoint, EndpointKind, Subject

ASKED = (EndpointKind.webhook, EndpointKind.form_post)  # kinds whose answers have a status


class Conflict(StrEnum):
    """What 409 means, as it stands in histories after ``endpoint.conflict_``."""

    received = "received"
    refused = "refused"


ALREADY = {
    Conflict.received: N_("Its 409 means that it has the lead already."),
    Conflict.refused: N_("Its 409 means no already."),
}


def declare_conflict(session: Session, endpoint_id: int, actor: str, reason: str, means: Conflict) -> Endpoint:
    """Take a 409 of this endpoint so from now on. Where it means no again, what 409 proved of repeats is forgotten.

    Raises NotThereError where it is retired or of a kind without such answers; StandsAlreadyError where it is so
    already."""
    endpoint = lock_endpoint(session, endpoint_id)
    if endpoint.retired_at is not None or endpoint.kind not in ASKED:
        raise NotThereError(say("Only a webhook or a form post that is in use answers so."))
    is_received = means is Conflict.received
    kind = f"endpoint.conflict_{means}"
    if endpoint.conflict_means_received is is_received:
        last = find_last(session, endpoint.school_id, Noun.endpoint, name_endpoint(endpoint), (kind,))
        raise StandsAlreadyError(say(ALREADY[means]), last)
    endpoint.conflict_means_received = is_received
    endpoint.dedupes = endpoint.dedupes and is_received
    session.flush()
    line = history.Line(kind, actor, {"endpoint": endpoint.id, "reason": reason})
    history.append(session, Subject.school, endpoint.school_id, line)
    return endpoint
