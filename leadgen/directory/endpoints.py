"""Webhook secrets: made once, sealed at once, shown to who must know."""

from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.directory.signing import make_signing, name_secret, seal_signing
from leadgen.history import Line, append, append_each
from leadgen.models import Endpoint, EndpointKind, Signature, Subject
from leadgen.vault import Vault

EXAMPLE = ".example"


def seal_missing_secrets(session: Session, vault: Vault) -> list[tuple[str, str, str]]:
    """Make the secrets that webhook endpoints still lack; returns (school id, address, secret) of each made.

    Safe to run by several processes at once: one makes it, the others make nothing.
    """
    made = []
    query = select(Endpoint.id, Endpoint.school_id, Endpoint.address).where(
        Endpoint.kind == EndpointKind.webhook, Endpoint.secret_sealed.is_(None), Endpoint.retired_at.is_(None)
    )
    for row in session.execute(query.order_by(Endpoint.id)).all():
        secret = make_signing(Signature.hmac).private
        if _seal(session, row.id, vault.seal_secret(secret, name_secret(row.school_id))):
            made.append((row.school_id, row.address, secret))
    line = Line("endpoint.secret_made", "system", {"what": EndpointKind.webhook.value})
    append_each(session, Subject.school, {school_id: [line] for school_id, _, _ in made}, at=now(session))
    return made


def rotate_secret(
    session: Session, vault: Vault, school_id: str, actor: str, *, at_once: bool, signature: Signature | None = None
) -> str | None:
    """Give a school's webhook a new secret; None where the school has no webhook. See ``rotate_endpoint``."""
    mine = (Endpoint.school_id == school_id, Endpoint.kind == EndpointKind.webhook, Endpoint.retired_at.is_(None))
    first = select(Endpoint).where(*mine).order_by(Endpoint.position, Endpoint.id).limit(1)
    endpoint = session.scalars(first.with_for_update(key_share=True)).one_or_none()
    if endpoint is None:
        return None
    return rotate_endpoint(session, vault, endpoint, actor, at_once=at_once, signature=signature)


def rotate_endpoint(
    session: Session,
    vault: Vault,
    endpoint: Endpoint,
    actor: str,
    *,
    at_once: bool,
    signature: Signature | None = None,
) -> str | None:
    """Give a webhook a new secret, or pair of keys, and return what the school checks with; None where this endpoint
    signs nothing. The caller holds its row.

    It stays of its kind, unless ``signature`` names the other. The old one signs beside it until the next rotation,
    unless ``at_once``."""
    if endpoint.kind is not EndpointKind.webhook or endpoint.retired_at is not None:
        return None
    signing = make_signing(signature or endpoint.signature)
    seal_signing(vault, endpoint, signing, beside_old=not at_once)
    session.flush()
    line = Line("endpoint.secret_rotated", actor, {"endpoint": endpoint.id, "signature": endpoint.signature.value})
    append(session, Subject.school, endpoint.school_id, line)
    return signing.handed_over


def export_example_secrets(session: Session, vault: Vault) -> dict[str, str]:
    """Webhook secrets, or public keys, by host, of ``.example`` hosts alone: what the sandbox checks with."""
    query = select(Endpoint.school_id, Endpoint.address, Endpoint.secret_sealed, Endpoint.public_key).where(
        Endpoint.kind == EndpointKind.webhook, Endpoint.secret_sealed.is_not(None), Endpoint.retired_at.is_(None)
    )
    secrets: dict[str, str] = {}
    for school_id, address, sealed, public_key in session.execute(query):
        host = urlsplit(address or "").hostname or ""
        if sealed and host.endswith(EXAMPLE):
            secrets[host] = public_key or vault.open_secret(sealed, name_secret(school_id))
    return secrets


def _seal(session: Session, endpoint_id: int, sealed: bytes) -> bool:
    missing = update(Endpoint).where(Endpoint.id == endpoint_id, Endpoint.secret_sealed.is_(None))
    result = session.execute(
        missing.values(secret_sealed=sealed).returning(Endpoint.id).execution_options(synchronize_session=False)
    )
    return result.first() is not None
