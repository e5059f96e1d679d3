"""The same test twice under one id: what proves that a receiver counts one, and what that changes."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.cli import main
from leadgen.clock import database_now
from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, PermanentNo, Unknown
from leadgen.delivery.carry_test import carry_test
from leadgen.delivery.conformance import CountError, confirm_count, drops_repeats
from leadgen.delivery.trial import ask_test
from leadgen.models import Delivery, Endpoint, EndpointTest, Result, State, Subject
from tests.conftest import TEST_ENVIRONMENT
from tests.fake_school import answers
from tests.fake_server import running
from tests.inquiries import add_school, send_inquiry
from tests.stages.daily_files import make_batch_school
from tests.tasks.scripted_carrier import ScriptedCarrier, dispatcher_with

ONE = Answer("202", '{"reference": "S-1"}', "S-1")


@pytest.mark.parametrize(
    ("second", "proved"),
    [
        (Answer("200", '{"status": "duplicate"}'), True),
        (Answer("200", '{"result": "Duplicate", "id": 7}', "7"), True),
        (Answer("409"), True),
        (Answer("202", '{"reference": "S-1"}', "S-1"), True),
        (Answer("202", '{"reference": "S-2"}', "S-2"), False),
        (Answer("202", "no duplicate here"), False),
        (Answer("202", '["duplicate"]'), False),
        (Answer("202", "[" * 900), False),
        (Answer("202", '{"reference": "TEST-4"}', "TEST-4"), False),
        (PermanentNo("422", status="422", text='{"status": "duplicate"}'), None),
        (Unknown("no answer"), None),
    ],
)
def test_only_a_duplicate_or_the_same_reference_proves_it(second: Answer | CarrierError, proved: bool | None) -> None:
    assert drops_repeats(ONE, second) is proved
    assert drops_repeats(DefiniteNo("refused"), second) is None


def test_our_own_name_for_it_given_back_proves_nothing() -> None:
    echo = Answer("202", '{"id": "TEST-4"}', "TEST-4")
    assert drops_repeats(echo, echo, ("test_1_ab", "TEST-4")) is False
    assert drops_repeats(echo, echo, ("test_1_ab", "TEST-5")) is True


def test_two_answers_without_a_reference_prove_nothing() -> None:
    assert not drops_repeats(Answer("202"), Answer("202"))


@pytest.fixture
def endpoint(session: Session) -> Endpoint:
    add_school(session, "larkspur")
    return session.scalars(select(Endpoint)).one()


def send_twice(session: Session, endpoint: Endpoint, *outcomes: Answer | CarrierError) -> EndpointTest:
    """Ask for a test that is sent twice, and carry it with these answers."""
    number = ask_test(session, endpoint, "user:1", twice=True).id
    session.commit()
    carrier = ScriptedCarrier(list(outcomes))
    carry_test(dispatcher_with(carrier), number)
    session.expire_all()
    keys = {destination.key for _, destination in carrier.carried}
    assert len(keys) == 1, "one id for both"
    return session.get_one(EndpointTest, number)


def read_proof(session: Session) -> list[tuple[str, bool, str]]:
    lines = history.read_history(session, Subject.school, "larkspur")
    found = [line for line in lines if line.kind == "endpoint.conformance"]
    return [(line.actor, line.data["repeats"] == "dropped", str(line.data["source"])) for line in found]


def test_a_receiver_that_names_the_repeat_is_proved(session: Session, endpoint: Endpoint) -> None:
    test = send_twice(session, endpoint, ONE, Answer("200", '{"status": "duplicate"}'))
    assert (test.result, test.status, test.second_status, test.counts_one) == (Result.accepted, "202", "200", True)
    assert session.get_one(Endpoint, endpoint.id).dedupes
    assert read_proof(session) == [("user:1", True, "answers")]


def test_a_receiver_that_takes_two_loses_what_it_had_proved(session: Session, endpoint: Endpoint) -> None:
    endpoint.dedupes = True
    session.commit()
    test = send_twice(session, endpoint, ONE, Answer("202", '{"reference": "S-2"}', "S-2"))
    assert (test.counts_one, session.get_one(Endpoint, endpoint.id).dedupes) == (False, False)


def test_a_first_that_was_not_taken_is_not_sent_again(session: Session, endpoint: Endpoint) -> None:
    test = send_twice(session, endpoint, Unknown("silence"), ONE)
    assert (test.result, test.second_status, test.counts_one) == (Result.unknown, None, None)
    assert read_proof(session) == []


def test_a_receiver_that_gives_our_name_back_is_not_proved(session: Session, endpoint: Endpoint) -> None:
    number = ask_test(session, endpoint, "user:1", twice=True).id
    session.commit()
    key = session.get_one(EndpointTest, number).key
    session.rollback()
    carry_test(dispatcher_with(ScriptedCarrier([Answer("202", "", key), Answer("202", "", key)])), number)
    session.expire_all()
    assert session.get_one(EndpointTest, number).counts_one is False


def test_where_the_second_was_refused_nobody_can_say_how_often_it_counts(session: Session, endpoint: Endpoint) -> None:
    test = send_twice(session, endpoint, Answer("202"), DefiniteNo("too many", status="429"))
    assert (test.second_status, test.counts_one, read_proof(session)) == ("429", None, [])
    with pytest.raises(CountError, match="Not both"):
        confirm_count(session, test, "user:9", counts_one=True)
    assert not session.get_one(Endpoint, endpoint.id, populate_existing=True).dedupes


def test_the_school_says_that_it_counts_one(session: Session, endpoint: Endpoint) -> None:
    test = send_twice(session, endpoint, Answer("202"), Answer("202"))
    assert not session.get_one(Endpoint, endpoint.id).dedupes
    confirm_count(session, test, "user:9", counts_one=True)
    session.commit()
    assert session.get_one(Endpoint, endpoint.id).dedupes
    assert read_proof(session)[-1] == ("user:9", True, "school")
    with pytest.raises(CountError, match="already"):
        confirm_count(session, test, "user:8", counts_one=False)


def test_a_word_on_an_address_of_before_counts_for_nothing(session: Session, endpoint: Endpoint) -> None:
    test = send_twice(session, endpoint, Answer("202"), Answer("202"))
    session.execute(update(Endpoint).values(version=Endpoint.version + 1))
    session.commit()
    with pytest.raises(CountError, match="changed"):
        confirm_count(session, test, "user:9", counts_one=True)
    assert not session.get_one(Endpoint, endpoint.id, populate_existing=True).dedupes


def test_a_test_that_was_sent_once_says_nothing_of_repeats(session: Session, endpoint: Endpoint) -> None:
    number = ask_test(session, endpoint, "user:1").id
    session.commit()
    carry_test(dispatcher_with(ScriptedCarrier([ONE])), number)
    session.expire_all()
    with pytest.raises(CountError, match="not sent twice"):
        confirm_count(session, session.get_one(EndpointTest, number), "user:9", counts_one=True)


@pytest.mark.parametrize("proved", [True, False])
def test_only_after_the_proof_is_the_unknown_sent_again_by_itself(
    session: Session, endpoint: Endpoint, proved: bool
) -> None:
    second = Answer("200", '{"status": "duplicate"}') if proved else Answer("202", '{"reference": "S-2"}', "S-2")
    send_twice(session, endpoint, ONE, second)
    send_inquiry(session, ["larkspur"])
    delivery_id = session.scalars(select(Delivery.id)).one()
    session.rollback()
    carrier = ScriptedCarrier([Unknown("silence"), Answer("202")])
    worker = dispatcher_with(carrier)
    worker.deliver(delivery_id)
    session.execute(update(Delivery).where(Delivery.state == State.pending).values(due_at=database_now(-1)))
    session.commit()
    worker.deliver(delivery_id)
    session.expire_all()
    delivery = session.get_one(Delivery, delivery_id)
    expected = (State.delivered, 2) if proved else (State.uncertain, 1)
    assert (delivery.state, len(carrier.carried)) == expected


def test_the_command_says_what_is_proved_and_ends_with_one_where_nothing_is(
    session: Session, database_url: str
) -> None:
    with running(answers(202, b'{"reference": "S-1"}')) as server:
        add_school(session, "larkspur", address=f"http://127.0.0.1:{server.port}/leads")
        session.commit()
        environment = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url}
        done = CliRunner().invoke(main, ["endpoint", "conformance", "1"], env=environment)
    assert (done.exit_code, done.output.strip()) == (0, "202, then 202. It drops repeats.")
    assert len(server.received) == 2
    with running(answers(202)) as server:
        session.execute(update(Endpoint).values(address=f"http://127.0.0.1:{server.port}/leads"))
        session.commit()
        done = CliRunner().invoke(main, ["endpoint", "conformance", "1", "--json"], env=environment)
    assert (done.exit_code, '"counts_one": false' in done.output) == (1, True)


def test_the_command_refuses_a_daily_file_in_a_clear_word(session: Session, database_url: str) -> None:
    make_batch_school(session)
    environment = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url}
    done = CliRunner().invoke(main, ["endpoint", "conformance", "1"], env=environment)
    assert done.exit_code == 1
    assert "A daily file is tested once" in done.output
