"""What a data folder needs before the web starts: the schema, and on the first start schools and logins.

Each step may be cut short by a crash and is then done again: the import is idempotent, and the logins are
kept in a private file until they have been shown.
"""

import csv
import json
import secrets
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from leadgen.config import ROOT
from leadgen.local import StartError
from leadgen.local.children import Leash
from leadgen.local.keys import write_private

DIRECTORY = ROOT / "schools.csv"
DONE = "first-start.done"
LOGINS = "logins-not-yet-shown.json"
SECRETS = "sandbox-secrets.json"
ADMIN = "admin@firststep.example"


@dataclass(frozen=True)
class Login:
    """A login that we made: the password is shown once and kept nowhere in the clear."""

    email: str
    password: str
    role: str
    school: str = ""


def leadgen_command(*words: str) -> tuple[str, ...]:
    """The command line of ``leadgen`` in this environment, deaf to modules in the current folder."""
    return (sys.executable, "-P", "-m", "leadgen", *words)


def prepare(leash: Leash, data_dir: Path, schools: Path) -> list[Login]:
    """Migrate; at the first start import the file of schools and make logins. Raises StartError.

    Returns the logins to show: call `logins_were_shown` after that.
    """
    run_command(leash, "db", "upgrade")
    if is_first_start(data_dir):
        run_command(leash, "directory", "import", str(schools))
        _make_logins(leash, data_dir, schools)
        (data_dir / DONE).touch()
    write_private(data_dir / SECRETS, run_command(leash, "endpoint", "secrets", "--example"))
    return _read_logins(data_dir)


def is_first_start(data_dir: Path) -> bool:
    """Whether `prepare` has never come to its end on this folder."""
    return not (data_dir / DONE).exists()


def logins_were_shown(data_dir: Path) -> None:
    """Forget the passwords."""
    (data_dir / LOGINS).unlink(missing_ok=True)


def _make_logins(leash: Leash, data_dir: Path, schools: Path) -> None:
    logins = _read_logins(data_dir) or _invent_logins(schools)
    write_private(data_dir / LOGINS, json.dumps([asdict(login) for login in logins]))
    for login in logins:
        words = ["user", "add", login.email, "--role", login.role, "--password-stdin", "--json"]
        answer = leash.run(
            leadgen_command(*words, *(["--school", login.school] if login.school else [])), login.password
        )
        if answer.returncode and "already" not in answer.stdout + answer.stderr:
            raise StartError(f"Could not make the login {login.email}: {_shorten(answer.stderr)}")


def _invent_logins(schools: Path) -> list[Login]:
    logins = [Login(ADMIN, secrets.token_urlsafe(15), "admin")]
    if school := _find_portal_school(schools):
        logins.append(Login(school["contact_email"], secrets.token_urlsafe(15), "school", school["school_id"]))
    return logins


def _find_portal_school(schools: Path) -> dict[str, str] | None:
    with schools.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return next((row for row in rows if row["delivery"] == "portal" and row["contact_email"]), None)


def _read_logins(data_dir: Path) -> list[Login]:
    with suppress(OSError, ValueError, TypeError):
        return [Login(**item) for item in json.loads((data_dir / LOGINS).read_text(encoding="utf-8"))]
    return []


def run_command(leash: Leash, *words: str) -> str:
    """Run one `leadgen` command to its end; gives what it printed. Raises StartError."""
    answer = leash.run(leadgen_command(*words))
    if answer.returncode:
        raise StartError(f"leadgen {' '.join(words)} failed: {_shorten(answer.stderr or answer.stdout)}")
    return answer.stdout


def _shorten(text: str) -> str:
    """What a person needs of a failed command: the end of a traceback, else its last dozen lines."""
    lines = text.strip().splitlines() or ["it said nothing"]
    return lines[-1] if "Traceback" in text else "\n".join(lines[-12:])
