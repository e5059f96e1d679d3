"""Maps drafted from posting specifications: a dozen of invented systems, as schools hand them over."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen.delivery.carriers.answered import Answered
from leadgen.delivery.carriers.rules import find_rule
from leadgen.delivery.posting.check import find_faults, list_used_secrets
from leadgen.delivery.posting.document import read_document, write_document
from leadgen.delivery.posting.draft import Draft, draft_posting
from leadgen.delivery.posting.draft_sample import DraftError
from leadgen.delivery.posting.model import As, AuthKind, Encoding, Outcome, PriceIn
from leadgen.delivery.posting.samples import read_answer

FORM_CURL = r"""
curl -X POST 'https://leads.quillwater.example/intake?api_key=abc123' \
  -H 'Accept: application/json' \
  -d 'fname=Jane' -d "lname=O'Brien" --data-urlencode 'email=jane+x@mail.example' \
  -d phone_home=3125550100 -d postal_code=60601 -d program_code=MBC -d src=WEB7 -d tcpa_consent=Y
"""
JSON_CURL = r"""$ curl --location 'https://api.larkspur.example/v2/leads' --header 'Content-Type: application/json' \
--header 'Authorization: Bearer eyJsecret' --data-raw '{
  "contact": {"firstName": "Jane", "lastName": "Doe", "emailAddress": "jane@mail.example",
    "phones": [{"type": "home", "number": "312-555-0100"}], "address": {"street": "1 Main St", "zipCode": "60601"}},
  "educationLevel": "HSD", "interests": ["billing", "coding"], "isTest": false, "campaignId": 4711
}'"""
WINDOWS_CURL = (
    'curl -sS -u us:pa55 --json "{\\"First Name\\": \\"Jane\\", \\"zip\\": 60601}" ^\r\n --url hook.example/in'
)
MULTIPART = """curl https://bramble.example -F "first=Jane" -F 'last=Doe' -F "cell=(312) 555-0100" -F course=MBC"""
GET = "curl -G https://aster.example/lead -d first_name=Jane -d auth_token=t0p -d zip=60601"
RAW = """POST /soap/lead HTTP/1.1
Host: crm.harebell.example
Content-Type: text/xml
X-Partner-Key: 99-aa

<?xml version="1.0"?>
<lead source="web" xmlns="urn:harebell">
  <firstName>Jane</firstName><surname>Doe</surname><dob>01/31/2001</dob>
  <homePhone>13125550100</homePhone><submitted>03/04/2027 10:15:00 PM</submitted><degreeLevel>CERT</degreeLevel>
</lead>"""
SOAP = """<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<AddLead><Password>pw</Password><Zip>60601</Zip></AddLead></soap:Body></soap:Envelope>"""
BODY = "first_name={{first_name}}&last_name=[LAST]&email=&utm=%7B%7Bx%7D%7D&zip=<zip>"
LINES = "FirstName=Jane\nLastName=Doe\nZip5=60601\nCampusFormat=Ground\nModality=Online"
ARRAY = '[{"email": "jane@mail.example", "optin_date": "2027-03-04", "school": {"name": "Quillwater"}}]'


def rows(draft: Draft) -> dict[str, str]:
    return {row.name: row.value for row in draft.posting.lead.rows}


def test_a_form_in_a_curl_command() -> None:
    draft = draft_posting(FORM_CURL)
    assert draft.posting.lead.encoding is Encoding.form
    assert rows(draft) == {
        "fname": "{{ first_name }}",
        "lname": "{{ last_name }}",
        "email": "{{ email }}",
        "phone_home": "{{ phone | ten_digits }}",
        "postal_code": "{{ zip | zip5 }}",
        "program_code": "{{ program | map:programs }}",
        "src": "WEB7",
        "tcpa_consent": "{{ phone | map:may_call }}",
    }
    assert draft.address == "https://leads.quillwater.example/intake"
    assert draft.posting.query[0].value == "{{ secret.api_key }}"
    assert draft.posting.headers == ()
    assert draft.posting.tables["may_call"] == {"": "N", "*": "Y"}
    assert any("src is unknown here" in each for each in draft.todo)
    assert "abc123" not in write_document(draft.posting, draft.todo)


def test_json_in_a_curl_command_with_a_bearer_token() -> None:
    draft = draft_posting(JSON_CURL)
    told = rows(draft)
    assert told["contact.firstName"] == "{{ first_name }}"
    assert told["contact.emailAddress"] == "{{ email }}"
    assert told["contact.phones.0.number"] == "{{ phone | dashes }}"
    assert told["contact.address.street"] == ""
    assert told["contact.address.zipCode"] == "{{ zip | zip5 }}"
    assert told["educationLevel"] == "{{ education | map:education }}"
    assert draft.posting.tables["education"] == {"none": "TODO", "ged": "TODO", "high_school": "HSD"}
    assert {row.name: row.kind for row in draft.posting.lead.rows}["campaignId"] is As.number
    assert draft.posting.auth.kind is AuthKind.bearer
    text = write_document(draft.posting, draft.todo)
    for personal in ("Jane", "jane@mail", "eyJsecret", "1 Main St"):
        assert personal not in text


def test_quotes_and_continued_lines_of_windows_and_basic_authorization() -> None:
    draft = draft_posting(WINDOWS_CURL)
    assert rows(draft) == {"First Name": "{{ first_name }}", "zip": "{{ zip | zip5 }}"}
    assert (draft.posting.auth.kind, draft.posting.auth.user) == (AuthKind.basic, "us")
    assert draft.address == "https://hook.example/in"
    assert any("loses its first 0" in each for each in draft.todo)
    assert "pa55" not in write_document(draft.posting)


def test_a_multipart_form_and_one_in_the_address() -> None:
    multipart = draft_posting(MULTIPART)
    assert rows(multipart)["cell"] == "{{ phone | national }}"
    assert any("multipart" in each for each in multipart.todo)
    got = draft_posting(GET)
    assert rows(got) == {
        "first_name": "{{ first_name }}",
        "auth_token": "{{ secret.auth_token }}",
        "zip": "{{ zip | zip5 }}",
    }


def test_raw_http_with_xml() -> None:
    draft = draft_posting(RAW)
    told = rows(draft)
    assert (draft.posting.lead.encoding, draft.posting.lead.root) == (Encoding.xml, "lead")
    assert draft.address == "https://crm.harebell.example/soap/lead"
    assert (told["@source"], told["@xmlns"], told["surname"]) == ("web", "urn:harebell", "{{ last_name }}")
    assert told["homePhone"] == "{{ phone | digits }}"
    assert told["submitted"] == "{{ received_at | date:MM/DD/YYYY hh:mm:ss A }}"
    assert told["dob"] == ""
    assert draft.posting.tables["credential"] == {"certificate": "CERT", "diploma": "TODO", "associate": "TODO"}
    assert [(each.name, each.value) for each in draft.posting.headers] == [
        ("X-Partner-Key", "{{ secret.partner_key }}")
    ]


def test_an_envelope_keeps_its_namespaces() -> None:
    draft = draft_posting(SOAP)
    assert draft.posting.lead.root == "soap:Envelope"
    assert rows(draft)["soap:Body.AddLead.Zip"] == "{{ zip | zip5 }}"
    assert rows(draft)["soap:Body.AddLead.Password"] == "{{ secret.password }}"
    assert rows(draft)["@xmlns:soap"].startswith("http://schemas")


def test_placeholders_are_no_values_and_no_code_of_ours() -> None:
    told = rows(draft_posting(BODY))
    assert told["first_name"] == "{{ first_name }}"
    assert (told["email"], told["utm"], told["zip"]) == ("{{ email }}", "", "{{ zip }}")


def test_fields_one_to_a_line_and_a_list_of_leads() -> None:
    told = rows(draft_posting(LINES))
    assert told["Zip5"] == "{{ zip | zip5 }}"
    assert told["Modality"] == "{{ format | map:format }}"
    listed = rows(draft_posting(ARRAY))
    assert listed["0.optin_date"] == "{{ received_at | date }}"
    assert listed["0.school.name"] == "Quillwater", "it is no name of hers"


ANSWERS: list[tuple[str, str, Outcome]] = [
    ('{"result": "success", "id": "A-1", "price": "12.50"}', '{"result": "failed", "message": "no"}', Outcome.rejected),
    ('{"data": {"accepted": true}}', '{"data": {"accepted": false, "reason": "age"}}', Outcome.rejected),
    ('{"lead_id": 77}', '{"error": "Duplicate lead"}', Outcome.duplicate),
    ("<r><status>OK</status><id>9</id></r>", "<r><status>ERROR</status><msg>zip</msg></r>", Outcome.rejected),
    ('<response code="0"/>', '<response code="17"/>', Outcome.rejected),
    ("SUCCESS: 4711", "FAIL: bad zip", Outcome.rejected),
    ("HTTP/1.1 201 Created\n\n", "HTTP/1.1 422 No\n\n", Outcome.rejected),
    ("<html>Thank you</html>", "<html><b>Sorry", Outcome.rejected),
]


@pytest.mark.parametrize(("accepted", "rejected", "outcome"), ANSWERS)
def test_two_answers_are_told_apart_by_rules_of_the_draft(accepted: str, rejected: str, outcome: Outcome) -> None:
    draft = draft_posting("zip=60601", accepted, rejected)
    found = [find_rule(draft.posting, Answered(read_answer(text))) for text in (accepted, rejected)]
    assert [rule and rule.outcome for rule in found] == [Outcome.accepted, outcome]


def test_where_an_answer_says_more_that_is_read_too() -> None:
    yes = '{"ok": 1, "status": "sold", "lead": {"id": "A-1"}, "payout_cents": 1250}'
    draft = draft_posting("zip=60601", yes, '{"ok": 0, "status": "unsold", "errors": {"message": "no seats"}}')
    reads = draft.posting.reads
    told = [pick and pick.at for pick in (reads.reference, reads.reason, reads.price)]
    assert told == ["$.lead.id", "$.errors.message", "$.payout_cents"]
    assert reads.price_in is PriceIn.cents


@pytest.mark.parametrize(("accepted", "rejected"), [("OK", "OK"), ("{}", "{}"), ('{"a": 1}', '{"a": 1}')])
def test_answers_that_look_alike_are_said_to(accepted: str, rejected: str) -> None:
    assert any("Nothing tells" in each for each in draft_posting("zip=1", accepted, rejected).todo)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("", "Paste a cURL command"),
        ("curl 'https://a.example", "ends inside a quote"),
        ("curl https://a.example -d", "ends after -d"),
        ("curl https://a.example -d @lead.json", "from a file"),
        ("curl https://a.example", "no body"),
        ("{", "JSON cannot be read from line 1"),
        ("<a><b></a>", "XML cannot be read"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "DOCTYPE"),
        ("Dear school, please send leads.", "no JSON, no XML"),
        ("[" * 50_000, "JSON"),
        ("x" * 200_000, "too long"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_way_to_mend_it(spec: str, words: str) -> None:
    with pytest.raises(DraftError) as raised:
        draft_posting(spec)
    assert words in str(raised.value.words)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)
specs = st.one_of(
    st.text(max_size=80),
    json_values.map(lambda value: __import__("json").dumps({"zip": value})),
    st.text(max_size=60).map(lambda text: f"curl https://a.example -d {text!r} -H {text!r}"),
    st.lists(st.text(max_size=10), max_size=5).map(lambda words: "curl " + " ".join(words)),
    st.text(max_size=40).map(lambda text: f"<a b='1'>{text}</a>"),
    st.text(max_size=40).map(lambda text: f"POST /x HTTP/1.1\nHost: a.example\nX-Key: {text}\n\nzip=60601&{text}"),
)


@given(specs, st.text(max_size=60) | json_values.map(str), st.text(max_size=60))
def test_whatever_is_pasted_gives_a_map_that_can_be_kept_or_words(spec: str, accepted: str, rejected: str) -> None:
    try:
        draft = draft_posting(spec, accepted, rejected)
    except DraftError:
        return
    assert find_faults(draft.posting, list_used_secrets(draft.posting)) == []
    assert read_document(write_document(draft.posting, draft.todo)).posting == draft.posting
