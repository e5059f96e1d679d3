"""A program and its guide, as the rest of the product reads them."""

from dataclasses import dataclass
from datetime import date

from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid", str_min_length=1)


@dataclass(frozen=True)
class Source:
    """Where facts come from. Facts and figures name it by ``key``."""

    __pydantic_config__ = STRICT

    key: str
    title: str
    publisher: str
    url: str


@dataclass(frozen=True)
class Fact:
    """One entry of the strip below the title. A fact with money in it must name its year and its source."""

    __pydantic_config__ = STRICT

    label: str
    value: str
    year: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Role:
    """One of the jobs that a program leads to, for laying them side by side."""

    __pydantic_config__ = STRICT

    title: str
    summary: str
    duties: tuple[str, ...]


@dataclass(frozen=True)
class Certification:
    """A credential that schools prepare for. ``code`` is what schools.csv and criteria use, such as `CCS`."""

    __pydantic_config__ = STRICT

    code: str
    name: str
    body: str
    field: str


@dataclass(frozen=True)
class PayRow:
    """Yearly pay of one role in US dollars: the average, and what the highest-paid tenth reach."""

    __pydantic_config__ = STRICT

    role: str
    average_usd: int
    high_usd: int


@dataclass(frozen=True)
class Pay:
    """Pay figures of one year from one source."""

    __pydantic_config__ = STRICT

    year: int
    source: str
    rows: tuple[PayRow, ...]


@dataclass(frozen=True)
class Section:
    """A chapter of the guide: ``anchor`` is its place in the page's address, ``html`` is clean."""

    anchor: str
    title: str
    html: str


@dataclass(frozen=True)
class FrontMatter:
    """What stands above the Markdown of a guide file."""

    __pydantic_config__ = STRICT

    title: str
    standfirst: str
    cip_codes: tuple[str, ...]
    soc_codes: tuple[str, ...]
    reviewed: date
    is_stub: bool = False
    facts: tuple[Fact, ...] = ()
    roles: tuple[Role, ...] = ()
    certifications: tuple[Certification, ...] = ()
    pay: Pay | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Program(FrontMatter):
    """A field of training with its guide. CIP codes name programs of study, SOC codes name occupations."""

    slug: str = ""
    sections: tuple[Section, ...] = ()

    def find_source(self, key: str) -> Source:
        """The source with that key. The loader has made sure that there is one."""
        return next(source for source in self.sources if source.key == key)

    def find_certification(self, code: str) -> Certification | None:
        """The certification with that code, in any case; None where the guide names none such."""
        return next((each for each in self.certifications if each.code.casefold() == code.casefold()), None)
