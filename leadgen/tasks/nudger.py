"""Pass on what is due: to the broker, or to hands of this process where the broker is gone or nobody carries.

The broker is told in a hand of its own, so that however long it takes, it keeps no look at the database waiting.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from flask import Flask

from leadgen.extensions import celery
from leadgen.outbox import Nudge, publish
from leadgen.tasks.carry import carry_row

BROKER_REST_SECONDS = 10.0
OWN_HANDS = 4
REMEMBERED = 10_000

log = structlog.get_logger()


class Nudger:
    """One process's nudges. ``again_seconds``: what was nudged is not nudged anew for so long."""

    def __init__(self, app: Flask, again_seconds: float) -> None:
        self._app, self._again_seconds = app, again_seconds
        self._nudged: dict[Nudge, float] = {}
        self._carrying: set[Nudge] = set()
        self._broker_down_until = 0.0
        self._teller = ThreadPoolExecutor(1, thread_name_prefix="nudge")
        self._hands = ThreadPoolExecutor(OWN_HANDS, thread_name_prefix="carry")
        self._round: Future[None] | None = None

    def pass_on(self, due: Sequence[Nudge], *, is_stuck: bool) -> None:
        """Begin to nudge what was not nudged lately, or to carry it here where nobody else does.

        While the last round is under way nothing is begun: what is due is found at the next look."""
        if is_stuck or time.monotonic() < self._broker_down_until:
            self._carry_all(due)
        elif (self._round is None or self._round.done()) and (fresh := self._choose(due)):
            self._round = self._teller.submit(self._tell, fresh)

    def finish_round(self) -> None:
        """Wait until the broker has been told what the last look found."""
        if self._round is not None:
            self._round.result()

    def close(self) -> None:
        """Finish what is being carried."""
        self._teller.shutdown(wait=True)
        self._hands.shutdown(wait=True)

    def _choose(self, due: Sequence[Nudge]) -> list[Nudge]:
        lately = time.monotonic() - self._again_seconds
        return [nudge for nudge in due if self._nudged.get(nudge, float("-inf")) <= lately]

    def _tell(self, nudges: Sequence[Nudge]) -> None:
        """One message for each, so that a slow one keeps no other waiting."""
        for place, nudge in enumerate(nudges):
            try:
                publish(celery, nudge)
            except Exception as error:  # any failure of the broker's client means the same: carry it here
                log.warning("sweeper.broker_down", error=type(error).__name__)
                self._broker_down_until = time.monotonic() + BROKER_REST_SECONDS
                self._carry_all(nudges[place:])
                return
            self._remember(nudge)

    def _remember(self, nudge: Nudge) -> None:
        moment = time.monotonic()
        self._nudged[nudge] = moment
        if len(self._nudged) > REMEMBERED:
            self._nudged = {key: at for key, at in self._nudged.items() if moment - at < self._again_seconds}

    def _carry_all(self, nudges: Sequence[Nudge]) -> None:
        for nudge in nudges:
            if len(self._carrying) >= OWN_HANDS * 4:
                return
            if nudge not in self._carrying:
                self._carrying.add(nudge)
                self._hands.submit(self._carry_here, nudge)

    def _carry_here(self, nudge: Nudge) -> None:
        try:
            with self._app.app_context():
                carry_row(*nudge)
        except Exception as error:  # the row stays in the queue, and this hand must be free for the next
            log.warning("sweeper.carry_failed", row=nudge[1], error=type(error).__name__)
        finally:
            self._carrying.discard(nudge)
