"""The stories: what a desk sees in some weeks, each state of each thing at least once.

A story is told in one transaction. It yields what it told, and nothing where this directory has no school for it.
"""

from collections.abc import Callable, Iterator

from leadgen.demo.story import Story
from leadgen.demo.teller import Teller

Tell = Callable[[Teller], Iterator[Story]]
