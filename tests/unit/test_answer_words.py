"""Every sentence that a carrier notes can be put into another language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadgen.web.desk.answer_words import SENTENCES, word_answer

DELIVERY = Path("leadgen/delivery")
WHERE = [*(DELIVERY / "carriers").glob("*.py"), *(DELIVERY / "batch").glob("*.py"), DELIVERY / "dispatch.py"]
NAMED = re.compile(r"^([A-Z][A-Z_]+) = \"(.+)\"$", re.MULTILINE)
CONSTANTS = {name: words for path in WHERE for name, words in NAMED.findall(path.read_text())}
ERRORS = {"DefiniteNo", "PermanentNo", "Misconfigured", "Unknown"}


def read_sentences() -> Iterator[str]:
    """What the errors are made with; `7` where something is filled in."""
    for path in WHERE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
                yield from _read_string(node.args[0])


def _read_string(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.BoolOp):
        yield from _read_string(node.values[-1])
    if isinstance(node, ast.Name) and node.id in CONSTANTS:
        yield CONSTANTS[node.id]
    if isinstance(node, ast.Constant):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "7" for part in node.values]
        # the refusal of a mail relay is filled into the middle: each is a sentence of its own
        yield "".join(map(str, parts)).replace(" relay 7 (7)", " relay refused the letter (7)")


@pytest.mark.parametrize("sentence", sorted(set(read_sentences())))
def test_a_sentence_of_a_carrier_is_known_to_the_desk(sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadgen.web.desk.answer_words.gettext", lambda words, **facts: f"known: {words % facts}")
    assert word_answer(sentence) == f"known: {sentence}", f"add {sentence!r} to SENTENCES in answer_words.py"


def test_there_are_carriers_to_read() -> None:
    assert len(set(read_sentences())) > len(SENTENCES) / 2


def test_a_server_s_own_words_stay_as_they_are() -> None:
    assert word_answer("552 5.2.2 Mailbox full") == "552 5.2.2 Mailbox full"
