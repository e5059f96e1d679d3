"""Global Privacy Control: a browser that sends `Sec-GPC: 1` says that its owner's data may not be sold or shared for
sale. We sell none; that she said so is noted with her request all the same."""

from flask import request

HEADER = "Sec-GPC"


def opts_out_of_sale() -> bool:
    """Whether this request says so. Only `1` does, by the specification."""
    return request.headers.get(HEADER) == "1"
