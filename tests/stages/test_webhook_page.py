"""What `docs/webhooks.md` tells schools is what they get."""

import json
import re
from typing import Any

import pytest
from click import Context
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.cli.endpoint import endpoint
from leadgen.clock import now
from leadgen.config import ROOT
from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, Misconfigured, PermanentNo, Unknown
from leadgen.delivery.carriers.outcome import judge
from leadgen.delivery.carriers.reader import Response
from leadgen.delivery.events import EventType
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel, flatten
from leadgen.delivery.retry import SCHEDULE
from leadgen.delivery.spread import make_delivery
from leadgen.intake.consent import hash_words
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import About, Delivery, Endpoint, Lead, State
from leadgen.vault import open_vault
from tests.inquiries import add_school, make_draft, send_inquiry, submit_draft
from tests.schemas import check_message

PAGE = (ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
SAMPLES = {sample["type"]: sample for sample in map(json.loads, re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))}
MEANINGS = {
    "accepted": Answer,
    "not now": DefiniteNo,
    "wrong settings": Misconfigured,
    "no to this lead": PermanentNo,
    "unknown": Unknown,
}


def list_keys(value: Any, path: str = "") -> set[str]:
    """Every key of nested JSON as a path. Lists hold plain values here, so their content is not looked at."""
    if not isinstance(value, dict):
        return {path}
    return {inner for name, child in value.items() for inner in list_keys(child, f"{path}/{name}")}


def build(session: Session, about: About) -> dict[str, Any]:
    delivery = session.scalars(select(Delivery).where(Delivery.about == about)).one()
    return json.loads(build_parcel(open_vault(), find_facts(session, delivery.id)).body)


def find_meaning(status: int) -> type[Answer] | type[CarrierError]:
    try:
        return type(judge(Response(status, {}, b""), conflict_means_received=False, now=0))
    except CarrierError as error:
        return type(error)


def read_statuses() -> list[tuple[int, str]]:
    """Each status of the table with what it says we take it as; `any 4xx` stands for its last."""
    found = []
    for answer, meaning in re.findall(r"^\| ([^|]*\d[^|]*) \| ([^|]+) \|", PAGE, re.MULTILINE):
        found += [(int(code), meaning) for code in re.findall(r"\b\d{3}\b", answer)]
        found += [(int(code) * 100 + 99, meaning) for code in re.findall(r"\b(\d)xx", answer)]
    return found


def tell(session: Session, about: About) -> dict[str, Any]:
    """What the school of the one lead is told of it."""
    lead, where = session.scalars(select(Lead)).one(), session.scalars(select(Endpoint)).one()
    make_delivery(session, lead, where, about, now(session))
    return build(session, about)


def test_the_samples_have_the_keys_of_what_is_sent(session: Session) -> None:
    add_school(session, "larkspur")
    inquiry = send_inquiry(session, ["larkspur"])
    lead = build(session, About.lead)
    session.execute(update(Delivery).values(state=State.delivered))
    session.commit()
    withdraw_inquiry(session, inquiry.id, ["larkspur"], "prospect")
    session.commit()
    made = {sample["type"]: sample for sample in (lead, build(session, About.withdrawal), tell(session, About.erasure))}
    assert set(made) == set(SAMPLES)
    for kind, sample in SAMPLES.items():
        assert list_keys(sample) == list_keys(made[kind])


def test_the_samples_are_as_the_schemas_say() -> None:
    for sample in SAMPLES.values():
        check_message(json.dumps(sample).encode())


def test_the_page_names_every_type_and_where_its_schema_is() -> None:
    rows = re.findall(r"^\| `(lead\.\w+)` \|.*\| `(\S+)` \|$", PAGE, re.MULTILINE)
    assert rows == [(event.value, f"/api/v1/schemas/{event}.json") for event in EventType]


def test_a_change_tells_the_whole_lead_as_it_is_now(session: Session) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    lead, change = build(session, About.lead), tell(session, About.change)
    assert change["type"] == "lead.changed"
    assert change["data"].pop("changed_at") == change["timestamp"]
    assert change["data"] == lead["data"]


def test_the_words_of_the_sample_have_the_hash_that_it_gives() -> None:
    consent = SAMPLES["lead.created"]["data"]["consent"]
    assert consent["words_sha256"] == hash_words(consent["words"])


def test_the_form_fields_are_those_that_are_sent() -> None:
    section = PAGE[PAGE.index("## Form post") : PAGE.index("## E-mail")]
    listed = re.findall(r"`(\w+)`", section[section.index("`event`") : section.index("Withdrawals")])
    assert listed == [name for name, _ in flatten(EventType.created, SAMPLES["lead.created"]["data"])]


@pytest.mark.parametrize(("status", "meaning"), read_statuses())
def test_each_status_means_what_the_table_says(status: int, meaning: str) -> None:
    assert find_meaning(status) is MEANINGS[meaning]


def test_the_table_names_every_kind_of_answer() -> None:
    assert {meaning for _, meaning in read_statuses()} == set(MEANINGS)


def test_the_commands_for_the_operator_are_there_with_their_options() -> None:
    named = re.findall(r"`leadgen endpoint ([a-z-]+)([^`]*)`", PAGE)
    assert {name for name, _ in named} >= {"add", "test", "resume", "conformance", "rotate-secret", "list"}
    more = [("add", "--signature"), ("rotate-secret", "--at-once --signature")]  # "the same with ..."
    for name, words in [*named, *more]:
        command = endpoint.get_command(Context(endpoint), name)
        assert command is not None, name
        options = {option for each in command.params for option in each.opts}
        assert set(re.findall(r"--[a-z-]+", words)) <= options, name


def test_the_receivers_that_the_page_links_to_are_there() -> None:
    for place in re.findall(r"\]\((receivers/[^)]+)\)", PAGE):
        assert (ROOT / "docs" / place).is_file(), place


def test_the_waits_are_those_of_the_schedule() -> None:
    minute, hour, day = 60, 3600, 86_400
    assert (10, *(n * minute for n in (1, 5, 15)), *(n * hour for n in (1, 3, 8, 12)), day, day) == SCHEDULE
    assert "10 seconds, then 1, 5 and 15 minutes, 1, 3, 8 and 12 hours, and a day twice" in PAGE


def test_phone_goes_only_to_a_school_that_may_call_or_text(session: Session) -> None:
    add_school(session)
    draft = make_draft(session, ["larkspur"])
    draft.answers.channels = {"larkspur": ["email"]}
    submit_draft(session, draft)
    assert build(session, About.lead)["data"]["person"]["phone"] is None
    fields = dict(flatten(EventType.created, build(session, About.lead)["data"]))
    assert (fields["phone"], fields["email"]) == ("", "ada@mail.example")


def test_email_goes_only_to_a_school_that_may_email(session: Session) -> None:
    add_school(session)
    draft = make_draft(session, ["larkspur"])
    draft.answers.channels = {"larkspur": ["call"]}
    submit_draft(session, draft)
    person = build(session, About.lead)["data"]["person"]
    assert (person["email"], person["phone"]) == (None, "+13125550142")
