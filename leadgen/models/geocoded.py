"""What a geocoder answered about the address of a campus: asked once, remembered, so that a run can go on later."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leadgen.models.base import Base, enum_type


class GeocoderName(StrEnum):
    """Who is asked."""

    nominatim = "nominatim"
    census = "census"


class GeocodedAs(StrEnum):
    """What came of it: ``far`` is a point too far from the campus's ZIP code to be believed."""

    street = "street"
    unknown = "unknown"
    far = "far"


class Geocoded(Base):
    """``asked`` is the address as it was asked: another one is asked anew. Degrees, and miles from the ZIP code."""

    __tablename__ = "geocoded"
    __table_args__ = (UniqueConstraint("campus_id", "source", "asked"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campus_id: Mapped[int] = mapped_column(ForeignKey("campus.id"))
    source: Mapped[GeocoderName] = mapped_column(enum_type(GeocoderName))
    asked: Mapped[str]
    came_to: Mapped[GeocodedAs] = mapped_column(enum_type(GeocodedAs))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    miles_from_zip: Mapped[float | None]
    asked_at: Mapped[datetime]
