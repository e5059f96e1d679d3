"""Webhooks that sign with a key pair: the half that a school checks with."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("endpoint", sa.Column("public_key", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("endpoint", "public_key")
