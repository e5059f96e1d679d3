"""The directory in memory: used only while it is what the database holds."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.matching.criteria import Criteria
from leadgen.matching.find import find_matches
from leadgen.matching.index import build, keeper
from leadgen.matching.index.keeper import Keeper, keep_directory
from leadgen.matching.kept import appoint, find_kept, read_stamp
from leadgen.matching.room import find_hidden
from leadgen.models import DirectoryVersion, SchoolStatus
from tests.builders import build_offering, build_school
from tests.fleet import wait_until

# what a busy machine may take besides
MACHINE_SECONDS = 3
CRITERIA = Criteria("medical-billing-and-coding", "60601")


@pytest.fixture
def kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    """A keeper that has read a directory of one school, which the database answers for no more."""
    build_offering(session, id="first")
    db.session.commit()
    made = keep_directory(db.engine)
    made.build()
    return made


def forbid_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("leadgen.matching.find.select_in_person", fail)


def import_another(session: Session, **changes: object) -> None:
    """One more offering, as a new version of the directory."""
    values = {"imported_at": now(session), "source": "next", "sha256": "1" * 64}
    session.add(DirectoryVersion(**values, created=1, changed=0, retired=0))
    build_offering(session, **changes)
    session.commit()


def search(session: Session) -> list[str]:
    found = [match.offering_id for match in find_matches(session, CRITERIA).matches]
    session.commit()
    return found


def test_a_search_does_not_ask_the_database_who_fits(kept, session, monkeypatch):
    forbid_database(monkeypatch)
    assert search(session) == ["first"]


def test_an_import_is_seen_by_the_next_search(kept, session):
    import_another(session, id="second")
    assert search(session) == ["first", "second"]


def test_after_an_import_the_directory_is_read_again(kept, session, monkeypatch):
    import_another(session, id="second")
    kept.build()
    forbid_database(monkeypatch)
    assert search(session) == ["first", "second"]


def test_a_large_directory_is_read_by_another_process(kept, session, monkeypatch):
    import_another(session, id="second")
    monkeypatch.setattr(keeper, "MANY_OFFERINGS", 1)
    kept.build()
    forbid_database(monkeypatch)
    assert search(session) == ["first", "second"]


def test_a_reader_that_fails_is_told_of(kept, session, monkeypatch):
    monkeypatch.setattr(keeper, "MANY_OFFERINGS", 0)
    monkeypatch.setattr("leadgen.matching.index.apart.sys.executable", "/bin/false")
    with pytest.raises(OSError, match="ended with 1"):
        kept.build()
    assert search(session) == ["first"], "and the directory of before stays"


def test_a_thread_reads_it_when_a_search_finds_it_changed(session):
    build_offering(session)
    session.commit()
    keeper.keep_beside(db.engine)
    assert wait_until(lambda: is_in_memory(session), 60)
    import_another(session)
    assert not is_in_memory(session)
    assert wait_until(lambda: is_in_memory(session), 60)


class _FullDisk(Keeper):
    """Fails at its first reading."""

    failures = 1

    def build(self) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError(28, "No space left on device")
        super().build()


def test_a_reading_that_fails_is_begun_again(session):
    build_offering(session)
    session.commit()
    made = _FullDisk(db.engine)
    appoint(db.engine, made)
    threading.Thread(target=made.run, daemon=True).start()
    assert wait_until(lambda: is_in_memory(session), 20)


def is_in_memory(session: Session) -> bool:
    kept = find_kept(session)
    found = kept is not None and kept.is_of(read_stamp(session))
    session.commit()
    return found


def test_a_school_that_pauses_is_out_within_half_a_second(kept, session):
    school = build_school(session)
    import_another(session, id="second", school=school)
    kept.build()
    assert search(session) == ["first", "second"]
    school.status = SchoolStatus.paused
    session.commit()
    wait_for(lambda: search(session) == ["first"], keeper.HIDDEN_SECONDS + MACHINE_SECONDS)


def test_while_searches_come_in_none_of_them_looks_itself_who_is_hidden(session, monkeypatch):
    monkeypatch.setattr(keeper, "STALE_SECONDS", 60.0)
    build_offering(session)
    session.commit()
    made = keeper.keep_beside(db.engine)
    assert wait_until(lambda: is_in_memory(session), 60)
    looks: list[str] = []
    monkeypatch.setattr(
        keeper, "find_hidden", lambda its: looks.append(threading.current_thread().name) or find_hidden(its)
    )
    assert wait_until(lambda: made.find(session) and looks, 30)
    assert set(looks) == {"hidden"}


def test_for_a_while_after_a_search_it_is_looked_for_the_next(session, monkeypatch):
    monkeypatch.setattr(keeper, "HIDDEN_SECONDS", 0.01)
    build_offering(session)
    session.commit()
    made = keeper.keep_beside(db.engine)
    assert wait_until(lambda: is_in_memory(session), 60)
    looks: list[int] = []
    monkeypatch.setattr(keeper, "find_hidden", lambda its: looks.append(1) or find_hidden(its))
    made.find(session)
    assert wait_until(lambda: len(looks) > 3, 30)


def test_a_database_that_is_away_is_told_once_however_often_it_is_looked(kept, session, monkeypatch, caplog):
    monkeypatch.setattr(keeper, "HIDDEN_SECONDS", 0.01)
    looks: list[int] = []

    def fail(_its: Session) -> NoReturn:
        looks.append(1)
        raise OperationalError("SELECT", None, Exception("away"))

    monkeypatch.setattr(keeper, "find_hidden", fail)
    threading.Thread(target=kept.watch, name="watch of this test", daemon=True).start()
    with suppress(OperationalError):
        kept.find(session)
    assert wait_until(lambda: len(looks) > 5, 30)
    told = [each.message for each in caplog.records if each.threadName == "watch of this test"]
    assert told == ["Who is hidden could not be read: OperationalError"]


def test_a_search_after_a_quiet_time_looks_who_is_hidden(session, monkeypatch):
    monkeypatch.setattr(keeper, "STALE_SECONDS", 0.0)
    school = build_school(session)
    build_offering(session, id="first", school=school)
    session.commit()
    keeper.keep_beside(db.engine)
    assert wait_until(lambda: is_in_memory(session), 60)
    school.status = SchoolStatus.paused
    session.commit()
    assert search(session) == []


def wait_for(holds: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_where_hardly_two_offerings_are_alike_the_database_goes_on_answering(session, monkeypatch):
    monkeypatch.setattr(build, "MOST_KINDS", 1)
    for months in (6, 9):
        build_offering(session, length_months=months)
    session.commit()
    keep_directory(db.engine).run()
    assert not is_in_memory(session)
    assert len(search(session)) == 2


def test_an_empty_directory_is_kept_too(session):
    keep_directory(db.engine).build()
    assert is_in_memory(session)
    assert search(session) == []
