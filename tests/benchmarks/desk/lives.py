"""One inquiry's rows, from the last post to the school's last word, referring to each other as the product's do."""

import zlib
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from leadgen import history
from leadgen.intake.consent import WORDING_VERSIONS, hash_words, word_act, word_consent
from leadgen.models import Channel, Subject
from leadgen.vault import Key, Vault
from tests.benchmarks.desk import fates
from tests.benchmarks.desk.fates import Fate, pick, pick_fate
from tests.benchmarks.desk.sheets import Sheets
from tests.benchmarks.desk.town import Receiver, Town
from tests.benchmarks.someone import Someone

TICKED = ((3, 0.30), (4, 0.30), (5, 0.22), (2, 0.10), (6, 0.08))
MORE_SHOWN = 2
REASONS = ["In your state", "Evening classes", "Prepares for CPC"]
CHECKS = ["the next start is not given"]
CHANNELS = (Channel.email, Channel.call)
PARCEL_HASH = "0" * 64
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAGE = b64encode(zlib.compress(Random(7).randbytes(1_100))).decode()


@dataclass
class Life:
    """Writes one inquiry after the other. ``days`` is how far back they reach."""

    sheets: Sheets
    vault: Vault
    town: Town
    dice: Random
    now: datetime
    days: int

    def write(self, number: int, total: int) -> str:
        """The ``number``-th inquiry of so many, the oldest first; gives its reference."""
        dice = self.dice
        at = self.now - timedelta(days=self.days * (1 - number / total) ** 1.2, seconds=dice.uniform(20, 400))
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        program = dice.choice(self.town.programs)
        title = program.replace("-", " ").capitalize()
        place, reference = dice.choice(self.town.places), make_reference("LG", number)
        criteria = {"program": program, "zip": place.zip, "format": "any", "within_miles": 50, "credential": None}
        criteria |= {"certifications": [], "age": 18, "education": "high_school"}
        inquiry_id = self.sheets.add(
            *("inquiry", reference, number.to_bytes(32, "big"), program, title, criteria),
            *(place.zip, place.city, place.state, "en", self.town.version_id, [], at),
        )
        key = self._write_contact(inquiry_id, reference, number)
        ticked: Any = pick(dice, TICKED)
        schools = self.town.pick_schools(dice, ticked + MORE_SHOWN)
        story = Story(self, inquiry_id, key, title, at, ticked)
        for rank, school in enumerate(schools, start=1):
            story.show(school, rank)
        story.end(reference)
        return reference

    def _write_contact(self, inquiry_id: int, reference: str, number: int) -> Key:
        person = Someone(number).describe()
        key, wrapped = self.vault.make_key(f"contact:{reference}")
        told = {"name": person.name, "email": person.email, "phone": person.phone, "times": person.contact_times}
        indexes = self.vault.index_email(person.email), self.vault.index_phone(person.phone)
        sealed = key.seal_json(told, "person"), key.seal(PAGE, "page")
        self.sheets.write("contact", inquiry_id, wrapped, *sealed, *indexes)
        return key


class Story:
    """What hangs on one inquiry, and the lines of its history on the way."""

    def __init__(self, life: Life, inquiry_id: int, key: Key, title: str, at: datetime, ticked: int) -> None:
        self.sheets, self.dice, self.now = life.sheets, life.dice, life.now
        self.inquiry_id, self.key, self.title, self.at, self.ticked = inquiry_id, key, title, at, ticked
        self.is_new = life.now - at < fates.RECENT
        self.is_held = self.is_new and self.dice.random() < fates.HELD * life.days / fates.RECENT.days
        self.lines: list[tuple[datetime, history.Line]] = []

    def show(self, school: Receiver, rank: int) -> None:
        """One school of the list; the first ones are ticked."""
        is_ticked = rank <= self.ticked
        declined = not self.is_held and self.dice.random() < fates.DECLINED
        outcome = ("hold" if self.is_held else "decline" if declined else "release") if is_ticked else None
        choice_id = self.sheets.add("choice", self.inquiry_id, school.school_id, rank, is_ticked, outcome)
        offering = self.dice.choice(school.offerings)
        self.sheets.add("match", choice_id, offering, rank, self.dice.uniform(1, 50), 80.5, REASONS, CHECKS)
        if outcome is None:
            return
        withdrawn_at = self._withdraw(outcome)
        self._write_consent(school, withdrawn_at)
        self._write_verdict(school, choice_id, outcome)
        if outcome == "release":
            self._write_lead(school, withdrawn_at)

    def end(self, reference: str) -> None:
        """The letter to her, and the history."""
        self._write_letter()
        received = history.Line("inquiry.received", "prospect", {"reference": reference, "shown": self.ticked})
        previous, number, subject_id = history.START, 0, str(self.inquiry_id)
        for at, line in [(self.at, received), *sorted(self.lines, key=lambda each: each[0])]:
            number += 1
            row = {"subject": Subject.inquiry, "subject_id": subject_id, "number": number, "kind": line.kind}
            row |= {"actor": line.actor, "happened_at": at, "data": line.data, "previous_hash": previous}
            hashed = history.hash_line(row)
            self.sheets.add(
                "event", "inquiry", subject_id, number, line.kind, line.actor, at, line.data, previous, hashed
            )
            previous = hashed
        self.sheets.write("chain", "inquiry", subject_id, number, previous)

    def _tell(self, at: datetime, kind: str, actor: str, school: str, **data: Any) -> None:
        self.lines.append((at, history.Line(kind, actor, {"school": school} | data)))

    def _later(self, most_hours: float) -> datetime:
        span = min((self.now - self.at).total_seconds() * 0.9, most_hours * 3600)
        return self.at + timedelta(milliseconds=int(self.dice.uniform(1, max(span, 2)) * 1000))

    def _withdraw(self, outcome: str) -> datetime | None:
        return self._later(240) if outcome == "release" and self.dice.random() < fates.WITHDRAWN else None

    def _write_consent(self, school: Receiver, withdrawn_at: datetime | None) -> None:
        words = word_consent(school.name, self.title, CHANNELS)
        consent_id = self.sheets.add(
            *("consent", self.inquiry_id, school.school_id, True, WORDING_VERSIONS["en"], words, hash_words(words)),
            *("/inquiry/check", word_act(self.ticked)),
            self.key.seal("192.0.2.10", f"consent:{school.school_id}:address"),
            *(self.at, withdrawn_at, "prospect" if withdrawn_at else None),
        )
        for channel in CHANNELS:
            self.sheets.write("consent_channel", consent_id, channel)
        if withdrawn_at:
            self._tell(withdrawn_at, "consent.withdrawn", "prospect", school.school_id)

    def _write_verdict(self, school: Receiver, choice_id: int, outcome: str) -> None:
        first = "release" if outcome == "release" else "hold"
        reasons = [] if outcome == "release" else [self.dice.choice(fates.HOLD_REASONS)]
        self.sheets.add("verdict", choice_id, 1, first, "rule:screening", reasons, self.at)
        kind = "choice.released" if outcome == "release" else "choice.held"
        self._tell(self.at, kind, "rule:screening", school.school_id, reasons=reasons)
        if outcome == "decline":
            at = self._later(30)
            self.sheets.add("verdict", choice_id, 2, "decline", "user:1", ["not_genuine"], at)
            self._tell(at, "choice.declined", "user:1", school.school_id, reasons=["not_genuine"])

    def _write_lead(self, school: Receiver, withdrawn_at: datetime | None) -> None:
        disposition, said_at = None, None
        if not withdrawn_at and not self.is_new:
            is_returned = self.dice.random() < fates.RETURNED
            disposition = "returned" if is_returned else pick(self.dice, fates.LATER_WORDS)
            said_at = self._later(400) if disposition else None
        untold = withdrawn_at if withdrawn_at and self.dice.random() < fates.UNTOLD else None
        number = self.sheets.last["lead"] + 1
        reference = make_reference("LD", number)
        lead_id = self.sheets.add(
            *("lead", reference, self.inquiry_id, school.school_id, self.at, f"Q-{number}", disposition),
            *(said_at, untold),
        )
        self._tell(self.at, "lead.released", "rule:screening", school.school_id, lead=reference)
        if disposition and said_at:
            self._report(school, lead_id, str(disposition), said_at)
        for endpoint_id, takes_notices in school.endpoints:
            fate = pick_fate(self.dice, is_new=self.is_new, is_out=bool(school.is_out))
            self._write_delivery(school, lead_id, reference, endpoint_id, "lead", fate, self.at)
            if withdrawn_at and takes_notices and not untold:
                is_open = self.is_new and self.dice.random() < 0.2
                notice = fates.UNCERTAIN if is_open else fates.DELIVERED
                self._write_delivery(school, lead_id, reference, endpoint_id, "withdrawal", notice, withdrawn_at)

    def _report(self, school: Receiver, lead_id: int, disposition: str, said_at: datetime) -> None:
        is_returned = disposition == "returned"
        reason = self.dice.choice(fates.RETURN_REASONS) if is_returned else None
        is_judged = is_returned and self.dice.random() >= fates.UNJUDGED
        judgment = ("accepted", "right", "user:1", said_at) if is_judged else (None,) * 4
        self.sheets.add("disposition_report", lead_id, 1, disposition, reason, "user:2", said_at, *judgment)
        self._tell(said_at, f"lead.{disposition}", "user:2", school.school_id, reason=reason)

    def _write_delivery(
        self, school: Receiver, lead_id: int, reference: str, endpoint_id: int, about: str, fate: Fate, at: datetime
    ) -> None:
        ended_at = at + timedelta(seconds=2) if fate.state in ("delivered", "failed", "cancelled") else None
        due_at = at if ended_at else self.now + timedelta(hours=6)
        key = f"msg_{reference.replace('-', '')}_{endpoint_id}_{about}_1"
        tries = len(fate.results)
        delivery_id = self.sheets.add(
            *("delivery", lead_id, school.school_id, endpoint_id, about, 1, key, fate.state, fate.reason, due_at),
            *(tries, tries, at, ended_at, fate.set_aside),
        )
        for number, result in enumerate(fate.results, start=1):
            started = at + timedelta(milliseconds=300 * number)
            self._write_attempt(delivery_id, None, number, result, started)
            told = {"delivery": delivery_id, "about": about, "try": number, "result": result}
            kind = f"delivery.{fate.state}" if number == tries else "delivery.retry"
            self._tell(started, kind, "worker", school.school_id, **told)

    def _write_attempt(
        self, delivery_id: int | None, letter_id: int | None, number: int, result: str, started: datetime
    ) -> None:
        status = {"accepted": "202", "permanent_no": "422", "definite_no": "503"}.get(result)
        answer = self.key.seal('{"status": "accepted"}', "answer") if delivery_id and status else None
        self.sheets.add(
            *("attempt", delivery_id, letter_id, number, number, 900, "lead.created/1", PARCEL_HASH, started),
            *(started + timedelta(milliseconds=180), result, status, self.dice.randint(40, 900), answer),
        )

    def _write_letter(self) -> None:
        has_failed = self.dice.random() < fates.LETTER_FAILED
        is_left = has_failed and self.dice.random() < fates.LETTER_LEFT_FAILED
        state, reason = ("failed", "550 no such user") if has_failed else ("delivered", None)
        letter_id = self.sheets.add(
            *("letter", "confirmation", self.inquiry_id, f"letter-{self.inquiry_id}", state, reason, self.at, 1, 1),
            *(self.at, self.at, "no_other_address" if has_failed and not is_left else None),
        )
        self._write_attempt(None, letter_id, 1, "permanent_no" if has_failed else "accepted", self.at)


def make_reference(prefix: str, number: int) -> str:
    """The same reference for the same number, and not in order: as random ones lie in an index."""
    value = int.from_bytes(sha256(f"{prefix}{number}".encode()).digest()[:5], "big")
    letters = "".join(ALPHABET[value >> shift & 31] for shift in range(0, 40, 5))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"
