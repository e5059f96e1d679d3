"""Which faults of a database pass by themselves, so that what she typed is kept and may be sent again."""

import pytest
from sqlalchemy.exc import OperationalError

from leadgen.database import is_busy


@pytest.mark.parametrize(
    ("message", "busy"),
    [
        ("database is locked", True),
        ("canceling statement due to lock timeout", True),
        ("deadlock detected", True),
        ("no such table: school", False),
    ],
)
def test_fault_that_passes_is_told_from_one_that_stays(message: str, busy: bool) -> None:
    assert is_busy(OperationalError("SELECT 1", {}, Exception(message))) is busy
