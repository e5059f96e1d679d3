"""What one delivery carries and where it goes, in one joined look: plain rows, the person still sealed."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, Text, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from leadgen.database import table_of
from leadgen.models import Choice, Consent, ConsentChannel, Contact, Delivery, Endpoint, Inquiry, Lead, Match

_delivery, _endpoint, _lead = table_of(Delivery).c, table_of(Endpoint).c, table_of(Lead).c
_inquiry, _contact, _consent = table_of(Inquiry).c, table_of(Contact).c, table_of(Consent).c
_channel, _choice, _match = table_of(ConsentChannel).c, table_of(Choice).c, table_of(Match).c

_CHANNELS = (
    select(func.aggregate_strings(type_coerce(_channel.channel, Text), ","))
    .where(_channel.consent_id == _consent.id)
    .scalar_subquery()
)
_FIRST_MATCH = (
    select(_match.id)
    .join_from(table_of(Match), table_of(Choice), _choice.id == _match.choice_id)
    .where(_choice.inquiry_id == _lead.inquiry_id, _choice.school_id == _lead.school_id)
    .order_by(_match.rank)
    .limit(1)
    .correlate(table_of(Lead))
    .scalar_subquery()
)
_DELIVERY_FACTS = (_delivery.about, _delivery.key, _delivery.created_at, _delivery.school_id)
_ENDPOINT_FACTS = (
    _endpoint.kind,
    _endpoint.address,
    _endpoint.secret_sealed,
    _endpoint.old_secret_sealed,
    _endpoint.conflict_means_received,
    _endpoint.link_only,
    _endpoint.language.label("letter_language"),
    _endpoint.version.label("endpoint_version"),
    _endpoint.id.label("endpoint_id"),
    _endpoint.posting,
    _endpoint.posting_sealed,
)
_LEAD_FACTS = (_lead.reference.label("lead_reference"), _lead.school_reference, _lead.released_at)
_INQUIRY_FACTS = (
    _inquiry.reference,
    _inquiry.zip,
    _inquiry.city,
    _inquiry.state,
    _inquiry.program,
    _inquiry.program_title,
    _inquiry.criteria,
    _inquiry.received_at,
    _contact.wrapped_key,
    _contact.sealed,
    _contact.erased_at,
    _match.offering_id,
    _match.distance_miles,
)
_CONSENT_FACTS = (
    _consent.given_at,
    _consent.withdrawn_at,
    _consent.words,
    _consent.wording_version,
    _consent.words_sha256,
    _CHANNELS.label("channels"),
)


def select_lead_facts(*columns: ColumnElement[Any], table: Table) -> Select[Any]:
    """These columns of a table that names a lead, with the facts about lead, inquiry, sealed contact and consent."""
    return (
        select(*columns, *_LEAD_FACTS, *_INQUIRY_FACTS, *_CONSENT_FACTS)
        .join_from(table, table_of(Lead), _lead.id == table.c.lead_id)
        .join(table_of(Inquiry), _inquiry.id == _lead.inquiry_id)
        .join(table_of(Contact), _contact.inquiry_id == _inquiry.id)
        .join(table_of(Consent), (_consent.inquiry_id == _inquiry.id) & (_consent.school_id == _lead.school_id))
        .outerjoin(table_of(Match), _match.id == _FIRST_MATCH)
    )


_FIND_FACTS = (
    select_lead_facts(*_DELIVERY_FACTS, *_ENDPOINT_FACTS, table=table_of(Delivery))
    .join(table_of(Endpoint), _endpoint.id == _delivery.endpoint_id)
    .where(_delivery.id == bindparam("wanted"))
)


def find_facts(session: Session, delivery_id: int) -> Row[Any]:
    """The facts about a delivery, its endpoint, lead, inquiry, sealed contact, consent and first match, by name.

    ``channels`` are those of the consent, joined by commas; of the match there may be none."""
    return session.execute(_FIND_FACTS, {"wanted": delivery_id}).one()
