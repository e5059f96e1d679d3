"""What every app of the suite would compile anew from the same words, to the same code, is compiled once in a process:
the addresses of its routes (nine tenths of the time that making an app takes) and its templates."""

from collections.abc import Callable
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_compile_builder = Rule._compile_builder
_builders: dict[object, Callable[..., Any]] = {}


def _keep_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    # all that werkzeug makes the code from
    defaults = sorted((rule.defaults or {}).items())
    key = (tuple(rule._trace), repr(defaults), tuple(sorted(rule.arguments)), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def keep_addresses() -> None:
    """From now on, in this process."""
    Rule._compile_builder = _keep_builder  # type: ignore[method-assign]


class KeptTemplates(BytecodeCache):
    """Compiled templates by the hash of their source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Called by Jinja before it compiles."""
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Called by Jinja when it has compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()
