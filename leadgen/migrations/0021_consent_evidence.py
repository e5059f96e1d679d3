"""The page of a consent has a hash that stays, and its style sheets are kept; her address and number in keyed form."""

import sqlalchemy as sa
from alembic import op

import leadgen.models.base

revision = "0021"
down_revision = "0020"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "style_sheet",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_style_sheet")),
    )
    op.add_column("consent", sa.Column("page_sha256", sa.Text(), nullable=True))
    op.add_column("consent", sa.Column("styles", leadgen.models.base.Words(), nullable=True))
    for name in ("page_sealed", "email_evidence", "phone_evidence"):
        op.add_column("consent", sa.Column(name, sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    for name in ("phone_evidence", "email_evidence", "page_sealed", "styles", "page_sha256"):
        op.drop_column("consent", name)
    op.drop_table("style_sheet")
