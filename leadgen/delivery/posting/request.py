"""The whole request of a map: address, headers and body, with our fields and the secrets filled in. Pure."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from leadgen.delivery.posting.encode import CONTENT_TYPES, Value, encode
from leadgen.delivery.posting.fields import SECRET
from leadgen.delivery.posting.model import AuthKind, Message, Pair, Posting
from leadgen.delivery.posting.template import render

PASSWORD, TOKEN, PRIVATE_KEY = "password", "token", "private_key"
MASK = "•••"

Fields = Mapping[str, str]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenPosting:
    """A map with its secrets opened. They are never shown: ``mask`` gives one that may be."""

    posting: Posting
    secrets: Mapping[str, str]

    def mask(self) -> "OpenPosting":
        return OpenPosting(self.posting, dict.fromkeys(self.secrets, MASK))

    def hide(self, text: str) -> str:
        """A text of theirs with our secrets taken out, in case it repeats one."""
        for secret in sorted(self.secrets.values(), key=len, reverse=True):
            text = text.replace(secret, MASK) if secret else text
        return text


def choose_message(posting: Posting, *, is_lead: bool) -> Message | None:
    """The map of a lead, or of a notice; None where notices do not go there."""
    return posting.lead if is_lead else posting.notice


def write_body(opened: OpenPosting, message: Message, fields: Fields) -> tuple[bytes, str]:
    """The body and its media type. Raises TemplateError, ShapeError."""
    values = []
    for row in message.rows:
        text = _fill(opened, row.value, fields)
        if text or not row.skip_empty:
            values.append(Value(row.name, text, row.kind))
    return encode(message.encoding, message.root, values), CONTENT_TYPES[message.encoding]


def write_row(opened: OpenPosting, fields: Fields) -> list[str]:
    """The cells of a daily file's row. Raises TemplateError."""
    return [_fill(opened, row.value, fields) for row in opened.posting.lead.rows]


def write_address(opened: OpenPosting, address: str, fields: Fields) -> str:
    """The address with the map's query added to its own."""
    added = urlencode(_fill_pairs(opened, opened.posting.query, fields), quote_via=quote)
    if not added:
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def write_headers(opened: OpenPosting, fields: Fields) -> Pairs:
    """The map's headers, and who we are."""
    return (*_fill_pairs(opened, opened.posting.headers, fields), *_authorise(opened))


def _authorise(opened: OpenPosting) -> Pairs:
    auth = opened.posting.auth
    match auth.kind:
        case AuthKind.basic:
            known = f"{auth.user}:{opened.secrets.get(PASSWORD, '')}"
            if opened.secrets.get(PASSWORD) == MASK:
                return (("Authorization", f"Basic {auth.user}:{MASK}"),)
            return (("Authorization", "Basic " + base64.b64encode(known.encode()).decode("ascii")),)
        case AuthKind.bearer:
            return (("Authorization", f"Bearer {opened.secrets.get(TOKEN, '')}"),)
    return ()


def _fill_pairs(opened: OpenPosting, pairs: tuple[Pair, ...], fields: Fields) -> Pairs:
    return tuple((pair.name, _fill(opened, pair.value, fields)) for pair in pairs)


def _fill(opened: OpenPosting, text: str, fields: Fields) -> str:
    known = {**fields, **{SECRET + name: value for name, value in opened.secrets.items()}}
    return render(text, known, opened.posting.tables)
