"""Letters to a school that name nobody and lead to the portal."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("endpoint", sa.Column("link_only", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("endpoint", "link_only")
