"""Tests of endpoints, and an index by which an endpoint's health is read."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0004"
down_revision = "0003"
branch_labels = ()
depends_on = None

UTC = leadgen.clock.UtcDateTime(timezone=True)
UNDER_WAY = sa.text("ended_at IS NULL")
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


def upgrade() -> None:
    op.create_table(
        "endpoint_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", UTC, nullable=False),
        sa.Column("started_at", UTC, nullable=True),
        sa.Column("ended_at", UTC, nullable=True),
        sa.Column(
            "result",
            sa.Enum(*RESULTS, name="result", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("parcel_bytes", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_endpoint_test_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint_test")),
        sa.UniqueConstraint("key", name=op.f("uq_endpoint_test_key")),
    )
    op.create_index("ix_endpoint_test_endpoint_id_asked_at", "endpoint_test", ["endpoint_id", "asked_at"])
    op.create_index(
        "uq_endpoint_test_under_way",
        "endpoint_test",
        ["endpoint_id"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    op.create_index("ix_delivery_endpoint_id_ended_at", "delivery", ["endpoint_id", "ended_at"])


def downgrade() -> None:
    op.drop_index("ix_delivery_endpoint_id_ended_at", "delivery")
    op.drop_index("uq_endpoint_test_under_way", "endpoint_test")
    op.drop_index("ix_endpoint_test_endpoint_id_asked_at", "endpoint_test")
    op.drop_table("endpoint_test")
