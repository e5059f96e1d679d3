"""A version of the directory: one import that changed something."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base


class DirectoryVersion(Base):
    """Which file, when, and how many rows it created, changed and retired."""

    __tablename__ = "directory_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    imported_at: Mapped[datetime]
    source: Mapped[str]
    sha256: Mapped[str]
    created: Mapped[int]
    changed: Mapped[int]
    retired: Mapped[int]
