"""The records, one noun a file. No queries, no sending."""

from leadgen.models.attempt import Attempt, Result
from leadgen.models.base import Base
from leadgen.models.campus import Campus
from leadgen.models.cap import CapUse
from leadgen.models.choice import Choice, Outcome
from leadgen.models.consent import Channel, Consent, ConsentChannel
from leadgen.models.contact import Contact
from leadgen.models.delivery import FINAL_STATES, OPEN_STATES, About, Delivery, State
from leadgen.models.directory_version import DirectoryVersion
from leadgen.models.draft import Draft
from leadgen.models.endpoint import Endpoint, EndpointKind, EndpointState, Takes
from leadgen.models.event import Chain, Event, Subject
from leadgen.models.heartbeat import Heartbeat
from leadgen.models.inquiry import Inquiry
from leadgen.models.lead import Disposition, DispositionReport, Lead
from leadgen.models.letter import Letter
from leadgen.models.match import Match
from leadgen.models.offering import Credential, Education, Format, Offering
from leadgen.models.receipt import Receipt, ReceiptKind
from leadgen.models.school import Route, School, SchoolStatus
from leadgen.models.search_count import SearchCount
from leadgen.models.user import Role, User
from leadgen.models.verdict import Verdict

__all__ = [
    "FINAL_STATES",
    "OPEN_STATES",
    "About",
    "Attempt",
    "Base",
    "Campus",
    "CapUse",
    "Chain",
    "Channel",
    "Choice",
    "Consent",
    "ConsentChannel",
    "Contact",
    "Credential",
    "Delivery",
    "DirectoryVersion",
    "Disposition",
    "DispositionReport",
    "Draft",
    "Education",
    "Endpoint",
    "EndpointKind",
    "EndpointState",
    "Event",
    "Format",
    "Heartbeat",
    "Inquiry",
    "Lead",
    "Letter",
    "Match",
    "Offering",
    "Outcome",
    "Receipt",
    "ReceiptKind",
    "Result",
    "Role",
    "Route",
    "School",
    "SchoolStatus",
    "SearchCount",
    "State",
    "Subject",
    "Takes",
    "User",
    "Verdict",
]
