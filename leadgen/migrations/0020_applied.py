"""A school may say that the person applied."""

import sqlalchemy as sa
from alembic import op

from leadgen.allowed_words import allow_words

revision = "0020"
down_revision = "0019"
branch_labels = ()
depends_on = None

BEFORE = ("accepted", "contacted", "appointment", "enrolled", "not_interested", "unreachable", "returned")
AFTER = (*BEFORE[:3], "applied", *BEFORE[3:])
TABLES = ("lead", "disposition_report")


def upgrade() -> None:
    for table in TABLES:
        allow_words(table, "disposition", f"ck_{table}_disposition", AFTER)


def downgrade() -> None:
    for table in TABLES:
        column = sa.table(table, sa.column("disposition"))
        op.execute(sa.update(column).where(column.c.disposition == "applied").values(disposition="appointment"))
        allow_words(table, "disposition", f"ck_{table}_disposition", BEFORE)
