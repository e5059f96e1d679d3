"""The award levels of the federal files (IPEDS, from 2020 on) that our programs end with."""

from enum import IntEnum

from leadgen.models.offering import Credential


class AwardLevel(IntEnum):
    """By the code that NCES gives them."""

    under_12_weeks = 20
    under_1_year = 21
    under_2_years = 2
    associate = 3
    under_4_years = 4

    @property
    def credential(self) -> Credential:
        return Credential.associate if self is AwardLevel.associate else Credential.certificate

    @property
    def length(self) -> str:
        """The band of length that the level stands for, of study full time."""
        return LENGTHS[self]

    @property
    def months(self) -> tuple[int, int | None]:
        """The least and the most months of that band; None where it has no end."""
        return MONTHS[self]


LENGTHS = {
    AwardLevel.under_12_weeks: "under 12 weeks",
    AwardLevel.under_1_year: "12 weeks to 1 year",
    AwardLevel.under_2_years: "1 to 2 years",
    AwardLevel.associate: "2 years or more",
    AwardLevel.under_4_years: "2 to 4 years",
}
MONTHS: dict[AwardLevel, tuple[int, int | None]] = {
    AwardLevel.under_12_weeks: (0, 3),
    AwardLevel.under_1_year: (3, 12),
    AwardLevel.under_2_years: (12, 24),
    AwardLevel.associate: (24, None),
    AwardLevel.under_4_years: (24, 48),
}
