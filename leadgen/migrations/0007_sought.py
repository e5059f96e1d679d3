"""Indexes by which staff look through inquiries: by state, by program, by a school that was chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = ()
depends_on = None

IS_TICKED = sa.text("ticked")


def upgrade() -> None:
    op.create_index("ix_inquiry_state_received_at", "inquiry", ["state", "received_at"])
    op.create_index("ix_inquiry_program_received_at", "inquiry", ["program", "received_at"])
    op.drop_index("ix_choice_school_id", "choice")
    op.create_index(
        "ix_choice_ticked",
        "choice",
        ["school_id", "inquiry_id"],
        sqlite_where=IS_TICKED,
        postgresql_where=IS_TICKED,
    )


def downgrade() -> None:
    op.drop_index("ix_choice_ticked", "choice")
    op.create_index("ix_choice_school_id", "choice", ["school_id"])
    op.drop_index("ix_inquiry_program_received_at", "inquiry")
    op.drop_index("ix_inquiry_state_received_at", "inquiry")
