"""Find inquiries by what staff have at hand: a reference, an exact e-mail address, or a phone number."""

import re

import phonenumbers
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from leadgen.models import Contact, Inquiry, Lead
from leadgen.vault import Vault

MAX_FOUND = 100
LEAD = "LD"
_REFERENCE = re.compile(r"(LG|LD)([0-9A-Z]{4})([0-9A-Z]{4})")
# what people write for the letters and digits that references do without
_MISREAD = str.maketrans("OIL", "011")


def find_inquiries(session: Session, vault: Vault, text: str) -> list[Inquiry]:
    """The inquiries that are meant, newest first. Nothing is found by part of a name or an address."""
    text = text.strip()
    query = select(Inquiry).order_by(Inquiry.received_at.desc(), Inquiry.id.desc()).limit(MAX_FOUND)
    by_contact = query.join(Contact, Contact.inquiry_id == Inquiry.id)
    if reference := read_reference(text):
        query = query.where(_has_reference(reference))
    elif index := index_contact(vault, text):
        query = by_contact.where(or_(Contact.email_index == index, Contact.phone_index == index))
    else:
        return []
    return list(session.scalars(query))


def index_contact(vault: Vault, text: str) -> bytes | None:
    """The blind index of an e-mail address or a phone number as somebody typed it; None for anything else."""
    text = text.strip()
    if "@" in text:
        return vault.index_email(text)
    phone = _read_phone(text)
    return vault.index_phone(phone) if phone else None


def read_reference(text: str) -> str | None:
    """``lg 7k2m 94qd`` as ``LG-7K2M-94QD``, with misread letters put right; None for anything else."""
    letters = re.sub(r"[^0-9A-Z]", "", text.upper())
    found = _REFERENCE.fullmatch(letters[:2] + letters[2:].translate(_MISREAD))
    return "-".join(found.groups()) if found else None


def _has_reference(reference: str) -> ColumnElement[bool]:
    """An inquiry's own, or that of a lead of it: one or the other, so that an index answers."""
    if reference.startswith(LEAD):
        return Inquiry.id.in_(select(Lead.inquiry_id).where(Lead.reference == reference))
    return Inquiry.reference == reference


def _read_phone(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
