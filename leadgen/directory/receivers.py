"""A school's endpoints changed by hand: added, given another address, retired, put back. From then on an import leaves
the school's endpoints as they are here (directory.kept)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from leadgen.directory.about import find_last, name_endpoint
from leadgen.directory.by_hand import EditError, NotThereError, Records, list_current, lock_school, write_wanted
from leadgen.directory.cells import CellError, whole
from leadgen.directory.edit import ChangedMeanwhileError
from leadgen.directory.kept import ENDPOINTS
from leadgen.directory.listed import take_off_list
from leadgen.directory.receiving import read_address
from leadgen.directory.records import EndpointRecord, Key, Noun, Stored
from leadgen.directory.signing import make_signing, seal_signing
from leadgen.directory.stored import read_stored
from leadgen.marks import say
from leadgen.models import Endpoint, EndpointKind, EndpointState, Signature, Takes
from leadgen.vault import Vault

MOST_POSITIONS = 20
read_position = whole(1, MOST_POSITIONS)


@dataclass(frozen=True)
class Wanted:
    """An endpoint as somebody typed it."""

    kind: EndpointKind
    takes: Takes
    address: str
    position: str = "1"
    signature: Signature = Signature.hmac


def add_endpoint(session: Session, vault: Vault, school_id: str, asked: Wanted, actor: str) -> tuple[Endpoint, str]:
    """A new endpoint, and what the school checks its signatures with: a secret, which is shown this once, or a public
    key (empty where it signs nothing).

    It takes nothing but tests until one was accepted; a portal has nothing to test. A listed school takes inquiries
    from then on. Raises NotThereError, and
    EditError where a value is wrong or the school has such an endpoint already."""
    stored = lock_school(session, school_id)
    record, wrong = _read(school_id, asked)
    wanted = list_current(stored)
    if record.key in wanted[Noun.endpoint]:
        wrong["kind"] = say("another; the school has an endpoint of this kind that takes the same")
    if wrong:
        raise EditError(wrong)
    wanted[Noun.endpoint][record.key] = record
    _write(session, stored, wanted, actor, "", take_off_list(wanted, school_id))
    endpoint = _find(session, record.key)
    if endpoint.kind is not EndpointKind.portal:
        endpoint.state = EndpointState.testing
    return endpoint, _make_secret(vault, endpoint, asked.signature)


def read_seen(endpoint: Endpoint) -> dict[str, str]:
    """What of an endpoint may be changed, as it is now."""
    return {"address": endpoint.address or "", "position": str(endpoint.position)}


def change_endpoint(
    session: Session, endpoint: Endpoint, typed: Mapping[str, str], seen: Mapping[str, str], actor: str, *, test: bool
) -> bool:
    """Give a locked endpoint another address or place in the order; False where nothing differs. With ``test`` leads
    wait until a test of the new address was accepted.

    Raises NotThereError where it is retired, ChangedMeanwhileError where it is no longer as ``seen``, EditError."""
    stored = read_stored(session, endpoint.school_id)
    key = _key_of(endpoint)
    if (Noun.endpoint, key) in stored.retired:
        raise NotThereError(say("This endpoint is retired. Resume it before you edit it."))
    _compare_with_seen(session, endpoint, seen)
    record, wrong = _read(
        endpoint.school_id, Wanted(endpoint.kind, endpoint.takes, typed["address"], typed["position"])
    )
    if wrong:
        raise EditError(wrong)
    is_moved = record.address != endpoint.address
    wanted = list_current(stored)
    wanted[Noun.endpoint][key] = record
    changed = _write(session, stored, wanted, actor, "")
    if changed and is_moved and test:
        session.refresh(endpoint)
        endpoint.state = EndpointState.testing
    return changed


def retire_endpoint(session: Session, endpoint: Endpoint, actor: str, reason: str) -> None:
    """Use a locked endpoint no more. Its secret stays sealed with it, in case it comes back."""
    stored = read_stored(session, endpoint.school_id)
    wanted = list_current(stored)
    del wanted[Noun.endpoint][_key_of(endpoint)]
    _write(session, stored, wanted, actor, reason)


def restore_endpoint(session: Session, endpoint: Endpoint, actor: str, reason: str) -> None:
    """Use a retired endpoint again, for what comes from now on."""
    stored = read_stored(session, endpoint.school_id)
    wanted = list_current(stored)
    wanted[Noun.endpoint][_key_of(endpoint)] = stored.records[Noun.endpoint][_key_of(endpoint)]
    _write(session, stored, wanted, actor, reason)


def _read(school_id: str, asked: Wanted) -> tuple[EndpointRecord, dict[str, str]]:
    wrong: dict[str, str] = {}
    address, position = None, 1
    try:
        address = read_address(asked.kind, " ".join(asked.address.split()))
    except CellError as error:
        wrong["address"] = error.expected
    try:
        position = read_position(asked.position.strip())
    except CellError as error:
        wrong["position"] = error.expected
    if asked.kind is EndpointKind.form_post and asked.takes is not Takes.leads:
        wrong["takes"] = say("leads alone: a form has no words for a withdrawal")
    return EndpointRecord(school_id, asked.kind, asked.takes, address, position), wrong


def _write(
    session: Session, stored: Stored, wanted: Records, actor: str, reason: str, more: Collection[str] = ()
) -> bool:
    school = next(iter(stored.records[Noun.school]))
    marks = {(Noun.school, school): {ENDPOINTS, *more}}
    return write_wanted(session, stored, wanted, actor, reason, marks) is not None


def _make_secret(vault: Vault, endpoint: Endpoint, signature: Signature) -> str:
    if endpoint.kind is not EndpointKind.webhook:
        return ""
    signing = make_signing(signature)
    seal_signing(vault, endpoint, signing, beside_old=False)
    return signing.handed_over


def _compare_with_seen(session: Session, endpoint: Endpoint, seen: Mapping[str, str]) -> None:
    now = read_seen(endpoint)
    differences = {name: (seen[name], cell) for name, cell in now.items() if seen.get(name, cell) != cell}
    if differences:
        last = find_last(session, endpoint.school_id, Noun.endpoint, name_endpoint(endpoint), ("endpoint.changed",))
        raise ChangedMeanwhileError(differences, now, last)


def _key_of(endpoint: Endpoint) -> Key:
    return (endpoint.school_id, endpoint.kind.value, endpoint.takes.value)


def _find(session: Session, key: Key) -> Endpoint:
    school_id, kind, takes = key
    return session.query(Endpoint).filter_by(school_id=school_id, kind=EndpointKind(kind), takes=Takes(takes)).one()
