"""What a course costs, in the parts that its school gives, and which of them it does not give."""

from decimal import Decimal

from leadgen.intake.answers import ShownMatch
from leadgen.web.page import write_money
from leadgen.web.translate import gettext, lazy_gettext

# what is asked for beside the tuition, by the field of a match
EXTRAS = {
    "fees_usd": lazy_gettext("fees"),
    "books_usd": lazy_gettext("books and supplies"),
    "exam_usd": lazy_gettext("exam"),
}


def say_cost(match: ShownMatch) -> str:
    """Like ``$10,450 in all: tuition $9,750, fees $400, exam $300``; the tuition alone where nothing else is given."""
    extras = [(words, getattr(match, name)) for name, words in EXTRAS.items() if getattr(match, name) is not None]
    if match.cost_usd is None:
        return _say_without_tuition(extras)
    if not extras:
        return gettext("%(cost)s in tuition", cost=write_money(match.cost_usd))
    parts = _list_parts([(gettext("tuition"), match.tuition_usd), *extras])
    if len(extras) < len(EXTRAS):
        return gettext("%(cost)s for what is given: %(parts)s", cost=write_money(match.cost_usd), parts=parts)
    return gettext("%(cost)s in all: %(parts)s", cost=write_money(match.cost_usd), parts=parts)


def list_missing(match: ShownMatch) -> list[str]:
    """The parts beside the tuition that the school does not give."""
    return [str(words) for name, words in EXTRAS.items() if getattr(match, name) is None]


def _say_without_tuition(extras: list[tuple[str, str]]) -> str:
    if not extras:
        return gettext("The school has not given a price")
    return gettext("The school has not given its tuition; %(parts)s", parts=_list_parts(extras))


def _list_parts(parts: list[tuple[str, str | None]] | list[tuple[str, str]]) -> str:
    return ", ".join(f"{words} {write_money(Decimal(amount or 0))}" for words, amount in parts)
