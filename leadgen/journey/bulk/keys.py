"""Keys of lines and of items, like ``delivery:12``."""

from collections.abc import Sequence

MOST_DIGITS = 10


def read_ids(keys: Sequence[str], kind: str) -> list[int]:
    """The numbers of the keys of one kind, in order. Whatever is no such key is passed over."""
    pairs = (key.partition(":") for key in keys)
    return [int(number) for name, _, number in pairs if name == kind and _is_number(number)]


def _is_number(text: str) -> bool:
    # a small raised two is a digit, and no number
    return text.isascii() and text.isdigit() and len(text) < MOST_DIGITS


def read_key(key: str) -> tuple[str, int]:
    """The kind and the number of an item's key."""
    kind, _, number = key.partition(":")
    return kind, int(number)
