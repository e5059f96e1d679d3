"""Claims and jobs name what they are about by a key, like ``inquiry:12``. Nothing was in these tables before."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0005"
down_revision = "0004"
branch_labels = ()
depends_on = None

UTC = leadgen.clock.UtcDateTime(timezone=True)


def upgrade() -> None:
    _make_anew([sa.Column("subject", sa.Text(), nullable=False)], ["subject"])
    op.drop_table("job_item")
    _make_items(
        [
            sa.Column("subject", sa.Text(), nullable=False),
            sa.Column("label", sa.Text(), nullable=False),
            sa.Column("reference", sa.Text(), nullable=True),
        ],
        "subject",
    )


def downgrade() -> None:
    names = ["bin", "subject"]
    _make_anew([sa.Column(name, sa.Text(), nullable=False) for name in names], names)
    op.drop_table("job_item")
    columns = (sa.Column("subject_id", sa.Integer(), nullable=False), sa.Column("label", sa.Text(), nullable=False))
    _make_items(columns, "subject_id")


def _make_anew(columns: Sequence[sa.Column[Any]], key: list[str]) -> None:
    op.drop_index("ix_assignment_user_id", "assignment")
    op.drop_table("assignment")
    op.create_table(
        "assignment",
        *columns,
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", UTC, nullable=False),
        sa.Column("until", UTC, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assignment_user_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_user_id", "assignment", ["user_id"])


def _make_items(columns: Sequence[sa.Column[Any]], subject: str) -> None:
    names = ("waiting", "done", "skipped")
    states = sa.Enum(*names, name="jobitemstate", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        "job_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("state", states, nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("ended_at", UTC, nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_item_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_item")),
        sa.UniqueConstraint("job_id", subject, name=op.f(f"uq_job_item_job_id_{subject}")),
    )
