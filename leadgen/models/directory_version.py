"""A version of the directory: one import, undoing or edit that changed something, and every change it made."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type


class VersionKind(StrEnum):
    """What made a version. The first two are imports, which can be undone."""

    file = "file"
    ipeds = "ipeds"
    undo = "undo"
    by_hand = "by_hand"


class DirectoryVersion(Base):
    """Which files, when, by whom, and how many rows were created, changed and retired.

    ``sha256`` is that of the file, or of the files' hashes one after another. ``details`` counts what was read and
    what was passed over. ``undoes_id`` is unique: a version is undone once."""

    __tablename__ = "directory_version"
    __table_args__ = (Index("ix_directory_version_undoes_id", "undoes_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    imported_at: Mapped[datetime]
    source: Mapped[str]
    sha256: Mapped[str]
    created: Mapped[int]
    changed: Mapped[int]
    retired: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(enum_type(VersionKind), default=VersionKind.file, server_default="file")
    actor: Mapped[str] = mapped_column(default="directory", server_default="directory")
    details: Mapped[dict[str, Any] | None]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("directory_version.id"))


class DirectoryChange(Base):
    """One record that a version touched. ``fields`` gives what each field held and what it holds since, as JSON has
    it. ``key`` is the record's own: that of a school, of a campus within its school, and so on."""

    __tablename__ = "directory_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("directory_version.id"), index=True)
    noun: Mapped[str]
    action: Mapped[str]
    school_id: Mapped[str]
    key: Mapped[list[str]]
    fields: Mapped[dict[str, Any]]
