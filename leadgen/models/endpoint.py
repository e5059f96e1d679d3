"""An endpoint: where and how one school receives."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type


class EndpointKind(StrEnum):
    email = "email"
    webhook = "webhook"
    form_post = "form_post"
    portal = "portal"
    batch = "batch"


class EndpointState(StrEnum):
    testing = "testing"
    live = "live"
    paused = "paused"
    broken = "broken"


class Takes(StrEnum):
    """What is sent there: leads and notices, or notices alone (a mail box beside a form_post endpoint)."""

    leads = "leads"
    everything = "everything"
    notices = "notices"


class Signature(StrEnum):
    """How a webhook is signed: with a secret that both sides know (``v1``), or with a key pair (``v1a``)."""

    hmac = "hmac"
    ed25519 = "ed25519"


_IS_RETIRED = text("retired_at IS NOT NULL")


class Endpoint(Base):
    """One address of one school. Its secrets are sealed under the newest encryption key. ``link_only``: letters there
    name nobody, and lead to the portal; ``language`` is that of letters there.

    ``public_key`` belongs to ``secret_sealed`` where that is the private half of a pair; the school checks with it.
    ``posting`` is the map of a form post (delivery.posting.model), ``posting_sealed`` the secrets that it names."""

    __tablename__ = "endpoint"
    __table_args__ = (
        UniqueConstraint("id", "school_id"),
        UniqueConstraint("school_id", "kind", "takes"),
        CheckConstraint("kind = 'portal' OR address IS NOT NULL", name="address"),
        # the schools that lost all of theirs: matching.room
        Index("ix_endpoint_retired", "school_id", "takes", sqlite_where=_IS_RETIRED, postgresql_where=_IS_RETIRED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    position: Mapped[int] = mapped_column(default=1)
    kind: Mapped[EndpointKind] = mapped_column(enum_type(EndpointKind))
    takes: Mapped[Takes] = mapped_column(enum_type(Takes), default=Takes.everything)
    address: Mapped[str | None]
    secret_sealed: Mapped[bytes | None]
    old_secret_sealed: Mapped[bytes | None]
    public_key: Mapped[str | None]
    posting: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    posting_sealed: Mapped[bytes | None]
    state: Mapped[EndpointState] = mapped_column(enum_type(EndpointState), default=EndpointState.live)
    broken_reason: Mapped[str | None]
    dedupes: Mapped[bool] = mapped_column(default=False)
    conflict_means_received: Mapped[bool] = mapped_column(default=False)
    link_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    added_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    retired_at: Mapped[datetime | None]

    @property
    def drops_repeats(self) -> bool:
        """Whether what nobody can know may be sent there again by itself. Never a daily file, whatever was noted of it:
        rows that go again are in another file, under another name, which nobody there can tell from news."""
        return self.dedupes and self.kind is not EndpointKind.batch

    @property
    def signature(self) -> Signature:
        """How it signs from now on; what an older secret signs beside it may be of the other kind."""
        return Signature.ed25519 if self.public_key else Signature.hmac
