"""The feed: what each school should have, in order. What was tried before this is in it, in the order of first tries."""

import sqlalchemy as sa
from alembic import op

from leadgen.clock import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = ()
depends_on = None

ABOUT = ("lead", "withdrawal", "change", "erasure")
UNNUMBERED = sa.text("number IS NULL")
UNFETCHED = sa.text("number IS NOT NULL AND fetched_at IS NULL")
TRIED_BEFORE = """
INSERT INTO feed_entry (key, school_id, lead_id, about, version, said_at, number)
SELECT d.key, d.school_id, d.lead_id, d.about, d.version, d.created_at, row_number() OVER (ORDER BY first.attempt_id)
FROM delivery d
JOIN (
  SELECT min(a.id) AS attempt_id FROM attempt a JOIN delivery b ON b.id = a.delivery_id
  GROUP BY b.lead_id, b.about, b.version
) first ON d.id = (SELECT a.delivery_id FROM attempt a WHERE a.id = first.attempt_id)
"""


def upgrade() -> None:
    op.create_table(
        "feed_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column(
            "about", sa.Enum(*ABOUT, name="about", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("said_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("fetched_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("fetched_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_id", "school_id"], ["lead.id", "lead.school_id"], name=op.f("fk_feed_entry_lead_id_school_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_feed_entry_key")),
        sa.UniqueConstraint("number", name=op.f("uq_feed_entry_number")),
        sa.UniqueConstraint("lead_id", "about", "version", name=op.f("uq_feed_entry_lead_id_about_version")),
    )
    op.create_index("ix_feed_entry_school_id_number", "feed_entry", ["school_id", "number"])
    op.create_index("ix_feed_entry_school_id_said_at", "feed_entry", ["school_id", "said_at"])
    op.create_index(
        "ix_feed_entry_unnumbered", "feed_entry", ["id"], sqlite_where=UNNUMBERED, postgresql_where=UNNUMBERED
    )
    op.create_index(
        "ix_feed_entry_unfetched",
        "feed_entry",
        ["school_id", "number"],
        sqlite_where=UNFETCHED,
        postgresql_where=UNFETCHED,
    )
    op.execute(TRIED_BEFORE)


def downgrade() -> None:
    op.drop_table("feed_entry")
