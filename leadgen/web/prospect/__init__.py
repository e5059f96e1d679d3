"""The door for prospects: pages to read, the inquiry, and her request."""

from flask import Flask

from leadgen.web.prospect import pages


def register(app: Flask) -> None:
    """Hang the blueprints for prospects on the app."""
    app.register_blueprint(pages.bp)
