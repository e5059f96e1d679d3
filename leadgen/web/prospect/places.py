"""The states in which a program has a page of its own, for the guide's links."""

from leadgen.directory.taught import Taught
from leadgen.geo.states import STATE_NAMES, find_slug


def list_states(taught: Taught) -> list[tuple[str, str, int]]:
    """Name, name in addresses, and how many schools have a campus there; by name."""
    found = [
        (STATE_NAMES[state], find_slug(state) or "", count)
        for state, count in taught.states.items()
        if state in STATE_NAMES
    ]
    return sorted(found)
