"""The funnel is counted; a draft may be sent to oneself, by a letter whose recipient is sealed with it."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock
from leadgen.allowed_words import require

revision = "0029"
down_revision = "0028"
branch_labels = ()
depends_on = None

BEFORE = "(inquiry_id IS NULL) <> (user_id IS NULL)"
AFTER = (
    "(inquiry_id IS NOT NULL AND user_id IS NULL AND sealed IS NULL)"
    " OR (inquiry_id IS NULL AND user_id IS NOT NULL AND sealed IS NULL)"
    " OR (inquiry_id IS NULL AND user_id IS NULL AND sealed IS NOT NULL)"
)


def upgrade() -> None:
    op.create_table(
        "step_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "step", "happened", "band", name=op.f("pk_step_count")),
    )
    op.add_column("draft", sa.Column("furthest", sa.Text(), server_default="goals", nullable=False))
    op.add_column("draft", sa.Column("kept_until", leadgen.clock.UtcDateTime(timezone=True), nullable=True))
    # no table refers to this one, so it may be made anew where a constraint cannot be added
    with op.batch_alter_table("draft") as table:
        table.add_column(sa.Column("link_hash", sa.LargeBinary(), nullable=True))
        table.create_unique_constraint(op.f("uq_draft_link_hash"), ["link_hash"])
    op.add_column("letter", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    require("letter", "ck_letter_one_recipient", AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM attempt WHERE letter_id IN (SELECT id FROM letter WHERE sealed IS NOT NULL)")
    op.execute("DELETE FROM letter WHERE sealed IS NOT NULL")
    require("letter", "ck_letter_one_recipient", BEFORE)
    op.drop_column("letter", "sealed")
    with op.batch_alter_table("draft") as table:
        table.drop_constraint(op.f("uq_draft_link_hash"), type_="unique")
        table.drop_column("link_hash")
    op.drop_column("draft", "kept_until")
    op.drop_column("draft", "furthest")
    op.drop_table("step_count")
