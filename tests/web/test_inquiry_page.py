"""The page of one inquiry: notes, duplicates, parcels, and how much it asks of the database."""

import re

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from leadgen.accounts.roles import RoleName
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.extensions import db
from leadgen.history import read_history
from leadgen.intake.change import Change
from leadgen.journey.change import change_inquiry
from leadgen.models import Attempt, Contact, Duplicate, Event, Inquiry, Lead, Note, State, Subject
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.desk import Desk, follow, held, kinds, make_desk, schools, sent, settle_only
from tests.web.workplace import database, sign_in

__all__ = ["held", "schools", "sent"]

SCRIPT = "<script>alert(1)</script>"
MOST_QUERIES = 26


def reveal(desk: Desk) -> str:
    return desk.rita.post(f"/desk/inquiries/{desk.reference}/reveal").text


def test_notes_are_sealed_only_added_and_shown_with_the_contact(sent: Desk) -> None:
    assert "Write the note first" in sent.act("notes", body="  ")
    page = sent.act("notes", body="Ada calls on Monday.\nAsk for the evening course.")
    assert "The note was added" in page
    assert "Monday" not in page
    sent.act("notes", body="She did")
    shown = reveal(sent)
    assert shown.index("She did") < shown.index("Ada calls on Monday.")
    assert kinds(sent).count("note.added") == 2
    with database(sent.app) as session:
        assert not [note for note in session.scalars(select(Note)) if b"Ada" in note.body_sealed]
        assert "Monday" not in repr([each.data for each in session.scalars(select(Event))])


def test_words_given_with_an_act_are_kept_as_a_note(sent: Desk) -> None:
    delivery = settle_only(sent, State.uncertain)
    fields = {"answer": "received", "reason": "other", "words": "Cora read it to me"}
    path = f"/desk/deliveries/{delivery}/resolve"
    assert "Choose a reason" in follow(sent.rita, path, fields).text
    follow(sent.rita, path, fields | {"reason": "school_said"})
    assert "Cora read it to me" not in sent.page()
    assert "Cora read it to me" in reveal(sent)


def test_duplicate_is_linked_by_reference_once_and_contacts_stay_apart(sent: Desk) -> None:
    with database(sent.app) as session:
        first = send_inquiry(session, ["bramble"], Prospect(phone="+13125550199")).reference
        before = [(each.sealed, each.wrapped_key) for each in session.scalars(select(Contact))]
    assert "There is no inquiry with that reference" in sent.act(
        "duplicate", original="LG-0000-0000", reason="same_person"
    )
    assert "or is the same" in sent.act("duplicate", original=sent.reference, reason="same_person")
    page = sent.act("duplicate", original=first.lower(), reason="same_person", words="Ada said so")
    assert f'Linked as a duplicate of <a href="/desk/inquiries/{first}">' in page
    assert "Linked already to" in sent.act("duplicate", original=first, reason="sent_twice")
    assert f"/desk/inquiries/{sent.reference}" in sent.rita.get(f"/desk/inquiries/{first}").text
    with database(sent.app) as session:
        assert [(each.sealed, each.wrapped_key) for each in session.scalars(select(Contact))] == before
        other = session.scalars(select(Inquiry.id).where(Inquiry.reference == first)).one()
        assert "duplicate.linked" in [each.kind for each in read_history(session, Subject.inquiry, other)]
    # the other way round would be a ring
    answer = follow(
        sent.rita, f"/desk/inquiries/{first}/duplicate", {"original": sent.reference, "reason": "same_person"}
    )
    assert "is linked to this inquiry" in answer.text
    assert sent.count(Duplicate) == 1


def test_link_to_a_duplicate_is_taken_back_once(sent: Desk) -> None:
    with database(sent.app) as session:
        first = send_inquiry(session, ["bramble"]).reference
    sent.act("duplicate", original=first, reason="same_person")
    assert "The link was taken back" in sent.act("duplicate/undo", reason="two_people")
    assert "not linked to another any more" in sent.act("duplicate/undo", reason="two_people")
    assert sent.count(Duplicate) == 0
    assert [kind for kind in kinds(sent) if kind.startswith("duplicate")] == ["duplicate.linked", "duplicate.unlinked"]


def test_duplicate_of_a_duplicate_is_linked_to_the_first(sent: Desk) -> None:
    with database(sent.app) as session:
        first = send_inquiry(session, ["bramble"]).reference
        third = send_inquiry(session, ["bramble"]).reference
    sent.act("duplicate", original=first, reason="same_person")
    path = f"/desk/inquiries/{third}/duplicate"
    page = follow(sent.rita, path, {"original": sent.reference, "reason": "same_person"}).text
    assert f'Linked as a duplicate of <a href="/desk/inquiries/{first}">' in page


def test_inquiries_of_the_same_address_or_number_are_listed_by_reference_only(sent: Desk) -> None:
    with database(sent.app) as session:
        by_email = send_inquiry(session, ["bramble"], Prospect("Bea Example", phone="+13125550199")).reference
        by_phone = send_inquiry(session, ["bramble"], Prospect("Cleo Example", email="cleo@mail.example")).reference
        stranger = send_inquiry(session, ["bramble"], Prospect("Eve", "eve@mail.example", "+13125550111")).reference
    page = sent.page()
    same = page[page.index('id="same"') : page.index('id="history"')]
    assert re.search(rf"{by_email}.*?>email<", same, re.S)
    assert re.search(rf"{by_phone}.*?>phone<", same, re.S)
    assert stranger not in page
    assert not [name for name in ("Bea", "Cleo", "mail.example", "5550199") if name in page]


def test_parcel_is_rebuilt_by_post_written_down_and_compared(sent: Desk) -> None:
    delivery = settle_only(sent, State.delivered)
    path = f"/desk/deliveries/{delivery}/parcel"
    assert sent.rita.get(path).status_code == 405
    page = sent.rita.post(path)
    assert page.headers["Cache-Control"] == "no-store"
    assert "&#34;name&#34;: &#34;Ada Example&#34;" in page.text
    assert ">Differs</span> from what was sent" in page.text
    hashed = re.search(r"<code>(\w{64})</code>", page.text)
    assert hashed
    with database(sent.app) as session:
        session.execute(update(Attempt).values(parcel_hash=hashed[1]))
        session.commit()
    assert ">Equal</span> to what was sent" in sent.rita.post(path).text
    with database(sent.app) as session:
        session.execute(update(Lead).values(school_reference="L-2027-118"))
        session.commit()
    # the school gave its reference in its answer: it was not in the parcel
    answered = sent.rita.post(path).text
    assert ">Equal</span> to what was sent" in answered
    assert "L-2027-118" not in answered
    assert kinds(sent).count("parcel.revealed") == 3


def test_erased_persons_parcel_is_not_built(sent: Desk) -> None:
    delivery = settle_only(sent, State.delivered)
    with database(sent.app) as session:
        session.execute(update(Contact).values(wrapped_key=None, sealed=None))
        session.commit()
    assert "personal data was erased" in follow(sent.rita, f"/desk/deliveries/{delivery}/parcel", {}).text
    assert "parcel.revealed" not in kinds(sent)


def test_who_may_only_read_sees_no_button_and_no_personal_data(held: Desk) -> None:
    rhea = sign_in(held.app, "rhea@firststep.example", RoleName.reader)
    page = rhea.get(f"/desk/inquiries/{held.reference}").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "<button" not in main
    assert "sealed" in main


def test_what_waits_for_a_person_stands_first(held: Desk) -> None:
    held.act("hold", school="larkspur", reason="ask_person")
    page = held.page()
    assert "We ask the person first" in decision(page)
    assert "At first: A field that people cannot see was filled in" in decision(page)


def decision(page: str) -> str:
    return page[page.index('class="panel decision"') : page.index('id="wants"')]


def test_return_and_untold_withdrawal_are_named_first(app: Flask, schools: None) -> None:
    desk = make_desk(app, "harebell")
    settle_only(desk, State.delivered)
    write_report(desk)
    assert "1 return waits for your judgment" in decision(desk.page())
    desk.act("withdraw", reason="called_us")
    first = decision(desk.page())
    assert "1 school does not know of the withdrawal" in first
    with database(app) as session:
        lead = session.scalars(select(Lead.reference)).one()
    assert f"/desk/leads/{lead}/told" in first
    follow(desk.rita, f"/desk/leads/{lead}/told", {"reason": "called_school"})
    assert "does not know" not in decision(desk.page())


def test_a_change_to_tell_is_no_withdrawal_on_any_page(app: Flask, schools: None) -> None:
    desk = make_desk(app, "harebell")
    settle_only(desk, State.delivered)
    with database(app) as session:
        change_inquiry(session, open_vault(), session.scalars(select(Inquiry)).one(), Change("", [], "es", {}))
        session.commit()
    first = decision(desk.page())
    assert "1 school does not know of a change" in first
    assert "withdrawal" not in first.replace("/withdraw", "")
    assert desk.reference in desk.rita.get("/desk?bin=changes").text
    assert desk.reference not in desk.rita.get("/desk?bin=withdrawals").text
    lead = first.partition("/desk/leads/")[2].partition("/told")[0]
    follow(desk.rita, f"/desk/leads/{lead}/told", {"reason": "called_school"})
    assert desk.reference not in desk.rita.get("/desk?bin=changes").text


def test_every_rule_on_the_offerings_shown_is_a_page(sent: Desk) -> None:
    page = sent.page("/why-not?rule=shown")
    assert "Larkspur Institute" in page
    assert "Takes inquiries" in page
    assert "Bramble" not in page


def test_what_people_write_comes_out_as_text(app: Flask, schools: None) -> None:
    with database(app) as session:
        reference = send_inquiry(session, ["larkspur"], Prospect(name=SCRIPT), trap="x").reference
    desk = Desk(app, sign_in(app, "rita@firststep.example", RoleName.reviewer), reference)
    desk.act("notes", body=SCRIPT)
    for verb, reason in (("decline", "other"), ("hold", "by_mistake"), ("release", "other")):
        desk.act(verb, school="larkspur", reason=reason, words=SCRIPT)
    delivery = settle_only(desk, State.uncertain, SCRIPT)
    follow(
        desk.rita,
        f"/desk/deliveries/{delivery}/resolve",
        {"answer": "received", "reason": "school_said", "words": SCRIPT},
    )
    write_report(desk)
    for page in (desk.page(), reveal(desk), desk.rita.post(f"/desk/deliveries/{delivery}/parcel").text):
        assert SCRIPT not in page
    assert reveal(desk).count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 7


def write_report(desk: Desk) -> None:
    with database(desk.app) as session:
        return_lead(session, open_vault(), session.scalars(select(Lead)).one(), ReturnReason.other, SCRIPT, "user:1")
        session.commit()


@pytest.mark.parametrize("many", [1, 6])
def test_page_asks_the_database_the_same_number_of_times_however_much_there_is(app: Flask, many: int) -> None:
    names = [f"school{number}" for number in range(many)]
    with database(app) as session:
        for name in names:
            add_school(session, name)
    desk = make_desk(app, *names)
    with database(app) as session:
        for number in range(many):
            send_inquiry(session, names, Prospect(f"Ada {number}"))
    for _ in range(many):
        desk.act("notes", body="seen")
    assert count_queries(desk) <= MOST_QUERIES


def count_queries(desk: Desk) -> int:
    statements: list[str] = []
    with desk.app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        desk.page()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)
