"""How much is measured: enough to trust in a quarter of an hour, or enough to see that it runs in three minutes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """``rounds`` repeats each measurement; the others are amounts per round, or seconds."""

    rounds: int
    commands: int
    searches: int
    walk_seconds: float
    posts: int
    bare_posts: int
    idle_posts: int
    steady_posts: int
    deliveries: int
    no_ops: int
    looks: int
    memory_deliveries: int
    warm_up_seconds: float
    warm_up_posts: int
    real_schools: bool


FULL = Effort(
    rounds=3,
    commands=5,
    searches=200,
    walk_seconds=15,
    posts=100,
    bare_posts=300,
    idle_posts=20,
    steady_posts=60,
    deliveries=400,
    no_ops=1000,
    looks=8,
    memory_deliveries=50_000,
    warm_up_seconds=5,
    warm_up_posts=80,
    real_schools=True,
)
QUICK = Effort(
    rounds=1,
    commands=3,
    searches=50,
    walk_seconds=6,
    posts=60,
    bare_posts=100,
    idle_posts=8,
    steady_posts=20,
    deliveries=80,
    no_ops=300,
    looks=4,
    memory_deliveries=2_000,
    warm_up_seconds=3,
    warm_up_posts=40,
    real_schools=False,
)
