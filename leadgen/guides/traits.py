"""What the work is like, in the few words by which programs are told apart."""

from dataclasses import dataclass
from enum import StrEnum

from leadgen.guides.shape import STRICT


class Patients(StrEnum):
    """How much of the day is spent with patients."""

    most = "most"
    some = "some"
    few = "few"


class Hours(StrEnum):
    """When the work is: mostly weekdays, or around the clock in turns."""

    day = "day"
    shifts = "shifts"


class Posture(StrEnum):
    """How the work is done: mostly at a desk, some of each, or mostly standing and walking."""

    desk = "desk"
    both = "both"
    feet = "feet"


@dataclass(frozen=True)
class Traits:
    """``blood``: whether blood, needles or open wounds belong to it."""

    __pydantic_config__ = STRICT

    patients: Patients
    blood: bool
    hours: Hours
    posture: Posture
