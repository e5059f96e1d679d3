"""Daily files: the kind of endpoint, the batches, and which deliveries are their rows."""

import sqlalchemy as sa
from alembic import op

from leadgen.allowed_words import allow_words
from leadgen.clock import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = ()
depends_on = None

BEFORE = ("email", "webhook", "form_post", "portal")
AFTER = (*BEFORE, "batch")
STATES = ("pending", "held", "claimed", "sending", "uncertain", "delivered", "failed", "cancelled")
RESULTS = (
    "accepted",
    "definite_no",
    "permanent_no",
    "misconfigured",
    "unknown",
    "not_received",
    "superseded",
    "bounced",
)
_UNDER_WAY = sa.text("state IN ('claimed', 'sending')")
_TO_LOOK_AT = sa.text("look_at IS NOT NULL")


def _words(words: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    allow_words("endpoint", "kind", "ck_endpoint_endpointkind", AFTER)
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", _words(STATES, "state"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("look_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("result", _words(RESULTS, "result"), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_batch_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("name", name=op.f("uq_batch_name")),
    )
    op.create_index(
        "uq_batch_under_way",
        "batch",
        ["endpoint_id"],
        unique=True,
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
    op.create_index("ix_batch_look_at", "batch", ["look_at"], sqlite_where=_TO_LOOK_AT, postgresql_where=_TO_LOOK_AT)
    op.create_table(
        "batch_row",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_batch_row_attempt_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_row_batch_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_batch_row_delivery_id")),
        sa.PrimaryKeyConstraint("batch_id", "delivery_id", name=op.f("pk_batch_row")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_batch_row_attempt_id")),
    )
    op.create_index("ix_batch_row_delivery_id", "batch_row", ["delivery_id"])


def downgrade() -> None:
    op.drop_table("batch_row")
    op.drop_table("batch")
    allow_words("endpoint", "kind", "ck_endpoint_endpointkind", BEFORE)
