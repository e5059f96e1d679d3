"""The door for prospects: pages to read, the inquiry, and her request."""

from flask import Flask

from leadgen.web.prospect import (
    asking,
    check,
    details,
    narrow,
    pages,
    request_page,
    schools,
    sent,
    start,
    steps,
    under_way,
)

# the modules whose views hang on the inquiry's blueprint
INQUIRY = (start, steps, schools, narrow, details, check, sent)


def register(app: Flask) -> None:
    """Hang the blueprints for prospects on the app."""
    app.register_blueprint(pages.bp)
    app.register_blueprint(under_way.bp)
    app.register_blueprint(request_page.bp)
    app.register_blueprint(asking.bp)
