"""Tests that are sent twice under one key, and what that proves of the receiver."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0015"
down_revision = "0014"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("endpoint_test", sa.Column("twice", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("endpoint_test", sa.Column("second_status", sa.Text(), nullable=True))
    op.add_column("endpoint_test", sa.Column("counts_one", sa.Boolean(), nullable=True))
    op.add_column("endpoint_test", sa.Column("confirmed_at", leadgen.clock.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("confirmed_at", "counts_one", "second_status", "twice"):
        op.drop_column("endpoint_test", column)
