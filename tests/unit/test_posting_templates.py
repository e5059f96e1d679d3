"""Templates of a map: our fields in their words, and nothing that runs."""

import pytest

from leadgen.delivery.posting.fields import LEAD_FIELDS, complete_fields
from leadgen.delivery.posting.template import TemplateError, check_holes, list_secrets, render

FIELDS = {
    "first_name": "Ada",
    "phone": "+13125550142",
    "zip": "60601-1234",
    "consent_at": "2027-03-04T22:12:00Z",
    "certifications": "CPC,CCS",
    "credential": "certificate",
    "age": "",
    "secret.token": "s3cret",
}
TABLES = {"levels": {"certificate": "CERT", "*": "OTHER"}, "exams": {"CPC": "1"}}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain text, with { one brace }", "plain text, with { one brace }"),
        ("{{ first_name }}", "Ada"),
        ("Dear {{first_name|upper}}!", "Dear ADA!"),
        ("{{ phone | national }}", "(312) 555-0142"),
        ("{{ phone | dashes }}", "312-555-0142"),
        ("{{ phone | ten_digits }}", "3125550142"),
        ("{{ phone | digits }}", "13125550142"),
        ("{{ phone | e164 }}", "+13125550142"),
        ("{{ zip | zip5 }}", "60601"),
        ("{{ consent_at | date }}", "2027-03-04"),
        ("{{ consent_at | date:MM/DD/YYYY }}", "03/04/2027"),
        ("{{ consent_at | datetime }}", "2027-03-04 22:12:00"),
        ('{{ consent_at | local:America/Chicago | date:"YYYY-MM-DD hh:mm A" }}', "2027-03-04 04:12 PM"),
        ("{{ consent_at | unix }}", "1804198320"),
        ('{{ certifications | join:" | " }}', "CPC | CCS"),
        ("{{ credential | map:levels }}", "CERT"),
        ("{{ certifications | map:exams }}", "1,CCS"),
        ("{{ first_name | map:levels }}", "OTHER"),
        ("{{ first_name | cut:2 }}", "Ad"),
        ("{{ age | default:18 }}", "18"),
        ("{{ age | upper }}", ""),
        ("{{ email }}", ""),
        ("Token {{ secret.token }}", "Token s3cret"),
    ],
)
def test_holes_are_filled(template: str, expected: str) -> None:
    assert render(template, FIELDS, TABLES) == expected


@pytest.mark.parametrize("field", ["phone", "consent_at"])
def test_what_is_not_of_a_format_stays_as_it_is(field: str) -> None:
    steps = ("national", "e164", "ten_digits", "date", "local:UTC", "unix")
    assert {render(f"{{{{ {field} | {step} }}}}", {field: "call me"}, {}) for step in steps} == {"call me"}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ first_name", "Close every {{ with }}"),
        ("first_name }}", "Close every {{ with }}"),
        ("{{ }}", "Enter one of our fields"),
        ("{{ 7 * 7 }}", "Enter one of our fields"),
        ("{{ first_name.__class__ }}", "We have no field first_name.__class__"),
        ("{{ self._TemplateReference__context }}", "Enter one of our fields"),
        ("{{ ''.__class__.__mro__ }}", "Enter one of our fields"),
        ("{{ secret.TOKEN }}", "Enter one of our fields"),
        ("{{ frist_name }}", "Did you mean first_name?"),
        ("{{ shoe_size_of_all }}", "The list of our fields is below"),
        ("{{ phone | natoinal }}", "Did you mean national?"),
        ("{{ phone | }}", "is no format"),
        ("{{ zip | cut:0 }}", "cut takes after its colon: how many characters"),
        ("{{ zip | cut:99999999999 }}", "cut takes after its colon"),
        ("{{ zip | zip5:6 }}", "zip5 takes nothing after it"),
        ("{{ consent_at | local:Mars/Base }}", "a time zone, like America/Chicago"),
        ("{{ credential | map:levles }}", "There is no value table levles"),
    ],
)
def test_what_cannot_be_read_is_said_with_how_to_mend_it(template: str, words: str) -> None:
    with pytest.raises(TemplateError) as raised:
        check_holes(template, LEAD_FIELDS, TABLES)
    assert words in str(raised.value)


def test_what_a_prospect_wrote_is_no_template() -> None:
    fields = {"first_name": "{{ secret.token }}", "secret.token": "s3cret"}
    assert render("{{ first_name }}", fields, {}) == "{{ secret.token }}"


def test_secrets_are_listed_by_name() -> None:
    assert list_secrets("{{ secret.token }} {{ zip }} {{secret.api_key | upper}}") == {"token", "api_key"}


def test_a_name_is_taken_apart_at_its_first_space() -> None:
    fields = complete_fields({"full_name": " Ada Maria  Lovelace "}, {}, "k")
    assert (fields["first_name"], fields["last_name"], fields["key"]) == ("Ada", "Maria  Lovelace", "k")
    assert complete_fields({"full_name": "Cher"}, {}, "k")["last_name"] == ""
