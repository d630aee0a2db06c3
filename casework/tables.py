"""Every table of casework, so that whoever creates the schema knows them all."""

from casework.accounts.tables import Account, AccountSession, MembershipRow, SignInAttempt
from casework.audit.tables import AccessLog, Audit, AuditHead
from casework.cases.tables import (
    Case,
    CaseAccess,
    CaseCounter,
    CaseEntry,
    CaseEntryPart,
    DraftAnswers,
    MilestoneLog,
)
from casework.consent.tables import Consent, ConsentCategory, ConsentParty
from casework.meetings.tables import AgendaItem, Meeting
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
from casework.programmes.tables import Participation, Programme
from casework.releases.tables import ProposalRow

__all__ = [
    "AccessLog",
    "Account",
    "AccountSession",
    "AgendaItem",
    "Audit",
    "AuditHead",
    "Case",
    "CaseAccess",
    "CaseCounter",
    "CaseEntry",
    "CaseEntryPart",
    "Consent",
    "ConsentCategory",
    "ConsentParty",
    "DraftAnswers",
    "LocalGroup",
    "Mail",
    "Measure",
    "Meeting",
    "MembershipRow",
    "MilestoneLog",
    "Notice",
    "NoticeReader",
    "Organisation",
    "Participation",
    "PersonRow",
    "Plan",
    "Programme",
    "ProposalRow",
    "Reminder",
    "Representative",
    "Seat",
    "SignInAttempt",
    "Unit",
]
