"""Shows kept pages in a browser, as they travelled; what they ask for besides comes from the app itself."""

from urllib.parse import urlsplit

from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, Request, Route

from tests.sights.album import Album, Sight

SITE = "http://127.0.0.1:8000"


class Showing:
    """One browser page that shows one kept page after the other, without a server. ``complaints`` are the browser's."""

    def __init__(self, context: BrowserContext, album: Album) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self._client = FlaskClient(album.app)  # sheets and scripts have one address in all languages
        self._sight: Sight | None = None
        self.page.on("console", lambda told: self._hear(told.type, told.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        context.route("**/*", self._answer)

    def show(self, sight: Sight) -> None:
        """Open a page as if it had just been answered."""
        self._sight, self.complaints = sight, []
        self.page.goto(SITE + sight.path, wait_until="load")

    def _answer(self, route: Route, request: Request) -> None:
        sight, parts = self._sight, urlsplit(request.url)
        assert sight is not None
        if request.is_navigation_request():
            route.fulfill(status=sight.status, headers=sight.headers, body=sight.body)
        elif f"{parts.scheme}://{parts.netloc}" != SITE:
            self.complaints.append(f"asked {parts.netloc}")
            route.abort()
        elif request.resource_type == "fetch":
            route.fulfill(status=204)  # what a page keeps fresh while somebody looks at it stays as it was
        else:
            found = self._client.get(f"{parts.path}?{parts.query}")
            route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.data)

    def _hear(self, kind: str, text: str) -> None:
        # a page answered with 4xx or 5xx is read like any other; Chromium notes it as an error
        if kind in ("error", "warning") and "responded with a status of" not in text:
            self.complaints.append(text)
