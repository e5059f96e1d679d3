"""Whose key is this? The first thing to ask with a new one."""

from leadgen.web.access import Audience, audience
from leadgen.web.api.blueprint import bp, require_own_school
from leadgen.web.bearer import require_key


@bp.get("/school")
@audience(Audience.system)
def school() -> dict[str, str]:
    """The school of the key, and the zone in which its days begin."""
    own, key = require_own_school(), require_key()
    return {"school": own.id, "name": own.name, "timezone": own.timezone, "key": key.prefix}
