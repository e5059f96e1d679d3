"""Letters know the draft that they lead back to."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("draft_id", sa.Integer(), nullable=True))
    op.create_index("ix_letter_draft_id", "letter", ["draft_id"])


def downgrade() -> None:
    op.drop_index("ix_letter_draft_id", "letter")
    op.drop_column("letter", "draft_id")
