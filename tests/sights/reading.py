"""What anybody may read, and what is shown when something went wrong."""

from leadgen.guides.loader import list_programs
from tests.sights.album import Album
from tests.sights.town import ERRORS
from tests.web.visitor import PROGRAM, Visitor

READ = {
    "home": "/",
    "programs": "/programs",
    **{f"guide-{each.slug}": f"/programs/{each.slug}" for each in list_programs()},
    "guide-for-certification": f"/programs/{PROGRAM}?certification=CCS",
    "local": f"/programs/{PROGRAM}/illinois",
    "compare-programs": "/programs/compare",
    "compared-programs": "/programs/compare?program=phlebotomy&program=practical-nursing&program=medical-assistant",
    "which": "/programs/which",
    "which-suits": "/programs/which?patients=few&no_blood=yes&posture=desk&months=12",
    "which-none": "/programs/which?patients=many&no_blood=yes&posture=desk&months=1",
    "how-it-works": "/how-it-works",
    "who-pays": "/who-pays",
    "your-data": "/your-data",
}


def read(album: Album, reader: Visitor) -> None:
    """Every page that is the same for everybody, and every error's page."""
    for name, path in READ.items():
        album.keep(name, reader.get(path))
    album.keep("not-found", reader.get("/nowhere"), 404)
    for status in ERRORS:
        album.keep(f"error-{status}", reader.get(f"/fail/{status}"), status)
    album.keep("error-429-by-the-hour", reader.get("/fail/by-the-hour"), 429)
    album.keep("busy", reader.post("/fail/busy", {"zip": "60601"}), 503)
    album.keep("busy-reading", reader.get("/fail/busy"), 503)
    album.app.config["WTF_CSRF_ENABLED"] = True
    album.keep("stale", reader.post("/inquiry/goals", {"program": PROGRAM}), 400)
    album.app.config["WTF_CSRF_ENABLED"] = False
