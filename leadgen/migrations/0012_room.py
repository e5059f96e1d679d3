"""Room: caps by week and in all, of campuses and programs; a pause that ends by itself."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = ()
depends_on = None

# plain ALTER TABLE: to make a table anew would sweep away the rows that refer to it
SCHOOL = (
    "weekly_cap INTEGER CONSTRAINT ck_school_weekly_cap CHECK (weekly_cap >= 0)",
    "total_cap INTEGER CONSTRAINT ck_school_total_cap CHECK (total_cap >= 0)",
    "part_caps TEXT",
    "paused_until DATE",
)
HELD = "';' || CASE WHEN slot_day IS NULL THEN '' ELSE slot_day || ';' END || "
HELD += "CASE WHEN slot_month IS NULL THEN '' ELSE slot_month || ';' END"
ONE = "(SELECT period FROM cap_use WHERE cap_use.school_id = lead.school_id AND length(period) = {length} "
ONE += "AND period NOT LIKE '% %' AND lead.slots LIKE '%;' || period || ';%')"


def upgrade() -> None:
    for column in SCHOOL:
        op.execute(f"ALTER TABLE school ADD COLUMN {column}")
    op.execute("ALTER TABLE lead ADD COLUMN slots TEXT DEFAULT ';' NOT NULL")
    op.execute(f"UPDATE lead SET slots = {HELD} WHERE slot_day IS NOT NULL OR slot_month IS NOT NULL")  # noqa: S608 - our own words
    for column in ("slot_day", "slot_month"):
        op.drop_column("lead", column)


def downgrade() -> None:
    for column in ("slot_day", "slot_month"):
        op.execute(f"ALTER TABLE lead ADD COLUMN {column} TEXT")
    day, month = (ONE.format(length=len(example)) for example in ("2027-03-04", "2027-03"))
    op.execute(f"UPDATE lead SET slot_day = {day}, slot_month = {month} WHERE slots <> ';'")  # noqa: S608 - our own words
    # places of weeks, of all time and of parts are not known any more
    op.execute("DELETE FROM cap_use WHERE period LIKE '% %' OR period LIKE '%W%' OR period = 'total'")
    op.drop_column("lead", "slots")
    for column in SCHOOL:
        op.drop_column("school", column.split()[0])
