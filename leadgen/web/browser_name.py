"""What browser it is, in a few words that its user knows it by."""

from leadgen.marks import N_
from leadgen.web.translate import gettext

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
SOME_BROWSER = N_("A browser")


def name_browser(user_agent: str) -> str:
    """Like ``Firefox on Linux``. Only words of ours: what the browser says of itself may be anything."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), SOME_BROWSER)
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def word_browser(name: str) -> str:
    """What `name_browser` made, in the language of whoever reads it now."""
    browser, _, system = name.partition(" on ")
    browser = gettext(browser) if browser == SOME_BROWSER else browser
    return gettext("%(browser)s on %(system)s", browser=browser, system=system) if system else browser
