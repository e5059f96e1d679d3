"""What geocoders answered about the addresses of campuses."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock

revision = "0013"
down_revision = "0012"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "geocoded",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campus_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("nominatim", "census", name="geocodername", native_enum=False, length=24, create_constraint=True),
            nullable=False,
        ),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column(
            "came_to",
            sa.Enum(
                "street", "unknown", "far", name="geocodedas", native_enum=False, length=24, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("miles_from_zip", sa.Double(), nullable=True),
        sa.Column("asked_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campus_id"], ["campus.id"], name=op.f("fk_geocoded_campus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geocoded")),
        sa.UniqueConstraint("campus_id", "source", "asked", name=op.f("uq_geocoded_campus_id_source_asked")),
    )


def downgrade() -> None:
    op.drop_table("geocoded")
