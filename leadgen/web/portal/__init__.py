"""The door for schools: their inbox and their leads. Every route is for a school's own users only."""

from flask import Flask

from leadgen.web.portal import inbox, lead, people, receiving, words
from leadgen.web.portal.blueprint import bp

__all__ = ["inbox", "lead", "people", "receiving", "register", "words"]


def register(app: Flask) -> None:
    """Hang the portal on the app; importing its modules above put the views on the blueprint."""
    app.register_blueprint(bp)
    words.register(app)
