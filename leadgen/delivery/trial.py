"""Tests of an endpoint: whether one was accepted at the address that it has now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.models import Endpoint, EndpointTest, Result


def has_passed(session: Session, endpoint: Endpoint) -> bool:
    """Whether a test of this version of the endpoint was accepted."""
    mine = (EndpointTest.endpoint_id == endpoint.id, EndpointTest.version == endpoint.version)
    passed = select(EndpointTest.id).where(*mine, EndpointTest.result == Result.accepted)
    return session.scalar(passed.limit(1)) is not None
