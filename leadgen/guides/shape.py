"""How strictly front matter is read: every field is known, and no text is empty."""

from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid", str_min_length=1)
