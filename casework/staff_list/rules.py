"""What a row of the list says, compared with who has an account and which roles. Pure.

A row is one role of one person at one place. What the list does not name stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from base.errors import Invalid
from casework.listing.rules import ORGANISATION, UNIT, USER_NAME, VALID_FROM, columns

#: What the first row must name, in any of the languages that Samplan speaks.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "user_name": USER_NAME,
    "name": ("name", "namn", "nombre", "nome"),
    "mail": ("mail", "e-mail", "e-post", "correo", "posta"),
    "phone": ("phone", "telefon", "teléfono", "telefono"),
    "organisation": ORGANISATION,
    "unit": UNIT,
    "role": ("role", "roll", "rolle", "función", "ruolo"),
    "valid_from": VALID_FROM,
    "valid_until": ("valid_until", "until", "till", "bis", "hasta", "fino al"),
}
NEEDED = ("user_name", "organisation", "role")
MOST = 500
_LONGEST = 200
TOLD = ("name", "mail", "phone")


def _(text: str) -> str:
    """Marks a text for translation; the page translates it."""
    return text


class NoHead(Invalid):
    """The first row must name the columns user name, organisation and role."""


class TooMany(Invalid):
    """A list has at most 500 rows: hand in a part of it first."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account as it is; ``told`` its name, mail address and number."""

    active: bool
    told: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A role that is not over; until None: until further notice."""

    membership_id: int
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What there is: people by user name, and their roles by user name, place and role."""

    people: Mapping[str, Person]
    #: User names of accounts that whoever hands the list in may not know.
    taken: frozenset[str]
    held: Mapping[tuple[str, str, str], Held]
    #: Codes of organisations and units, and the roles that may be given there.
    places: Mapping[str, Sequence[str]]
    own: str
    today: date


@dataclass(frozen=True, slots=True)
class Line:
    """A row and what becomes of it: made, given, changed, ended, unchanged or wrong.

    ``notes`` say at a column what is wrong, or what stays as it is. ``last_day`` None: at once
    where the role ends, until further notice where it is given.
    """

    number: int
    cells: Mapping[str, str] = field(repr=False)
    becomes: str
    notes: Mapping[str, str]
    user_name: str = field(default="", repr=False)
    place: str = ""
    role: str = ""
    first_day: date | None = None
    last_day: date | None = None
    membership_id: int = 0


def require_head(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """In which column what stands. Raises NoHead, TooMany."""
    places = columns(rows[0] if rows else (), COLUMNS)
    if any(name not in places for name in NEEDED):
        raise NoHead
    if len(rows) > MOST + 1:
        raise TooMany
    return places


def compare(rows: Sequence[Sequence[str]], places: Mapping[str, int], known: Known) -> list[Line]:
    """Every row after the first; ``places`` says in which column what stands."""
    lines: list[Line] = []
    names: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            name: " ".join(row[place].split()) if place < len(row) else ""
            for name, place in places.items()
        }
        line = _line(number, cells, known, names)
        key = (line.user_name, line.place, line.role)
        if line.becomes != "wrong" and key in seen:
            line = Line(number, cells, "wrong", {"role": _("This role stands in the list twice.")})
        seen.add(key)
        if line.becomes == "made":
            names[line.user_name] = cells.get("name", "")
        lines.append(line)
    return lines


def _line(number: int, cells: Mapping[str, str], known: Known, made: Mapping[str, str]) -> Line:
    user_name = cells["user_name"].casefold()
    place, role = _place(cells), cells["role"].casefold()
    begins, ends = (_day(cells.get(name, "")) for name in ("valid_from", "valid_until"))
    held = known.held.get((user_name, place, role))
    wrong = _wrong_place(place, role, known) | _wrong_days(cells, known.today, new=held is None)
    over = ends is not None and ends < known.today
    if held is None and not over:
        wrong |= _wrong_person(cells, user_name, known, made)
    if user_name == known.own:
        wrong["user_name"] = _("Nobody gives themselves a role.")
    if wrong:
        return Line(number, cells, "wrong", wrong)
    becomes = _becomes(held, ends, known.today)
    if becomes == "given" and user_name not in known.people and user_name not in made:
        becomes = "made"
    return Line(
        number,
        cells,
        becomes,
        _kept(cells, known.people.get(user_name)),
        user_name=user_name,
        place=place,
        role=role,
        first_day=begins or known.today,
        last_day=None if over else ends,
        membership_id=held.membership_id if held is not None else 0,
    )


def _becomes(held: Held | None, ends: date | None, today: date) -> str:
    """A last day that has passed gives nothing: the same list changes nothing a second time."""
    if held is None:
        return "unchanged" if ends is not None and ends < today else "given"
    if ends is None or ends == held.valid_until:
        return "unchanged"
    return "ended" if held.valid_until is None or ends < held.valid_until else "changed"


def _wrong_place(place: str, role: str, known: Known) -> dict[str, str]:
    if place not in known.places:
        return {"organisation": _("There is no such organisation or unit.")}
    if role not in known.places[place]:
        return {"role": _("This role is not yours to give there.")}
    return {}


def _wrong_days(cells: Mapping[str, str], today: date, *, new: bool) -> dict[str, str]:
    """The first day counts for a new role alone."""
    begins, ends = (_day(cells.get(name, "")) for name in ("valid_from", "valid_until"))
    over = ends is not None and ends < today
    wrong = {}
    for name, day in (("valid_from", begins), ("valid_until", ends)):
        if cells.get(name) and day is None:
            wrong[name] = _("Write the day like 2027-02-01.")
    if new and not over and begins is not None:
        if begins < today:
            wrong["valid_from"] = _("This is no day from today on.")
        elif ends is not None and ends < begins:
            wrong["valid_until"] = _("The last day is before the first.")
    return wrong


def _wrong_person(
    cells: Mapping[str, str], user_name: str, known: Known, made: Mapping[str, str]
) -> dict[str, str]:
    person = known.people.get(user_name)
    wrong = {
        column: _("At most 200 characters.")
        for column in ("user_name", *TOLD)
        if len(cells.get(column, "")) > _LONGEST
    }
    if not user_name:
        wrong["user_name"] = _("Give a user name.")
    elif user_name in known.taken:
        wrong["user_name"] = _("Somebody else signs in with this name.")
    elif person is not None and not person.active:
        wrong["user_name"] = _("This account is closed.")
    return wrong if person is not None else wrong | _wrong_newcomer(cells, made.get(user_name))


def _wrong_newcomer(cells: Mapping[str, str], made: str | None) -> dict[str, str]:
    """``made``: the name that an earlier row gives the same account."""
    wrong, name, mail = {}, cells.get("name", ""), cells.get("mail", "")
    if made is None and not name:
        wrong["name"] = _("Give a name: this is a new account.")
    elif made is not None and name not in ("", made):
        wrong["name"] = _("The list has two names for this user name.")
    if mail and (mail.count("@") != 1 or " " in mail):
        wrong["mail"] = _("This is no mail address.")
    return wrong


def _kept(cells: Mapping[str, str], person: Person | None) -> dict[str, str]:
    """A list moves nobody's mail address: whoever reads there could ask for a new password."""
    if person is None:
        return {}
    return {
        column: _("stays as it is")
        for column in TOLD
        if cells.get(column) and cells[column] != person.told[column]
    }


def _place(cells: Mapping[str, str]) -> str:
    organisation, unit = cells["organisation"].casefold(), cells.get("unit", "").casefold()
    return f"{organisation}/{unit}" if unit else organisation


def _day(text: str) -> date | None:
    """None for what is empty or no date; spreadsheets add a time."""
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return None
