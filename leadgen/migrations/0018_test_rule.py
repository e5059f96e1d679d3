"""Which rule of a map read the answer to a test, and what that said that they pay."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("endpoint_test", sa.Column("rule", sa.Integer(), nullable=True))
    op.add_column("endpoint_test", sa.Column("price_cents", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("endpoint_test", "price_cents")
    op.drop_column("endpoint_test", "rule")
