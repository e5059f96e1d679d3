"""The words of the directory's forms: labels, hints, choices, by column."""

from leadgen.directory.cells import STATES
from leadgen.web.desk.rooms.words import CREDENTIAL_WORDS, EDUCATION_WORDS, FORMAT_WORDS
from leadgen.web.translate import lazy_gettext

LABELS = {
    "unitid": "UNITID",
    "school": lazy_gettext("Name"),
    "accreditor": lazy_gettext("Accreditor"),
    "website": lazy_gettext("Website"),
    "timezone": lazy_gettext("Time zone"),
    "contact_email": lazy_gettext("Contact email"),
    "daily_cap": lazy_gettext("Daily cap"),
    "monthly_cap": lazy_gettext("Monthly cap"),
    "weekly_cap": lazy_gettext("Weekly cap"),
    "total_cap": lazy_gettext("Cap in all"),
    "part_caps": lazy_gettext("Other caps"),
    "campus": lazy_gettext("Campus"),
    "address": lazy_gettext("Street address"),
    "city": lazy_gettext("City"),
    "state": lazy_gettext("State"),
    "zip": lazy_gettext("ZIP code"),
    "latitude": lazy_gettext("Latitude"),
    "longitude": lazy_gettext("Longitude"),
    "offering_id": lazy_gettext("Offering id"),
    "program": lazy_gettext("Program"),
    "credential": lazy_gettext("Award"),
    "format": lazy_gettext("Format"),
    "length_months": lazy_gettext("Length in months"),
    "tuition_usd": lazy_gettext("Tuition in dollars"),
    "certifications": lazy_gettext("Certifications it prepares for"),
    "min_age": lazy_gettext("Lowest age"),
    "education": lazy_gettext("Education asked for"),
    "online_states": lazy_gettext("States it is open to online"),
    "schedule": lazy_gettext("Schedule"),
    "languages": lazy_gettext("Languages"),
    "next_start": lazy_gettext("Next start"),
    "service_miles": lazy_gettext("Serves within miles"),
    "service_states": lazy_gettext("Serves people of states"),
    "service_zips": lazy_gettext("Serves people of ZIP codes"),
}

HINTS = {
    "unitid": lazy_gettext("The six digits of the federal government's directory."),
    "timezone": lazy_gettext("Like America/Chicago. Left empty, it is that of the first campus."),
    "contact_email": lazy_gettext("Where notices go when the endpoint is a form."),
    "daily_cap": lazy_gettext("At most so many leads a day, by the school's own clock. Empty: no cap."),
    "monthly_cap": lazy_gettext("At most so many leads a month. Empty: no cap."),
    "weekly_cap": lazy_gettext("At most so many leads a week, from Monday. Empty: no cap."),
    "total_cap": lazy_gettext("At most so many leads ever. Empty: no cap."),
    "part_caps": lazy_gettext(
        "Of a campus, a program or the whole school, like campus Aurora: 5 a day; phlebotomy: 20 a month;"
        " school: 3 an hour; school: 0 a day on Sat, Sun. Also a week, or in all."
    ),
    "latitude": lazy_gettext("Left empty with the longitude, the point is the center of the ZIP code."),
    "offering_id": lazy_gettext("Letters, digits and hyphens. The file knows the offering by it, so it never changes."),
    "tuition_usd": lazy_gettext("Digits, like 12454 or 12454.50."),
    "certifications": lazy_gettext("Codes separated by semicolons, like CPC;CCS."),
    "online_states": lazy_gettext("* for every state, or states separated by semicolons, like IL;IN;WI."),
    "schedule": lazy_gettext("Of day, evening, weekend and self-paced, separated by semicolons."),
    "languages": lazy_gettext("Separated by semicolons, like English;Spanish."),
    "next_start": lazy_gettext("A date like 2027-03-04."),
    "service_miles": lazy_gettext("Only people who live within so many miles. Empty: anybody."),
    "service_states": lazy_gettext(
        "On campus, only people of these states, like IL;IN. Empty, with the ZIP codes: anybody."
    ),
    "service_zips": lazy_gettext(
        "ZIP codes, or their first three digits and a star, like 60432;606*. A state or a ZIP is enough."
    ),
}

CHOICES: dict[str, dict[str, str]] = {
    "state": {state: state for state in sorted(STATES)},
    "credential": CREDENTIAL_WORDS,
    "format": FORMAT_WORDS,
    "education": EDUCATION_WORDS,
}
