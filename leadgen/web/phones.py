"""Phone numbers as people read them."""

import phonenumbers
from flask import Flask


def register(app: Flask) -> None:
    """Give the templates the filter `phone`."""
    app.add_template_filter(write_phone, "phone")


def write_phone(e164: str) -> str:
    """`(312) 555-0142` for a US number; with its country code for any other."""
    number = phonenumbers.parse(e164)
    formats = phonenumbers.PhoneNumberFormat
    form = formats.NATIONAL if number.country_code == 1 else formats.INTERNATIONAL
    return phonenumbers.format_number(number, form)
