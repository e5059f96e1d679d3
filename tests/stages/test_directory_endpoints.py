"""An import makes, moves and retires endpoints, and each webhook has one secret."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.directory.endpoints import export_example_secrets, name_secret, seal_missing_secrets
from leadgen.models import Endpoint, EndpointKind, EndpointState, Takes
from leadgen.vault import open_vault
from tests.schools_csv import make_row
from tests.stages.importing import BRAMBLE, LARKSPUR, QUILLWATER, bring, endpoint_of, kinds_in_history


def test_a_form_post_school_gets_a_mail_box_for_notices(session: Session) -> None:
    bring(session, BRAMBLE)
    form = endpoint_of(session, "bramble", EndpointKind.form_post)
    box = endpoint_of(session, "bramble", EndpointKind.email)
    assert (form.takes, form.address, form.position) == (Takes.leads, "https://bramble.example/form", 1)
    assert (box.takes, box.address, box.position) == (Takes.notices, "office@bramble.example", 2)


def test_a_new_address_raises_the_endpoint_version_and_forgets_what_was_learnt(session: Session) -> None:
    bring(session, QUILLWATER, LARKSPUR)
    learnt = {"dedupes": True, "failures_in_a_row": 3, "state": EndpointState.broken, "broken_reason": "gone"}
    session.execute(update(Endpoint).values(**learnt))
    session.commit()
    bring(session, QUILLWATER | {"deliver_to": "https://quillwater.example/v2"}, LARKSPUR)
    moved = endpoint_of(session, "quillwater", EndpointKind.webhook)
    assert (moved.version, moved.address) == (2, "https://quillwater.example/v2")
    assert (moved.dedupes, moved.failures_in_a_row, moved.broken_reason) == (False, 0, None)
    assert moved.state is EndpointState.live
    other = endpoint_of(session, "larkspur", EndpointKind.email)
    assert (other.version, other.dedupes, other.state) == (1, True, EndpointState.broken)
    assert "endpoint.changed" in kinds_in_history(session, "quillwater")


def test_a_paused_endpoint_stays_paused_at_its_new_address(session: Session) -> None:
    bring(session, QUILLWATER)
    session.execute(update(Endpoint).values(state=EndpointState.paused))
    session.commit()
    bring(session, QUILLWATER | {"deliver_to": "https://quillwater.example/v2"})
    assert endpoint_of(session, "quillwater", EndpointKind.webhook).state is EndpointState.paused


def test_another_kind_of_delivery_is_another_endpoint(session: Session) -> None:
    bring(session, QUILLWATER)
    bring(session, QUILLWATER | {"delivery": "portal", "deliver_to": ""})
    assert endpoint_of(session, "quillwater", EndpointKind.webhook).retired_at is not None
    assert endpoint_of(session, "quillwater", EndpointKind.portal).retired_at is None
    bring(session, QUILLWATER)
    back = endpoint_of(session, "quillwater", EndpointKind.webhook)
    assert (back.retired_at, back.version) == (None, 2)
    assert endpoint_of(session, "quillwater", EndpointKind.portal).retired_at is not None


def test_an_endpoint_that_comes_back_counts_from_then(session: Session) -> None:
    mail, hook = LARKSPUR, LARKSPUR | {"delivery": "webhook", "deliver_to": "https://larkspur.example/leads"}
    bring(session, mail)
    bring(session, hook)
    away = now(session)
    bring(session, mail)
    added = {each.kind: each.added_at for each in session.scalars(select(Endpoint))}
    assert added[EndpointKind.email] >= away, "a lead released while it was away has no delivery to it"
    assert added[EndpointKind.webhook] < away


def test_a_webhook_gets_one_secret_sealed_when_a_vault_is_at_hand(session: Session) -> None:
    vault = open_vault()
    bring(session, QUILLWATER, LARKSPUR, vault=vault)
    sealed = endpoint_of(session, "quillwater", EndpointKind.webhook).secret_sealed
    assert sealed is not None
    secret = vault.open_secret(sealed, name_secret("quillwater"))
    assert secret.startswith("whsec_")
    assert secret.encode() not in sealed
    assert endpoint_of(session, "larkspur", EndpointKind.email).secret_sealed is None
    assert seal_missing_secrets(session, vault) == []


def test_secrets_left_out_by_an_import_without_a_vault_are_made_later(session: Session) -> None:
    bring(session, QUILLWATER, LARKSPUR)
    assert endpoint_of(session, "quillwater", EndpointKind.webhook).secret_sealed is None
    ((school_id, address, secret),) = seal_missing_secrets(session, open_vault())
    session.commit()
    assert (school_id, address) == ("quillwater", "https://quillwater.example/leads")
    assert kinds_in_history(session, "quillwater")[-1] == "endpoint.secret_made"
    assert export_example_secrets(session, open_vault()) == {"quillwater.example": secret}


def test_only_secrets_of_example_hosts_are_exported(session: Session) -> None:
    real = make_row(school_id="real", delivery="webhook", deliver_to="https://leads.notexample.org/x")
    bring(session, QUILLWATER, real, vault=open_vault())
    assert list(export_example_secrets(session, open_vault())) == ["quillwater.example"]
