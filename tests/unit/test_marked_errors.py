"""What an error says to a person can be translated: stages say it with `say`, and pages show it with `say_error`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path("leadgen")
# the errors whose words are shown on pages
SHOWN = {
    "AccountError",
    "AmbiguousTown",
    "CellError",
    "ClaimedError",
    "DispositionError",
    "InUseError",
    "LinkEndedError",
    "LinkError",
    "MapError",
    "MalformedZip",
    "MissingReasonError",
    "NotADayError",
    "NotTestedError",
    "NotThereError",
    "NothingToUndoError",
    "NowhereNear",
    "PathError",
    "ReleaseError",
    "ResolveError",
    "StandsAlreadyError",
    "TemplateError",
    "TrialError",
    "UnknownTown",
    "UnknownZip",
    "ValidationError",
    "ViewError",
}
# what is read from the federal files is told to whoever runs the command
NOT_SHOWN = {ROOT / "directory" / "ipeds", ROOT / "cli", ROOT / "demo"}
# and those that they are caught by
SHOWN_CAUGHT = SHOWN | {"ZipError"}
FILES = [path for path in sorted(ROOT.rglob("*.py")) if not NOT_SHOWN & set(path.parents)]
PAGES = [path for path in FILES if ROOT / "web" in path.parents]
WRITES = {"str", "gettext", "flash", "render_template"}


def test_no_error_that_is_shown_says_unmarked_words() -> None:
    unmarked = [(path, *found) for path in FILES for found in _list_unmarked(path.read_text())]
    assert not unmarked, "\n".join(f"{path}:{line}: say({words}, …)" for path, line, words in unmarked)


def test_pages_show_what_an_error_says_in_the_language_of_the_reader() -> None:
    shown = [(path, line) for path in PAGES for line in _list_shown_as_it_is(path.read_text())]
    assert not shown, "\n".join(f"{path}:{line}: say_error(…)" for path, line in shown)


@pytest.mark.parametrize(
    "raised",
    [
        'raise ReleaseError("No.")',
        'raise ReleaseError(f"No, {who}.")',
        'raise ReleaseError("No, " + who)',
        'raise ReleaseError("No." if first else say("Again."))',
        'return UnknownTown(f"No {town}", [])',
        'raise verdicts.ReleaseError("No.")',
    ],
)
def test_unmarked_words_of_an_error_are_found(raised: str) -> None:
    assert list(_list_unmarked(f"def refuse():\n    {raised}\n"))


@pytest.mark.parametrize("raised", ['raise ReleaseError(say("No."))', "raise ReleaseError(words)", "raise NoRoomError"])
def test_marked_words_and_words_from_elsewhere_pass(raised: str) -> None:
    assert not list(_list_unmarked(f"def refuse():\n    {raised}\n"))


@pytest.mark.parametrize(
    "shown", ["flash(str(why))", 'gettext("%(why)s Again.", why=why)', 'f"{why} Again."', "flash(why)"]
)
def test_an_error_that_a_page_shows_in_english_is_found(shown: str) -> None:
    tried = f"try:\n    release()\nexcept (LookupError, ReleaseError) as why:\n    {shown}\n"
    assert list(_list_shown_as_it_is(tried)) == [4]
    assert not list(_list_shown_as_it_is(tried.replace("ReleaseError", "KeyError")))


def _list_shown_as_it_is(source: str) -> Iterator[int]:
    """The lines on which an error that was caught is written as it is."""
    for handler in ast.walk(ast.parse(source)):
        if not isinstance(handler, ast.ExceptHandler) or not handler.name or not handler.type:
            continue
        if SHOWN_CAUGHT & {_name(each) for each in ast.walk(handler.type) if isinstance(each, ast.expr)}:
            yield from (node.lineno for node in ast.walk(handler) if _writes(node, handler.name))


def _writes(node: ast.AST, error: str) -> bool:
    if isinstance(node, ast.FormattedValue):
        return _name(node.value) == error
    if not isinstance(node, ast.Call) or _name(node.func) not in WRITES:
        return False
    return error in map(_name, [*node.args, *(each.value for each in node.keywords)])


def _list_unmarked(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in SHOWN:
            for words in (found for each in node.args[:1] for found in _find_literals(each)):
                yield words.lineno, ast.unparse(words)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _find_literals(given: ast.expr) -> Iterator[ast.expr]:
    """The strings that an argument may come to, without those that are an argument themselves."""
    if isinstance(given, ast.JoinedStr) or (
        isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value
    ):
        yield given
    elif isinstance(given, ast.IfExp):
        yield from [*_find_literals(given.body), *_find_literals(given.orelse)]
    elif isinstance(given, ast.BinOp):
        yield from [*_find_literals(given.left), *_find_literals(given.right)]
    elif isinstance(given, ast.BoolOp):
        yield from [found for each in given.values for found in _find_literals(each)]
