"""Which place she means: what she typed, or of several places of that name the one she picked."""

from leadgen.geo.towns import find_typed, say_town
from leadgen.geo.zips import Place, ZipError


def find_meant(typed: str, picked: str) -> Place:
    """The place that was typed; where that may be several, the one whose ZIP code was picked of them.

    Raises ZipError; `list_meanings` gives the places among which she has to choose, where there are some."""
    try:
        return find_typed(typed)
    except ZipError as error:
        for place in getattr(error, "choices", ()):
            if place.zip == picked:
                return place  # type: ignore[no-any-return]
        raise


def list_meanings(error: ZipError) -> dict[str, str]:
    """What may be meant, by ZIP code; two towns of one name and state are told apart by it."""
    places: tuple[Place, ...] = getattr(error, "choices", ())
    names = [say_town(place) for place in places]
    return {
        place.zip: f"{name} ({place.zip})" if names.count(name) > 1 else name
        for place, name in zip(places, names, strict=True)
    }
