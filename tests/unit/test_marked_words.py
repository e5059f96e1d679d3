"""Everything that people read on a page can be translated."""

import re
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


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_name_of_a_style_is_marked(path: Path) -> None:
    """A style that was translated would be gone."""
    assert not re.search(r"""(class|id|name|type)="[^"]*\b_\(""", path.read_text())


@pytest.mark.parametrize(
    "shown",
    [
        "{{ line(of, 'of ' ~ subject) }}",
        "{{ act('I told ' ~ school) }}",
        "{% trans how={'portal': 'In our portal'}.get(kind) %}{{ how }}{% endtrans %}",
    ],
)
def test_words_in_a_call_or_beside_a_marked_passage_are_found(shown: str) -> None:
    assert find_unmarked(shown)
