"""What the school should have, in order; its word that it has it; its days, to compare. Reading writes nothing."""

from typing import Any

from flask import Response

from leadgen.accounts.api_keys import name_key
from leadgen.delivery.feed.acknowledge import acknowledge
from leadgen.delivery.feed.days import count_days
from leadgen.delivery.feed.forms import Acknowledged, FeedDays, FeedPage
from leadgen.delivery.feed.read import CursorError, read_page
from leadgen.extensions import db
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.api.asked import AskedAcknowledgement, AskedDays, AskedPage, read_body, read_query, refuse
from leadgen.web.api.blueprint import bp, require_own_school
from leadgen.web.bearer import require_key
from leadgen.web.transaction import writes


@bp.get("/feed")
@audience(Audience.system)
def feed() -> FeedPage | Response:
    """A page of the feed, oldest first."""
    asked = read_query(AskedPage)
    if isinstance(asked, Response):
        return asked
    try:
        return read_page(db.session, open_vault(), require_own_school().id, asked.after, asked.limit)
    except CursorError as error:
        return refuse([{"name": "after", "detail": str(error)}])


@bp.post("/feed/ack")
@audience(Audience.system)
@writes
def acknowledge_feed() -> Acknowledged | Response:
    """The school's system has everything up to an item."""
    asked = read_body(AskedAcknowledgement)
    if isinstance(asked, Response):
        return asked
    key = require_key()
    try:
        return acknowledge(db.session, key.school_id, asked.through, name_key(key))
    except CursorError as error:
        return refuse([{"name": "through", "detail": str(error)}])


@bp.get("/days")
@audience(Audience.system)
def days() -> FeedDays | Response:
    """What each day holds, as a count and a hash."""
    asked: Any = read_query(AskedDays)
    if isinstance(asked, Response):
        return asked
    school = require_own_school()
    found = count_days(db.session, school.id, school.timezone, asked.first, asked.last)
    return {"timezone": school.timezone, "days": found}
