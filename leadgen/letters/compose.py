"""Put a letter together, when it is sent: to whom it goes, and what it says, in the recipient's language."""

from typing import Any

from flask import render_template
from flask_babel import force_locale
from sqlalchemy.orm import Session

from leadgen.core import current_settings
from leadgen.letters.her_facts import collect_draft_facts, collect_inquiry_facts, find_person, open_sealed
from leadgen.letters.site import ENGLISH
from leadgen.letters.user_facts import collect_user_facts
from leadgen.models import Letter, User
from leadgen.vault import Vault

Text = tuple[str, str, str]


def find_recipient(session: Session, vault: Vault, letter: Letter) -> str:
    """The e-mail address a letter goes to. Raises ErasedError where the person was erased."""
    if letter.sealed is not None:
        return str(open_sealed(vault, letter)["email"])
    if letter.user_id is not None:
        return session.get_one(User, letter.user_id).email
    inquiry, contact = find_person(session, letter)
    key = vault.open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
    return str(key.open_json(contact.sealed or b"", "person")["email"])


def compose(session: Session, letter: Letter) -> Text:
    """Subject, plain text and HTML of a letter; what follows a colon in its kind is known to the templates as
    ``about``."""
    kind, _, about = letter.kind.partition(":")
    facts = _collect_facts(session, letter)
    return render_letter(kind, facts["language"], facts | {"about": about, "settings": current_settings()})


def render_letter(kind: str, language: str, facts: dict[str, Any]) -> Text:
    """Subject, plain text and HTML, from ``templates/letters/<kind>`` or the folder in it that is named by the
    language."""
    folder = f"letters/{kind}" if language == ENGLISH else f"letters/{kind}/{language}"
    facts = facts | {"language": language}
    with force_locale(language):  # for days and titles
        subject = " ".join(render_template(f"{folder}/subject.txt", **facts).split())
        return subject, render_template(f"{folder}/body.txt", **facts), render_template(f"{folder}/body.html", **facts)


def _collect_facts(session: Session, letter: Letter) -> dict[str, Any]:
    if letter.sealed is not None:
        return collect_draft_facts(letter)
    if letter.user_id is not None:
        return collect_user_facts(session, letter)
    return collect_inquiry_facts(session, letter)
