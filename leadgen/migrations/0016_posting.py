"""The map of a form post, with its secrets sealed; what a school's system says that it pays for a lead."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("endpoint", sa.Column("posting", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("endpoint", sa.Column("posting_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("receipt", sa.Column("price_cents", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("receipt", "price_cents")
    op.drop_column("endpoint", "posting_sealed")
    op.drop_column("endpoint", "posting")
