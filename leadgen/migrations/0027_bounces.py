"""Bounces: a delay is a receipt too, and what came back is counted."""

import sqlalchemy as sa
from alembic import op

from leadgen.allowed_words import allow_words

revision = "0027"
down_revision = "0026"
branch_labels = ()
depends_on = None

BEFORE = ("accepted", "rejected", "duplicate", "bounced", "opened")
AFTER = (*BEFORE[:4], "delayed", *BEFORE[4:])


def upgrade() -> None:
    allow_words("receipt", "kind", "ck_receipt_receiptkind", AFTER)
    op.create_table(
        "bounce_tally",
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("outcome", name=op.f("pk_bounce_tally")),
    )


def downgrade() -> None:
    op.drop_table("bounce_tally")
    kind = sa.table("receipt", sa.column("kind"))
    op.execute(sa.delete(kind).where(kind.c.kind == "delayed"))
    allow_words("receipt", "kind", "ck_receipt_receiptkind", BEFORE)
