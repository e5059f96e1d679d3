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


LENGTHS = {
    AwardLevel.under_12_weeks: "under 12 weeks",
    AwardLevel.under_1_year: "12 weeks to 1 year",
    AwardLevel.under_2_years: "1 to 2 years",
    AwardLevel.associate: "2 years or more",
    AwardLevel.under_4_years: "2 to 4 years",
}
