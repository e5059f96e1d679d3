"""The doors for people and machines. Audiences do not import each other."""

from flask import Flask

from leadgen.web import (
    access,
    account,
    api,
    assets,
    bearer,
    demo,
    desk,
    errors,
    health,
    hooks,
    language,
    moments,
    page,
    phones,
    portal,
    program_title,
    prospect,
    request_limits,
    retold,
    security_headers,
    sheet,
    signed_in,
    transaction,
    translate,
)

# request_limits comes first: the addresses of the others use its kind of number
PARTS = (
    request_limits,
    access,
    account,
    api,
    assets,
    bearer,
    demo,
    desk,
    errors,
    health,
    hooks,
    language,
    moments,
    page,
    phones,
    portal,
    program_title,
    prospect,
    retold,
    security_headers,
    sheet,
    signed_in,
    transaction,
    translate,
)


def register(app: Flask) -> None:
    """Hang every blueprint and every cross-cutting rule on the app."""
    for part in PARTS:
        part.register(app)
