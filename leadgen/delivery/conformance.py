"""Whether a receiver drops repeats: the same test twice under one key, and what its second answer says of it.

Only a receiver that is proved to count one is sent what nobody can know again by itself (`leadgen.delivery.decide`).
"""

import json
from collections.abc import Collection

from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.carriers.contract import Answer, CarrierError
from leadgen.marks import say
from leadgen.models import Endpoint, EndpointKind, EndpointTest, Subject

DUPLICATE = "duplicate"
WHERE_IT_IS_SAID = ("status", "result", "outcome")
CONFLICT = "409"


class CountError(Exception):
    """The school's word on a test counts for nothing now. The message says why."""


def drops_repeats(
    first: Answer | CarrierError, second: Answer | CarrierError, told: Collection[str] = ()
) -> bool | None:
    """Whether the second answer says that this is the same as the first: it names it a duplicate, or repeats the
    reference of the first. A mere yes may mean that there are two now, and so may one of the names that it was
    ``told``, given back. None where not both were taken: then nobody can know."""
    if not isinstance(first, Answer) or not isinstance(second, Answer):
        return None
    its_own = first.reference if first.reference not in told else None
    return _says_duplicate(second) or (its_own is not None and its_own == second.reference)


def note_repeat(
    session: Session, test: EndpointTest, first: Answer | CarrierError, second: Answer | CarrierError
) -> None:
    """Write down what the second answer proves of the endpoint, where it is still as it was tested."""
    test.second_status = second.status or None
    test.counts_one = drops_repeats(first, second, (test.key, test.reference))
    if test.counts_one is not None:
        _learn(session, test, test.asked_by, "answers")


def confirm_count(session: Session, test: EndpointTest, actor: str, *, counts_one: bool) -> None:
    """A user of the school says how often its system counts the test that came twice. Raises CountError."""
    endpoint = session.get_one(Endpoint, test.endpoint_id, with_for_update=True, populate_existing=True)
    if not test.twice or test.ended_at is None:
        raise CountError(say("This test was not sent twice."))
    if endpoint.kind is EndpointKind.batch:
        raise CountError(say("Each daily file has another name, so one that came twice proves nothing."))
    if test.counts_one is None:
        raise CountError(say("Not both messages of this test were taken. Ask for a new one."))
    if test.version != endpoint.version:
        raise CountError(say("The endpoint was changed since this test. Ask for a new one."))
    if test.confirmed_at is not None:
        raise CountError(say("Somebody has answered this already."))
    test.counts_one, test.confirmed_at = counts_one, now(session)
    _learn(session, test, actor, "school")


def _learn(session: Session, test: EndpointTest, actor: str, source: str) -> None:
    endpoint = session.get_one(Endpoint, test.endpoint_id, with_for_update=True, populate_existing=True)
    if test.version != endpoint.version or endpoint.kind is EndpointKind.batch:
        return
    endpoint.dedupes = bool(test.counts_one)
    repeats = "dropped" if endpoint.dedupes else "not proved to be dropped"
    data = {"endpoint": endpoint.id, "test": test.id, "repeats": repeats, "source": source}
    history.append(session, Subject.school, endpoint.school_id, history.Line("endpoint.conformance", actor, data))


def _says_duplicate(answer: Answer) -> bool:
    if answer.receipt:  # a rule of the endpoint's map has read it
        return answer.receipt == DUPLICATE
    if answer.status == CONFLICT:
        return True  # an answer at all only where the school declared that it means "I have it"
    try:
        told = json.loads(answer.text)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and any(
        str(told.get(name, "")).strip().casefold() == DUPLICATE for name in WHERE_IT_IS_SAID
    )
