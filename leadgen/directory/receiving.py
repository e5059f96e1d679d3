"""The endpoints that a school's row of the directory asks for. Pure."""

from leadgen.directory import addresses
from leadgen.directory.cells import CellError
from leadgen.directory.records import EndpointRecord
from leadgen.marks import say
from leadgen.models import EndpointKind, Takes

MAIN_POSITION = 1
NOTICES_POSITION = 2
NOTICES_BOX = (EndpointKind.email.value, Takes.notices.value)


def list_endpoints(
    school_id: str | None, kind: EndpointKind | None, deliver_to: str | None, contact_email: str | None
) -> list[EndpointRecord]:
    """The endpoint of ``delivery`` and ``deliver_to``, and a mail box for notices beside a form_post.

    A form takes leads alone: its fields have no words for a withdrawal. Raises CellError where the
    address does not fit the kind. None where an earlier fault left nothing to go by: then no endpoint.
    """
    if school_id is None or kind is None:
        return []
    address = read_address(kind, deliver_to)
    if kind is not EndpointKind.form_post:
        return [EndpointRecord(school_id, kind, Takes.everything, address, MAIN_POSITION)]
    form = EndpointRecord(school_id, kind, Takes.leads, address, MAIN_POSITION)
    return [form] if contact_email is None else [form, make_notice_box(school_id, contact_email)]


def make_notice_box(school_id: str, contact_email: str) -> EndpointRecord:
    """The mail box that takes notices beside a form."""
    return EndpointRecord(school_id, EndpointKind.email, Takes.notices, contact_email, NOTICES_POSITION)


def read_address(kind: EndpointKind, deliver_to: str | None) -> str | None:
    """The address of an endpoint of this kind. Raises CellError where it does not fit the kind."""
    if kind is EndpointKind.portal:
        if deliver_to:
            raise CellError(say("nothing, because leads wait in the portal"))
        return None
    if kind is EndpointKind.batch and not (deliver_to or "").lower().startswith("sftp://"):
        kind = EndpointKind.email
    read = addresses.email if kind is EndpointKind.email else addresses.receiving_address
    if kind is EndpointKind.batch:
        read = addresses.file_address
    if not deliver_to:
        raise CellError(say("an address for this kind of delivery; it is empty"))
    return str(read(deliver_to))
