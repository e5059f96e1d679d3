"""The door for other systems: what machines read, under ``/api/v1``. Schools' own systems ask by a key."""

from flask import Flask

from leadgen.web.api import feed, openapi, schemas, school
from leadgen.web.api.blueprint import bp

__all__ = ["feed", "openapi", "register", "schemas", "school"]


def register(app: Flask) -> None:
    """Hang the door on the app; importing its modules above put the views on the blueprint."""
    app.register_blueprint(bp)
