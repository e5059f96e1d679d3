"""The doors for people and machines. Audiences do not import each other."""

from flask import Flask

from leadgen.web import (
    access,
    account,
    assets,
    demo,
    desk,
    errors,
    health,
    moments,
    page,
    phones,
    portal,
    prospect,
    request_limits,
    security_headers,
    signed_in,
    transaction,
    translate,
)

# request_limits comes first: the addresses of the others use its kind of number
PARTS = (
    request_limits,
    access,
    account,
    assets,
    demo,
    desk,
    errors,
    health,
    moments,
    page,
    phones,
    portal,
    prospect,
    security_headers,
    signed_in,
    transaction,
    translate,
)


def register(app: Flask) -> None:
    """Hang every blueprint and every cross-cutting rule on the app."""
    for part in PARTS:
        part.register(app)
