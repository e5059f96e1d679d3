"""Gathers every marked word into the catalogue that translators start from: `make messages`."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "leadgen" / "translations" / "messages.pot"
# neither a date nor a version: the file changes with the words alone
HEADER = """\
# Words of leadgen, as they stand in the code. `make messages` writes this file.
msgid ""
msgstr ""
"Project-Id-Version: leadgen\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
METHODS = [("leadgen/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
OPTIONS = {"templates/**": {"extensions": "jinja2.ext.do", "silent": "false", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "N_": None, "say": None, "ngettext": (1, 2)}


def gather(root: Path = ROOT) -> str:
    """The catalogue of what is marked now: each word once, in the order of the words, with the files it stands in."""
    catalog = Catalog(charset="utf-8")
    for file, message in sorted(_extract(root), key=lambda found: found[0]):
        catalog.add(message, locations=[(file, 0)])
    written = io.BytesIO()
    write_po(written, catalog, width=120, sort_output=True, omit_header=True, include_lineno=False)
    return HEADER + written.getvalue().decode()


def _extract(root: Path) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for folder in ("leadgen", "templates"):
        methods = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS if folder in pattern]
        options = {pattern: OPTIONS["templates/**"] for pattern, method in methods if method == "jinja2"}
        found = extract_from_dir(root / folder, methods, options, KEYWORDS)
        for file, _line, message, _comments, _context in found:
            yield f"{folder}/{file}", message


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(exist_ok=True)
    CATALOGUE.write_text(gather())
