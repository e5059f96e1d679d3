"""What a course costs in parts, and its hours of teaching by the clock."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from leadgen.models.base import Usd

revision = "0033"
down_revision = "0032"
branch_labels = ()
depends_on = None

PARTS: Sequence[str] = ("fees_usd", "books_usd", "exam_usd")
COST = "tuition_usd + coalesce(fees_usd, 0) + coalesce(books_usd, 0) + coalesce(exam_usd, 0)"


def upgrade() -> None:
    op.add_column("offering", sa.Column("clock_hours", sa.Integer()))
    for part in PARTS:
        op.add_column("offering", sa.Column(part, Usd()))
    op.add_column("offering", sa.Column("cost_usd", Usd(), sa.Computed(COST)))


def downgrade() -> None:
    for column in ("cost_usd", *PARTS, "clock_hours"):
        op.drop_column("offering", column)
