"""A key with which a school's own system asks us: the feed and its days."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base

_LIVES = text("revoked_at IS NULL")


class ApiKey(Base):
    """The key itself is shown once; what is stored is its beginning, by which people know it, and a hash."""

    __tablename__ = "api_key"
    __table_args__ = (
        # a name is free again once its key was revoked
        Index("uq_api_key_name", "school_id", "name", unique=True, sqlite_where=_LIVES, postgresql_where=_LIVES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[bytes]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
