"""An inquiry: one sent submission, without the person's name."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leadgen.models.base import Base
from leadgen.models.choice import Choice
from leadgen.models.consent import Consent
from leadgen.models.contact import Contact
from leadgen.models.lead import Lead

_IS_DEMO = text("demo")


class Inquiry(Base):
    """Criteria, reference, and the hash of the one-use form token that made it."""

    __tablename__ = "inquiry"
    __table_args__ = (
        # all of them, those of a state, those of a program: review.inquiries
        Index("ix_inquiry_received_at", "received_at"),
        Index("ix_inquiry_state_received_at", "state", "received_at"),
        Index("ix_inquiry_program_received_at", "program", "received_at"),
        # whether there is demo data: web.demo, every few seconds
        Index("ix_inquiry_demo", "id", sqlite_where=_IS_DEMO, postgresql_where=_IS_DEMO),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    form_token_hash: Mapped[bytes] = mapped_column(unique=True)
    program: Mapped[str]
    program_title: Mapped[str]
    criteria: Mapped[dict[str, Any]]
    zip: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    directory_version_id: Mapped[int | None]
    flags: Mapped[list[str]]
    received_at: Mapped[datetime]
    # made by `leadgen demo seed`, marked on every page, and gone with `leadgen demo clear`
    demo: Mapped[bool] = mapped_column(default=False, server_default=false())

    # her browser said that her data may not be sold (Global Privacy Control); nothing is sold in any case
    opted_out_of_sale: Mapped[bool] = mapped_column(default=False, server_default=false())

    contact: Mapped[Contact] = relationship(uselist=False)
    choices: Mapped[list[Choice]] = relationship(order_by=Choice.rank)
    consents: Mapped[list[Consent]] = relationship(order_by=Consent.id)
    leads: Mapped[list[Lead]] = relationship(order_by=Lead.id)
