"""The fake school itself: takes a post or a mail, decides what to answer, and keeps what arrived."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from leadgen.local.sandbox.arrivals import Arrival, Arrivals, Kind
from leadgen.local.sandbox.behavior import Act, Behavior, Behaviors
from leadgen.local.sandbox.decode import decode_mail, decode_post
from leadgen.local.sandbox.signature import Secrets, check_signature

SECRETS_FILE = "sandbox-secrets.json"


@dataclass(frozen=True)
class Reply:
    """What goes back over the web, and in which manner."""

    status: int
    body: bytes
    behavior: Behavior


class Sandbox:
    """All fake schools of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.arrivals = Arrivals(data_dir)
        self.behaviors = Behaviors()
        self._secrets = Secrets(data_dir / SECRETS_FILE)

    def take_post(self, host: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """A web post to the school at ``host``; ``headers`` by lower-case name."""
        kind, content = decode_post(headers.get("content-type", ""), body)
        signature = ""
        if kind is Kind.webhook or "webhook-signature" in headers:
            signature = check_signature(headers, body, self._secrets.find(host), time.time())
            # as it came, so that anybody can check the signature again with tools of her own
            signed = {name: value for name, value in headers.items() if name.startswith("webhook-")}
            content |= {"raw": body.decode("utf-8", "replace"), "headers": signed}
        key = headers.get("webhook-id") or headers.get("idempotency-key", "")
        arrival = Arrival(host, kind, content, path=path, key=key, signature=signature)
        behavior = self.behaviors.next_for(host)
        kept = self._keep(arrival, behavior)
        return _reply(kept, behavior)

    def take_mail(self, sender: str, recipients: list[str], raw: bytes) -> tuple[Arrival, Behavior]:
        """A mail, after its final dot."""
        content = decode_mail(raw, sender, recipients)
        headers = content["headers"]
        key = str(headers.get("Message-ID", "")) if isinstance(headers, dict) else ""
        host = recipients[0].rpartition("@")[2].lower()
        behavior = self.behaviors.next_for(host)
        return self._keep(Arrival(host, Kind.mail, content, key=key), behavior), behavior

    def _keep(self, arrival: Arrival, behavior: Behavior) -> Arrival:
        now = datetime.now(UTC)
        first = self.arrivals.find_first(arrival.host, arrival.key)
        reference = first.reference if first else f"S-{time.time_ns() % 10**12:012d}"
        answer = str(behavior.status or (250 if arrival.kind is Kind.mail else 200 if first else 202))
        kept = replace(
            arrival,
            at=now,
            reference=reference,
            answer=answer if behavior.act is Act.answer else str(behavior.act),
            taken=behavior.takes,
            duplicate=first is not None,
        )
        return replace(kept, id=self.arrivals.add(kept))


def _reply(kept: Arrival, behavior: Behavior) -> Reply:
    word = "duplicate" if kept.duplicate else "accepted"
    status = behavior.status or (200 if kept.duplicate else 202)
    body = behavior.body.encode() or json.dumps({"status": word, "reference": kept.reference}).encode()
    if status >= 400 and not behavior.body:
        body = json.dumps({"status": "refused"}).encode()
    return Reply(status, body, behavior)
