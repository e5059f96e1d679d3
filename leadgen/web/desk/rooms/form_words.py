"""The words of the directory's forms: labels, hints, choices, by column."""

from leadgen.directory.cells import STATES
from leadgen.web.desk.rooms.words import CREDENTIAL_WORDS, EDUCATION_WORDS, FORMAT_WORDS

LABELS = {
    "unitid": "UNITID",
    "school": "Name",
    "accreditor": "Accreditor",
    "website": "Website",
    "timezone": "Time zone",
    "contact_email": "Contact email",
    "daily_cap": "Daily cap",
    "monthly_cap": "Monthly cap",
    "campus": "Campus",
    "address": "Street address",
    "city": "City",
    "state": "State",
    "zip": "ZIP code",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "offering_id": "Offering id",
    "program": "Program",
    "credential": "Award",
    "format": "Format",
    "length_months": "Length in months",
    "tuition_usd": "Tuition in dollars",
    "certifications": "Certifications it prepares for",
    "min_age": "Lowest age",
    "education": "Education asked for",
    "online_states": "States it is open to online",
    "schedule": "Schedule",
    "languages": "Languages",
    "next_start": "Next start",
    "service_miles": "Serves within miles",
    "service_states": "Serves people of states",
    "service_zips": "Serves people of ZIP codes",
}

HINTS = {
    "unitid": "The six digits of the federal government's directory.",
    "timezone": "Like America/Chicago. Left empty, it is that of the first campus.",
    "contact_email": "Where notices go when the endpoint is a form.",
    "daily_cap": "At most so many leads a day, by the school's own clock. Empty: no cap.",
    "monthly_cap": "At most so many leads a month. Empty: no cap.",
    "latitude": "Left empty with the longitude, the point is the center of the ZIP code.",
    "offering_id": "Letters, digits and hyphens. The file knows the offering by it, so it never changes.",
    "tuition_usd": "Digits, like 12454 or 12454.50.",
    "certifications": "Codes separated by semicolons, like CPC;CCS.",
    "online_states": "* for every state, or states separated by semicolons, like IL;IN;WI.",
    "schedule": "Of day, evening, weekend and self-paced, separated by semicolons.",
    "languages": "Separated by semicolons, like English;Spanish.",
    "next_start": "A date like 2027-03-04.",
    "service_miles": "Only people who live within so many miles. Empty: anybody.",
    "service_states": "On campus, only people of these states, like IL;IN. Empty, with the ZIP codes: anybody.",
    "service_zips": "ZIP codes, or their first three digits and a star, like 60432;606*. A state or a ZIP is enough.",
}

CHOICES: dict[str, dict[str, str]] = {
    "state": {state: state for state in sorted(STATES)},
    "credential": CREDENTIAL_WORDS,
    "format": FORMAT_WORDS,
    "education": EDUCATION_WORDS,
}
