"""The door for schools: their inbox and their leads. Every route is for a school's own users only, but the pages behind
the buttons in a lead's letter, which are for whoever has the letter."""

from flask import Flask

from leadgen.web.portal import api_keys, inbox, lead, people, proof, receiving, reply, words
from leadgen.web.portal.blueprint import bp

__all__ = ["api_keys", "inbox", "lead", "people", "proof", "receiving", "register", "reply", "words"]


def register(app: Flask) -> None:
    """Hang the portal on the app; importing its modules above put the views on the blueprint."""
    app.register_blueprint(bp)
    app.register_blueprint(reply.bp)
    words.register(app)
