"""The door for prospects: pages to read, the inquiry, and her request."""

from flask import Flask

from leadgen.web.prospect import (
    asking,
    check,
    compare,
    compare_schools,
    details,
    figures,
    found,
    later,
    local,
    meant_email,
    narrow,
    own_change,
    own_data,
    own_door,
    own_ways,
    pages,
    request_page,
    schools,
    sent,
    start,
    steps,
    under_way,
    which,
)

# the modules whose views hang on the blueprint of pages to read, and on the inquiry's
READING = (compare, found, local, which)
INQUIRY = (start, steps, schools, compare_schools, narrow, details, check, meant_email, later, sent)

# those whose views hang on her request's
REQUEST = (own_change, own_data, own_door, own_ways)


def register(app: Flask) -> None:
    """Hang the blueprints for prospects on the app."""
    figures.register(app)
    app.register_blueprint(pages.bp)
    app.register_blueprint(under_way.bp)
    app.register_blueprint(request_page.bp)
    app.register_blueprint(asking.bp)
