"""One message carries a few rows: what is wrong with one of them is not the others' business."""

from collections.abc import Iterator

import pytest
from flask import Flask

from leadgen.outbox import Carried
from leadgen.tasks.carry import carry

BROKEN_ROW = 7


class StumblingDispatcher:
    """Stumbles over one delivery, and notes what else it was given."""

    def __init__(self) -> None:
        self.carried: list[tuple[str, int]] = []

    def deliver(self, delivery_id: int) -> None:
        if delivery_id == BROKEN_ROW:
            raise RuntimeError("this row breaks the worker")
        self.carried.append(("delivery", delivery_id))

    def send_letter(self, letter_id: int) -> None:
        self.carried.append(("letter", letter_id))


@pytest.fixture
def dispatcher(app: Flask) -> Iterator[StumblingDispatcher]:
    real, stumbling = app.extensions["leadgen.dispatcher"], StumblingDispatcher()
    app.extensions["leadgen.dispatcher"] = stumbling
    yield stumbling
    app.extensions["leadgen.dispatcher"] = real


def test_a_row_that_breaks_keeps_none_of_the_others_waiting(app: Flask, dispatcher: StumblingDispatcher) -> None:
    with app.app_context():
        carry((Carried.delivery, BROKEN_ROW), (Carried.delivery, 8), (Carried.letter, 9))
    assert dispatcher.carried == [("delivery", 8), ("letter", 9)]
