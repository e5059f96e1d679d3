"""Acts of several people at the very same moment, each in a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen.delivery.resolve import ResolveError
from leadgen.extensions import db
from leadgen.journey.widen import WordsChangedError
from leadgen.links import LinkError
from leadgen.review.verdicts import ReleaseError

REFUSALS = (ReleaseError, LinkError, ResolveError, WordsChangedError, IntegrityError)
Act = Callable[[Session], object]


def do_at_once(app: Flask, *acts: Act) -> list[bool]:
    """Each act in a thread and a transaction of its own, begun together; whether each went through."""
    start = Barrier(len(acts))

    def run(act: Act) -> bool:
        with app.app_context():
            start.wait()
            try:
                act(db.session)
                db.session.commit()
            except REFUSALS:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(run, acts))
