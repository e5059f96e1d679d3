"""What a table holds as a code has a name that can be translated."""

from enum import StrEnum

import pytest

from leadgen.letters import kinds
from leadgen.models import (
    About,
    Channel,
    Credential,
    Disposition,
    Education,
    EndpointKind,
    EndpointState,
    Format,
    Result,
    SchoolStatus,
    State,
    Takes,
)
from leadgen.web.names import NAMES

SHOWN = [
    About,
    Channel,
    Credential,
    Disposition,
    Education,
    EndpointKind,
    EndpointState,
    Format,
    Result,
    SchoolStatus,
    State,
    Takes,
]


@pytest.mark.parametrize("codes", SHOWN, ids=lambda codes: str(codes.__name__))
def test_every_code_has_a_name(codes: type[StrEnum]) -> None:
    assert set(codes) <= set(NAMES)


def test_every_kind_of_letter_has_a_name() -> None:
    codes = {code for name, code in vars(kinds).items() if name.isupper() and name not in ("TOO_OLD", "FULL")}
    assert codes <= set(NAMES)


def test_in_english_a_name_is_the_code_with_blanks() -> None:
    assert [name for code, name in NAMES.items() if name != code.replace("_", " ")] == []
