"""A program and its guide, as the rest of the product reads them."""

from dataclasses import dataclass
from datetime import date

from pydantic import ConfigDict

from leadgen.guides.pay import Outlook, Pay
from leadgen.guides.shape import STRICT
from leadgen.guides.traits import Traits


@dataclass(frozen=True)
class Source:
    """Where facts come from. Facts, figures and `[^key]` in the text name it by ``key``. ``year`` is the one that its
    figures are of, or in which it was read; ``url`` is empty for our own. ``meaning`` explains an English title in the
    guide's language."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    key: str
    title: str
    publisher: str
    year: int | None = None
    url: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Fact:
    """One entry of the strip below the title. A fact with a figure in it must name its year and its source."""

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
    """A credential that schools prepare for. ``code`` is what schools.csv and criteria use, such as `CCS`. ``exam``
    and ``renewal`` are sentences; where they hold a figure, ``source`` says whose. ``meaning`` explains the English
    name in the guide's language."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    code: str
    name: str
    body: str
    field: str
    exam: str = ""
    renewal: str = ""
    source: str | None = None
    meaning: str = ""


@dataclass(frozen=True)
class Section:
    """A chapter of the guide: ``anchor`` is its place in the page's address, ``html`` is clean."""

    anchor: str
    title: str
    html: str


@dataclass(frozen=True)
class FrontMatter:
    """What stands above the Markdown of a guide file. ``description`` is for search engines; programs are listed by
    ``order``, then by title."""

    __pydantic_config__ = STRICT

    title: str
    standfirst: str
    description: str
    cip_codes: tuple[str, ...]
    soc_codes: tuple[str, ...]
    reviewed: date
    traits: Traits
    order: int = 100
    facts: tuple[Fact, ...] = ()
    roles: tuple[Role, ...] = ()
    certifications: tuple[Certification, ...] = ()
    pay: Pay | None = None
    outlook: Outlook | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Program(FrontMatter):
    """A field of training with its guide. CIP codes name programs of study, SOC codes name occupations."""

    slug: str = ""
    language: str = "en"
    sections: tuple[Section, ...] = ()

    def find_source(self, key: str) -> Source:
        """The source with that key. The loader has made sure that there is one."""
        return next(source for source in self.sources if source.key == key)

    def number_source(self, key: str) -> int:
        """Its number on the list of sources, from 1."""
        return [source.key for source in self.sources].index(key) + 1

    def find_certification(self, code: str) -> Certification | None:
        """The certification with that code, in any case; None where the guide names none such."""
        return next((each for each in self.certifications if each.code.casefold() == code.casefold()), None)
