"""The desk: everything about an inquiry, and her data only on asking."""

from sqlalchemy import select, update

from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Attempt, Event, Inquiry, Lead, State
from leadgen.vault import open_vault
from tests.inquiries import Prospect, send_inquiry
from tests.web.desk import PERSONAL, Desk, add_far_school, held, kinds, schools, sent, settle_only
from tests.web.workplace import database, dump

__all__ = ["held", "schools", "sent"]  # fixtures, used by name


def test_every_page_reads_without_writing(held: Desk) -> None:
    before = dump(held.app)
    pages = [
        "",
        *(f"?bin={each}" for each in ("held", "uncertain", "failed", "endpoints", "withdrawals", "changes", "returns")),
    ]
    pages += [f"/inquiries/{held.reference}", f"/inquiries/{held.reference}/why-not", "/schools", "/schools/larkspur"]
    for path in pages:
        answer = held.rita.get(f"/desk{path}")
        assert answer.status_code == 200, path
        assert not [word for word in PERSONAL if word in answer.text], path
    assert dump(held.app) == before


def test_worklist_leads_to_the_held_inquiry_and_says_why(held: Desk) -> None:
    page = held.rita.get("/desk").text
    assert f"/desk/inquiries/{held.reference}" in page
    assert "A field that people cannot see was filled in" in page


def test_unknown_bin_inquiry_school_and_rule_are_not_found(held: Desk) -> None:
    for path in (
        "?bin=mine",
        "/inquiries/LG-0000-0000",
        "/schools/nowhere",
        f"/inquiries/{held.reference}/why-not?rule=x",
    ):
        assert held.rita.get(f"/desk{path}").status_code == 404, path


def test_page_number_out_of_range_gives_the_nearest_page(held: Desk) -> None:
    for page in ("0", "-1", "99999999999999999999", "two", "²"):
        assert held.reference in held.rita.get(f"/desk?page={page}").text


def test_inquiry_page_tells_everything_but_who(held: Desk) -> None:
    page = held.page()
    for words in (
        "60601 Chicago, IL",
        "A field that people cannot see was filled in",
        "In Chicago, where you live",
        "Larkspur Institute may contact me by email and phone call",
        "chain verified",
        "Release 2 leads",
    ):
        assert words in page, words


def test_revealing_is_a_post_that_is_written_down_and_lasts_one_page(held: Desk) -> None:
    answer = held.rita.post(f"/desk/inquiries/{held.reference}/reveal")
    assert answer.headers["Cache-Control"] == "no-store"
    for words in ("Ada Example", "ada@mail.example", "(312) 555-0142", "192.0.2.10", "Contact details shown"):
        assert words in answer.text, words
    assert "by rita@firststep.example" in answer.text
    assert not [word for word in PERSONAL if word in held.page()]
    assert kinds(held).count("contact.revealed") == 1
    assert held.rita.get(f"/desk/inquiries/{held.reference}/reveal").status_code == 405


def test_schools_answer_is_shown_only_after_revealing_escaped_and_cut(sent: Desk) -> None:
    settle_only(sent, State.failed, "422")
    with database(sent.app) as session:
        contact = session.scalars(select(Inquiry)).one().contact
        key = open_vault().open_key(contact.wrapped_key, f"contact:{sent.reference}")
        text = "<img src=x> Ada Example unknown " + "x" * 1100 + "THE END"
        session.execute(update(Attempt).values(answer_sealed=key.seal(text, "answer")))
        session.commit()
    assert "unknown" not in sent.page()
    revealed = sent.rita.post(f"/desk/inquiries/{sent.reference}/reveal").text
    assert "&lt;img src=x&gt; Ada Example unknown" in revealed
    assert "THE END" not in revealed


def test_search_goes_to_the_inquiry_and_keeps_personal_data_out_of_addresses(sent: Desk) -> None:
    for text in (sent.reference.lower(), "ADA@mail.example", "312 555 0142"):
        answer = sent.rita.post("/desk/search", data={"q": text})
        assert answer.location == f"/desk/inquiries/{sent.reference}"
    nothing = sent.rita.post("/desk/search", data={"q": "eve@mail.example"})
    assert "Nothing found" in nothing.text
    assert "eve@mail.example" not in nothing.text
    assert sent.rita.get("/desk/search?q=x").status_code == 405


def test_search_lists_all_inquiries_of_one_address(sent: Desk) -> None:
    with database(sent.app) as session:
        other = send_inquiry(session, ["bramble"], Prospect(phone="+13125550199")).reference
    page = sent.rita.post("/desk/search", data={"q": "ada@mail.example"}).text
    assert sent.reference in page
    assert other in page
    assert "ada@mail.example" not in page


def test_why_not_names_the_rule_and_filters_by_it(sent: Desk) -> None:
    with database(sent.app) as session:
        add_far_school(session)
    page = sent.page("/why-not?rule=distance")
    assert "Faraway Institute" in page
    assert "miles asked for" in page
    assert "Larkspur Institute" not in page
    assert "Faraway Institute" not in sent.page("/why-not?rule=fits")


def test_broken_chain_is_shown_in_red(sent: Desk) -> None:
    with database(sent.app) as session:
        session.execute(update(Event).where(Event.number == 1).values(actor="nobody"))
        session.commit()
    page = sent.page()
    assert "chain broken" in page
    assert "was altered" in page


def test_returned_lead_shows_its_reason_and_its_note_only_when_revealed(sent: Desk) -> None:
    settle_only(sent, State.delivered)
    with database(sent.app) as session:
        lead = session.scalars(select(Lead)).one()
        return_lead(session, open_vault(), lead, ReturnReason.duplicate, "Ada came in May", "user:1")
        session.commit()
    page = sent.page()
    assert "The school knew this person already" in page
    assert "Ada came in May" not in page
    assert "Ada came in May" in sent.rita.post(f"/desk/inquiries/{sent.reference}/reveal").text
    assert sent.reference in sent.rita.get("/desk?bin=returns").text


def test_erased_person_is_not_shown_and_breaks_no_page(held: Desk) -> None:
    with database(held.app) as session:
        contact = session.scalars(select(Inquiry)).one().contact
        contact.wrapped_key = contact.sealed = None
        session.commit()
    assert "personal data was erased" in held.page()
    assert "erased" in held.act("reveal")
    assert "erased" in held.act("release")
    assert held.count(Lead) == 0
    assert "erased" in held.act("decline", reason="has_it")
    assert held.outcomes() == ["hold", "hold"]


def test_withdrawal_by_her_is_seen_at_the_desk(sent: Desk) -> None:
    with database(sent.app) as session:
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()
    assert "Consent withdrawn</strong> by the prospect" in sent.page()


def test_school_list_is_filtered_by_name_and_shows_how_it_receives(sent: Desk) -> None:
    page = sent.rita.get("/desk/schools?name=LARK").text
    assert "Larkspur Institute" in page
    assert "webhook" in page
    assert "Bramble" not in page
    assert "No school is left by this filter" in sent.rita.get("/desk/schools?name=%25").text
