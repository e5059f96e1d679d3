"""What schools and mail relays answer when they do not simply accept."""

from leadgen.delivery.carriers.contract import DefiniteNo, Misconfigured, PermanentNo, Unknown

LATER_SECONDS = 6 * 3600.0
SILENT = Unknown("no answer within 15 s")
NO_WORD = Unknown("silence after the final dot")
BAD_GATEWAY = Unknown("502 after the body was sent", status="502", text="Bad Gateway")
FULL_BOX = PermanentNo("552 mailbox full", status="552", text="552 5.2.2 Mailbox full")
NO_SUCH_USER = PermanentNo("550 no such user", status="550", text="550 5.1.1 No such user here")
UNKNOWN_PROGRAM = PermanentNo("422", status="422", text='{"error": "unknown program"}')
REFUSED = DefiniteNo("connection refused")
BUSY = DefiniteNo("503", status="503", text="Back later today", retry_after=LATER_SECONDS)
BAD_CERTIFICATE = Misconfigured("the certificate has expired")
