"""Challenges that passkeys have answered, remembered until they run out: no answer is good twice."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0011"
down_revision = "0010"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "used_challenge",
        sa.Column("challenge_hash", sa.LargeBinary(), nullable=False),
        sa.Column("until", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_used_challenge")),
    )
    op.create_index("ix_used_challenge_until", "used_challenge", ["until"])


def downgrade() -> None:
    op.drop_table("used_challenge")
