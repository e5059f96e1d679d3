"""Former consents: what a consent said before she agreed anew, to one more way."""

import sqlalchemy as sa
from alembic import op

import leadgen.clock
from leadgen.models.base import Words

revision = "0034"
down_revision = "0033"
branch_labels = ()
depends_on = None

UTC = leadgen.clock.UtcDateTime(timezone=True)


def upgrade() -> None:
    texts = ("wording_version", "words", "words_sha256", "page", "act")
    sealed = ("address_sealed", "page_sealed", "email_evidence", "phone_evidence")
    op.create_table(
        "former_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("channels", Words(), nullable=False),
        *(sa.Column(name, sa.LargeBinary()) for name in sealed),
        sa.Column("page_sha256", sa.Text()),
        sa.Column("styles", Words()),
        sa.Column("given_at", UTC, nullable=False),
        sa.Column("replaced_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_former_consent_consent_id_consent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_consent")),
    )
    op.create_index("ix_former_consent_consent_id", "former_consent", ["consent_id"])


def downgrade() -> None:
    op.drop_table("former_consent")
