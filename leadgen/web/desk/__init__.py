"""The door for staff: the worklist, inquiries, schools. Every route is for staff only."""

from flask import Flask

from leadgen.web.desk import (
    api_keys,
    ask,
    bulk,
    carry,
    claims,
    decide,
    demand,
    erase,
    funnel,
    inquiry,
    jobs,
    keys,
    people,
    proof,
    relate,
    returns,
    search,
    set_aside,
    suppress,
    views,
    what_if,
    why_not,
    words,
    worklist,
)
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms import views as rooms
from leadgen.web.desk.rooms import words as rooms_words

__all__ = [
    "api_keys",
    "ask",
    "bulk",
    "carry",
    "claims",
    "decide",
    "demand",
    "erase",
    "funnel",
    "inquiry",
    "jobs",
    "keys",
    "people",
    "proof",
    "register",
    "relate",
    "returns",
    "rooms",
    "search",
    "set_aside",
    "suppress",
    "views",
    "what_if",
    "why_not",
    "words",
    "worklist",
]


def register(app: Flask) -> None:
    """Hang the desk on the app; importing its modules above put the views on the blueprint."""
    app.register_blueprint(bp)
    words.register(app)
    claims.register(app)
    rooms_words.register(app)
