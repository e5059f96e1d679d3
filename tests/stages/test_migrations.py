"""Migrations and models say the same, upwards and downwards."""

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from leadgen.extensions import alembic, db


def test_head_equals_the_models(session: Session) -> None:
    assert alembic.compare_metadata() == []


def test_down_to_nothing_and_up_again(session: Session) -> None:
    alembic.downgrade("base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    alembic.upgrade()
    assert alembic.compare_metadata() == []
