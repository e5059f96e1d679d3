"""Everything that people read on a page can be translated."""

from pathlib import Path

import pytest

from tests.words.visible import find_unmarked

TEMPLATES = Path("templates")
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "letters" not in path.parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_word_of_a_page_is_marked_for_translation(path: Path) -> None:
    unmarked = find_unmarked(path.read_text())
    assert not unmarked, "\n".join(
        f"{path}:{line}: mark {words!r} with _('…') or {{% trans %}}" for line, words in unmarked
    )
