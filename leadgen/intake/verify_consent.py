"""Check the proof of a consent. Give it the folder that the ZIP was unpacked into, or the ZIP itself:

    python3 verify.py proof.zip

It needs Python 3.8 or newer and nothing else, asks no server, and says line by line what it checked, in the language
of the consent, or in English with --en and in Spanish with --es. Exit status 0 where all of it holds, 1 where something
does not. leadgen itself hashes by the functions of this file.

Comprueba la prueba de un consentimiento. Basta Python 3.8 o posterior: python3 verify.py --es
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

MARK = re.compile(r"(?=<!--part:[^>]*-->)")
NAME = re.compile(r"<!--part:([^>]*)-->")
SHEET = re.compile(r'<link rel="stylesheet" href="[^"]*">')
KINDS = (".json", ".html", ".css")
START = "0" * 64
ENGLISH, SPANISH = "en", "es"
IN_SPANISH = {
    "The words have the hash kept with the consent": "El texto tiene el hash guardado con el consentimiento",
    "The words name {school}": "El texto nombra a {school}",
    "The wording is one of the language of the consent": "El texto está en el idioma del consentimiento",
    "At least one way to make contact was agreed to": "Se aceptó al menos una forma de comunicarse",
    "{file} has the hash that was kept with the consent": "{file} tiene el hash guardado con el consentimiento",
    "Part {number} of the page ({part}) has its hash": "La parte {number} de la página ({part}) tiene su hash",
    "The parts make up the page whose hash was kept with the consent": (
        "Las partes forman la página cuyo hash se guardó con el consentimiento"
    ),
    "The page as shown carries the very words": "La página, como se mostró, lleva exactamente ese texto",
    "page.html is that page with these style sheets": "page.html es esa página con estas hojas de estilo",
    "Line {number} of the history follows the line before": "La línea {number} del historial sigue a la anterior",
    "The history begins with its first line": "El historial empieza por su primera línea",
    "Line {number} of the history is unaltered": "La línea {number} del historial no fue alterada",
    "The history told the hash of the page when the consent was given": (
        "El historial registró el hash de la página cuando se dio el consentimiento"
    ),
    "holds": "se cumple",
    "BROKEN": "FALLA",
    "Given {at} to {school}, by {ways}, in {spoken}.": "Dado {at} a {school}, por {ways}, en {spoken}.",
    "Withdrawn {at}.": "Retirado {at}.",
    "Not withdrawn when this was made.": "No retirado cuando se hizo esta prueba.",
    "All {number} checks hold.": "Se cumplen las {number} comprobaciones.",
    "{broken} of {number} checks failed.": "Fallaron {broken} de {number} comprobaciones.",
    "This is not a whole proof: {fault}": "Esta prueba no está completa: {fault}",
    "withheld": "omitido",
    "email": "correo electrónico",
    "call": "llamada telefónica",
    "text": "mensaje de texto",
    "English": "inglés",
    "Spanish": "español",
}
NAMES = {ENGLISH: "English", SPANISH: "Spanish"}
# what the last line says to whoever reads the other language
OTHER = {ENGLISH: "En español: python3 verify.py --es", SPANISH: "In English: python3 verify.py --en"}


def split_page(page: str) -> list[tuple[str, str]]:
    """The page in parts, each with its name. Put together again they are the page, byte for byte."""
    parts = [part for part in MARK.split(page) if part]
    return [(found.group(1) if (found := NAME.match(part)) else "page", part) for part in parts]


def hash_part(salt: str, text: str) -> str:
    """SHA-256 of one part under a salt of its own: who lacks the part cannot find it by guessing."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def hash_page(hashes: Iterable[str]) -> str:
    """The hash of a page: SHA-256 over the hashes of its parts in order."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def hash_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_text(page: str) -> str:
    """The words of a page, without its tags, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<!--.*?-->|<[^>]*>", " ", page, flags=re.DOTALL)).split())


def dress_page(page: str, sheets: Iterable[str]) -> str:
    """The page with its style sheets inside, so that a browser shows it as it was without any server."""
    rest = iter(sheets)
    return SHEET.sub(lambda _found: "<style>" + next(rest, "") + "</style>", page)


def hash_line(previous: str, content: list[Any]) -> str:
    """The hash of a line of the history, which covers the line before."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256((previous + canonical).encode()).hexdigest()


def say(language: str, words: str, **facts: object) -> str:
    """``words`` in a language, filled in."""
    return (IN_SPANISH[words] if language == SPANISH else words).format(**facts)


def check(files: dict[str, str], language: str = ENGLISH) -> Iterator[tuple[bool, str]]:
    """Check a proof, given the text of its files by name. Gives (held, sentence) for each thing looked at."""
    for held, words, facts in look(files):
        yield held, say(language, words, **facts)


def look(files: dict[str, str]) -> Iterator[tuple[bool, str, dict[str, object]]]:
    """The words, the page, the history. Gives whether it held, what was looked at, and what fills that in."""
    proof = json.loads(files["proof.json"])
    consent = proof["consent"]
    words, wording = consent["words"], consent["wording_version"]
    yield hash_text(words) == consent["words_sha256"], "The words have the hash kept with the consent", {}
    yield consent["school_name"] in words, "The words name {school}", {"school": consent["school_name"]}
    is_of_language = (SPANISH if wording.endswith(".es") else ENGLISH) == consent["language"]
    yield is_of_language, "The wording is one of the language of the consent", {}
    yield bool(consent["channels"]), "At least one way to make contact was agreed to", {}
    yield from look_at_page(proof, files)
    yield from look_at_history(proof)


def look_at_page(proof: dict[str, Any], files: dict[str, str]) -> Iterator[tuple[bool, str, dict[str, object]]]:
    """The page as shown and its style sheets."""
    page, consent = proof["page"], proof["consent"]
    if not page:
        return
    for name, wanted in page["styles"].items():
        yield hash_text(files[name]) == wanted, "{file} has the hash that was kept with the consent", {"file": name}
    hashes = []
    for number, part in enumerate(page["parts"], 1):
        if part["text"] is not None:
            known = hash_part(part["salt"], part["text"]) == part["sha256"]
            about = {"number": number, "part": part["name"]}
            yield known, "Part {number} of the page ({part}) has its hash", about
        hashes.append(part["sha256"])
    is_whole = hash_page(hashes) == consent["page_sha256"]
    yield is_whole, "The parts make up the page whose hash was kept with the consent", {}
    shown = "".join(part["text"] or "" for part in page["parts"])
    yield " ".join(consent["words"].split()) in read_text(shown), "The page as shown carries the very words", {}
    laid_out = lay_out(page["parts"], consent["language"])
    same = files["page.html"] == dress_page(laid_out, [files[name] for name in page["styles"]])
    yield same, "page.html is that page with these style sheets", {}


def lay_out(parts: Sequence[dict[str, Any]], language: str) -> str:
    """The page for reading: what is withheld leaves a line that says so."""
    gap = '<p class="muted">[{}]</p>'.format(say(language, "withheld"))
    return "".join(gap if part["text"] is None else part["text"] for part in parts)


def look_at_history(proof: dict[str, Any]) -> Iterator[tuple[bool, str, dict[str, object]]]:
    """The lines of the history: each hash covers the line before, and one of them tells of this very consent."""
    consent, previous, told = proof["consent"], None, False
    for line in proof["history"]:
        number, content = line["number"], line["content"]
        if previous is not None:
            follows = line["previous_hash"] == previous
            yield follows, "Line {number} of the history follows the line before", {"number": number}
        elif number == 1:
            yield line["previous_hash"] == START, "The history begins with its first line", {}
        if content is not None:
            whole = hash_line(line["previous_hash"], content) == line["hash"]
            yield whole, "Line {number} of the history is unaltered", {"number": number}
            told = told or tells_of(content, consent)
        previous = line["hash"]
    if consent["page_sha256"]:
        yield told, "The history told the hash of the page when the consent was given", {}


def tells_of(content: list[Any], consent: dict[str, Any]) -> bool:
    """Whether a line of the history says that this consent was given, on this page."""
    kind, facts = content[3], content[6]
    mine = facts.get("school") == consent["school"] and facts.get("page") == consent["page_sha256"]
    return kind in ("consent.given", "asking.yes") and mine


def read_files(place: str) -> dict[str, str]:
    """The files of a proof by name, from a ZIP or from a folder."""
    if zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as packed:
            return {name: packed.read(name).decode() for name in packed.namelist()}
    return {path.name: path.read_bytes().decode() for path in Path(place).iterdir() if path.suffix in KINDS}


def main(arguments: Sequence[str]) -> int:
    """Print what was checked; give the exit status."""
    asked = [each[2:] for each in arguments if each in ("--en", "--es")]
    places = [each for each in arguments if not each.startswith("--")]
    try:
        files = read_files(places[0] if places else str(Path(__file__).resolve().parent))
        consent = json.loads(files["proof.json"])["consent"]
        language = asked[-1] if asked else consent["language"]
        findings = list(check(files, language))
        lines = list(report(language, consent, findings))
    except (OSError, KeyError, ValueError) as error:
        fault = f"{type(error).__name__}: {str(error)[:200]}"
        for each in asked or NAMES:
            print(say(each, "This is not a whole proof: {fault}", fault=fault))
        return 1
    print("\n".join(lines))
    return 0 if all(held for held, _ in findings) else 1


def report(language: str, consent: dict[str, Any], findings: Sequence[tuple[bool, str]]) -> Iterator[str]:
    """The lines: what held and what did not, which consent it is, and how to read the same in the other language."""
    marks = {held: say(language, mark) for held, mark in ((True, "holds"), (False, "BROKEN"))}
    width = max(map(len, marks.values())) + 2
    for held, sentence in findings:
        yield marks[held].ljust(width) + sentence
    ways = ", ".join(say(language, way) for way in consent["channels"])
    spoken = say(language, NAMES[consent["language"]])
    given = {"at": consent["given_at"], "school": consent["school_name"], "ways": ways, "spoken": spoken}
    yield "\n" + say(language, "Given {at} to {school}, by {ways}, in {spoken}.", **given)
    withdrawn = consent["withdrawn_at"]
    yield say(language, "Withdrawn {at}." if withdrawn else "Not withdrawn when this was made.", at=withdrawn)
    broken, number = sum(not held for held, _ in findings), len(findings)
    words = "{broken} of {number} checks failed." if broken else "All {number} checks hold."
    yield say(language, words, broken=broken, number=number)
    yield "\n" + OTHER[language]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
