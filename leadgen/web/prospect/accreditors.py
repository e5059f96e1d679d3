"""Where accreditors publish whom they accredit: the web addresses of those that the U.S. Department of Education
recognizes and that our schools name. Each was compared with public lists of accreditors, or with the accreditor's own
pages, in November 2026. One that is not here is shown without a link, and nothing is guessed."""

import re

# by the abbreviation and the full name, as either may stand in a directory
_PLACES = {
    ("ABHES", "Accrediting Bureau of Health Education Schools"): "https://www.abhes.org/",
    ("ACCSC", "Accrediting Commission of Career Schools and Colleges"): "https://www.accsc.org/",
    ("ACCET", "Accrediting Council for Continuing Education and Training"): "https://accet.org/",
    ("COE", "Council on Occupational Education"): "https://council.org/",
    ("DEAC", "Distance Education Accrediting Commission"): "https://www.deac.org/",
    ("HLC", "Higher Learning Commission"): "https://www.hlcommission.org/",
    ("MSCHE", "Middle States Commission on Higher Education"): "https://www.msche.org/",
    ("NECHE", "New England Commission of Higher Education"): "https://www.neche.org/",
    ("NWCCU", "Northwest Commission on Colleges and Universities"): "https://nwccu.org/",
    ("SACSCOC", "Southern Association of Colleges and Schools Commission on Colleges"): "https://sacscoc.org/",
    ("ACCJC", "Accrediting Commission for Community and Junior Colleges"): "https://accjc.org/",
    ("WSCUC", "WASC Senior College and University Commission"): "https://www.wscuc.org/",
}
_BY_NAME = {name.casefold(): place for names, place in _PLACES.items() for name in names}


def find_accreditor_page(name: str | None) -> str | None:
    """The accreditor's own web address, or None where we do not know it. ``ABHES``, the full name, or the full name
    with the abbreviation in parentheses are found."""
    if not name:
        return None
    words = [name, re.sub(r"\s*\(.*?\)\s*", " ", name), *re.findall(r"\(([^)]+)\)", name)]
    found = (_BY_NAME.get(" ".join(each.split()).removeprefix("the ").casefold()) for each in words)
    return next(filter(None, found), None)
