"""What happened to an account, as people read it."""

EVENT_WORDS = {
    "user.added": "Account made",
    "user.invited": "Invited",
    "user.invited_again": "Invited again",
    "user.invited_elsewhere": "Invited by a school, elsewhere than here",
    "user.invitation_accepted": "Invitation accepted",
    "user.signed_in": "Signed in",
    "user.refused": "Refused",
    "user.signed_out": "Signed out",
    "user.sign_ins_ended": "Sign-ins ended",
    "user.password_changed": "Password changed",
    "user.reset_asked": "Letter for a lost password asked for",
    "user.second_factor_added": "Second step set up",
    "user.second_factor_removed": "Second step removed",
    "user.recovery_codes_made": "Recovery codes made",
    "user.role_changed": "Role changed",
    "user.switched_off": "Switched off",
    "user.switched_on": "Switched on again",
}

# codes that stand in the facts of these events
FACT_WORDS = {
    "recovery_code": "recovery code",
    "signed_out": "signed out",
    "switched_off": "switched off",
    "second_factor": "second step",
    "school_reader": "read-only",
    "reader": "read-only",
}

REASON_WORDS = {
    "left": "Does not work here any more",
    "suspicion": "Something looks wrong",
    "mistake": "Was invited by mistake",
}
