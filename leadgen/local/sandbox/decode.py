"""Bytes into what a person can read: JSON, form fields, mail. Never fails: what cannot be read is shown as it is."""

import json
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from urllib.parse import parse_qsl

from leadgen.local.sandbox.arrivals import Kind

SHOWN_HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe")


def decode_post(content_type: str, body: bytes) -> tuple[Kind, dict[str, object]]:
    """What a web post is, and its content under one of ``json``, ``fields`` or ``text``."""
    media = content_type.partition(";")[0].strip().lower()
    text = body.decode("utf-8", "replace")
    if media == "application/x-www-form-urlencoded":
        return Kind.form, {"fields": parse_qsl(text, keep_blank_values=True)}
    if media == "application/json" or media.endswith("+json"):
        try:
            return Kind.webhook, {"json": json.loads(body)}
        except ValueError:
            return Kind.webhook, {"text": text}
    return Kind.other, {"text": text}


def decode_mail(raw: bytes, sender: str, recipients: list[str]) -> dict[str, object]:
    """Headers, texts and attachment names of a mail, with the envelope as it was given."""
    mail = BytesParser(policy=default).parsebytes(raw)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return {
        "envelope": {"sender": sender, "recipients": recipients},
        "headers": {name: str(mail[name]) for name in SHOWN_HEADERS if mail[name] is not None},
        "text": _read_text(plain),
        "html": _read_text(html),
        "attachments": [part.get_filename() or part.get_content_type() for part in mail.iter_attachments()],
        "bytes": len(raw),
    }


def _read_text(part: object) -> str:
    if not isinstance(part, EmailMessage):
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        return part.get_payload(decode=False).__str__()
