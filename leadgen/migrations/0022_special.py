"""Which schools are closed or have a cap is read without looking at all others."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = ()
depends_on = None

_IS_SPECIAL = sa.text(
    "(status <> 'taking' OR retired_at IS NOT NULL OR daily_cap IS NOT NULL OR weekly_cap IS NOT NULL"
    " OR monthly_cap IS NOT NULL OR total_cap IS NOT NULL OR part_caps IS NOT NULL)"
)


def upgrade() -> None:
    op.create_index("ix_school_special", "school", ["id"], sqlite_where=_IS_SPECIAL, postgresql_where=_IS_SPECIAL)


def downgrade() -> None:
    op.drop_index("ix_school_special", "school")
