"""The door for other systems that report to us."""

from flask import Flask

from leadgen.web.hooks import bounces
from leadgen.web.hooks.blueprint import bp

__all__ = ["bounces", "register"]


def register(app: Flask) -> None:
    """Hang the hooks on the app; importing their modules above put the views on the blueprint."""
    app.register_blueprint(bp)
