"""What a script says stands in the page, where it can be translated."""

import re
from pathlib import Path

import pytest

SCRIPTS = sorted(Path("leadgen/web/static").glob("*.js"))
SAID = re.compile(r"""\.(textContent|innerText|innerHTML|title|placeholder|ariaLabel)\s*=\s*(["'`].*[A-Za-z]{2})""")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_says_nothing_of_its_own(script: Path) -> None:
    own = [line.strip() for line in script.read_text().splitlines() if SAID.search(line)]
    assert not own, "take the words from the page's data-… attributes"
