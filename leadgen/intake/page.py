"""The page as shown: sealed under the contact's key, with a hash that stays, and with the style sheets it had."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.database import insert_unless_there
from leadgen.intake.verify_consent import hash_page, hash_part, hash_text, split_page
from leadgen.models import Consent, Contact, StyleSheet
from leadgen.vault import Key

SALT_BYTES = 16
FIRST = "page"


@dataclass(frozen=True)
class Sheet:
    """A style sheet and the SHA-256 of its text."""

    sha256: str
    text: str

    @classmethod
    def of(cls, text: str) -> "Sheet":
        return cls(hash_text(text), text)


@dataclass(frozen=True)
class ShownPage:
    """A page as shown (HTML, cut into named parts by its own marks), and its style sheets in order."""

    html: str
    sheets: Sequence[Sheet] = ()


@dataclass(frozen=True)
class Part:
    """A part of a page, with the salt that its hash is made with."""

    name: str
    text: str
    salt: str

    @property
    def sha256(self) -> str:
        return hash_part(self.salt, self.text)


def list_parts(key: Key, html: str, column: str) -> list[Part]:
    """The parts of a page. Their salts come from the contact's key: once that is destroyed, a hash says nothing."""
    return [
        Part(name, text, key.derive(f"{column}:{number}")[:SALT_BYTES].hex())
        for number, (name, text) in enumerate(split_page(html))
    ]


def hash_shown(key: Key, html: str, column: str = FIRST) -> str:
    """The hash of a page as it is kept with a consent."""
    return hash_page(part.sha256 for part in list_parts(key, html, column))


def seal_page(key: Key, html: str, column: str = FIRST) -> bytes:
    return key.seal(b64encode(zlib.compress(html.encode())).decode(), column)


def open_page(key: Key, consent: Consent, contact: Contact) -> tuple[str, list[Part]] | None:
    """The page that a consent was given on, and its parts; None where none was kept with its hash."""
    column = name_page(consent.school_id) if consent.page_sealed else FIRST
    sealed = consent.page_sealed or contact.page_sealed
    if sealed is None or consent.page_sha256 is None:
        return None
    html = zlib.decompress(b64decode(key.open(sealed, column))).decode()
    return html, list_parts(key, html, column)


def name_page(school_id: str) -> str:
    """The column of a page that is kept with one consent alone."""
    return f"consent:{school_id}:page"


def keep_sheets(session: Session, sheets: Sequence[Sheet]) -> None:
    """Keep those style sheets that are not kept yet."""
    wanted = [sheet.sha256 for sheet in sheets]
    kept = set(session.scalars(select(StyleSheet.sha256).where(StyleSheet.sha256.in_(wanted)))) if wanted else set()
    rows = [
        {"sha256": sheet.sha256, "body": zlib.compress(sheet.text.encode())}
        for sheet in sheets
        if sheet.sha256 not in kept
    ]
    if rows:
        insert_unless_there(session, StyleSheet.__table__, *rows)


def find_sheets(session: Session, hashes: Sequence[str]) -> list[str]:
    """The texts of style sheets by their hashes, in that order."""
    rows = session.execute(select(StyleSheet.sha256, StyleSheet.body).where(StyleSheet.sha256.in_(hashes))).all()
    bodies = {row.sha256: row.body for row in rows}
    return [zlib.decompress(bodies[each]).decode() for each in hashes]
