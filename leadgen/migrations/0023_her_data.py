"""Her own data: entries by a link from a letter, complaints about calls, and what stays after an erasure."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock
from leadgen.allowed_words import allow_words

revision = "0023"
down_revision = "0022"
branch_labels = ()
depends_on = None

MOMENT = leadgen.clock.UtcDateTime(timezone=True)
BEFORE = ("invitation", "password", "asking")
AFTER = (*BEFORE, "own_data")


def upgrade() -> None:
    allow_words("link", "purpose", "ck_link_linkpurpose", AFTER)
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_entry_inquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_entry_token_hash")),
    )
    op.create_index(op.f("ix_entry_inquiry_id"), "entry", ["inquiry_id"])
    op.create_index("ix_entry_expires_at", "entry", ["expires_at"])
    op.create_table(
        "erasure",
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=False),
        sa.Column("erased_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_erasure_inquiry_id")),
        sa.PrimaryKeyConstraint("inquiry_id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("reference", name=op.f("uq_erasure_reference")),
    )
    op.create_index("ix_erasure_held_until", "erasure", ["held_until"])
    op.create_table(
        "complaint",
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["inquiry_id", "school_id"],
            ["consent.inquiry_id", "consent.school_id"],
            name=op.f("fk_complaint_inquiry_id_school_id"),
        ),
        sa.PrimaryKeyConstraint("inquiry_id", "school_id", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_made_at", "complaint", ["made_at"])


def downgrade() -> None:
    for table in ("complaint", "erasure", "entry"):
        op.drop_table(table)
    op.execute("DELETE FROM link WHERE purpose = 'own_data'")
    allow_words("link", "purpose", "ck_link_linkpurpose", BEFORE)
