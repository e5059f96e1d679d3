"""When what failed was set aside: a job takes back its own setting-aside, and nobody else's that came later."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0009"
down_revision = "0008"
branch_labels = ()
depends_on = None

TABLES = ("delivery", "letter")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("set_aside_at", leadgen.clock.UtcDateTime(timezone=True)))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "set_aside_at")
