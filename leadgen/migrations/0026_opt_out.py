"""Whether the browser of who inquires said that her data may not be sold (Global Privacy Control)."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("inquiry", sa.Column("opted_out_of_sale", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("inquiry", "opted_out_of_sale")
