"""What happened to an account, as people read it."""

from leadgen.web.translate import lazy_gettext

EVENT_WORDS = {
    "user.added": lazy_gettext("Account made"),
    "user.invited": lazy_gettext("Invited"),
    "user.invited_again": lazy_gettext("Invited again"),
    "user.invited_elsewhere": lazy_gettext("Invited by a school, elsewhere than here"),
    "user.invitation_accepted": lazy_gettext("Invitation accepted"),
    "user.signed_in": lazy_gettext("Signed in"),
    "user.refused": lazy_gettext("Refused"),
    "user.signed_out": lazy_gettext("Signed out"),
    "user.sign_ins_ended": lazy_gettext("Sign-ins ended"),
    "user.password_changed": lazy_gettext("Password changed"),
    "user.reset_asked": lazy_gettext("Letter for a lost password asked for"),
    "user.second_factor_added": lazy_gettext("Second step set up"),
    "user.second_factor_removed": lazy_gettext("Second step removed"),
    "user.recovery_codes_made": lazy_gettext("Recovery codes made"),
    "user.language_chosen": lazy_gettext("Language of letters chosen"),
    "user.role_changed": lazy_gettext("Role changed"),
    "user.switched_off": lazy_gettext("Switched off"),
    "user.switched_on": lazy_gettext("Switched on again"),
}

# codes that stand in the facts of these events
FACT_WORDS = {
    "recovery_code": lazy_gettext("recovery code"),
    "signed_out": lazy_gettext("signed out"),
    "switched_off": lazy_gettext("switched off"),
    "second_factor": lazy_gettext("second step"),
    "school_reader": lazy_gettext("read-only"),
    "reader": lazy_gettext("read-only"),
    "en": lazy_gettext("English"),
    "es": lazy_gettext("Spanish"),
}

REASON_WORDS = {
    "left": lazy_gettext("Does not work here any more"),
    "suspicion": lazy_gettext("Something looks wrong"),
    "mistake": lazy_gettext("Was invited by mistake"),
}
