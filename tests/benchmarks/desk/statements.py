"""How many statements each page sends to the database, counted inside an app of our own."""

from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import event

from leadgen.extensions import db
from tests.benchmarks.desk.reviewers import COOKIE
from tests.benchmarks.desk.visits import Known, Visit


def count_statements(app: Flask, cookie: str, known: Known, seed: int) -> dict[str, int]:
    """Statements by kind of page, the second time it is asked for."""
    app.config["WTF_CSRF_ENABLED"] = False
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        return {visit.kind: _count(app, cookie, visit, sent) for visit in known.list_kinds(Random(seed))}
    finally:
        event.remove(engine, "before_cursor_execute", note)
        engine.dispose()


def _count(app: Flask, cookie: str, visit: Visit, sent: list[str]) -> int:
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)
    for _ in range(2):
        sent.clear()
        answer = client.open(visit.path, method="GET" if visit.form is None else "POST", data=visit.form)
        assert answer.status_code in (200, 303), f"{visit.kind}: {answer.status_code}"
    return len(sent)
