"""A consent: her yes to one school, in exact words, by named channels."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base, enum_type


class Channel(StrEnum):
    email = "email"
    call = "call"
    text = "text"


class ConsentChannel(Base):
    """One way in which the school may reach her."""

    __tablename__ = "consent_channel"

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel), primary_key=True)


class Consent(Base):
    """The foreign key on (inquiry, school, ticked) with the check on ``ticked`` holds every consent to a
    choice that she ticked herself."""

    __tablename__ = "consent"
    __table_args__ = (
        ForeignKeyConstraint(
            ["inquiry_id", "school_id", "ticked"], ["choice.inquiry_id", "choice.school_id", "choice.ticked"]
        ),
        CheckConstraint("ticked", name="ticked"),
        UniqueConstraint("inquiry_id", "school_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"))
    school_id: Mapped[str]
    ticked: Mapped[bool] = mapped_column(Boolean, default=True)
    wording_version: Mapped[str]
    words: Mapped[str]
    words_sha256: Mapped[str]
    page: Mapped[str]
    act: Mapped[str]
    address_sealed: Mapped[bytes | None]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]

    channels: Mapped[list[ConsentChannel]] = relationship(order_by=ConsentChannel.channel)
