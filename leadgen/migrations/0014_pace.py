"""Held leads leave one after the other, and a full school is waited for no longer than two days."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0014"
down_revision = "0013"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("next_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_pace_school_id")),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_pace")),
    )
    op.add_column("delivery", sa.Column("full_since", leadgen.clock.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "full_since")
    op.drop_table("pace")
