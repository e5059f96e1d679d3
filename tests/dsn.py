"""Reports of mail servers about a letter that did not arrive, in the formats of the common ones. For tests."""

from dataclasses import dataclass

LETTER = """Received: from firststep.example by mx.relay.example; Wed, 4 Mar 2026 05:06:08 +0000
From: First Step <inquiries@firststep.example>
To: admissions@larkspur.example
Subject: New inquiry LD-7K2M-94QD: Medical billing and coding
Date: {date}
Message-ID: <{message_id}>
"""
BODY = """
Ada Example, ada@mail.example, +13125550142
"""


@dataclass(frozen=True)
class Dsn:
    """What differs between reports: where it comes to, what letter it is about, what it says, and its own id."""

    message_id: str = "unknown@firststep.example"
    to: str = "inquiries@firststep.example"
    action: str = "failed"
    status: str = "5.1.1"
    date: str = "Wed, 4 Mar 2026 05:06:07 +0000"
    own_id: str = "report-1@mx.relay.example"

    @property
    def letter(self) -> str:
        return LETTER.format(date=self.date, message_id=self.message_id)


def write_postfix(dsn: Dsn) -> bytes:
    """Postfix: text, delivery-status with the queue's fields, the whole letter."""
    return _join(
        f"""Return-Path: <>
Date: Wed, 4 Mar 2026 05:07:00 +0000 (UTC)
From: MAILER-DAEMON@mx.relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {dsn.to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="8F2.1/mx"
Message-Id: <{dsn.own_id}>

This is a MIME-encapsulated message.

--8F2.1/mx
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.
<admissions@larkspur.example>: host mx.larkspur.example said: 550 no such user

--8F2.1/mx
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.relay.example
X-Postfix-Queue-ID: 8F2
X-Postfix-Sender: rfc822; {dsn.to}
Arrival-Date: Wed, 4 Mar 2026 05:06:08 +0000 (UTC)

Final-Recipient: rfc822; admissions@larkspur.example
Original-Recipient: rfc822;admissions@larkspur.example
Action: {dsn.action}
Status: {dsn.status}
Remote-MTA: dns; mx.larkspur.example
Diagnostic-Code: smtp; 550 {dsn.status} no such user

--8F2.1/mx
Content-Description: Undelivered Message
Content-Type: message/rfc822

""",
        dsn.letter,
        BODY,
        "\n--8F2.1/mx--\n",
    )


def write_exim(dsn: Dsn) -> bytes:
    """Exim: its own headers with the address, no Original-Recipient, the headers of the letter alone."""
    return _join(
        f"""Return-path: <>
Delivered-To: {dsn.to}
X-Failed-Recipients: admissions@larkspur.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@relay.example>
To: {dsn.to}
References: <{dsn.message_id}>
Content-Type: multipart/report; report-type=delivery-status; boundary=1700000000-eximdsn-12
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <{dsn.own_id}>
Date: Wed, 04 Mar 2026 05:07:00 +0000

--1700000000-eximdsn-12
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1700000000-eximdsn-12
Content-type: message/delivery-status

Reporting-MTA: dns; relay.example

Action: {dsn.action}
Final-Recipient: rfc822;admissions@larkspur.example
Status: {dsn.status}
Remote-MTA: dns; mx.larkspur.example
Diagnostic-Code: smtp; 550 no such user

--1700000000-eximdsn-12
Content-type: text/rfc822-headers

""",
        dsn.letter,
        "\n--1700000000-eximdsn-12--\n",
    )


def write_exchange(dsn: Dsn) -> bytes:
    """Exchange: text and HTML within the report, names of its own, CRLF, the letter's headers quoted-printable."""
    letter = dsn.letter.replace("=", "=3D")
    text = f"""From: <postmaster@larkspur.example>
To: <{dsn.to}>
Date: Wed, 4 Mar 2026 05:07:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="e1b2c3d4-5678-4abc-9def-000000000001"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Message-ID: <{dsn.own_id}>
In-Reply-To: <{dsn.message_id}>
Subject: Undeliverable: New inquiry LD-7K2M-94QD

--e1b2c3d4-5678-4abc-9def-000000000001
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="e1b2c3d4-5678-4abc-9def-000000000002"

--e1b2c3d4-5678-4abc-9def-000000000002
Content-Type: text/plain; charset="us-ascii"

Delivery has failed to these recipients or groups:

--e1b2c3d4-5678-4abc-9def-000000000002
Content-Type: text/html; charset="us-ascii"

<html><body><p>Delivery has failed</p></body></html>

--e1b2c3d4-5678-4abc-9def-000000000002--

--e1b2c3d4-5678-4abc-9def-000000000001
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01.prod.exchange.example
Received-From-MTA: dns;mx.relay.example

Final-Recipient: rfc822;admissions@larkspur.example
Action: {dsn.action}
Status: {dsn.status}
Diagnostic-Code: smtp;550 {dsn.status} RESOLVER.ADR.RecipientNotFound; not found
X-Display-Name: admissions@larkspur.example

--e1b2c3d4-5678-4abc-9def-000000000001
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: quoted-printable

{letter}
--e1b2c3d4-5678-4abc-9def-000000000001--
"""
    return text.replace("\n", "\r\n").encode()


def write_qmail(dsn: Dsn) -> bytes:
    """qmail: words alone, which no standard describes."""
    return _join(
        f"""From: MAILER-DAEMON@old.example
To: {dsn.to}
Subject: failure notice

Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<admissions@larkspur.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

""",
        dsn.letter,
        BODY,
    )


STANDARD = (write_postfix, write_exim, write_exchange)


def _join(*parts: str) -> bytes:
    return "".join(parts).encode()
