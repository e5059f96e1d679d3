"""Where demo inquiries may go: offerings of schools whose every address is under ``.example``, which nobody owns."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.caps import list_school_caps
from leadgen.models import Campus, Endpoint, EndpointKind, EndpointState, Offering, School, SchoolStatus

EXAMPLE = ".example"


@dataclass(frozen=True)
class Goods:
    """A program at a campus, and how the school receives; ``monthly_cap`` is None where there is none."""

    school_id: str
    program: str
    zip: str
    kind: EndpointKind
    is_capped: bool
    monthly_cap: int | None


class Shelf:
    """The goods of a directory, some of them kept for certain stories."""

    def __init__(self, goods: list[Goods], kept: tuple[str, ...]) -> None:
        self.goods, self._kept = goods, kept
        self.safe = {each.school_id for each in goods}
        self.ordinary = {each.school_id for each in goods if not each.is_capped and each.school_id not in kept}

    def pick(self, dice: Random, fits: Callable[[Goods], bool] = lambda _: True) -> list[Goods]:
        """Ordinary goods that fit, in a random order."""
        fitting = [each for each in self.goods if each.school_id in self.ordinary and fits(each)]
        return dice.sample(fitting, len(fitting))

    def of_school(self, school_id: str) -> list[Goods]:
        """What one school has, first the programs that come first."""
        return [each for each in self.goods if each.school_id == school_id]


def fill_shelf(session: Session, kept: tuple[str, ...]) -> Shelf:
    """What the directory offers of schools that take inquiries and are safe to send to."""
    endpoints: dict[str, list[Endpoint]] = {}
    for endpoint in session.scalars(select(Endpoint).where(Endpoint.retired_at.is_(None)).order_by(Endpoint.position)):
        endpoints.setdefault(endpoint.school_id, []).append(endpoint)
    query = (
        select(School, Offering.program, Campus.zip)
        .join(Offering, Offering.school_id == School.id)
        .join(Campus, Campus.id == Offering.campus_id)
        .where(School.status == SchoolStatus.taking, School.retired_at.is_(None), Offering.retired.is_(False))
        .where(School.listed.is_(False))
        .order_by(School.id, Offering.id)
    )
    goods = [
        Goods(
            school.id,
            program,
            zip_code,
            endpoints[school.id][0].kind,
            bool(list_school_caps(school)),
            school.monthly_cap,
        )
        for school, program, zip_code in session.execute(query)
        if _is_safe(endpoints.get(school.id, []))
    ]
    return Shelf(goods, kept)


def _is_safe(endpoints: list[Endpoint]) -> bool:
    return bool(endpoints) and all(
        each.state is EndpointState.live and (each.address is None or find_host(each.address).endswith(EXAMPLE))
        for each in endpoints
    )


def find_host(address: str) -> str:
    """The host of a web address, or of a mail address."""
    return urlsplit(address).hostname or address.rpartition("@")[2].lower()
