"""At most so many deliveries of one school are under way at once: each has a lane of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = ()
depends_on = None

_UNDER_WAY = sa.text("state IN ('claimed', 'sending')")
_WAITS_FOR_LANE = sa.text("state = 'pending' AND reason = 'in_flight'")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("lane", sa.Integer(), nullable=True))
    op.create_index(
        "uq_delivery_lane",
        "delivery",
        ["school_id", "lane"],
        unique=True,
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
    op.create_index(
        "ix_delivery_waits_for_lane",
        "delivery",
        ["school_id", "id"],
        sqlite_where=_WAITS_FOR_LANE,
        postgresql_where=_WAITS_FOR_LANE,
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_waits_for_lane", "delivery")
    op.drop_index("uq_delivery_lane", "delivery")
    op.drop_column("delivery", "lane")
