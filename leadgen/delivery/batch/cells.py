"""What each row of a file says. A row that cannot be written fails alone, before a byte left, and holds up no other."""

import structlog
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from leadgen.delivery.batch.claim import BatchClaim
from leadgen.delivery.claim import Claim
from leadgen.delivery.events import EVENTS
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import tell, write_cells
from leadgen.delivery.posting.keep import open_posting
from leadgen.delivery.record import fail_unsent
from leadgen.models import Delivery
from leadgen.vault import Vault

log = structlog.get_logger()


def write_rows(session: Session, vault: Vault, claim: BatchClaim) -> dict[int, list[str]]:
    """The cells of each row, by delivery. Commits each failure."""
    cells = {}
    for number in claim.fences:
        try:
            cells[number] = _write_row(session, vault, number)
        except (DBAPIError, TimeoutError):
            raise  # the database's fault, not the row's: the lease lapses, and somebody tries again
        except Exception as error:  # whatever a poisoned row does to rendering, and also one that was just erased
            fail_row(session, claim, number, error)
    return cells


def fail_row(session: Session, claim: BatchClaim, delivery_id: int, error: Exception) -> None:
    """Give up one row, unless it is no longer ours. Commits: rows of several inquiries in one transaction could wait in
    a ring with a withdrawal."""
    log.error("delivery.unsendable", row=delivery_id, error=type(error).__name__)
    lost = Claim(Delivery, delivery_id, claim.fences[delivery_id], claim.lease_seconds)
    fail_unsent(session, lost, f"rendering:{type(error).__name__}")
    session.commit()


def _write_row(session: Session, vault: Vault, delivery_id: int) -> list[str]:
    facts = find_facts(session, delivery_id)
    return write_cells(facts, EVENTS[facts.about], tell(vault, facts), open_posting(vault, facts))
