"""Migrations and models say the same, upwards and downwards."""

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from leadgen.extensions import alembic, db
from leadgen.models import User


def test_head_equals_the_models(session: Session) -> None:
    assert alembic.compare_metadata() == []


def test_down_to_nothing_and_up_again(session: Session) -> None:
    alembic.downgrade("base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    alembic.upgrade()
    assert alembic.compare_metadata() == []


def test_an_installation_with_rows_in_it_is_brought_up(session: Session) -> None:
    alembic.downgrade("0001")
    session.execute(text("INSERT INTO role (id, name) VALUES (1, 'school'), (2, 'admin')"))
    columns = "(id, email, password, active, fs_uniquifier, created_at)"
    values = {"yes": True, "at": "2026-01-02 03:04:05.000000"}
    session.execute(text(f"INSERT INTO \"user\" {columns} VALUES (1, 'a@b.example', 'x', :yes, 'u', :at)"), values)
    session.execute(text("INSERT INTO user_roles (user_id, role_id) VALUES (1, 1)"))
    session.commit()
    alembic.upgrade()
    user = session.scalars(select(User)).one()
    assert [role.name for role in user.roles] == ["owner"]
    assert user.shortcuts
    assert user.mf_recovery_codes is None
