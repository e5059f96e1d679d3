"""A user: staff, or somebody at a school. Roles decide what a user may do."""

from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Table, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base
from leadgen.models.passkey import Passkey

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A named set of permissions: `leadgen.accounts.roles.RoleName`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str | None]


class User(Base, UserMixin):
    """``school_id`` is set for users of a school, and for nobody else. Who is invited and did not come yet is not
    ``active``. ``language`` is that of letters, None until one is known. The names from ``tf_primary_method`` to
    ``webauthn`` are Flask-Security's: its second factors."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    password: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    school_id: Mapped[str | None] = mapped_column(ForeignKey("school.id"))
    created_at: Mapped[datetime]
    invited_by: Mapped[str | None]
    language: Mapped[str | None]
    shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())
    tf_primary_method: Mapped[str | None]
    # sealed by Flask-Security under keys of the settings
    tf_totp_secret: Mapped[str | None]
    # the time step of the last code that was taken: no code is good twice (RFC 6238, section 5.2)
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None]
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(index=True, unique=True)  # type: ignore[assignment]

    roles: Mapped[list[Role]] = relationship(secondary=user_roles)  # type: ignore[assignment]
    webauthn: Mapped[list[Passkey]] = relationship(cascade="all, delete-orphan", back_populates="user")  # type: ignore[assignment]
