"""`leadgen deliveries`: look at what is on its way, and send again what failed."""

import json

import click
from sqlalchemy import select

from leadgen.app import create_app
from leadgen.delivery.resolve import ResolveError, redeliver
from leadgen.extensions import db
from leadgen.models import Delivery, Lead, State
from leadgen.web.desk.words import REDELIVER_REASONS

ACTOR = "cli"


@click.group()
def deliveries() -> None:
    """Deliveries: list them, or send a failed one again."""


@deliveries.command(name="list")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only those in this state.")
@click.option("--school", help="Only those of this school.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many, newest first."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_deliveries(state: str | None, school: str | None, limit: int, as_json: bool) -> None:
    """List deliveries, without personal data."""
    query = select(Delivery, Lead.reference).join(Lead, Lead.id == Delivery.lead_id).order_by(Delivery.id.desc())
    if state:
        query = query.where(Delivery.state == State(state))
    if school:
        query = query.where(Delivery.school_id == school)
    with create_app().app_context():
        rows = [_describe(delivery, reference) for delivery, reference in db.session.execute(query.limit(limit))]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print("{id:>8}  {lead}  {school:24}  {about:10}  {state:10}  {reason}".format(**row))


@deliveries.command(name="redeliver")
@click.argument("delivery_id", type=int)
@click.option(
    "--reason", type=click.Choice(list(REDELIVER_REASONS)), required=True, help="Why it is sent again, for the history."
)
def redeliver_one(delivery_id: int, reason: str) -> None:
    """Send a failed delivery again, under the same key."""
    with create_app().app_context():
        delivery = db.session.get(Delivery, delivery_id)
        if delivery is None:
            raise click.ClickException(f"There is no delivery {delivery_id}.")
        try:
            redeliver(db.session, delivery, ACTOR, reason)
        except ResolveError as error:
            raise click.ClickException(str(error)) from None
        db.session.commit()
        print(f"Delivery {delivery_id} is due now.")


def _describe(delivery: Delivery, lead: str) -> dict[str, str | int]:
    return {
        "id": delivery.id,
        "lead": lead,
        "school": delivery.school_id,
        "about": str(delivery.about),
        "state": str(delivery.state),
        "reason": delivery.reason or "",
        "due_at": delivery.due_at.isoformat(timespec="seconds"),
    }
