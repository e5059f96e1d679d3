"""What codes are called in the middle of a sentence: states, results, kinds of endpoints, what a delivery is about.

In English each is the code itself, with blanks; the code in the database is never shown to a person as it stands."""

from leadgen.marks import N_

NAMES = {
    # a delivery, a letter
    "pending": N_("pending"),
    "held": N_("held"),
    "claimed": N_("claimed"),
    "sending": N_("sending"),
    "uncertain": N_("uncertain"),
    "delivered": N_("delivered"),
    "failed": N_("failed"),
    "cancelled": N_("cancelled"),
    # what came of one try
    "definite_no": N_("definite no"),
    "permanent_no": N_("permanent no"),
    "misconfigured": N_("misconfigured"),
    "unknown": N_("unknown"),
    "not_received": N_("not received"),
    "superseded": N_("superseded"),
    "bounced": N_("bounced"),
    "delayed": N_("delayed"),
    # a lead, in its school's words
    "released": N_("released"),
    "accepted": N_("accepted"),
    "contacted": N_("contacted"),
    "appointment": N_("appointment"),
    "applied": N_("applied"),
    "enrolled": N_("enrolled"),
    "not_interested": N_("not interested"),
    "unreachable": N_("unreachable"),
    "returned": N_("returned"),
    # an endpoint and a school
    "testing": N_("testing"),
    "live": N_("live"),
    "paused": N_("paused"),
    "broken": N_("broken"),
    "at_cap": N_("at cap"),
    "taking": N_("taking"),
    "closed": N_("closed"),
    "public": N_("public"),
    "nonprofit": N_("nonprofit"),
    "for_profit": N_("for profit"),
    # how a school receives, and what
    "email": N_("email"),
    "webhook": N_("webhook"),
    "form_post": N_("form post"),
    "batch": N_("batch"),
    "portal": N_("portal"),
    "leads": N_("leads"),
    "everything": N_("everything"),
    "notices": N_("notices"),
    # what a delivery is about, and what a letter is
    "lead": N_("lead"),
    "withdrawal": N_("withdrawal"),
    "change": N_("change"),
    "erasure": N_("erasure"),
    "letter": N_("letter"),
    "confirmation": N_("confirmation"),
    "not_delivered": N_("not delivered"),
    "school_full": N_("school full"),
    "saved": N_("saved"),
    "invitation": N_("invitation"),
    "asking": N_("asking"),
    "own_data": N_("own data"),
    "password_reset": N_("password reset"),
    "account_changed": N_("account changed"),
    "invited_elsewhere": N_("invited elsewhere"),
    "alarm": N_("alarm"),
    # a record of the directory, and a line of a history
    "offering": N_("offering"),
    "endpoint": N_("endpoint"),
    "school": N_("school"),
    "shown": N_("shown"),
    "consents": N_("consents"),
    "wording": N_("wording"),
    "about": N_("about"),
    "key": N_("key"),
    "reason": N_("reason"),
    "reasons": N_("reasons"),
    "result": N_("result"),
    "status": N_("status"),
    "test": N_("test"),
    "try": N_("try"),
    "original": N_("original"),
    "duplicate": N_("duplicate"),
    "school_reference": N_("school reference"),
    "role": N_("role"),
    "language": N_("language"),
    # ways to reach a person
    "call": N_("call"),
    "text": N_("text"),
    "yes": N_("yes"),
    "no": N_("no"),
    # an offering
    "certificate": N_("certificate"),
    "diploma": N_("diploma"),
    "associate": N_("associate"),
    "campus": N_("campus"),
    "online": N_("online"),
    "hybrid": N_("hybrid"),
    "none": N_("none"),
    "ged": N_("ged"),
    "high_school": N_("high school"),
}


def find_name(code: str) -> str:
    """The English name of a code; of one that is not known here, the code in words."""
    return NAMES.get(code) or code.replace("_", " ")
