"""Lists in pages: which page was asked for, and how many there are."""

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True)
class Page:
    """One page of a list of ``total`` items, ``size`` to a page. Pages count from 1."""

    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def read_page(total: int, size: int) -> Page:
    """The page named by ``?page=``; the nearest there is where that one is not."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    last = max(1, -(-total // size))
    return Page(min(max(number, 1), last), size, total)
