"""What the keys and the codes of her export are called, in the file that she downloads to read."""

from leadgen.dispositions.report import ReturnReason
from leadgen.intake.consent import CHANNEL_WORDS
from leadgen.intake.screening import FLAG_WORDS
from leadgen.models import Outcome
from leadgen.privacy.opened import HERSELF, SCHOOL, STAFF, SYSTEM
from leadgen.review.reasons import STAFF_REASONS
from leadgen.web.inquiry_words import EVENT_WORDS
from leadgen.web.names import NAMES
from leadgen.web.prospect.details_form import CONTACT_TIMES
from leadgen.web.prospect.forms import CREDENTIALS, EDUCATION, FORMATS
from leadgen.web.prospect.narrow import CLASSES, SPOKEN
from leadgen.web.translate import lazy_gettext

LABELS: dict[str, str] = {
    "sent_at": lazy_gettext("Sent"),
    "program": lazy_gettext("Program"),
    "opted_out_of_sale": lazy_gettext("Your browser said that your data may not be sold"),
    "place": lazy_gettext("Where you live"),
    "zip": lazy_gettext("ZIP code"),
    "city": lazy_gettext("City"),
    "state": lazy_gettext("State"),
    "asked_for": lazy_gettext("What you asked for"),
    "format": lazy_gettext("Campus or online"),
    "within_miles": lazy_gettext("Within how many miles"),
    "credential": lazy_gettext("Award"),
    "certifications": lazy_gettext("Certifications"),
    "age": lazy_gettext("Age"),
    "education": lazy_gettext("Education"),
    "max_months": lazy_gettext("At most how many months"),
    "max_cost_usd": lazy_gettext("At most how many dollars"),
    "schedules": lazy_gettext("Classes"),
    "start_by": lazy_gettext("Starting by"),
    "start_from": lazy_gettext("Starting after"),
    "latitude": lazy_gettext("Latitude of where you were"),
    "longitude": lazy_gettext("Longitude of where you were"),
    "person": lazy_gettext("You"),
    "name": lazy_gettext("Name"),
    "email": lazy_gettext("Email"),
    "phone": lazy_gettext("Phone"),
    "times": lazy_gettext("Good times"),
    "prefers": lazy_gettext("Best way"),
    "language": lazy_gettext("Language"),
    "schools": lazy_gettext("Schools"),
    "school": lazy_gettext("School"),
    "agreed_at": lazy_gettext("Agreed"),
    "agreed_to": lazy_gettext("The words you agreed to"),
    "how": lazy_gettext("How you agreed"),
    "ways": lazy_gettext("Ways"),
    "network_address": lazy_gettext("Address of your network"),
    "agreed_before": lazy_gettext("What you agreed to before"),
    "replaced_at": lazy_gettext("Until you agreed anew"),
    "withdrawn_at": lazy_gettext("Withdrawn"),
    "decisions": lazy_gettext("What we decided"),
    "outcome": lazy_gettext("Decision"),
    "by": lazy_gettext("By whom"),
    "reasons": lazy_gettext("Reasons"),
    "words": lazy_gettext("In these words"),
    "reference": lazy_gettext("Reference"),
    "released_at": lazy_gettext("Released to the school"),
    "school_says": lazy_gettext("What the school says now"),
    "reports": lazy_gettext("What the school reported"),
    "says": lazy_gettext("It says"),
    "reason": lazy_gettext("Reason"),
    "answers": lazy_gettext("What the school’s system answered"),
    "about": lazy_gettext("About"),
    "you_said_too_many_calls_at": lazy_gettext("You said that it contacts you too often"),
    "notes": lazy_gettext("Notes of our staff"),
    "at": lazy_gettext("When"),
    "history": lazy_gettext("What happened"),
    "page_as_shown": lazy_gettext("The page as you saw it"),
}
# what she reads of a key elsewhere in the file
HIDDEN = {"program"}
PAGES = {"page_as_shown"}
QUOTED = {"agreed_to", "words"}
MOMENTS = {name for name in LABELS if name.endswith("_at")} | {"at"}
DAYS = {"start_by", "start_from"}
# as `leadgen.intake` writes what she did, before the words on the button
ACTS = {
    "Pressed": lazy_gettext("Pressed"),
    "Ticked the box and pressed": lazy_gettext("Ticked the box and pressed"),
}
# where the words for staff speak of her as of somebody else
HER_EVENTS = {
    "lead.released": lazy_gettext("Released to the school"),
    "lead.applied": lazy_gettext("You applied, says the school"),
    "lead.enrolled": lazy_gettext("You enrolled, says the school"),
    "lead.not_interested": lazy_gettext("You are not interested, says the school"),
    "entry.begun": lazy_gettext("Your data opened by a link"),
    "data.downloaded": lazy_gettext("Your data downloaded"),
    "asking.yes": lazy_gettext("You said yes to another school"),
    "asking.no": lazy_gettext("You said no to another school"),
}
RETURNS = {
    ReturnReason.wrong_number: lazy_gettext("Wrong number or address"),
    ReturnReason.duplicate: lazy_gettext("The school knew this person already"),
    ReturnReason.not_interested: lazy_gettext("Not interested"),
    ReturnReason.outside_area: lazy_gettext("Outside the school's area"),
}
_NAMES = {code: lazy_gettext(words) for code, words in NAMES.items()}
_REASONS: dict[str, str] = {str(code): lazy_gettext(words) for code, words in FLAG_WORDS.items()}
_REASONS |= {code: lazy_gettext(words) for code, words in STAFF_REASONS.items()}
_WAYS = {str(way): lazy_gettext(words) for way, words in CHANNEL_WORDS.items()}
WORDS: dict[str, dict[str, str]] = {
    "format": FORMATS,
    "credential": CREDENTIALS,
    "education": EDUCATION,
    "schedules": CLASSES,
    "times": CONTACT_TIMES,
    "prefers": _WAYS,
    "ways": _WAYS,
    "language": SPOKEN | {"en": SPOKEN["English"], "es": SPOKEN["Spanish"]},
    "outcome": {
        Outcome.release: lazy_gettext("Sent on to the school"),
        Outcome.hold: lazy_gettext("Held for a person to look at"),
        Outcome.decline: lazy_gettext("Not sent"),
    },
    "by": {
        HERSELF: lazy_gettext("you"),
        STAFF: lazy_gettext("our staff"),
        SCHOOL: lazy_gettext("the school"),
        SYSTEM: lazy_gettext("our system"),
    },
    "reasons": _REASONS,
    "reason": _REASONS | {str(code): words for code, words in RETURNS.items()},
    "school_says": _NAMES,
    "says": _NAMES,
    "about": _NAMES,
    "what": EVENT_WORDS | HER_EVENTS,
}
