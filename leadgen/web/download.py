"""A file to keep: nobody between us and the reader stores it."""

from flask import Response


def send_zip(packed: bytes, lead: str) -> Response:
    """The proof of a lead's consent as a download."""
    name = f'attachment; filename="consent-{lead}.zip"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(packed, mimetype="application/zip", headers=headers)
