"""The kinds of our letters. A kind names the folder of its templates, and may say after a colon what it is about."""

from enum import StrEnum

CONFIRMATION = "confirmation"
SAVED = "saved"  # the way back to a draft
NOT_DELIVERED = "not_delivered"
SCHOOL_FULL = "school_full"
ASKING = "asking"
OWN_DATA = "own_data"
INVITATION = "invitation"
INVITED_ELSEWHERE = "invited_elsewhere"  # the school that invited follows a colon
PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind
ACCOUNT_CHANGED = "account_changed"
ALARM = "alarm"  # the moment at which the alarms were raised follows a colon

TOO_OLD = "too_old"  # why the delivery failed that a letter of the kind `not_delivered` is about
FULL = "full"  # why the delivery was cancelled that a letter of the kind `school_full` is about


class Change(StrEnum):
    """What a letter of the kind `account_changed` is about."""

    password = "password"  # noqa: S105 - a name
    second_factor = "second_factor"
    role = "role"
    switched_off = "switched_off"
    switched_on = "switched_on"
