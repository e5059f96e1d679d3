"""`leadgen endpoint map` and `preview`: how a form post writes a lead and reads its answer, as at the desk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from leadgen.app import create_app
from leadgen.cli.endpoint_acts import as_machine
from leadgen.cli.first import ACTOR, one_transaction
from leadgen.delivery.posting.check import list_used_secrets
from leadgen.delivery.posting.document import Document, MapError, point_out, read_document
from leadgen.delivery.posting.keep import MAPPED_KINDS, open_document, read_posting, save_posting
from leadgen.delivery.posting.model import Message, Posting
from leadgen.delivery.posting.preview import Meaning, explain, preview_request
from leadgen.delivery.posting.request import OpenPosting
from leadgen.delivery.posting.samples import read_answer
from leadgen.directory.by_hand import NotThereError
from leadgen.directory.reasons import MAP_REASONS
from leadgen.extensions import db
from leadgen.journey.endpoints import lock_endpoint
from leadgen.marks import say
from leadgen.models import Endpoint
from leadgen.vault import open_vault

ONE_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

whose = click.argument("endpoint", metavar="SCHOOL-OR-ENDPOINT")


@click.command("map")
@whose
@click.option("--from", "file", type=ONE_FILE, help="Take this map: JSON as this command prints it.")
@click.option("--remove", is_flag=True, help="Use no map: a fixed list of fields is posted again.")
@click.option(
    "--reason",
    type=click.Choice(list(MAP_REASONS)),
    default="our_decision",
    show_default=True,
    help="Why, for the history.",
)
@as_machine
def map_(endpoint: str, file: Path | None, remove: bool, reason: str, as_json: bool) -> None:
    """Show the map of a form post, or give it another. ENDPOINT is its number, or the id of a school with one.

    A file may hold "secrets": {"token": "…"}; null keeps the one that is there. A changed map waits for a test."""
    with create_app().app_context(), one_transaction():
        found = lock_endpoint(db.session, _find_id(endpoint))
        if file or remove:
            changed = _save(found, read_file(file) if file else None, file, reason)
            words = f"Endpoint {found.id} is version {found.version}; it is {found.state.value}."
            click.echo(words if changed else "Nothing differs, so nothing was written.", err=True)
        posting = read_posting(found)
        click.echo(json.dumps(_as_file(posting), indent=2, ensure_ascii=False) if as_json else _describe(posting))


@click.command("preview")
@whose
@click.option("--from", "file", type=ONE_FILE, help="Of this map, instead of the one that is kept.")
@click.option("--answer", "answers", type=ONE_FILE, multiple=True, help="Say what the answer in this file would mean.")
@as_machine
def preview_(endpoint: str, file: Path | None, answers: tuple[Path, ...], as_json: bool) -> None:
    """Show what would be posted for a lead of nobody, and what answers would mean. Nothing is sent or kept."""
    with create_app().app_context(), one_transaction():
        found = lock_endpoint(db.session, _find_id(endpoint))
        opened = _open(found, file)
        requests = [preview_request(db.session, found, opened, is_lead=is_lead) for is_lead in (True, False)]
        meanings = [explain(read_answer(path.read_text("utf-8", "replace")), opened.posting) for path in answers]
    if as_json:
        told = {
            "requests": [
                {"address": each.address, "headers": each.headers, "body": each.body} for each in requests if each
            ],
            "answers": [vars(meaning) for meaning in meanings],
        }
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    click.echo("\n\n".join(each.write() for each in requests if each))
    for path, meaning in zip(answers, meanings, strict=True):
        click.echo(f"\n{path.name}: {_tell(meaning)}")


def _save(endpoint: Endpoint, document: Document | None, file: Path | None, reason: str) -> bool:
    posting, secrets = (document.posting, document.secrets) if document else (None, {})
    seen, vault = endpoint.version, open_vault()
    with told_by_line(file):
        if document:
            document.refuse_unfinished()
        return save_posting(
            db.session, vault, endpoint, posting, secrets, seen_version=seen, actor=ACTOR, reason=reason
        )


def _find_id(words: str) -> int:
    if words.isascii() and words.isdecimal():
        return int(words)
    query = select(Endpoint.id).where(
        Endpoint.school_id == words, Endpoint.kind.in_(MAPPED_KINDS), Endpoint.retired_at.is_(None)
    )
    found = db.session.scalars(query).all()
    if len(found) != 1:
        raise NotThereError(say("There is no school %(school)s with one form post or daily file in use.", school=words))
    return found[0]


def _open(endpoint: Endpoint, file: Path | None) -> OpenPosting:
    if file is None and endpoint.posting is None:
        raise MapError(say("This endpoint has no map: a fixed list of fields is posted."))
    document = read_file(file) if file else Document(Posting.model_validate(endpoint.posting), {})
    with told_by_line(file):
        return open_document(open_vault(), endpoint, document)


def read_file(path: Path) -> Document:
    """The map in a file. Raises MapError that names the line."""
    text = path.read_text("utf-8", "replace")
    with told_by_line(path):
        return read_document(text)


@contextmanager
def told_by_line(path: Path | None) -> Iterator[None]:
    """What is wrong with the map in a file ends the command with a line for each mistake."""
    try:
        yield
    except MapError as error:
        mistakes = point_out(path.read_text("utf-8", "replace"), error) if path else []
        if path is None or not mistakes:
            raise
        lines = [f"line {each.line}: {each.name and each.name + ': '}{each.words}" for each in mistakes]
        raise click.ClickException(f"{path.name}: " + "\n       ".join(lines)) from None


def _as_file(posting: Posting | None) -> dict[str, Any] | None:
    if posting is None:
        return None
    return posting.model_dump(mode="json") | {"secrets": dict.fromkeys(sorted(list_used_secrets(posting)))}


def _describe(posting: Posting | None) -> str:
    if posting is None:
        return "No map: a fixed list of fields is posted, form-encoded."
    lines = [*_list_rows("Leads", posting.lead), *_list_rows("Notices", posting.notice)]
    for number, rule in enumerate(posting.rules, 1):
        when = " and ".join(
            " ".join(filter(None, (each.look.value, each.at, each.test.value, each.value))) for each in rule.when
        )
        lines.append(f"Rule {number}: {rule.outcome.value} when {when}")
    return "\n".join(lines)


def _list_rows(title: str, message: Message | None) -> list[str]:
    if message is None:
        return [f"{title}: not posted"]
    return [f"{title}, {message.encoding.value}:", *(f"  {row.name} <- {row.value}" for row in message.rows)]


def _tell(meaning: Meaning) -> str:
    by = f"by rule {meaning.rule}" if meaning.rule else "by no rule"
    price = None if meaning.price_cents is None else f"${meaning.price_cents / 100:,.2f}"
    more = {"reference": meaning.reference, "reason": meaning.reason, "price": price}
    return " ".join([f"{meaning.outcome} {by}", *(f"{name}={value}" for name, value in more.items() if value)])
