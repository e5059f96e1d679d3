"""News that a school has not taken: a withdrawal whose notice does not arrive, and what staff tell it themselves."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, cast, literal_column, null, or_, select, union_all

from leadgen.models import About, Consent, Delivery, Inquiry, Lead, School, State
from leadgen.review.bins.columns import INQUIRY, INQUIRY_CLAIM, SAME_CONSENT, is_value, make_key, say_nothing
from leadgen.review.wanted import Wanted

PATIENCE = timedelta(minutes=15)  # a notice that is younger is still on its way
STUCK = (State.uncertain, State.failed)
_WITHDRAWN = (Consent.withdrawn_at.label("withdrawn_at"), School.timezone.label("timezone"))
IS_OPEN = "delivery.state NOT IN ('delivered', 'cancelled')"


def select_withdrawals(_wanted: Wanted, at: datetime) -> Select[*tuple[Any, ...]]:
    """Leads whose school staff have to tell, and notices that are stuck or have been under way for a quarter hour: each
    with when she withdrew, and the school's time zone."""
    withdrawn = _select_untold().where(is_untold_withdrawal())
    return select(union_all(withdrawn, _select_notices(at)).subquery())


def select_changes(_wanted: Wanted, _at: datetime) -> Select[*tuple[Any, ...]]:
    """Leads of which she changed something, and whose school staff have to tell so."""
    return _select_untold().where(is_untold_change())


def _select_untold() -> Select[*tuple[Any, ...]]:
    query = select(
        *make_key("lead", Lead.id),
        Lead.untold_since.label("since"),
        *INQUIRY,
        INQUIRY_CLAIM.label("claim"),
        Lead.school_id.label("school_id"),
        School.name.label("school"),
        Lead.reference.label("subject"),
        say_nothing("reason"),
        say_nothing("state"),
        cast(null(), Integer).label("waiting"),
        *_WITHDRAWN,
    )
    query = query.select_from(Lead).join(Inquiry, Inquiry.id == Lead.inquiry_id)
    return query.join(Consent, SAME_CONSENT).join(School, School.id == Lead.school_id)


def is_untold_withdrawal() -> ColumnElement[bool]:
    """The school has to be told that she withdrew. Asks for the consent."""
    return and_(Lead.untold_since.is_not(None), Consent.withdrawn_at.is_not(None))


def is_untold_change() -> ColumnElement[bool]:
    """The school has to be told what she changed: her consent stands. Asks for the consent."""
    return and_(Lead.untold_since.is_not(None), Consent.withdrawn_at.is_(None))


def _select_notices(at: datetime) -> Select[*tuple[Any, ...]]:
    query = select(
        *make_key("delivery", Delivery.id),
        Delivery.created_at.label("since"),
        *INQUIRY,
        INQUIRY_CLAIM.label("claim"),
        Delivery.school_id.label("school_id"),
        School.name.label("school"),
        Lead.reference.label("subject"),
        Delivery.reason.label("reason"),
        cast(Delivery.state, Text).label("state"),
        cast(null(), Integer).label("waiting"),
        *_WITHDRAWN,
    )
    query = query.select_from(Delivery).join(Lead, Lead.id == Delivery.lead_id)
    query = query.join(Inquiry, Inquiry.id == Lead.inquiry_id).join(School, School.id == Delivery.school_id)
    query = query.join(Consent, SAME_CONSENT)
    return query.where(is_not_acknowledged(at))


def is_not_acknowledged(at: datetime) -> ColumnElement[bool]:
    """A notice that is stuck, or has been under way for too long."""
    stuck = and_(Delivery.state.in_(STUCK), Delivery.set_aside.is_(None))
    late = and_(Delivery.state.not_in(STUCK), Delivery.created_at < at - PATIENCE)
    # written out as the partial index says it
    open_notice = and_(is_value(Delivery.about, About.withdrawal), literal_column(IS_OPEN))
    return and_(open_notice, or_(stuck, late))
