"""Which inquiries a person should look at before a school does. Held, with the reasons; never dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from leadgen.marks import N_

DUPLICATE_DAYS = 90
DISPOSABLE_DOMAINS = frozenset(
    {
        "10minutemail.com",
        "dispostable.com",
        "getnada.com",
        "guerrillamail.com",
        "maildrop.cc",
        "mailinator.com",
        "moakt.com",
        "sharklasers.com",
        "temp-mail.org",
        "tempmail.com",
        "throwawaymail.com",
        "trashmail.com",
        "yopmail.com",
    }
)
# RFC 2606 and RFC 6761: names that never receive mail
RESERVED_DOMAINS = re.compile(r"(^|\.)(example|invalid|localhost|test|example\.(com|net|org))$")
# 555-0100 to 555-0199 are set aside for fiction (ATIS-0300115)
FICTIONAL_PHONE = re.compile(r"\+1\d{3}55501\d\d")
# a first part of one letter repeated, or a walk along the keyboard
MASHED = re.compile(r"^(.)\1{3,}$|^(asdf|qwer|zxcv|test|none|noone|nobody|fake|abc|xyz)[a-z0-9]{0,4}$")


class Flag(StrEnum):
    """Why an inquiry, or one choice of it, is held."""

    duplicate_email = "duplicate_email"
    duplicate_phone = "duplicate_phone"
    implausible_email = "implausible_email"
    implausible_phone = "implausible_phone"
    filled_trap = "filled_trap"
    too_fast = "too_fast"
    review_all = "review_all"
    no_endpoint = "no_endpoint"
    suppressed = "suppressed"


FLAG_WORDS = {
    Flag.duplicate_email: N_("The same email was given for this school within 90 days"),
    Flag.duplicate_phone: N_("The same phone number was given for this school within 90 days"),
    Flag.implausible_email: N_("The email address does not look like one that somebody reads"),
    Flag.implausible_phone: N_("The phone number does not look like one that somebody answers"),
    Flag.filled_trap: N_("A field that people cannot see was filled in"),
    Flag.too_fast: N_("The form was finished faster than people type"),
    Flag.review_all: N_("Every inquiry is reviewed"),
    Flag.no_endpoint: N_("The school has no endpoint that takes leads"),
    Flag.suppressed: N_("The owner of this email or number asked never to be contacted"),
}


@dataclass(frozen=True)
class Submission:
    """What screening looks at. ``seconds`` runs from the first page to the last post."""

    email: str
    phone: str
    trap: str
    seconds: float


@dataclass(frozen=True)
class Limits:
    """``fiction_passes`` lets reserved domains and fictional numbers through, for demonstrations and tests."""

    min_seconds: float
    fiction_passes: bool
    review_all: bool = False


def screen(submission: Submission, limits: Limits) -> list[Flag]:
    """The flags that hold for the whole inquiry, in a fixed order."""
    checks = (
        (Flag.implausible_email, is_implausible_email(submission.email, limits)),
        (Flag.implausible_phone, is_implausible_phone(submission.phone, limits)),
        (Flag.filled_trap, bool(submission.trap.strip())),
        (Flag.too_fast, submission.seconds < limits.min_seconds),
        (Flag.review_all, limits.review_all),
    )
    return [flag for flag, raised in checks if raised]


def screen_choice(flags: Sequence[Flag], *, seen_email: bool, seen_phone: bool) -> list[Flag]:
    """The flags of one choice: those of the inquiry, and whether the school had her before."""
    duplicates = ((Flag.duplicate_email, seen_email), (Flag.duplicate_phone, seen_phone))
    return [flag for flag, raised in duplicates if raised] + list(flags)


def is_implausible_email(address: str, limits: Limits) -> bool:
    """Whether the address is disposable, reserved, or mashed on a keyboard."""
    name, _, domain = address.casefold().rpartition("@")
    reserved = bool(RESERVED_DOMAINS.search(domain)) and not limits.fiction_passes
    return domain in DISPOSABLE_DOMAINS or reserved or bool(MASHED.match(name))


def is_implausible_phone(e164: str, limits: Limits) -> bool:
    """Whether a given number is not assigned to anybody, or reserved for fiction. No number is plausible."""
    if not e164:
        return False
    if FICTIONAL_PHONE.fullmatch(e164):
        return not limits.fiction_passes
    digits = e164.removeprefix("+1")
    return not phonenumbers.is_valid_number(phonenumbers.parse(e164)) or len(set(digits[3:])) == 1
