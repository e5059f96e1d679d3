"""The language of letters: to a user, and of an endpoint's own."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("endpoint", sa.Column("language", sa.Text(), nullable=False, server_default="en"))


def downgrade() -> None:
    op.drop_column("endpoint", "language")
    op.drop_column("user", "language")
