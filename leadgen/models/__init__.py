"""The records, one noun a file. No queries, no sending."""

from leadgen.models.alarm import Alarm
from leadgen.models.api_key import ApiKey
from leadgen.models.asking import Answer, Asking
from leadgen.models.assignment import Assignment
from leadgen.models.attempt import Attempt, Result
from leadgen.models.award_level import AwardLevel
from leadgen.models.base import Base
from leadgen.models.batch import Batch, BatchRow
from leadgen.models.bounce_tally import BounceTally
from leadgen.models.campus import Campus
from leadgen.models.cap import CapUse
from leadgen.models.choice import Choice, Outcome
from leadgen.models.complaint import Complaint
from leadgen.models.consent import Channel, Consent, ConsentChannel, FormerConsent, StyleSheet
from leadgen.models.contact import Contact
from leadgen.models.delivery import FINAL_STATES, OPEN_STATES, PERSONAL, About, Delivery, State
from leadgen.models.directory_version import DirectoryChange, DirectoryVersion, VersionKind
from leadgen.models.draft import Draft
from leadgen.models.duplicate import Duplicate
from leadgen.models.endpoint import Endpoint, EndpointKind, EndpointState, Signature, Takes
from leadgen.models.endpoint_test import EndpointTest
from leadgen.models.entry import Entry
from leadgen.models.erasure import Erasure
from leadgen.models.event import Chain, Event, Subject
from leadgen.models.feed_entry import FeedEntry
from leadgen.models.geocoded import Geocoded, GeocodedAs, GeocoderName
from leadgen.models.guess import Guesses
from leadgen.models.heartbeat import Heartbeat
from leadgen.models.inquiry import Inquiry
from leadgen.models.job import Job, JobItem, JobItemState, JobState
from leadgen.models.lead import Disposition, DispositionReport, Judgment, Lead
from leadgen.models.letter import Letter
from leadgen.models.link import Link, LinkPurpose
from leadgen.models.match import Match
from leadgen.models.note import Note
from leadgen.models.offering import Credential, Education, Format, Offering, Schedule
from leadgen.models.pace import Pace
from leadgen.models.passkey import Passkey
from leadgen.models.receipt import Receipt, ReceiptKind
from leadgen.models.saved_view import SavedView
from leadgen.models.school import IS_SPECIAL, LOST_ENDPOINTS, Control, Origin, Route, School, SchoolStatus, is_taking
from leadgen.models.search_count import SearchCount
from leadgen.models.sign_in import SignIn
from leadgen.models.step_count import StepCount
from leadgen.models.suppression import Suppression
from leadgen.models.used_challenge import UsedChallenge
from leadgen.models.user import Role, User
from leadgen.models.verdict import Verdict

__all__ = [
    "FINAL_STATES",
    "IS_SPECIAL",
    "LOST_ENDPOINTS",
    "OPEN_STATES",
    "PERSONAL",
    "About",
    "Alarm",
    "Answer",
    "ApiKey",
    "Asking",
    "Assignment",
    "Attempt",
    "AwardLevel",
    "Base",
    "Batch",
    "BatchRow",
    "BounceTally",
    "Campus",
    "CapUse",
    "Chain",
    "Channel",
    "Choice",
    "Complaint",
    "Consent",
    "ConsentChannel",
    "Contact",
    "Control",
    "Credential",
    "Delivery",
    "DirectoryChange",
    "DirectoryVersion",
    "Disposition",
    "DispositionReport",
    "Draft",
    "Duplicate",
    "Education",
    "Endpoint",
    "EndpointKind",
    "EndpointState",
    "EndpointTest",
    "Entry",
    "Erasure",
    "Event",
    "FeedEntry",
    "Format",
    "FormerConsent",
    "Geocoded",
    "GeocodedAs",
    "GeocoderName",
    "Guesses",
    "Heartbeat",
    "Inquiry",
    "Job",
    "JobItem",
    "JobItemState",
    "JobState",
    "Judgment",
    "Lead",
    "Letter",
    "Link",
    "LinkPurpose",
    "Match",
    "Note",
    "Offering",
    "Origin",
    "Outcome",
    "Pace",
    "Passkey",
    "Receipt",
    "ReceiptKind",
    "Result",
    "Role",
    "Route",
    "SavedView",
    "Schedule",
    "School",
    "SchoolStatus",
    "SearchCount",
    "SignIn",
    "Signature",
    "State",
    "StepCount",
    "StyleSheet",
    "Subject",
    "Suppression",
    "Takes",
    "UsedChallenge",
    "User",
    "Verdict",
    "VersionKind",
    "is_taking",
]
