"""Passkeys (WebAuthn): registered on a device that asks for a finger, a face or a PIN, so each is two factors at once.

The site's name comes from the settings, never from the request: a passkey of this site opens no other.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from leadgen.accounts.codes import Codes, note_factor_added, note_factor_removed
from leadgen.accounts.errors import AccountError
from leadgen.marks import say
from leadgen.models import Passkey, User

LONGEST_NAME = 64
MOST_PASSKEYS = 20
FIRST = "first"  # the library's word for a key that needs no password beside it
LOCAL_NAME = "localhost"  # browsers give no passkeys to numbers
# what the library raises of an answer that is none; too deep a nest of brackets is among it
NOT_GENUINE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)
VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True)
class Site:
    """What browsers bind a passkey to: the name of the host, and the origins from which it may be used."""

    host: str
    origins: list[str]
    name: str


def find_site(base_url: str, name: str) -> Site:
    """The site as its own address tells it. A machine's number stands for `localhost` on the same port."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Site(host, [f"{parts.scheme}://{parts.netloc}"], name)
    return Site(LOCAL_NAME, [f"{parts.scheme}://{LOCAL_NAME}" + (f":{parts.port}" if parts.port else "")], name)


def offer_registration(session: Session, user: User, site: Site, challenge: bytes) -> str:
    """What the browser needs to make a passkey for this user, as JSON."""
    if not user.fs_webauthn_user_handle:
        user.fs_webauthn_user_handle = uuid4().hex
        session.flush()
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=user.fs_webauthn_user_handle.encode(),
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=_describe(user.webauthn),
    )
    return str(options_to_json(options))


def add_passkey(
    session: Session, user: User, site: Site, challenge: bytes, answer: str, name: str, codes: Codes, keep: int | None
) -> list[str]:
    """Keep the public half of a new passkey. Gives recovery codes where the user had none; ends every sign-in but
    ``keep``. Raises AccountError where the answer is not genuine."""
    if len(user.webauthn) >= MOST_PASSKEYS:
        raise AccountError(say("There are %(most)s passkeys already. Remove one first.", most=MOST_PASSKEYS))
    try:
        credential = parse_registration_credential_json(answer)
        checked = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origins,
            require_user_verification=True,
        )
    except NOT_GENUINE:
        raise AccountError(say("The passkey was not made. Try again.")) from None
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == checked.credential_id)):
        raise AccountError(say("This passkey is in use already."))
    user.webauthn.append(
        Passkey(
            credential_id=checked.credential_id,
            public_key=checked.credential_public_key,
            sign_count=checked.sign_count,
            transports=[str(each.value) for each in credential.response.transports or []],
            backup_state=checked.credential_backed_up,
            device_type=checked.credential_device_type.value,
            lastuse_datetime=datetime.now(UTC),
            name=(name.strip() or "Passkey")[:LONGEST_NAME],
            usage=FIRST,
        )
    )
    return note_factor_added(session, user, codes, "passkey", f"user:{user.id}", keep)


def remove_passkey(session: Session, user: User, passkey_id: int, actor: str) -> bool:
    """Forget a passkey. False where it is not the user's."""
    found = next((each for each in user.webauthn if each.id == passkey_id), None)
    if found is None:
        return False
    user.webauthn.remove(found)
    note_factor_removed(session, user, "passkey", actor)
    return True


def offer_sign_in(site: Site, challenge: bytes, user: User | None = None) -> str:
    """What the browser needs to use a passkey, as JSON. Without a user the device offers those it has."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=_describe(user.webauthn) if user else None,
        user_verification=VERIFIED,
    )
    return str(options_to_json(options))


def check_passkey(session: Session, site: Site, challenge: bytes, answer: str) -> User:
    """The user whose passkey answered the challenge. Raises AccountError where it is not genuine, is a copy that lags
    behind, or its user is switched off."""
    try:
        credential = parse_authentication_credential_json(answer)
        passkey = session.scalars(select(Passkey).where(Passkey.credential_id == credential.raw_id)).one_or_none()
        if passkey is None or not passkey.user.active:
            raise ValueError
        handle = credential.response.user_handle
        if handle and handle != (passkey.user.fs_webauthn_user_handle or "").encode():
            raise ValueError
        checked: Any = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origins,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except NOT_GENUINE:
        raise AccountError(say("This passkey does not open an account here.")) from None
    _count_use(session, passkey, checked.new_sign_count)
    return passkey.user


def _count_use(session: Session, passkey: Passkey, sign_count: int) -> None:
    """Of two uses with one count, one is refused. Devices that sync their keys do not count: they say 0."""
    same = (Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
    using = update(Passkey).where(*same).values(sign_count=sign_count, lastuse_datetime=datetime.now(UTC))
    if session.scalar(using.returning(Passkey.id).execution_options(synchronize_session=False)) is None:
        raise AccountError(say("This passkey does not open an account here."))
    session.refresh(passkey)


def _describe(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential_id) for each in passkeys]
