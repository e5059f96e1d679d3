"""Schools that are listed from federal data and take no inquiries; what each version of the directory changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = ()
depends_on = None

# plain ALTER TABLE: to make a table anew would sweep away the rows that refer to it
SCHOOL = (
    "origin VARCHAR(24) DEFAULT 'file' NOT NULL CONSTRAINT ck_school_origin CHECK (origin IN ('file', 'ipeds'))",
    "listed BOOLEAN DEFAULT {no} NOT NULL CONSTRAINT ck_school_listed CHECK (NOT listed OR origin = 'ipeds')",
    "control VARCHAR(24) CONSTRAINT ck_school_control CHECK (control IN ('public', 'nonprofit', 'for_profit'))",
)
OFFERING = (
    "award_level INTEGER",
    "awards INTEGER",
    "awards_year INTEGER",
    "listed BOOLEAN DEFAULT {no} NOT NULL",
    "covered BOOLEAN DEFAULT {no} NOT NULL",
)
VERSION = (
    "kind VARCHAR(24) DEFAULT 'file' NOT NULL CONSTRAINT ck_directory_version_versionkind "
    "CHECK (kind IN ('file', 'ipeds', 'undo', 'by_hand'))",
    "actor TEXT DEFAULT 'directory' NOT NULL",
    "details JSON",
    "undoes_id INTEGER CONSTRAINT fk_directory_version_undoes_id REFERENCES directory_version (id)",
)
ADDED = {"school": SCHOOL, "offering": OFFERING, "directory_version": VERSION}

# A foreign key cannot say this: a school with inquiries in its past may become a listed one.
# name, table, when it looks, and the rows it looks at
GUARDS = (
    ("refuse_listed_tick", "choice", "BEFORE INSERT", "NEW.ticked"),
    ("refuse_listed_tick_later", "choice", "BEFORE UPDATE OF ticked", "NEW.ticked"),
    ("refuse_listed_consent", "consent", "BEFORE INSERT", "true"),
    ("refuse_listed_lead", "lead", "BEFORE INSERT", "true"),
)
REFUSAL = "this school does not take inquiries through us"
IS_LISTED = "EXISTS (SELECT 1 FROM school WHERE school.id = NEW.school_id AND school.listed)"


def upgrade() -> None:
    no = "false" if op.get_bind().dialect.name == "postgresql" else "0"
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(no=no)}")
    op.create_index("ix_school_unitid", "school", ["unitid"])
    op.create_index("ix_directory_version_undoes_id", "directory_version", ["undoes_id"], unique=True)
    op.create_table(
        "directory_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["directory_version.id"], name=op.f("fk_directory_change_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_change")),
    )
    op.create_index("ix_directory_change_version_id", "directory_change", ["version_id"])
    _make_guards(op.get_bind().dialect.name)


def downgrade() -> None:
    _drop_guards(op.get_bind().dialect.name)
    op.drop_table("directory_change")
    op.drop_index("ix_directory_version_undoes_id", "directory_version")
    op.drop_index("ix_school_unitid", "school")
    for table, columns in ADDED.items():
        # a check that looks at another column goes before it
        for column in sorted(columns, key=lambda each: each.startswith("origin")):
            op.drop_column(table, column.split()[0])


def _make_guards(dialect: str) -> None:
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_listed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {IS_LISTED} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NEW; END $$"
        )
    for name, table, moment, rows in GUARDS:
        each = f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW"
        if dialect == "postgresql":
            op.execute(f"{each} WHEN ({rows}) EXECUTE FUNCTION refuse_listed()")
        else:
            op.execute(f"{each} WHEN {rows} AND {IS_LISTED} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")


def _drop_guards(dialect: str) -> None:
    for name, table, _, _ in GUARDS:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if dialect == "postgresql" else ""))
    if dialect == "postgresql":
        op.execute("DROP FUNCTION refuse_listed()")
