"""What ``pack.toml`` says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.packs.toml import Table, read_toml
from feel.calendar import Calendar

SCOPES = ("case", "party", "manager", "group", "programme")
CASES = ("new", "within", "none")
KINDS_KEPT = ("case", "consent", "log")
FILE = "pack.toml"
_PERIOD = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?", re.ASCII)

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Procedure:
    """A way of working together; ``consent_forms`` are the forms of consent it accepts."""

    code: str
    title: str
    consent_forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A role that steps are for.

    ``scope`` (one of SCOPES) says where its organisation is found, ``members`` which roles of an
    account hold it.
    """

    code: str
    title: str
    scope: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """A message that a case can hear.

    ``button`` draws it on the case page for ``roles`` while something waits for it and ``when``
    (FEEL over the instance's variables, None: always) holds; ``variables`` are what it brings,
    ``outputs`` how they come from the form's answers.
    """

    message: str
    title: str
    form: str | None
    roles: tuple[str, ...]
    correlation: str
    button: bool
    when: str | None
    variables: tuple[str, ...]
    outputs: Mapping[str, str]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """Who may start a process; ``case`` is "new", "within" an existing one, or "none".

    ``roles`` is empty where only a service or the clock starts it; ``variables`` are what it is
    started with.
    """

    process: str
    title: str
    roles: tuple[str, ...]
    case: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportKind:
    """Something that anybody at work may report: ``form`` asks, ``process`` sees to it."""

    code: str
    title: str
    help: str
    form: str
    process: str


@dataclass(frozen=True, slots=True)
class Term:
    """A part of every year; ``begins`` and ``ends`` are its days as mm-dd, both included.

    ``meetings`` is how often a group meets in it at least, ``process`` what a convener begins for
    it (None: nothing).
    """

    code: str
    title: str
    begins: str
    ends: str
    meetings: int
    process: str | None

    def in_year(self, year: int) -> tuple[date, date]:
        """First and last day; a term that ends before it begins goes into the next year."""
        over = year + 1 if self.ends < self.begins else year
        return _day(year, self.begins), _day(over, self.ends)


@dataclass(frozen=True, slots=True)
class Review:
    """What publishing a change takes."""

    second_person: bool
    decision_reference: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in whole months and days."""

    months: int
    days: int


@dataclass(frozen=True, slots=True)
class Retention:
    """A class of what is kept, and for how long after it has ended.

    ``of`` (one of KINDS_KEPT) says what it is about; ``outcomes`` which closed cases are of it
    (none: all that no other class names); ``basis`` names the rule or decision behind it.
    """

    code: str
    title: str
    of: str
    after: Period
    text: str
    outcomes: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data is processed: by which law, and apart from that what lifts secrecy."""

    code: str
    legal_basis: str
    secrecy: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage that every screen shows, in ``order``."""

    code: str
    title: str
    order: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case may end: the code that diagrams close it with, and what people call it."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class PackConfig:
    """All of ``pack.toml``.

    ``services`` are the names that diagrams may ask for (None: all); ``exports`` the processes
    that other packs may call; ``unknown`` names keys that mean nothing.
    """

    id: str
    title: str
    description: str
    language: str
    languages: tuple[str, ...]
    procedures: Mapping[str, Procedure]
    roles: Mapping[str, Role]
    actions: Mapping[str, Action]
    start: Mapping[str, Start]
    calendar: Calendar
    review: Review
    public_handbook: bool
    reports: Mapping[str, ReportKind]
    terms: Mapping[str, Term]
    retention: Mapping[str, Retention]
    purposes: Mapping[str, Purpose]
    services: frozenset[str] | None
    milestones: tuple[Milestone, ...]
    endings: Mapping[str, Ending]
    programme: Mapping[str, Any]
    exports: tuple[str, ...]
    unknown: tuple[str, ...]


def read_config(data: bytes) -> PackConfig:
    """Understand ``pack.toml``. Raises BadPack naming the key that is missing or wrong."""
    table = read_toml(data, FILE)
    language = table.text("language", default="en")
    return PackConfig(
        id=_id(table),
        title=table.text("title"),
        description=table.text("description", default=""),
        language=language,
        languages=table.texts("languages") or (language,),
        procedures=table.each("procedures", _procedure),
        roles=table.each("roles", _role),
        actions=table.each("actions", _action),
        start=table.each("start", _start),
        calendar=_calendar(table.table("calendar")),
        review=_review(table.table("review")),
        public_handbook=table.table("handbook").flag("public", default=False),
        reports=table.each("reports", _report),
        terms=table.each("terms", _term),
        retention=table.each("retention", _retention),
        purposes=table.each("purposes", _purpose),
        services=_services(table.table("services")),
        milestones=_milestones(table),
        endings=table.each("endings", _ending),
        programme=table.raw("programme"),
        exports=table.texts("exports"),
        unknown=tuple(sorted((*table.rest(), *table.unread()))),
    )


def _id(table: Table) -> str:
    id = table.text("id")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", id, re.ASCII):
        raise table.wrong("id", "An id has small letters, digits, - and _ only.")
    return id


def _procedure(code: str, table: Table) -> Procedure:
    return Procedure(code, table.text("title", default=code), table.texts("consent_forms"))


def _role(code: str, table: Table) -> Role:
    scope = table.text("scope", default="case")
    if scope not in SCOPES:
        raise table.wrong("scope", f"A scope is one of {', '.join(SCOPES)}.")
    return Role(code, table.text("title", default=code), scope, table.texts("members"))


def _action(message: str, table: Table) -> Action:
    return Action(
        message=message,
        title=table.text("title", default=message),
        form=table.maybe_text("form"),
        roles=table.texts("roles"),
        correlation=table.text("correlation", default="=case_ref"),
        button=table.flag("button", default=True),
        when=table.maybe_text("when"),
        variables=table.texts("variables"),
        outputs=_texts_by_name(table, "outputs"),
        help=table.text("help", default=""),
    )


def _texts_by_name(table: Table, key: str) -> Mapping[str, str]:
    inner = table.table(key)
    return MappingProxyType({name: inner.text(name) for name in inner.values})


def _start(process: str, table: Table) -> Start:
    case = table.text("case", default="new")
    if case not in CASES:
        raise table.wrong("case", f"A process starts with a case that is {' or '.join(CASES)}.")
    return Start(
        process=process,
        title=table.text("title", default=process),
        roles=table.texts("roles"),
        case=case,
        variables=table.texts("variables"),
    )


def read_period(text: str) -> Period | None:
    """``P5Y``, ``P18M``, ``P1Y6M``, ``P90D``; None for anything else."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        return None
    years, months, days = (int(part or 0) for part in found.groups())
    return Period(12 * years + months, days)


def _retention(code: str, table: Table) -> Retention:
    of = table.text("of", default=code if code in KINDS_KEPT else "case")
    if of not in KINDS_KEPT:
        raise table.wrong("of", f"What is kept is one of {', '.join(KINDS_KEPT)}.")
    text = table.text("after")
    after = read_period(text)
    if after is None:
        raise table.wrong("after", "A period such as P5Y, P18M or P90D is needed here.")
    return Retention(
        code=code,
        title=table.text("title", default=code),
        of=of,
        after=after,
        text=text,
        outcomes=table.texts("outcomes"),
        basis=table.text("basis", default=""),
    )


def _report(code: str, table: Table) -> ReportKind:
    return ReportKind(
        code=code,
        title=table.text("title", default=code),
        help=table.text("help", default=""),
        form=table.text("form"),
        process=table.text("process"),
    )


def _term(code: str, table: Table) -> Term:
    days = {}
    for key in ("begins", "ends"):
        days[key] = table.text(key)
        if not _is_day(days[key]):
            raise table.wrong(key, "A day of the year is needed here, as mm-dd.")
    meetings = table.whole("meetings", default=0)
    return Term(
        code=code,
        title=table.text("title", default=code),
        begins=days["begins"],
        ends=days["ends"],
        meetings=meetings,
        process=table.maybe_text("process"),
    )


def _is_day(text: str) -> bool:
    """The last of February is no day of every year."""
    if not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
        return False
    try:
        _day(2023, text)
    except ValueError:
        return False
    return True


def _day(year: int, text: str) -> date:
    month, day = text.split("-")
    return date(year, int(month), int(day))


def _purpose(code: str, table: Table) -> Purpose:
    return Purpose(code, table.text("legal_basis"), table.text("secrecy", default=""))


def _calendar(table: Table) -> Calendar:
    zone = table.text("time_zone", default="") or table.text("timezone", default="UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise table.wrong("time_zone", f"There is no time zone “{zone}”.") from error
    return Calendar(
        timezone=zone,
        working_days=_working_days(table),
        holidays=_holidays(table),
    )


def _working_days(table: Table) -> frozenset[int]:
    value = table.take("working_days")
    if value is None:
        return frozenset({1, 2, 3, 4, 5})
    days = value if isinstance(value, list) else []
    numbers = {_weekday(day) for day in days}
    if not numbers or None in numbers:
        raise table.wrong("working_days", "A list of days is needed: 1 (Monday) to 7, or mon …")
    return frozenset(number for number in numbers if number)


def _weekday(day: Any) -> int | None:
    if isinstance(day, int) and 1 <= day <= 7:
        return int(day)
    short = day[:3].lower() if isinstance(day, str) else ""
    return _WEEKDAYS.index(short) + 1 if short in _WEEKDAYS else None


def _holidays(table: Table) -> frozenset[date]:
    value = table.take("holidays")
    days = [] if value is None else value
    if not isinstance(days, list) or not all(type(day) is date for day in days):
        raise table.wrong("holidays", "A list of dates is needed here.")
    return frozenset(days)


def _review(table: Table) -> Review:
    return Review(
        second_person=table.flag("second_person", default=False),
        decision_reference=table.flag("decision_reference", default=False),
    )


def _services(table: Table) -> frozenset[str] | None:
    return frozenset(table.texts("allowed")) if "allowed" in table.values else None


def _ending(code: str, table: Table) -> Ending:
    return Ending(code, table.text("title", default=code))


def _milestones(table: Table) -> tuple[Milestone, ...]:
    value = table.values.get("milestones")
    if isinstance(value, dict):
        found = list(table.each("milestones", _milestone).values())
    else:
        found = [_listed(row, table) for row in table.take("milestones") or ()]
    numbered = [
        milestone if milestone.order else replace(milestone, order=place)
        for place, milestone in enumerate(found, 1)
    ]
    return tuple(sorted(numbered, key=lambda milestone: milestone.order))


def _listed(row: Any, table: Table) -> Milestone:
    if not isinstance(row, dict):
        raise table.wrong("milestones", "A list of tables is needed here.")
    inner = Table(row, FILE, "milestones")
    return _milestone(inner.text("code"), inner)


def _milestone(code: str, table: Table) -> Milestone:
    return Milestone(code, table.text("title", default=code), table.whole("order", default=0))
