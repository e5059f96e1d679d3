"""Gathers every marked word into the catalogues, the one that translators start from and theirs: `make messages`."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "leadgen" / "translations"
CATALOGUE = TRANSLATIONS / "messages.pot"
SPANISH = TRANSLATIONS / "es" / "LC_MESSAGES" / "messages.po"
# neither a date nor a version: the files change with the words alone
HEADER = """\
# Words of leadgen, as they stand in the code. `make messages` writes this file.
msgid ""
msgstr ""
"Project-Id-Version: leadgen\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
SPANISH_HEADER = """\
# Words of leadgen in Spanish. `make messages` keeps them in step with the code; translators fill in what is empty.
msgid ""
msgstr ""
"Project-Id-Version: leadgen\\n"
"Language: es\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
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
    return write_catalogue(catalog, HEADER)


def keep_in_step(words: str, translated: str) -> str:
    """A translator's catalogue with the words of ``words``: new ones empty, gone ones dropped, none guessed."""
    catalog = read_po(io.StringIO(translated), locale="es")
    catalog.update(read_po(io.StringIO(words)), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return write_catalogue(catalog, SPANISH_HEADER)


def write_catalogue(catalog: Catalog, header: str) -> str:
    """The file of a catalogue, which changes with its words alone."""
    written = io.BytesIO()
    write_po(written, catalog, width=120, sort_output=True, omit_header=True, include_lineno=False)
    return header + written.getvalue().decode()


def _extract(root: Path) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for folder in ("leadgen", "templates"):
        methods = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS if folder in pattern]
        options = {pattern: OPTIONS["templates/**"] for pattern, method in methods if method == "jinja2"}
        found = extract_from_dir(root / folder, methods, options, KEYWORDS)
        for file, _line, message, _comments, _context in found:
            yield f"{folder}/{file}", message


if __name__ == "__main__":
    SPANISH.parent.mkdir(parents=True, exist_ok=True)
    words = gather()
    CATALOGUE.write_text(words)
    SPANISH.write_text(keep_in_step(words, SPANISH.read_text() if SPANISH.exists() else SPANISH_HEADER))
