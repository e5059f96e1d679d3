"""Read the mailbox that bounces come back to: each message is written down, and deleted once that is sure."""

from collections import Counter

import structlog
from sqlalchemy.exc import SQLAlchemyError

from leadgen.delivery.bounces.mailbox import open_mailbox, read_mailbox
from leadgen.delivery.bounces.record import record_bounce
from leadgen.delivery.bounces.servers import MailboxError
from leadgen.delivery.bounces.turn import Outcome
from leadgen.extensions import current_settings, db

log = structlog.get_logger()


def read_bounces() -> Counter[Outcome]:
    """One look at the mailbox; gives how many messages came to what. Raises MailboxError.

    Whoever dies between writing down and deleting leaves a message that is known at the next look."""
    settings = current_settings()
    secret, counted = settings.secret_key.get_secret_value(), Counter[Outcome]()
    with open_mailbox(settings.bounce_mailbox) as box:
        for name, raw in read_mailbox(box):
            counted[record_bounce(db.session, secret, raw)] += 1
            db.session.commit()
            box.delete(name)
    return counted


def look_for_bounces() -> None:
    """The same for the sweeper, which goes on whatever is wrong with the mailbox."""
    try:
        counted = read_bounces()
    except (MailboxError, SQLAlchemyError) as error:
        db.session.rollback()
        log.warning("bounces.not_read", error=str(error) if isinstance(error, MailboxError) else type(error).__name__)
    else:
        if counted:
            log.info("bounces.read", count=counted.total(), failed=counted[Outcome.failed])
