"""The ceiling of the last post as a server: gunicorn with the product's options, Flask, and Core inserts.

``python -m tests.benchmarks.bare_server PORT`` with the product's settings in the environment.
"""

import sys

from flask import Flask, redirect
from gunicorn.app.base import BaseApplication
from sqlalchemy import create_engine
from werkzeug.wrappers import Response

from leadgen.cli.processes import make_gunicorn_options
from leadgen.config import Settings, read_settings
from leadgen.core import create_core, db
from tests.benchmarks.bare_rows import read_template, write_copy

PATH = "/bare"


class BareServer(BaseApplication):  # type: ignore[misc]
    """gunicorn as `leadgen web` runs it."""

    def __init__(self, settings: Settings, port: int) -> None:
        self._settings, self._port = settings, port
        super().__init__()

    def load_config(self) -> None:
        for name, value in make_gunicorn_options(self._settings, "127.0.0.1", self._port).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return make_bare_app(self._settings)


def make_bare_app(settings: Settings) -> Flask:
    """One route that writes the rows of an inquiry in one transaction, with the product's own engine settings."""
    app = create_core(settings)
    reading = create_engine(settings.database_url)
    template = read_template(reading)
    reading.dispose()

    @app.get("/")
    def answer() -> str:
        return "ready"

    @app.post(PATH)
    def write() -> Response:
        with db.engine.begin() as connection:
            write_copy(connection, template)
        return redirect("/inquiry/sent/bare", 303)

    return app


if __name__ == "__main__":
    BareServer(read_settings(), int(sys.argv[1])).run()
