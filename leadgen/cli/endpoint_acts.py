"""What is done to one endpoint by command: the same functions as at the desk."""

import json

import click

from leadgen.app import create_app
from leadgen.cli.first import ACTOR, one_transaction
from leadgen.delivery.carry_test import carry_test
from leadgen.delivery.dispatch import open_dispatcher
from leadgen.delivery.trial import ask_test
from leadgen.directory.reasons import CONFLICT_REASONS, LETTER_REASONS, PAUSE_REASONS, RESUME_REASONS, RETIRE_REASONS
from leadgen.directory.receivers import Wanted, add_endpoint, change_endpoint, read_seen
from leadgen.extensions import db
from leadgen.journey import endpoints
from leadgen.journey.endpoint_conflict import Conflict, declare_conflict
from leadgen.journey.endpoint_letters import Way, choose_each
from leadgen.models import Endpoint, EndpointKind, EndpointTest, Result, Signature, Takes
from leadgen.vault import open_vault

KINDS, TAKES = [kind.value for kind in EndpointKind], [takes.value for takes in Takes]
SIGNATURES = [signature.value for signature in Signature]
LETTER_LANGUAGES = {"en": Way.in_english, "es": Way.in_spanish}
PROVED = {
    True: "It drops repeats.",
    False: "Not proved: ask the school to confirm it in the portal.",
    None: "Not both were taken, so nothing is known: ask again.",
}
LETTERS_NOW = {
    Way.link_only: "name nobody and lead to the portal",
    Way.whole_letters: "hold the whole lead",
    Way.in_english: "are in English",
    Way.in_spanish: "are in Spanish",
}

number = click.argument("endpoint_id", type=click.IntRange(min=1), metavar="ENDPOINT")
as_machine = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("school")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="How it receives.")
@click.option("--address", default="", help="An email or https address; a portal has none.")
@click.option("--takes", type=click.Choice(TAKES), help="What goes there; usually everything, to a form leads alone.")
@click.option("--position", default="1", show_default=True, help="Its place in the school's order.")
@click.option(
    "--signature", type=click.Choice(SIGNATURES), default="hmac", show_default=True, help="How a webhook signs."
)
@as_machine
def add(school: str, kind: str, address: str, takes: str | None, position: str, signature: str, as_json: bool) -> None:
    """Add an endpoint to SCHOOL (its id). It takes leads once a test was accepted. A webhook's secret is shown once;
    the public key of one that signs with ed25519 can be seen again."""
    usual = Takes.leads if kind == EndpointKind.form_post else Takes.everything
    asked = Wanted(EndpointKind(kind), Takes(takes) if takes else usual, address, position, Signature(signature))
    with create_app().app_context(), one_transaction():
        made, secret = add_endpoint(db.session, open_vault(), school, asked, ACTOR)
        told = {"id": made.id, "school": school, "state": made.state.value}
        told |= {"secret": None if made.public_key else secret or None, "public_key": made.public_key}
    words = f"Made endpoint {told['id']} of {school}; it is {told['state']}."
    named = "Public key" if told["public_key"] else "Secret (shown this once)"
    _print(told, words + (f"\n{named}: {secret}" if secret else ""), as_json)


@click.command()
@number
@click.option("--address", help="The new address.")
@click.option("--position", help="The new place in the school's order.")
@click.option("--at-once", is_flag=True, help="Leads go to a new address now; they do not wait for a test of it.")
def change(endpoint_id: int, address: str | None, position: str | None, at_once: bool) -> None:
    """Give ENDPOINT (its number) another address, or another place in its school's order."""
    with create_app().app_context(), one_transaction():
        found = endpoints.lock_endpoint(db.session, endpoint_id)
        seen = read_seen(found)
        typed = {name: value for name, value in {"address": address, "position": position}.items() if value is not None}
        changed = change_endpoint(db.session, found, seen | typed, seen, ACTOR, test=not at_once)
    click.echo(f"Endpoint {endpoint_id} is changed." if changed else "Nothing differs, so nothing was written.")


@click.command()
@number
@as_machine
def test(endpoint_id: int, as_json: bool) -> None:
    """Send a test lead to ENDPOINT (its number), and say what came of it. Ends with 1 where it was not accepted."""
    with create_app().app_context():
        with one_transaction():
            test_id = ask_test(db.session, endpoints.lock_endpoint(db.session, endpoint_id), ACTOR).id
        carry_test(open_dispatcher(), test_id)
        sent = db.session.get_one(EndpointTest, test_id, populate_existing=True)
        told = {name: getattr(sent, name) for name in ("id", "result", "status", "latency_ms", "reason", "answer")}
    words = f"{told['result'] or 'A worker has it'}: {told['reason'] or told['status']} ({told['latency_ms']} ms)"
    _print(told, words, as_json)
    if told["result"] is not Result.accepted:
        raise SystemExit(1)


@click.command()
@number
@as_machine
def conformance(endpoint_id: int, as_json: bool) -> None:
    """Send the same test twice to ENDPOINT (its number), and say whether it drops the repeat. Ends with 1 where that is
    not proved: then what nobody can know is never sent again by itself."""
    with create_app().app_context():
        with one_transaction():
            test_id = ask_test(db.session, endpoints.lock_endpoint(db.session, endpoint_id), ACTOR, twice=True).id
        carry_test(open_dispatcher(), test_id)
        sent = db.session.get_one(EndpointTest, test_id, populate_existing=True)
        told = {
            name: getattr(sent, name) for name in ("id", "result", "status", "second_status", "counts_one", "reason")
        }
    proved = PROVED[told["counts_one"]]
    answers = f"{told['status'] or told['reason']}, then {told['second_status'] or 'nothing more was sent'}"
    _print(told, f"{answers}. {proved}", as_json)
    if not told["counts_one"]:
        raise SystemExit(1)


@click.command()
@number
@click.option("--reason", type=click.Choice(list(PAUSE_REASONS)), required=True, help="Why, for the history.")
def pause(endpoint_id: int, reason: str) -> None:
    """Stop leads to ENDPOINT (its number); notices still go."""
    with create_app().app_context(), one_transaction():
        endpoints.pause(db.session, endpoint_id, ACTOR, reason)
    click.echo(f"Endpoint {endpoint_id} is paused.")


@click.command()
@number
@click.option("--reason", type=click.Choice(list(RESUME_REASONS)), required=True, help="Why, for the history.")
def resume(endpoint_id: int, reason: str) -> None:
    """Put ENDPOINT (its number) into use: one that was tested, paused, broken or retired."""
    with create_app().app_context(), one_transaction():
        due = endpoints.resume(db.session, endpoint_id, ACTOR, reason)
        state = db.session.get_one(Endpoint, endpoint_id).state.value
    click.echo(f"Endpoint {endpoint_id} is {state}. Due again now: {due}.")


@click.command()
@number
@click.option("--reason", type=click.Choice(list(RETIRE_REASONS)), required=True, help="Why, for the history.")
def retire(endpoint_id: int, reason: str) -> None:
    """Use ENDPOINT (its number) no more. What waits for it goes to the school's others."""
    with create_app().app_context(), one_transaction():
        moved = endpoints.retire(db.session, endpoint_id, ACTOR, reason)
    click.echo(f"Endpoint {endpoint_id} is retired. Waiting deliveries looked at again: {moved}.")


@click.command()
@number
@click.option("--link-only/--whole", default=None, help="Name nobody and lead to the portal, or hold the whole lead.")
@click.option("--language", type=click.Choice(list(LETTER_LANGUAGES)), help="The language that they are written in.")
@click.option("--reason", type=click.Choice(list(LETTER_REASONS)), required=True, help="Why, for the history.")
def letters(endpoint_id: int, link_only: bool | None, language: str | None, reason: str) -> None:
    """What the letters to ENDPOINT (its number) say of a lead, and in which language."""
    ways = [] if link_only is None else [Way.link_only if link_only else Way.whole_letters]
    ways += [LETTER_LANGUAGES[language]] if language else []
    if not ways:
        raise click.UsageError("Give --link-only, --whole or --language.")
    with create_app().app_context(), one_transaction():
        chosen = choose_each(db.session, endpoint_id, ACTOR, reason, ways)
    click.echo(f"Letters to endpoint {endpoint_id} {' and '.join(LETTERS_NOW[way] for way in chosen)}.")


@click.command()
@number
@click.option("--means", type=click.Choice([each.value for each in Conflict]), required=True, help="It has it, or no.")
@click.option("--reason", type=click.Choice(list(CONFLICT_REASONS)), required=True, help="Why, for the history.")
def conflict(endpoint_id: int, means: str, reason: str) -> None:
    """What a 409 of ENDPOINT (its number) means: that its school has the lead, or no to the lead."""
    with create_app().app_context(), one_transaction():
        declare_conflict(db.session, endpoint_id, ACTOR, reason, Conflict(means))
    click.echo(f"A 409 of endpoint {endpoint_id} means {means} from now on.")


def _print(told: dict[str, object], words: str, as_json: bool) -> None:
    click.echo(json.dumps(told, indent=2) if as_json else words)
