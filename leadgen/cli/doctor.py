"""`leadgen doctor`: can this installation do its work, and what is in the way?"""

import json
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import click
from redis import Redis
from sqlalchemy import text

from leadgen.app import create_app
from leadgen.clock import now
from leadgen.config import Settings, read_settings
from leadgen.database import reading
from leadgen.extensions import alembic, db
from leadgen.guides.agree import find_disagreements
from leadgen.guides.faults import find_faults, find_overdue
from leadgen.guides.loader import list_programs, list_translated, require_program
from leadgen.models import Heartbeat, School
from leadgen.privacy.tombstones import FILE, find_risen, read_tombstones

SILENCE = timedelta(seconds=30)
WAIT_SECONDS = 3


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``ok``, and what to do where it is not."""

    name: str
    ok: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Look at configuration, database, migrations, broker, mail, sweeper, directory and guides."""
    findings = list(examine())
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'BAD '} {finding.name:14} {finding.detail}")
    context.exit(0 if all(finding.ok for finding in findings) else 1)


def examine() -> Iterator[Finding]:
    """Every finding. Later ones are left out where the database cannot be reached."""
    settings = read_settings()
    yield Finding("configuration", True, f"mode {settings.mode}")
    app = create_app(settings)
    with app.app_context(), reading():
        reached = _look("database", _find_database)
        yield reached
        if reached.ok:
            yield _look("migrations", _find_migrations)
            yield _look("directory", _find_directory)
            yield _look("erasures", lambda: _find_risen(settings))
            yield _look("sweeper", _find_sweeper)
        yield _look("broker", lambda: _find_broker(settings))
        yield _look("mail", lambda: _find_mail(settings))
        yield _look("guides", _find_guides)


def _look(name: str, find: Callable[[], tuple[bool, str]]) -> Finding:
    try:
        return Finding(name, *find())
    except Exception as error:  # whatever is wrong is what the doctor is for
        return Finding(name, False, f"{type(error).__name__}: {str(error).splitlines()[0][:200]}")


def _find_database() -> tuple[bool, str]:
    db.session.execute(text("SELECT 1"))
    return True, db.engine.dialect.name


def _find_migrations() -> tuple[bool, str]:
    if alembic.needs_upgrade():
        return False, "run `leadgen db upgrade`"
    return True, "at the newest"


def _find_directory() -> tuple[bool, str]:
    count = db.session.query(School).filter(School.retired_at.is_(None)).count()
    return count > 0, f"{count} schools" if count else "empty: run `leadgen directory import FILE`"


def _find_risen(settings: Settings) -> tuple[bool, str]:
    file = settings.data_dir / FILE
    references = read_tombstones(file.read_text(encoding="ascii").splitlines()) if file.exists() else []
    risen = find_risen(db.session, references)
    hint = f"{len(risen)} people who were erased are back: run `leadgen prospect replay-tombstones`"
    return not risen, hint if risen else f"{len(references)} remembered"


def _find_sweeper() -> tuple[bool, str]:
    beat = db.session.get(Heartbeat, "sweeper")
    if beat is None:
        return False, "never seen: run `leadgen sweeper`"
    age = now(db.session) - beat.beat_at
    return age < SILENCE, f"last seen {age.total_seconds():.0f} s ago"


def _find_broker(settings: Settings) -> tuple[bool, str]:
    url = settings.broker_url.replace("redis+socket://", "unix://")
    Redis.from_url(url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS).ping()
    return True, "answers"


def _find_mail(settings: Settings) -> tuple[bool, str]:
    if not settings.smtp_url:
        return False, "LEADGEN_SMTP_URL is not set: no mail leaves"
    parts = urlsplit(settings.smtp_url)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with connect(parts.hostname or "", parts.port or 25, timeout=WAIT_SECONDS) as relay:
        relay.noop()
    return True, "the relay answers"


def _find_guides() -> tuple[bool, str]:
    programs = {program.slug: program for program in list_programs()}
    faults = [f"{slug}: {fault}" for slug, each in programs.items() for fault in find_faults(each, programs)]
    overdue = find_overdue(programs.values(), now(db.session).date())
    for each in list_translated():
        found = find_disagreements(require_program(each.slug), each)
        faults.extend(f"{each.slug} ({each.language}): {fault}" for fault in found)
    if overdue:
        faults.append(f"review again: {', '.join(each.slug for each in overdue)}")
    return not faults, "; ".join(
        faults
    ) or "every figure has its source, languages agree, and all were reviewed within a year"
