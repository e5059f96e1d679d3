"""What stands at the desk only for a moment: a draft of a map, a key shown once, an edit that came second, a job."""

import re
from collections.abc import Iterator
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.extensions import db
from leadgen.models import Endpoint, EndpointKind, Job, JobState
from leadgen.tasks.bulk import run_job
from tests.sights.album import Album
from tests.sights.town import NEAR
from tests.web.rooms import open_form, save
from tests.web.workplace import database

SPEC = "curl https://crm.larkspur.example/in -d fname=Jane -d zipcode=60601 -d source=W7"
ANSWERS = {"accepted": '{"status": "ok", "id": 7}', "rejected": '{"status": "no"}'}


def change(album: Album, admin: FlaskClient) -> None:
    """Everything that is made, changed or asked on a page of its own."""
    _draft(album, admin)
    _make_keys(album, admin)
    _come_second(album, admin)
    _do_many(album, admin)


def _draft(album: Album, admin: FlaskClient) -> None:
    path = f"/desk/endpoints/{_find(album, EndpointKind.form_post)}/map"
    album.keep("desk-map", admin.get(path))
    album.keep("desk-draft", admin.get(f"{path}/draft"))
    album.keep("desk-draft-error", admin.post(f"{path}/draft", data={"spec": "curl 'x"} | ANSWERS), 422)
    drafted = album.keep("desk-drafted", admin.post(f"{path}/draft", data={"spec": SPEC} | ANSWERS)).text
    typed = dict(_read_fields(drafted))
    album.keep("desk-map-preview", admin.post(f"{path}/preview", data=typed | {"answer": ANSWERS["accepted"]}))
    album.keep("desk-map-error", admin.post(path, data=typed | {"map": "{"}), 422)


def _read_fields(page: str) -> Iterator[tuple[str, str]]:
    text = re.search(r'<textarea[^>]* name="map"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert text
    yield "map", unescape(text[1]).strip()
    yield from re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)


def _make_keys(album: Album, admin: FlaskClient) -> None:
    album.keep("desk-secret", admin.post(f"/desk/endpoints/{_find(album, EndpointKind.webhook)}/rotate"))
    album.keep("desk-key-made", admin.post(f"/desk/schools/{NEAR}/keys/add", data={"name": "Admissions CRM"}))
    album.keep("desk-school-keys", admin.get(f"/desk/schools/{NEAR}/keys"))


def _come_second(album: Album, admin: FlaskClient) -> None:
    path = f"schools/{NEAR}/edit"
    seen = open_form(admin, path)
    save(admin, path, seen | {"daily_cap": "31"})
    album.keep("desk-school-meanwhile", save(admin, path, seen | {"daily_cap": "7"}), 409)


def _do_many(album: Album, admin: FlaskClient) -> None:
    keys = re.findall(r'name="key" value="([^"]+)"', admin.get("/desk?bin=held").text)[:2]
    asked = {"act": "release", "key": keys, "back": "bin=held"}
    page = album.keep("desk-bulk", admin.post("/desk/bulk", data=asked)).text
    fields = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}
    job = str(admin.post("/desk/jobs", data=fields | {"reason": "checked"}).location)
    album.keep("desk-job-waiting", admin.get(job))
    with album.app.app_context():
        waiting = list(db.session.scalars(select(Job.id).where(Job.state == JobState.waiting)))
        db.session.rollback()
        for number in waiting:
            run_job(number)
    album.keep("desk-job-done", admin.get(job))
    album.keep("desk-jobs", admin.get("/desk/jobs"))


def _find(album: Album, kind: EndpointKind) -> int:
    with database(album.app) as session:
        query = select(Endpoint.id).where(Endpoint.kind == kind, Endpoint.retired_at.is_(None))
        return session.scalars(query.order_by(Endpoint.id)).first() or 0
