"""What no request may hold: a zero byte in any text, and a number that no row can have."""

from itertools import chain

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

HIGHEST_NUMBER = 2**31 - 1  # of an INTEGER in PostgreSQL


class RowNumber(IntegerConverter):
    """The number of a row in an address. A higher one than any database counts to is answered with 404."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **({"max": HIGHEST_NUMBER} | options))  # type: ignore[arg-type]


def register(app: Flask) -> None:
    """Let every ``<int:…>`` in an address be the number of a row, and refuse texts with a zero byte."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_zero_bytes)


def _refuse_zero_bytes() -> None:
    """PostgreSQL holds no text with a zero byte, and nobody types one: 400, instead of a fault deep inside."""
    sent = (request.args.items(multi=True), request.form.items(multi=True))
    if "\0" in request.path or any("\0" in name + value for name, value in chain.from_iterable(sent)):
        abort(400)
