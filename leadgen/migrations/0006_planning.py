"""What PostgreSQL has to know to plan the worklist's queries, and an index that finds demo inquiries."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = ()
depends_on = None

# What is open is a sliver of what failed or came back. Taken one by one, the columns of each pair tell of thousands of
# rows where there are hundreds, and the worklist would read all leads to find theirs.
PAIRS = (
    ("delivery", "state", "set_aside"),
    ("letter", "state", "set_aside"),
    ("disposition_report", "disposition", "judgment"),
)
IS_DEMO = sa.text("demo")


def upgrade() -> None:
    op.create_index("ix_inquiry_demo", "inquiry", ["id"], sqlite_where=IS_DEMO, postgresql_where=IS_DEMO)
    if op.get_bind().dialect.name == "postgresql":
        for table, *pair in PAIRS:
            op.execute(f"CREATE STATISTICS {_name(table, pair)} (mcv) ON {', '.join(pair)} FROM {table}")
            op.execute(f"ANALYZE {table}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, *pair in PAIRS:
            op.execute(f"DROP STATISTICS {_name(table, pair)}")
    op.drop_index("ix_inquiry_demo", "inquiry")


def _name(table: str, pair: list[str]) -> str:
    return "_".join(("st", table, *pair))
