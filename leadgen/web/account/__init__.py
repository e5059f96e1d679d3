"""The door to an account: signing in and out, and what a user changes about the own account."""

from flask import Flask

from leadgen.web.account import app_codes, confirm, invitation, overview, passkeys, password, second_step, sign_in
from leadgen.web.account.blueprint import bp
from leadgen.web.account.challenge import find_own_site
from leadgen.web.browser_name import word_browser

__all__ = [
    "app_codes",
    "confirm",
    "invitation",
    "overview",
    "passkeys",
    "password",
    "register",
    "second_step",
    "sign_in",
]


def register(app: Flask) -> None:
    """Hang the account's pages on the app; importing its modules above put the views on the blueprint."""
    app.register_blueprint(bp)
    app.add_template_global(lambda: find_own_site().host, "passkey_host")
    app.add_template_filter(word_browser, "browser")
