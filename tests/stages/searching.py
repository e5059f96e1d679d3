"""Searches for one program, in memory and in the database."""

import threading
from tempfile import TemporaryFile
from typing import Any

import pytest
from sqlalchemy.orm import Session

from leadgen.extensions import db
from leadgen.matching.criteria import Criteria
from leadgen.matching.find import find_matches
from leadgen.matching.index.apart import dump, load
from leadgen.matching.index.build import build_directory
from leadgen.matching.index.keeper import Shown
from leadgen.matching.kept import Kept, appoint
from leadgen.matching.room import find_hidden

PROGRAM = "medical-billing-and-coding"


class BuiltForEach:
    """A keeper that reads the directory into memory for each search, so that it sees what the test wrote just now; by
    way of a file, as a large one comes."""

    def find(self, session: Session) -> Kept:
        file = TemporaryFile()  # noqa: SIM115 - the directory reads from it as long as it is there
        dump(build_directory(session), file)
        directory = load(file)
        return Shown(directory, directory.hide(find_hidden(session)), 0.0, threading.Event())


@pytest.fixture(params=["in memory", "in the database"])
def searched(request, session):
    """Where searches look."""
    if request.param == "in memory":
        appoint(db.engine, BuiltForEach())
    return request.param


def search(session: Session, zip_code: str = "60601", *, seed: str = "", **asked: Any):
    """Everything that fits, from the middle of Chicago unless a ZIP code is given."""
    return find_matches(session, Criteria(PROGRAM, zip_code, **asked), seed=seed)
