"""Addresses and numbers whose owners asked never to be contacted."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0040"
down_revision = "0039"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("about", name=op.f("pk_suppression")),
    )


def downgrade() -> None:
    op.drop_table("suppression")
