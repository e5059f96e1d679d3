"""The words of a page as it was kept, line by line: what a person reads, without the page around it."""

from html.parser import HTMLParser

# what says nothing, or not to somebody who reads a page
SILENT = {"head", "style", "script", "svg", "nav", "header", "footer"}
# what stands in a line of its own
APART = {"p", "div", "section", "li", "dt", "dd", "tr", "h1", "h2", "h3", "h4", "legend", "label", "option", "button"}


def list_lines(page: str) -> list[str]:
    """The lines of a page (HTML) in their order, those that are empty left out."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.read).split("\n"))
    return [line for line in lines if line]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # lines of the source are not lines of the page
            self.read.append(data.replace("\n", " "))

    def _part(self, tag: str) -> None:
        self.read.append("\n" if tag in APART or tag == "br" else " ")
