"""ZIP codes, strictly."""

import pytest
from geopy.exc import GeocoderQueryError

from leadgen.geo.zips import MalformedZip, UnknownZip, ZipError, ZipGeocoder, find_place


@pytest.mark.parametrize("text", ["60601", "60601-1234", " 60601 ", "60601\n"])
def test_a_zip_is_found_with_and_without_its_four_more_digits(text):
    place = find_place(text)
    assert (place.zip, place.city, place.state, place.timezone) == ("60601", "Chicago", "IL", "America/Chicago")
    assert place.point == pytest.approx((41.886, -87.618), abs=0.01)


SHORT_OR_LONG = ["", "2139", "6060", "606011", "606011234", "60601-", "60601-123", "60601-12345", "60601 1234"]
NOT_DIGITS = ["1_0001", "+6060", "6060a", "６０６０１", "60601;", "-60601", "60.01", "60601\x00", "Chicago"]


@pytest.mark.parametrize("text", [*SHORT_OR_LONG, *NOT_DIGITS])
def test_what_is_not_a_zip_is_refused_with_what_to_enter(text):
    with pytest.raises(MalformedZip, match="five digits, like 60601"):
        find_place(text)


@pytest.mark.parametrize("text", ["00000", "99999", "00000-0000"])
def test_an_unknown_zip_says_so(text):
    with pytest.raises(UnknownZip, match=f"We do not know the ZIP code {text[:5]}"):
        find_place(text)


@pytest.mark.parametrize("text", ["09001", "34001", "96201"])
def test_a_military_zip_asks_for_where_she_lives(text):
    with pytest.raises(UnknownZip, match="military"):
        find_place(text)


@pytest.mark.parametrize(("text", "state"), [("60690", "IL"), ("02112", "MA"), ("10116", "NY")])
def test_post_office_boxes_have_a_place(text, state):
    assert find_place(text).state == state


@pytest.mark.parametrize(
    ("text", "state", "near"),
    [
        ("00601", "PR", (18.2, -66.7)),
        ("00802", "VI", (18.3, -64.9)),
        ("96910", "GU", (13.5, 144.7)),
        ("96799", "AS", (-14.3, -170.7)),
        ("96950", "MP", (15.2, 145.7)),
        ("99546", "AK", (51.9, -176.6)),
        ("02139", "MA", (42.4, -71.1)),
    ],
)
def test_territories_far_islands_and_leading_zeros_have_their_place(text, state, near):
    place = find_place(text)
    assert place.state == state
    assert place.point == pytest.approx(near, abs=0.2)


def test_the_gazetteer_stands_where_a_geopy_geocoder_can():
    geocoder = ZipGeocoder()
    location = geocoder.geocode("60601")
    assert (location.latitude, location.longitude) == find_place("60601").point
    assert "Chicago, IL" in location.address
    assert geocoder.geocode("00000") is None
    assert len(geocoder.geocode("60601", exactly_one=False)) == 1
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode("2139")


def test_both_errors_are_caught_as_one():
    assert issubclass(MalformedZip, ZipError)
    assert issubclass(UnknownZip, ZipError)
