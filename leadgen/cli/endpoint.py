"""`leadgen endpoint`: where schools receive."""

import json

import click

from leadgen.cli.lazy import LazyGroup
from leadgen.clock import now
from leadgen.config import read_database_settings, read_settings
from leadgen.core import create_core, db
from leadgen.delivery.health import Health, read_health
from leadgen.directory.endpoints import export_example_secrets, rotate_secret, seal_missing_secrets
from leadgen.directory.signing import PUBLIC_PREFIX
from leadgen.models import Endpoint, EndpointKind, EndpointState, Signature
from leadgen.review.directory import RETIRED, DirectoryFilter, list_endpoints
from leadgen.vault import Vault

ACTS = ("add", "change", "conflict", "conformance", "letters", "pause", "resume", "retire", "test")
MAP_ACTS = ("map", "preview")
SIGNATURES = [signature.value for signature in Signature]
DRAFT_ACTS = ("draft",)
STATES = [*(state.value for state in EndpointState), RETIRED]


class Acts(LazyGroup):
    """What is done to an endpoint needs the whole app."""

    places = (
        {name: f"leadgen.cli.endpoint_acts:{name}" for name in ACTS}
        | {name: f"leadgen.cli.endpoint_map:{name}_" for name in MAP_ACTS}
        | {name: f"leadgen.cli.endpoint_draft:{name}" for name in DRAFT_ACTS}
    )


@click.group(cls=Acts)
def endpoint() -> None:
    """Where schools receive."""


@endpoint.command("list")
@click.option("--school", default="", help="Only those of this school (its id).")
@click.option("--kind", type=click.Choice([kind.value for kind in EndpointKind]), default=None, help="Only this kind.")
@click.option("--state", type=click.Choice(STATES), default=None, help="Only those in this state.")
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True, help="At most so many, by school.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(school: str, kind: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """List endpoints with how they do: what waits, and how much arrived in 24 hours."""
    asked = DirectoryFilter(school=school, kind=kind or "", status=state or "")
    with create_core(read_database_settings()).app_context():
        found = [line.endpoint for line in list_endpoints(db.session, asked, limit=limit)]
        health = read_health(db.session, found, now(db.session))
        rows = [_describe(each, health[each.id]) for each in found]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo("{id:>6}  {school:24}  {kind:9}  {state:8}  waiting {waiting:<6}  {address}".format(**row))


@endpoint.command()
@click.option("--example", is_flag=True, required=True, help="Of the invented schools, which only the sandbox plays.")
def secrets(example: bool) -> None:
    """Print the webhook secrets of ``.example`` hosts as JSON, for the sandbox: host to a list of secrets.

    Secrets that are still missing are made first. Those of real schools are never printed.
    """
    settings = read_settings()
    vault = Vault.from_settings(settings)
    with create_core(settings).app_context():
        seal_missing_secrets(db.session, vault)
        db.session.commit()
        found = export_example_secrets(db.session, vault) if example else {}
    print(json.dumps({host: [secret] for host, secret in found.items()}, indent=2))


@endpoint.command("rotate-secret")
@click.argument("school")
@click.option("--at-once", is_flag=True, help="The old secret stops signing now, not at the next rotation.")
@click.option("--signature", type=click.Choice(SIGNATURES), help="Sign in this way from now on; usually as until now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(school: str, at_once: bool, signature: str | None, as_json: bool) -> None:
    """Make a new webhook secret for SCHOOL (its id) and print it once, to be handed over on a safe way. Of a key pair
    (ed25519) the public key is printed: anybody may see it."""
    settings = read_settings()
    with create_core(settings).app_context():
        asked = Signature(signature) if signature else None
        vault = Vault.from_settings(settings)
        handed = rotate_secret(db.session, vault, school, "cli", at_once=at_once, signature=asked)
        if handed is None:
            raise click.ClickException(f"There is no school {school} with a webhook.")
        db.session.commit()
    named = "public_key" if handed.startswith(PUBLIC_PREFIX) else "secret"
    print(json.dumps({"school": school, named: handed}) if as_json else handed)


def _describe(found: Endpoint, health: Health) -> dict[str, object]:
    return {
        "id": found.id,
        "school": found.school_id,
        "kind": found.kind.value,
        "takes": found.takes.value,
        "address": found.address or "",
        "position": found.position,
        "language": found.language if found.kind in (EndpointKind.email, EndpointKind.batch) else None,
        "version": found.version,
        "state": RETIRED if found.retired_at else found.state.value,
        "signature": found.signature.value if found.kind is EndpointKind.webhook else None,
        "public_key": found.public_key,
        "broken_reason": found.broken_reason,
        "waiting": health.waiting,
        "uncertain": health.uncertain,
        "delivered_24h": health.delivered,
        "failed_24h": health.failed,
        "rests_until": health.rests_until.isoformat() if health.rests_until else None,
    }
