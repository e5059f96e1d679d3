"""The words of the directory's forms: labels, hints, choices, by column."""

from leadgen.directory.cells import STATES
from leadgen.web.desk.rooms.words import CREDENTIAL_WORDS, EDUCATION_WORDS, FORMAT_WORDS, ROUTE_WORDS
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
    "price_per_lead_usd": lazy_gettext("Price of a lead in dollars"),
    "opening_hours": lazy_gettext("Opening hours"),
    "route": lazy_gettext("Which endpoint gets a lead"),
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
    "clock_hours": lazy_gettext("Clock hours"),
    "tuition_usd": lazy_gettext("Tuition in dollars"),
    "fees_usd": lazy_gettext("Fees in dollars"),
    "books_usd": lazy_gettext("Books and supplies in dollars"),
    "exam_usd": lazy_gettext("Exam in dollars"),
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
        " In dollars, like school: $500 a month."
    ),
    "price_per_lead_usd": lazy_gettext(
        "What the school pays for a lead, like 25 or 37.50. A cap in dollars reserves as much; where the school's own"
        " answer names a price, that counts."
    ),
    "opening_hours": lazy_gettext(
        "When it wants its leads, by its own clock, like Mon-Fri 9:00-17:00; Sat 10:00-14:00; not federal holidays;"
        " not 2027-12-24. Leads wait until it opens. Empty: at any time."
    ),
    "route": lazy_gettext("A change counts for leads from now on."),
    "latitude": lazy_gettext("Left empty with the longitude, the point is the center of the ZIP code."),
    "offering_id": lazy_gettext("Letters, digits and hyphens. The file knows the offering by it, so it never changes."),
    "clock_hours": lazy_gettext("Hours of teaching in all. Empty: not given."),
    "tuition_usd": lazy_gettext("Digits, like 12454 or 12454.50."),
    "fees_usd": lazy_gettext("Registration and other fees. 0: none, or within the tuition. Empty: not given."),
    "books_usd": lazy_gettext("With uniform and kit. 0: none, or within the tuition. Empty: not given."),
    "exam_usd": lazy_gettext("Of the certification. 0: none, or within the tuition. Empty: not given."),
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
    "route": ROUTE_WORDS,
    "credential": CREDENTIAL_WORDS,
    "format": FORMAT_WORDS,
    "education": EDUCATION_WORDS,
}
