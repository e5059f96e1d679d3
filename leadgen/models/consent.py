"""A consent: her yes to one school, in exact words, by named channels."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base, Words, enum_type


class Channel(StrEnum):
    email = "email"
    call = "call"
    text = "text"


def find_wording_language(version: str) -> Literal["en", "es"]:
    """The code of the language that a version of the words is in: it ends the version's name, as in `2026-11-26.es`.
    Versions in English do not say so."""
    return "es" if version.endswith(".es") else "en"


class ConsentChannel(Base):
    """One way in which the school may reach her."""

    __tablename__ = "consent_channel"

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel), primary_key=True)


class StyleSheet(Base):
    """A style sheet that a page was shown with, compressed, once for all the consents that name its hash."""

    __tablename__ = "style_sheet"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes]


class ConsentEvidence:
    """What proves a consent after she was erased: the words, the hashes, the times, and her address and number under
    the evidence key. The page as shown is sealed with the contact, or in ``page_sealed`` where it was a later one;
    ``page_sha256`` and the hashes of its style sheets say which it was."""

    wording_version: Mapped[str]
    words: Mapped[str]
    words_sha256: Mapped[str]
    page: Mapped[str]
    act: Mapped[str]
    address_sealed: Mapped[bytes | None]
    page_sha256: Mapped[str | None]
    styles: Mapped[tuple[str, ...] | None] = mapped_column(Words)
    page_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    email_evidence: Mapped[bytes | None]
    phone_evidence: Mapped[bytes | None]
    given_at: Mapped[datetime]


class FormerConsent(ConsentEvidence, Base):
    """What a consent was before she agreed anew, to one more way, as it was kept then."""

    __tablename__ = "former_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), index=True)
    channels: Mapped[tuple[str, ...]] = mapped_column(Words)
    replaced_at: Mapped[datetime]


class Consent(ConsentEvidence, Base):
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
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]

    @property
    def language(self) -> str:
        """The code of the language in which she agreed."""
        return find_wording_language(self.wording_version)

    channels: Mapped[list[ConsentChannel]] = relationship(order_by=ConsentChannel.channel)
    former: Mapped[list[FormerConsent]] = relationship(order_by=FormerConsent.id, viewonly=True)
