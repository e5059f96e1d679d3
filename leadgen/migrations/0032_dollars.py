"""Dollars: what a school pays for a lead, and what a lead counts under caps in dollars."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = ()
depends_on = None

# plain ALTER TABLE: to make a table anew would sweep away the rows that refer to it
NO_MONEY_CAP = "coalesce(replace(part_caps, ': $', ''), '') = coalesce(part_caps, '')"
PRICE = f"CONSTRAINT ck_school_price_per_lead CHECK ({NO_MONEY_CAP} OR price_per_lead_usd IS NOT NULL)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE school ADD COLUMN price_per_lead_usd BIGINT {PRICE}")
    op.execute("ALTER TABLE lead ADD COLUMN reserved_cents INTEGER DEFAULT 0 NOT NULL")


def downgrade() -> None:
    op.execute("DELETE FROM cap_use WHERE replace(period, '$', '') <> period")
    op.drop_column("lead", "reserved_cents")
    op.drop_column("school", "price_per_lead_usd")
