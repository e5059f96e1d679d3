"""Whatever is asked at the door for systems, the answer is as its description says."""

from http import HTTPStatus

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from leadgen.web.api.operations import OPERATIONS, Operation
from tests.web.systems import System
from tests.web.test_openapi import system

__all__ = ["system"]  # a fixture, used by name

CASES = 40


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_whatever_is_asked_is_answered_as_described(app: Flask, system: System, operation: Operation) -> None:
    door = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    sent = {"Authorization": f"Bearer {system.secret}", "Accept-Encoding": "identity"}
    statuses = set()

    @given(case=door[operation.path][operation.method].as_strategy())
    @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def ask(case: schemathesis.Case) -> None:
        # what has the right form can be wrong all the same: an id that is not in the feed, days in the wrong order
        statuses.add(case.call_and_validate(headers=sent, excluded_checks=[positive_data_acceptance]).status_code)

    ask()
    assert statuses, "something was asked"
    assert max(statuses) < HTTPStatus.INTERNAL_SERVER_ERROR
