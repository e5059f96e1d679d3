"""The map of an endpoint in the database: kept as it was written down, its secrets sealed beside it.

A changed map is another version of the endpoint, as a changed address is: what was learnt about the old one does not
hold, and leads wait until a test of the new one was accepted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.delivery.posting.check import Fault, find_faults, list_used_secrets
from leadgen.delivery.posting.model import Posting
from leadgen.delivery.posting.request import OpenPosting
from leadgen.marks import Said, say
from leadgen.models import Endpoint, EndpointKind, EndpointState, Subject
from leadgen.vault import Vault

PARTS = ("lead", "notice", "tables", "headers", "query", "auth", "rules", "reads")
MAPPED = "endpoint.mapped"


class MapError(Exception):
    """A map cannot be kept. ``faults`` say what is wrong in it, where that is the reason."""

    def __init__(self, words: Said, faults: Sequence[Fault] = ()) -> None:
        super().__init__(words)
        self.words = words
        self.faults = list(faults)


class MappedMeanwhileError(MapError):
    """Somebody else made another version of the endpoint since it was looked at."""


def read_posting(endpoint: Endpoint) -> Posting | None:
    """The map of an endpoint; None where it has none, and gets the fixed list of fields."""
    return None if endpoint.posting is None else Posting.model_validate(endpoint.posting)


def parse_posting(data: object) -> Posting:
    """A map from a file or a form. Raises MapError that names what does not fit."""
    try:
        return Posting.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise MapError(say("This is no map: %(where)s: %(what)s.", where=where or "-", what=first["msg"])) from None


def open_posting(vault: Vault, facts: Any) -> OpenPosting | None:
    """The map with its secrets, from ``posting``, ``posting_sealed`` and ``endpoint_id`` of these facts."""
    if facts.posting is None:
        return None
    secrets = open_secrets(vault, facts.endpoint_id, facts.posting_sealed)
    return OpenPosting(Posting.model_validate(facts.posting), secrets)


def open_secrets(vault: Vault, endpoint_id: int, sealed: bytes | None) -> dict[str, str]:
    """The secrets of an endpoint's map by name."""
    return {} if sealed is None else vault.open_json(sealed, _row(endpoint_id))


def seal_secrets(vault: Vault, endpoint_id: int, secrets: Mapping[str, str]) -> bytes | None:
    """The same, sealed for the endpoint's row."""
    return vault.seal_json(dict(secrets), _row(endpoint_id)) if secrets else None


def save_posting(
    session: Session,
    vault: Vault,
    endpoint: Endpoint,
    posting: Posting | None,
    secrets: Mapping[str, str],
    *,
    seen_version: int,
    actor: str,
) -> bool:
    """Give a locked endpoint another map, or none; False where nothing differs. A secret that is not in ``secrets``
    stays as it was, and one that the map no longer uses is forgotten. Raises MapError, MappedMeanwhileError."""
    _refuse(endpoint, seen_version)
    kept = open_secrets(vault, endpoint.id, endpoint.posting_sealed)
    known = complete_secrets(posting, kept, secrets)
    if posting is not None and (faults := find_faults(posting, known)):
        raise MapError(faults[0].words, faults)
    written = None if posting is None else posting.model_dump(mode="json")
    changed = _list_changes(endpoint.posting, written) + ["secrets"] * (known != kept)
    if not changed:
        return False
    endpoint.posting, endpoint.posting_sealed = written, seal_secrets(vault, endpoint.id, known)
    _start_anew(endpoint)
    session.flush()
    data = {"endpoint": endpoint.id, "version": endpoint.version, "parts": changed}
    history.append(session, Subject.school, endpoint.school_id, history.Line(MAPPED, actor, data))
    return True


def complete_secrets(posting: Posting | None, kept: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """The secrets that a map uses: as typed now, else as they were."""
    used = list_used_secrets(posting) if posting else set()
    return {name: value for name, value in {**kept, **typed}.items() if name in used and value}


def _refuse(endpoint: Endpoint, seen_version: int) -> None:
    if endpoint.kind is not EndpointKind.form_post:
        raise MapError(say("Only a form post has a map of fields."))
    if endpoint.retired_at is not None:
        raise MapError(say("This endpoint is retired. Resume it before you edit it."))
    if endpoint.version != seen_version:
        words = say("This endpoint was changed meanwhile: it is version %(version)s by now.", version=endpoint.version)
        raise MappedMeanwhileError(words)


def _list_changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[str]:
    none = Posting().model_dump(mode="json")
    return [part for part in PARTS if (before or none)[part] != (after or none)[part]]


def _start_anew(endpoint: Endpoint) -> None:
    endpoint.version += 1
    endpoint.state, endpoint.broken_reason = EndpointState.testing, None
    endpoint.dedupes = endpoint.conflict_means_received = False
    endpoint.failures_in_a_row, endpoint.open_until = 0, None


def _row(endpoint_id: int) -> str:
    return f"posting:{endpoint_id}"
