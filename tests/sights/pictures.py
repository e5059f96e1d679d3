"""Pictures of pages for docs/screenshots, taken of the very sights that are looked at for faults."""

import base64
import re

from leadgen.config import ROOT
from tests.sights.album import Album
from tests.sights.showing import Showing

FOLDER = ROOT / "docs" / "screenshots" / "pages"
SIZES = ((390, 844), (1280, 900))
# one guide stands for all; what differs in a row alone would be the same picture again
ALIKE = re.compile(r"guide-(?!medical-billing|for-)|desk-endpoint-(?!webhook)|desk-inquiry-(claimed|sending|pending)$")
# of each other language what is read most: the rest looks the same with longer words
MOST_READ = {
    "home",
    "guide-medical-billing-and-coding",
    "place",
    "schools",
    "compare-schools",
    "details-error",
    "check",
    "request",
    "own",
    "desk",
    "desk-inquiry-held",
    "desk-school",
    "portal-inbox",
    "portal-lead",
}
QUALITY = 40


def take_pictures(showing: Showing, album: Album) -> None:
    """Every page in every state in English, and the most read in other languages, as each first meets the eye: at both
    widths, into a folder for each language."""
    folder = FOLDER / album.language
    folder.mkdir(parents=True, exist_ok=True)
    line = showing.page.context.new_cdp_session(showing.page)
    showing.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for name, sight in album.sights.items():
        if ALIKE.match(name) or (album.language != "en" and name not in MOST_READ):
            continue
        showing.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        showing.show(sight)
        for width, height in SIZES:
            showing.page.set_viewport_size({"width": width, "height": height})
            taken = line.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
            (folder / f"{name}-{width}.webp").write_bytes(base64.b64decode(taken["data"]))
