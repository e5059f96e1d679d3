"""Whom a school serves in person, by state and ZIP code."""

import sqlalchemy as sa
from alembic import op

import leadgen.models.base

revision = "0010"
down_revision = "0009"
branch_labels = ()
depends_on = None

COLUMNS = ("service_states", "service_zips")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("offering", sa.Column(name, leadgen.models.base.Words()))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("offering", name)
