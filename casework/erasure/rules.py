"""Which tables outlive a case, and why. Every other table is emptied of the case's rows. Pure."""

from collections.abc import Mapping

_NOBODY = "says nothing of the people served"
_STAFF = "about staff and organisations, never about the people served"
_TRACE = "shows what was done and who looked, by ids and codes; kept by a class of its own"

#: Rows are found by ``case_id``, or by what leads to a row that has one. A new table that is
#: found in neither way is named here, with the reason why no row of it tells of a person.
KEPT: Mapping[str, str] = {
    "access_log": _TRACE,
    "access_listed": _TRACE,
    "look_reason": _TRACE,
    "names_staff": _STAFF,
    "breach": "what happened to data; points at nobody, which is looked for",
    "log_review": _STAFF,
    "audit": _TRACE,
    "audit_head": _TRACE,
    "log_horizon": _TRACE,
    "disposal": "the list of what was disposed of: number, class and days",
    "erased_case": "for counts over years; leads to nobody",
    "access_token": _STAFF,
    "account": _STAFF,
    "calendar_feed": _STAFF,
    "account_session": _STAFF,
    "membership": _STAFF,
    "one_time_code": _STAFF,
    "sign_in_attempt": _STAFF,
    "half_session": _STAFF,
    "provider_link": _STAFF,
    "provider_request": _STAFF,
    "second_factor": _STAFF,
    "recovery_code": _STAFF,
    "organisation": _STAFF,
    "unit": _STAFF,
    "local_group": _STAFF,
    "seat": _STAFF,
    "representative": _STAFF,
    "notice": _STAFF,
    "notice_reader": _STAFF,
    "programme": _STAFF,
    "participation": _STAFF,
    "mail": "a fixed text to staff: that something waits, never what",
    "meeting": _NOBODY,
    "attendance": _STAFF,
    "knowledge_note": _NOBODY,
    "release": _NOBODY,
    "release_file": _NOBODY,
    "draft": _NOBODY,
    "imported": _NOBODY,
    "proposal": _NOBODY,
    "draft_comment": "what offices say of a draft; points at nobody, which is looked for",
    "news": _NOBODY,
    "news_reader": _STAFF,
    "scenario_run": "about fictional people alone",
    "move_batch": _NOBODY,
    "case_counter": _NOBODY,
    "retention_override": _NOBODY,
    "chore": _NOBODY,
    "clock_offset": _NOBODY,
    "job": "ids and codes only; gone when done",
    "command": "ids only; gone after thirty days",
}
