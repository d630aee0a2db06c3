"""What a row of the list says, compared with the directory. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from base.errors import Invalid


def _(text: str) -> str:
    """Marks a text for translation; the page translates it."""
    return text


#: What the first row must name, in any of the languages that Samplan speaks.
ORGANISATION = ("organisation", "institution", "organización", "organizzazione")
UNIT = ("unit", "enhet", "stelle", "einheit", "unidad", "unità")
USER_NAME = (
    *("user_name", "user name", "användarnamn", "benutzername"),
    *("usuario", "nombre de usuario", "nome utente"),
)
VALID_FROM = ("valid_from", "from", "från", "ab", "desde", "dal")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "group": ("group", "grupp", "gruppe", "equipo", "grupo", "gruppo"),
    "organisation": ORGANISATION,
    "unit": UNIT,
    "user_name": USER_NAME,
    "deputy": ("deputy", "ersättare", "stellvertretung", "suplente", "supplente"),
    "valid_from": VALID_FROM,
}
NEEDED = ("group", "organisation", "user_name")
_YES = frozenset({"yes", "ja", "sí", "sì", "si", "x", "1", "true"})


class NoHead(Invalid):
    """The first row must name the columns group, organisation and user name."""


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat as the directory has it: codes, and the user names of who holds it."""

    seat_id: int
    group: str
    organisation: str
    unit: str
    holder: str
    deputy: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the directory has: seats, and per organisation its people's user names and ids."""

    seats: tuple[Seated, ...]
    people: Mapping[str, Mapping[str, int]]
    #: Codes of the organisations for which whoever hands the list in appoints.
    mine: frozenset[str]
    today: date


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what becomes of it (new, changed, unchanged, wrong), and at which column why."""

    number: int
    cells: Mapping[str, str]
    becomes: str
    wrong: Mapping[str, str]
    seat_id: int = 0
    account_id: int = 0
    deputy: bool = False
    valid_from: date | None = None


def compare(rows: Sequence[Sequence[str]], known: Known) -> list[Line]:
    """Every row after the first. Raises NoHead."""
    places = _head(rows[0] if rows else ())
    lines: list[Line] = []
    seen: set[tuple[int, bool]] = set()
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        line = _line(number, cells, known)
        if line.seat_id and (line.seat_id, line.deputy) in seen:
            wrong = {"organisation": _("This seat stands in the list twice.")}
            line = Line(number, cells, "wrong", wrong)
        seen.add((line.seat_id, line.deputy))
        lines.append(line)
    return lines


def columns(head: Sequence[str], words: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """In which column what stands, by the words that may name it; others are left out."""
    said = [cell.casefold().strip() for cell in head]
    return {
        name: next(said.index(word) for word in known if word in said)
        for name, known in words.items()
        if any(word in said for word in known)
    }


def _head(row: Sequence[str]) -> dict[str, int]:
    places = columns(row, COLUMNS)
    if any(name not in places for name in NEEDED):
        raise NoHead
    return places


def _line(number: int, cells: Mapping[str, str], known: Known) -> Line:
    organisation, unit = cells["organisation"].casefold(), cells.get("unit", "").casefold()
    deputy = cells.get("deputy", "").casefold() in _YES
    seat = next(
        (
            one
            for one in known.seats
            if (one.group, one.organisation, one.unit)
            == (cells["group"].casefold(), organisation, unit)
        ),
        None,
    )
    user_name = cells["user_name"].casefold()
    first, wrong = _first_day(cells.get("valid_from", ""), known.today), {}
    if seat is None:
        wrong["group"] = _("This group has no such seat.")
    if organisation not in known.mine:
        wrong["organisation"] = _("Its own manager appoints for this organisation.")
    if user_name not in known.people.get(organisation, {}):
        wrong["user_name"] = _("Nobody with this user name works in the organisation.")
    if first is None or first < known.today:
        wrong["valid_from"] = _("This is no day from today on.")
    if seat is None or wrong:
        now = (seat.deputy if deputy else seat.holder) if seat is not None else ""
        if seat is not None and set(wrong) <= {"valid_from"} and now == user_name:
            return Line(number, cells, "unchanged", {})
        return Line(number, cells, "wrong", wrong)
    now = seat.deputy if deputy else seat.holder
    becomes = "unchanged" if now == user_name else "changed" if now else "new"
    account_id = known.people[organisation][user_name]
    return Line(number, cells, becomes, {}, seat.seat_id, account_id, deputy, first)


def _first_day(text: str, today: date) -> date | None:
    """Empty: today; None for what is no date."""
    if not text:
        return today
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
