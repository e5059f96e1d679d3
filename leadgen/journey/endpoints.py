"""Pause, resume and retire an endpoint: each once, with a reason; whoever comes second is told who was first."""

from sqlalchemy.orm import Session

from leadgen.delivery.endpoints import find_lead_endpoints, look_again, pause_endpoint, resume_endpoint
from leadgen.delivery.trial import has_passed
from leadgen.directory import receivers
from leadgen.directory.about import find_last, name_endpoint
from leadgen.directory.by_hand import NotThereError, lock_school
from leadgen.directory.records import Noun
from leadgen.directory.standing import InUseError
from leadgen.journey.standing import StandsAlreadyError
from leadgen.marks import say
from leadgen.models import Delivery, Endpoint, EndpointKind, EndpointState, School

PAUSED, LIVE, RETIRED = ("endpoint.paused",), ("endpoint.resumed", "endpoint.live"), ("endpoint.retired",)


class NotTestedError(Exception):
    """The endpoint takes no leads before a test of it was accepted."""


def pause(session: Session, endpoint_id: int, actor: str, reason: str) -> Endpoint:
    """Stop leads to a live endpoint. Raises NotThereError, StandsAlreadyError."""
    endpoint = lock_endpoint(session, endpoint_id)
    _refuse_retired(session, endpoint)
    if endpoint.state is not EndpointState.live:
        _say_who_was_first(session, endpoint, PAUSED if endpoint.state is EndpointState.paused else ())
    pause_endpoint(session, endpoint, actor, reason)
    return endpoint


def resume(session: Session, endpoint_id: int, actor: str, reason: str) -> int:
    """Put an endpoint into use: a paused, broken or retired one, or one that was tested. Gives how many deliveries
    are due again. Raises NotThereError, StandsAlreadyError, NotTestedError."""
    endpoint = lock_endpoint(session, endpoint_id)
    if endpoint.retired_at is not None:
        receivers.restore_endpoint(session, endpoint, actor, reason)
        return look_again(session, Delivery.endpoint_id == endpoint_id)
    if endpoint.state is EndpointState.live:
        _say_who_was_first(session, endpoint, LIVE)
    if endpoint.state is EndpointState.testing and not _is_proved(session, endpoint):
        raise NotTestedError(say("Send a test first: leads go there once a test was accepted. Nothing was changed."))
    return resume_endpoint(session, endpoint, actor, reason)


def retire(session: Session, endpoint_id: int, actor: str, reason: str) -> int:
    """Use an endpoint no more: what waits for it goes to the school's others. Gives how many deliveries that is.

    Raises NotThereError, StandsAlreadyError, and InUseError for the last one that takes the leads of a school that
    takes inquiries: they would go nowhere."""
    endpoint = lock_endpoint(session, endpoint_id)
    _refuse_retired(session, endpoint)
    _refuse_last(session, endpoint)
    receivers.retire_endpoint(session, endpoint, actor, reason)
    return look_again(session, Delivery.endpoint_id == endpoint_id)


def lock_endpoint(session: Session, endpoint_id: int) -> Endpoint:
    """The endpoint as it is now, until the transaction ends. No import changes it meanwhile. Raises NotThereError."""
    found = session.get(Endpoint, endpoint_id)
    if found is None:
        raise NotThereError(say("There is no endpoint %(endpoint)s.", endpoint=endpoint_id))
    lock_school(session, found.school_id)
    return session.get_one(Endpoint, endpoint_id, with_for_update={"key_share": True}, populate_existing=True)


def _is_proved(session: Session, endpoint: Endpoint) -> bool:
    return endpoint.kind is EndpointKind.portal or has_passed(session, endpoint)


def _refuse_retired(session: Session, endpoint: Endpoint) -> None:
    if endpoint.retired_at is not None:
        last = find_last(session, endpoint.school_id, Noun.endpoint, name_endpoint(endpoint), RETIRED)
        raise StandsAlreadyError(say("This endpoint is retired already."), last)


def _refuse_last(session: Session, endpoint: Endpoint) -> None:
    school = session.get_one(School, endpoint.school_id, populate_existing=True)
    if school.takes_inquiries and find_lead_endpoints(session, school.id) == [endpoint]:
        raise InUseError(
            say(
                "It is the only endpoint for the leads of this school, which takes inquiries."
                " Add another endpoint first, or pause the school."
            )
        )


def _say_who_was_first(session: Session, endpoint: Endpoint, kinds: tuple[str, ...]) -> None:
    last = find_last(session, endpoint.school_id, Noun.endpoint, name_endpoint(endpoint), kinds)
    raise StandsAlreadyError(say("This endpoint is %(state)s by now.", state=endpoint.state), last)
