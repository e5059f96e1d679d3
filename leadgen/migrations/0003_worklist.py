"""The worklist: what is set aside, whom staff have to tell, how a return was judged; indexes that count the bins."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0003"
down_revision = "0002"
branch_labels = ()
depends_on = None

UTC = leadgen.clock.UtcDateTime(timezone=True)

# name, table, columns, and the rows that it holds
INDEXES = (
    ("ix_delivery_failed", "delivery", ["ended_at"], "state = 'failed' AND set_aside IS NULL"),
    (
        "ix_delivery_notice",
        "delivery",
        ["created_at"],
        "about = 'withdrawal' AND state NOT IN ('delivered', 'cancelled')",
    ),
    ("ix_letter_failed", "letter", ["ended_at"], "state = 'failed' AND set_aside IS NULL"),
    ("ix_lead_untold_since", "lead", ["untold_since"], "untold_since IS NOT NULL"),
    (
        "ix_disposition_report_unjudged",
        "disposition_report",
        ["reported_at"],
        "disposition = 'returned' AND judgment IS NULL",
    ),
    ("ix_choice_held", "choice", ["inquiry_id", "school_id"], "outcome = 'hold'"),
)

# leads that were withdrawn before, that their school has or may have, and of which it was never told
UNTOLD = """
UPDATE lead SET untold_since = (
  SELECT withdrawn_at FROM consent WHERE consent.inquiry_id = lead.inquiry_id AND consent.school_id = lead.school_id)
WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.lead_id = lead.id AND about = 'withdrawal')
AND EXISTS (
  SELECT 1 FROM delivery WHERE delivery.lead_id = lead.id AND about = 'lead' AND (
    state IN ('sending', 'uncertain', 'delivered') OR EXISTS (
      SELECT 1 FROM attempt WHERE delivery_id = delivery.id AND result IN ('accepted', 'unknown', 'superseded'))))
"""


def upgrade() -> None:
    op.add_column("delivery", sa.Column("set_aside", sa.Text()))
    op.add_column("letter", sa.Column("set_aside", sa.Text()))
    op.add_column("lead", sa.Column("untold_since", UTC))
    op.add_column("alarm", sa.Column("reference", sa.Text()))
    # no table refers to this one, so it may be made anew where a check cannot be added
    with op.batch_alter_table("disposition_report") as table:
        judgment = sa.Enum("accepted", "refused", name="judgment", native_enum=False, create_constraint=True, length=24)
        table.add_column(sa.Column("judgment", judgment))
        table.add_column(sa.Column("judgment_reason", sa.Text()))
        table.add_column(sa.Column("judged_by", sa.Text()))
        table.add_column(sa.Column("judged_at", UTC))
    op.create_index("ix_alarm_raised_at", "alarm", ["raised_at"])
    for name, table_name, columns, where in INDEXES:
        op.create_index(name, table_name, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.drop_index("ix_choice_outcome", "choice")
    op.execute(UNTOLD)


def downgrade() -> None:
    op.create_index("ix_choice_outcome", "choice", ["outcome"])
    for name, table_name, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name)
    op.drop_index("ix_alarm_raised_at", "alarm")
    with op.batch_alter_table("disposition_report") as table:
        for column in ("judged_at", "judged_by", "judgment_reason"):
            table.drop_column(column)
        table.drop_constraint("judgment", type_="check")
        table.drop_column("judgment")
    for table_name, column in (
        ("alarm", "reference"),
        ("lead", "untold_since"),
        ("letter", "set_aside"),
        ("delivery", "set_aside"),
    ):
        op.drop_column(table_name, column)
