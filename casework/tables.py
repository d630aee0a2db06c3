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
from casework.organisations.tables import LocalGroup, Organisation, Seat, Unit
from casework.people.tables import PersonRow
from casework.programmes.tables import Participation, Programme

__all__ = [
    "AccessLog",
    "Account",
    "AccountSession",
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
    "MembershipRow",
    "MilestoneLog",
    "Organisation",
    "Participation",
    "PersonRow",
    "Programme",
    "Seat",
    "SignInAttempt",
    "Unit",
]
