"""The cookies that a prospect is given, for the page that says so."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from leadgen.privacy.entry import LIFE
from leadgen.web import language
from leadgen.web.page import write_months
from leadgen.web.prospect import draft_cookie, own_door
from leadgen.web.translate import gettext, ngettext

MONTH = timedelta(days=365) / 12


@dataclass(frozen=True)
class Cookie:
    """A cookie by its name, what it is for, and how long her browser keeps it."""

    name: str
    purpose: str
    kept: str


def list_cookies() -> list[Cookie]:
    """All that there are, in the order in which she meets them."""
    session = gettext("Until you close the browser")
    return [
        Cookie(
            str(current_app.config["SESSION_COOKIE_NAME"]),
            gettext("Keeps other sites from sending our forms in your name, and carries a notice to the next page"),
            session,
        ),
        Cookie(draft_cookie.COOKIE, gettext("Finds your answers while you go from question to question"), session),
        Cookie(
            language.COOKIE,
            gettext("Remembers that you chose English"),
            write_months(timedelta(seconds=language.COOKIE_SECONDS) // MONTH),
        ),
        Cookie(
            own_door.COOKIE,
            gettext("Opens what you gave us, after you pressed the button of a link that we sent to your email"),
            ngettext("%(num)s minute", "%(num)s minutes", LIFE // timedelta(minutes=1)),
        ),
    ]
