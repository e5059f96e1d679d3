"""Makes a school misbehave for a while, so that tests and people can see what happens then."""

import threading
from dataclasses import dataclass, field, replace
from enum import StrEnum

LONGEST_SECONDS = 120.0
EVERYBODY = "*"


class Act(StrEnum):
    """``answer`` with the status; ``close`` after reading; ``cut`` in the middle of the answer; ``hang`` without one;
    ``drip`` header bytes slowly; ``flood`` with a body of ten gigabytes; ``bomb`` with one that unpacks to that."""

    answer = "answer"
    close = "close"
    cut = "cut"
    hang = "hang"
    drip = "drip"
    flood = "flood"
    bomb = "bomb"


@dataclass(frozen=True)
class Behavior:
    """What a school does with the next ``times`` arrivals (0: until told otherwise).

    ``taken`` is whether the school itself counts them as received; by default unless it answers 400 or above.
    For mail, ``status`` is an SMTP code given after the final dot.
    """

    act: Act = Act.answer
    status: int = 0
    delay_seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    times: int = 0
    taken: bool | None = None

    @property
    def takes(self) -> bool:
        return self.status < 400 if self.taken is None else self.taken


class Behaviors:
    """What each school was told, by host; ``*`` is every school that was told nothing of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_host: dict[str, Behavior] = {}

    def tell(self, host: str, behavior: Behavior | None) -> None:
        """Tell a school how to behave; None forgets it."""
        with self._lock:
            if behavior is None:
                self._by_host.pop(host, None)
            else:
                self._by_host[host] = behavior

    def next_for(self, host: str) -> Behavior:
        """How this school behaves now; one of its times is used up."""
        with self._lock:
            name = host if host in self._by_host else EVERYBODY
            behavior = self._by_host.get(name)
            if behavior is None:
                return Behavior()
            if behavior.times == 1:
                del self._by_host[name]
            elif behavior.times:
                self._by_host[name] = replace(behavior, times=behavior.times - 1)
            return behavior


def read_behavior(told: object) -> tuple[str, Behavior | None]:
    """Read what ``POST /behave`` was given: host and behavior. Raises ValueError naming the field."""
    if not isinstance(told, dict) or not isinstance(told.get("host"), str):
        raise ValueError('host: give the name of a school, or "*"')
    rest = {name: value for name, value in told.items() if name != "host"}
    if unknown := rest.keys() - Behavior.__dataclass_fields__.keys():
        raise ValueError(f"{', '.join(sorted(unknown))}: not known")
    if not rest:
        return told["host"].lower(), None
    rest["act"] = Act(rest.get("act", "answer"))
    rest["delay_seconds"] = min(float(rest.get("delay_seconds", 0)), LONGEST_SECONDS)
    return told["host"].lower(), Behavior(**rest)
