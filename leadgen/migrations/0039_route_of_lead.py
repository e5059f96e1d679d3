"""How a lead was shared among its school's endpoints: a school that wants it otherwise wants so from then on."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = ()
depends_on = None

ROUTE = "route VARCHAR(24) DEFAULT 'all' NOT NULL CONSTRAINT ck_lead_route CHECK (route IN ('all', 'first'))"


def upgrade() -> None:
    op.execute(f"ALTER TABLE lead ADD COLUMN {ROUTE}")
    op.execute("UPDATE lead SET route = 'first' WHERE school_id IN (SELECT id FROM school WHERE route = 'first')")


def downgrade() -> None:
    op.drop_column("lead", "route")
