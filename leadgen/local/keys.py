"""The keys of a local installation: made once, kept in the data folder, readable by its owner alone."""

import json
import os
import secrets
from base64 import b64encode
from pathlib import Path

from leadgen.local import StartError

FILE = "keys.json"
KEY_BYTES = 32


def load_keys(data_dir: Path) -> dict[str, str]:
    """The keys as settings by variable name; made at the first call. Raises StartError if the file is damaged."""
    path = data_dir / FILE
    if not path.exists():
        write_private(path, json.dumps(make_keys(), indent=2))
    try:
        keys: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise StartError(
            f"{path} is damaged. Restore it from a copy: without it, stored contacts stay sealed"
        ) from None
    return keys


def write_private(path: Path, text: str) -> None:
    """Replace a file as a whole, with mode 0600 from the first byte."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def make_keys(key_id: str = "k1") -> dict[str, str]:
    """Fresh keys as settings by variable name. ``key_id`` names the encryption key in what it seals."""
    return {
        "LEADGEN_SECRET_KEY": secrets.token_urlsafe(48),
        "LEADGEN_ENCRYPTION_KEYS": f"{key_id}:{_random_base64()}",
        "LEADGEN_INDEX_KEY": _random_base64(),
    }


def _random_base64() -> str:
    return b64encode(secrets.token_bytes(KEY_BYTES)).decode()
