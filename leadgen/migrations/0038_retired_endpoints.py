"""Which schools have lost all their endpoints is read without looking at all others."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = ()
depends_on = None

_IS_RETIRED = sa.text("retired_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_endpoint_retired",
        "endpoint",
        ["school_id", "takes"],
        sqlite_where=_IS_RETIRED,
        postgresql_where=_IS_RETIRED,
    )


def downgrade() -> None:
    op.drop_index("ix_endpoint_retired", "endpoint")
