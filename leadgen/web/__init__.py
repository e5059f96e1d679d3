"""The doors for people and machines. Audiences do not import each other."""

from flask import Flask

from leadgen.web import access, assets, errors, health, page, prospect, security_headers, transaction


def register(app: Flask) -> None:
    """Hang every blueprint and every cross-cutting rule on the app."""
    for part in (access, assets, errors, health, page, prospect, security_headers, transaction):
        part.register(app)
