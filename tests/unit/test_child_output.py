"""What of a child's output a person is shown."""

import pytest

from leadgen.local.output import pick


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"event": "request", "level": "info", "status": 200}', ""),
        ('{"event": "nudge.lost", "level": "warning", "row": 7, "timestamp": "now"}', "nudge.lost row=7"),
        ("[2027-01-01 10:00:00 +0000] [12] [ERROR] Worker failed to boot", None),
        ("WARNING celery.worker: connection lost", None),
        ('  File "x.py", line 1, in main', ""),
        ("ValueError: a key is damaged", None),
        ("sqlalchemy.exc.OperationalError: locked", None),
        ("everything as usual", ""),
        ("{not json", ""),
    ],
)
def test_only_what_matters_is_shown(line: str, shown: str | None) -> None:
    assert pick(line) == (line if shown is None else shown)
