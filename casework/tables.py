"""Every table of casework, so that whoever creates the schema knows them all."""

from casework.accounts.tables import (
    Account,
    AccountSession,
    AuditOrder,
    HalfSession,
    MembershipRow,
    OneTimeCode,
    RecoveryCode,
    SecondFactor,
    SignInAttempt,
)
from casework.alarms.tables import CaseAlarm
from casework.attachments.tables import Attachment, AttachmentContent
from casework.audit.tables import AccessListed, AccessLog, Audit, AuditHead, LogHorizon
from casework.calendar.tables import CalendarFeed
from casework.cases.tables import (
    Case,
    CaseAccess,
    CaseCounter,
    CaseEntry,
    CaseEntryPart,
    DraftAnswers,
    EntryNote,
    MilestoneLog,
    ProtectionLift,
)
from casework.consent.tables import Consent, ConsentCategory, ConsentParty
from casework.disclosure.tables import Disclosure, PersonsRequest
from casework.erasure.tables import ErasedCase
from casework.guests.tables import GuestAccess
from casework.hooks.tables import Hook, HookDelivery
from casework.looks.tables import LogReview, LookReason, NamesStaff
from casework.meetings.tables import AgendaItem, Attendance, KnowledgeNote, Meeting
from casework.news.tables import NewsReader, NewsRow
from casework.notifications.tables import Mail, Notice, NoticeReader, Reminder
from casework.organisations.tables import (
    LocalGroup,
    Organisation,
    Representative,
    Seat,
    Unit,
)
from casework.people.tables import PersonRow
from casework.plans.tables import Measure, Plan
from casework.processing.tables import Breach
from casework.programmes.tables import Participation, Programme
from casework.provider.tables import ProviderLink, ProviderLogOut, ProviderRequest
from casework.releases.tables import (
    DraftComment,
    ProposalRow,
    ScenarioRound,
    ScenarioRun,
    TrialRow,
)
from casework.reports.tables import Report, ReportAnswer
from casework.retention.tables import Disposal, Hold, RetentionOverride
from casework.tokens.tables import AccessToken

__all__ = [
    "AccessListed",
    "AccessLog",
    "AccessToken",
    "Account",
    "AccountSession",
    "AgendaItem",
    "Attachment",
    "AttachmentContent",
    "Attendance",
    "Audit",
    "AuditHead",
    "AuditOrder",
    "Breach",
    "CalendarFeed",
    "Case",
    "CaseAccess",
    "CaseAlarm",
    "CaseCounter",
    "CaseEntry",
    "CaseEntryPart",
    "Consent",
    "ConsentCategory",
    "ConsentParty",
    "Disclosure",
    "Disposal",
    "DraftAnswers",
    "DraftComment",
    "EntryNote",
    "ErasedCase",
    "GuestAccess",
    "HalfSession",
    "Hold",
    "Hook",
    "HookDelivery",
    "KnowledgeNote",
    "LocalGroup",
    "LogHorizon",
    "LogReview",
    "LookReason",
    "Mail",
    "Measure",
    "Meeting",
    "MembershipRow",
    "MilestoneLog",
    "NamesStaff",
    "NewsReader",
    "NewsRow",
    "Notice",
    "NoticeReader",
    "OneTimeCode",
    "Organisation",
    "Participation",
    "PersonRow",
    "PersonsRequest",
    "Plan",
    "Programme",
    "ProposalRow",
    "ProtectionLift",
    "ProviderLink",
    "ProviderLogOut",
    "ProviderRequest",
    "RecoveryCode",
    "Reminder",
    "Report",
    "ReportAnswer",
    "Representative",
    "RetentionOverride",
    "ScenarioRound",
    "ScenarioRun",
    "Seat",
    "SecondFactor",
    "SignInAttempt",
    "TrialRow",
    "Unit",
]
