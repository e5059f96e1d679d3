"""Accounts, the worklist, jobs, askings; and what is edited at the desk."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import leadgen.clock
import leadgen.models.base

revision = "0002"
down_revision = "0001"
branch_labels = ()
depends_on = None

EDITED = ("school", "campus", "offering")


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bin", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("raised_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("bin", "subject", name=op.f("uq_alarm_bin_subject")),
    )
    op.create_table(
        "guesses",
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("about", name=op.f("pk_guesses")),
    )
    op.create_index("ix_guesses_last_at", "guesses", ["last_at"], unique=False)

    op.create_table(
        "duplicate",
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("original_id", sa.Integer(), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False),
        sa.Column("linked_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("inquiry_id <> original_id", name=op.f("ck_duplicate_another")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_duplicate_inquiry_id")),
        sa.ForeignKeyConstraint(["original_id"], ["inquiry.id"], name=op.f("fk_duplicate_original_id")),
        sa.PrimaryKeyConstraint("inquiry_id", name=op.f("pk_duplicate")),
    )
    op.create_index("ix_duplicate_original_id", "duplicate", ["original_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_note_inquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_inquiry_id", "note", ["inquiry_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("bin", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assignment_user_id")),
        sa.PrimaryKeyConstraint("bin", "subject", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_user_id", "assignment", ["user_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "running", "done", name="jobstate", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("lease_until", leadgen.clock.UtcDateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("made_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", leadgen.clock.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["undone_by_id"], ["job.id"], name=op.f("fk_job_undone_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_job_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_job_token_hash")),
    )
    op.create_index("ix_job_state_lease_until", "job", ["state", "lease_until"], unique=False)
    op.create_index("ix_job_user_id", "job", ["user_id"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.Text(), nullable=False),
        sa.Column("lastuse_datetime", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("usage", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_passkey_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("ix_passkey_user_id", "passkey", ["user_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("started_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", leadgen.clock.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index("ix_sign_in_ends_at", "sign_in", ["ends_at"], unique=False)
    op.create_index("ix_sign_in_user_id_ended_at", "sign_in", ["user_id", "ended_at"], unique=False)

    op.create_table(
        "job_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "done", "skipped", name="jobitemstate", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("ended_at", leadgen.clock.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_item_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_item")),
        sa.UniqueConstraint("job_id", "subject_id", name=op.f("uq_job_item_job_id_subject_id")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "password",
                "asking",
                name="linkpurpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", leadgen.clock.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", leadgen.clock.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_link_letter_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_link_letter_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
    )
    op.create_index("ix_link_user_id", "link", ["user_id"], unique=False)

    op.create_table(
        "asking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", leadgen.clock.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("yes", "no", name="answer", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("answered_at", leadgen.clock.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["choice_id"], ["choice.id"], name=op.f("fk_asking_choice_id")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_asking_inquiry_id")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_asking_link_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_asking_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asking")),
        sa.UniqueConstraint("choice_id", name=op.f("uq_asking_choice_id")),
        sa.UniqueConstraint("inquiry_id", "school_id", name=op.f("uq_asking_inquiry_id_school_id")),
        sa.UniqueConstraint("link_id", name=op.f("uq_asking_link_id")),
    )
    # plain ALTER TABLE: to make a table anew would sweep away the rows that refer to it
    for table in EDITED:
        op.add_column(table, sa.Column("edited", sa.Text(), server_default=";", nullable=False))
        op.add_column(table, sa.Column("edits", sa.Integer(), server_default="0", nullable=False))
    op.add_column("inquiry", sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False))
    for column in _make_user_columns():
        op.add_column("user", column)
    op.create_index("ix_user_fs_webauthn_user_handle", "user", ["fs_webauthn_user_handle"], unique=True)
    op.execute("UPDATE role SET name = 'owner' WHERE name = 'school'")


def downgrade() -> None:
    op.execute("UPDATE role SET name = 'school' WHERE name = 'owner'")
    op.drop_index("ix_user_fs_webauthn_user_handle", "user")
    for column in reversed(_make_user_columns()):
        op.drop_column("user", column.name)
    op.drop_column("inquiry", "demo")
    for table in EDITED:
        op.drop_column(table, "edits")
        op.drop_column(table, "edited")
    op.drop_table("asking")
    op.drop_index("ix_link_user_id", "link")

    op.drop_table("link")
    op.drop_table("job_item")
    op.drop_index("ix_sign_in_user_id_ended_at", "sign_in")
    op.drop_index("ix_sign_in_ends_at", "sign_in")

    op.drop_table("sign_in")
    op.drop_table("saved_view")
    op.drop_index("ix_passkey_user_id", "passkey")

    op.drop_table("passkey")
    op.drop_index("ix_job_user_id", "job")
    op.drop_index("ix_job_state_lease_until", "job")

    op.drop_table("job")
    op.drop_index("ix_assignment_user_id", "assignment")

    op.drop_table("assignment")
    op.drop_index("ix_note_inquiry_id", "note")

    op.drop_table("note")
    op.drop_index("ix_duplicate_original_id", "duplicate")

    op.drop_table("duplicate")
    op.drop_index("ix_guesses_last_at", "guesses")

    op.drop_table("guesses")
    op.drop_table("alarm")


def _make_user_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("name", sa.Text()),
        sa.Column("invited_by", sa.Text()),
        sa.Column("shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("tf_primary_method", sa.Text()),
        sa.Column("tf_totp_secret", sa.Text()),
        sa.Column("tf_last_counter", sa.Integer()),
        sa.Column("mf_recovery_codes", sa.JSON()),
        sa.Column("fs_webauthn_user_handle", sa.Text()),
    ]
