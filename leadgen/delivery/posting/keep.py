"""The map of an endpoint in the database: kept as it was written down, its secrets sealed beside it.

A changed map is another version of the endpoint, as a changed address is: what was learnt about the old one does not
hold, and leads wait until a test of the new one was accepted.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from leadgen import history
from leadgen.delivery.posting.check import Fault, find_faults, list_used_secrets
from leadgen.delivery.posting.check_sheet import check_sheet
from leadgen.delivery.posting.document import Document, MapError
from leadgen.delivery.posting.model import Posting
from leadgen.delivery.posting.request import OpenPosting
from leadgen.marks import say
from leadgen.models import Endpoint, EndpointKind, EndpointState, Subject
from leadgen.vault import Vault

PARTS = ("lead", "notice", "tables", "headers", "query", "auth", "rules", "reads", "batch")
MAPPED = "endpoint.mapped"
MAPPED_KINDS = (EndpointKind.form_post, EndpointKind.batch)


class MappedMeanwhileError(MapError):
    """Somebody else made another version of the endpoint since it was looked at."""


def read_posting(endpoint: Endpoint) -> Posting | None:
    """The map of an endpoint; None where it has none, and gets the fixed list of fields."""
    return None if endpoint.posting is None else Posting.model_validate(endpoint.posting)


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
    reason: str = "",
) -> bool:
    """Give a locked endpoint another map, or none; False where nothing differs. A secret that is not in ``secrets``
    stays as it was, and one that the map no longer uses is forgotten. Raises MapError, MappedMeanwhileError."""
    _refuse(endpoint, seen_version)
    kept = open_secrets(vault, endpoint.id, endpoint.posting_sealed)
    known = complete_secrets(posting, kept, secrets)
    if posting is not None and (faults := _list_faults(endpoint, posting, known)):
        raise MapError(faults[0].words, faults)
    written = None if posting is None else posting.model_dump(mode="json")
    changed = _list_changes(endpoint.posting, written) + ["secrets"] * (known != kept)
    if not changed:
        return False
    endpoint.posting, endpoint.posting_sealed = written, seal_secrets(vault, endpoint.id, known)
    _start_anew(endpoint)
    session.flush()
    data: dict[str, Any] = {"endpoint": endpoint.id, "version": endpoint.version, "parts": changed}
    data |= {"reason": reason} if reason else {}
    history.append(session, Subject.school, endpoint.school_id, history.Line(MAPPED, actor, data))
    return True


def open_document(vault: Vault, endpoint: Endpoint, document: Document) -> OpenPosting:
    """A map that may be kept or not, to look at what it would do. A secret that nobody gave yet is a dash.

    Raises MapError where it cannot be used."""
    used = list_used_secrets(document.posting)
    if faults := _list_faults(endpoint, document.posting, used):
        raise MapError(faults[0].words, faults)
    kept = open_secrets(vault, endpoint.id, endpoint.posting_sealed)
    known = complete_secrets(document.posting, kept, document.secrets)
    return OpenPosting(document.posting, dict.fromkeys(used, "-") | known)


def complete_secrets(posting: Posting | None, kept: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """The secrets that a map uses: as typed now, else as they were."""
    used = list_used_secrets(posting) if posting else set()
    return {name: value for name, value in {**kept, **typed}.items() if name in used and value}


def _list_faults(endpoint: Endpoint, posting: Posting, secrets: Collection[str]) -> list[Fault]:
    more = check_sheet(posting, endpoint.address or "", is_batch=endpoint.kind is EndpointKind.batch)
    return [*find_faults(posting, secrets), *more]


def _refuse(endpoint: Endpoint, seen_version: int) -> None:
    if endpoint.kind not in MAPPED_KINDS:
        raise MapError(say("Only a form post or a daily file has a map of fields."))
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
