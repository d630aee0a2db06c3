"""Every route, as every role, in every world: status, what is said, what is changed.

The table is `access.toml`. What a reader may see of a case's file is worked out in `seeing`, which
knows nothing of the gate.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response

from tests.rights import people, seeing, table
from tests.rights.asking import TRACE, World, outcome
from tests.rights.conftest import Past
from tests.rights.ids import NONSENSE
from tests.rights.table import API, COUNTED, ELSEWHERE, NOWHERE, SIGNED_OUT, Route
from tests.rights.worlds import WORLDS

FIRST = next(iter(WORLDS))
#: Who is asked in every world: each kind of relation once, and a stranger.
DIFFERING = ("lead", "representative", "other unit", "convener", "auditor", "neighbour")
#: One of each kind of account; who tries things of another group; who tries what does not exist.
KINDS = (
    *("representative", "convener", "manager", "coordinator", "owner", "approver"),
    *("administrator", "auditor"),
)
#: Who is asked from another programme: whom a relation to the case opens something.
STRANGERS = ("lead", "representative", "convener", "manager", "coordinator")
ABROAD = "other programme"
BEYOND = ("neighbour", "manager")
SOME = ("manager", "owner")
#: Who is given a document, where that is not the lead.
PRINTS_FOR = {
    "the register of processing": "owner",
    "a document of the pack": "owner",
    "a leaflet": "representative",
}
#: Asked with every change; the others before a release.
OFTEN = {FIRST, "withdrawn", "restricted"}
SHARED = [name if name in OFTEN else pytest.param(name, marks=pytest.mark.wide) for name in WORLDS]
_SAFE = "GET"
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_PARAMETER = re.compile(r"\{(\w+)")


@dataclass(frozen=True, slots=True)
class Request:
    """One field of the matrix: ``world`` as the table names it."""

    route: Route
    role: str
    world: str
    ids: Mapping[str, str]
    #: It names what cannot be, which may be found out before anybody is asked about.
    impossible: bool = False

    def __str__(self) -> str:
        return f"{self.role} in {self.world}: {self.route.name}"


@pytest.mark.parametrize("name", SHARED)
def test_everybody_gets_what_the_table_says(name: str, past: Past, tmp_path: Path) -> None:
    """In one world every route; in the others what is of cases, as those who differ there."""
    with past.world(name, tmp_path) as world:
        asked = (each for each in quick(world) if not takes_long(each))
        wrong = [f"{each}: {said}" for each in asked for said in differences(world, each)]

    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("name", WORLDS)
def test_nobody_at_all_gets_anything_else(name: str, past: Past, tmp_path: Path) -> None:
    """Everybody asks for everything, in every world."""
    with past.world(name, tmp_path) as world:
        roles = tuple(world.base.guests) or (*world.tokens, SIGNED_OUT)
        asked = usual(world, whole=True) if name == FIRST else all_of_cases(world, roles)
        wrong = [f"{each}: {said}" for each in asked for said in differences(world, each)]

    assert not wrong, "\n".join(wrong)


def usual(world: World, *, whole: bool = False) -> Iterator[Request]:
    """Every route; then the same of other groups' things, and of nothing.

    Unless ``whole``, what is of no case is asked by two of those whom the table does not tell
    apart.
    """
    own, foreign = world.ids.own, world.ids.foreign
    everybody = tuple(dict.fromkeys((*DIFFERING, *world.tokens, SIGNED_OUT)))
    for route in asked_routes():
        few = SOME if route.open else (*told_apart(route, KINDS), SIGNED_OUT)
        roles = everybody if whole else unlike(route, everybody, FIRST) if route.of_case else few
        yield from (Request(route, role, FIRST, own) for role in roles)
        if not _PARAMETER.search(route.path):
            continue
        beyond = everybody if whole else BEYOND if route.of_case else SOME
        yield from (Request(route, role, ELSEWHERE, foreign) for role in beyond)
        yield from nonsense(route, own, whole=whole)


def quick(world: World) -> Iterator[Request]:
    """What the world makes a difference for, by those for whom it may make one."""
    if world.name == FIRST:
        return usual(world)
    if world.base.guests:
        return as_guests(world)
    return of_cases(world, STRANGERS if world.name == ABROAD else DIFFERING)


def as_guests(world: World) -> Iterator[Request]:
    """Every route as one of them; as the others what is of cases, or open."""
    first, *others = world.base.guests
    yield from everything(world, (first,))
    told = everything(world, others)
    yield from (each for each in told if each.route.of_case or each.route.open)


def of_cases(world: World, roles: Collection[str]) -> Iterator[Request]:
    """The routes for which the world makes a difference.

    Of what is refused by the same clause to the same standing as in the first world, each world
    asks its own sixth: together they ask all of it twice.
    """
    turn = list(WORLDS).index(world.name)
    for number, route in enumerate(asked_routes()):
        if route.differs_in(world.name):
            for role in unlike(route, roles, world.name):
                if (number + turn) % 6 == 0 or not as_in_first(route, role, world.name):
                    yield Request(route, role, world.name, world.ids.own)


def as_in_first(route: Route, role: str, world: str) -> bool:
    """Whether this is a refusal that the table does not tell from that of the first world."""
    refused = route.answer(role, world)[:3] in {"403", "404"}
    return refused and route.why(role, world) == route.why(role, FIRST)


def all_of_cases(world: World, roles: Collection[str]) -> Iterator[Request]:
    """The routes for which the world makes a difference, by everybody."""
    return (each for each in everything(world, roles) if each.route.differs_in(world.name))


def everything(world: World, roles: Collection[str]) -> Iterator[Request]:
    """Every route."""
    for route in asked_routes():
        yield from (Request(route, role, world.name, world.ids.own) for role in roles)


def unlike(route: Route, roles: Collection[str], world: str) -> Iterator[str]:
    """One of each kind of caseworkers whom the table tells apart here, and everybody else.

    Two who hold the same role, stand alike to the case and are named by no clause meet the same
    lines of code; the whole matrix asks both.
    """
    asked = set()
    for role in roles:
        kind = people.WORK.get(role, role)
        known_by = (kind, table.standing(role, world), route.naming(role))
        if known_by not in asked:
            asked.add(known_by)
            yield role


def told_apart(route: Route, roles: Collection[str]) -> Iterator[str]:
    """Two of those who meet the same clauses; the whole matrix asks everybody."""
    met = Counter[frozenset[int]]()
    for role in roles:
        clauses = route.naming(role)
        met[clauses] += 1
        if met[clauses] <= 2:
            yield role


def takes_long(request: Request) -> bool:
    """A document for somebody who may have it, beyond the first such one."""
    route = request.route
    if not route.prints or route.answer(request.role, request.world) != "200":
        return False
    return (request.role, request.world) != (PRINTS_FOR.get(route.about, "lead"), FIRST)


def asked_routes() -> Iterator[Route]:
    return (route for route in table.routes().values() if route.method != "MOUNT")


def nonsense(route: Route, real: Mapping[str, str], *, whole: bool) -> Iterator[Request]:
    """What does not exist, then what cannot be: the last thing that the address names."""
    name = _PARAMETER.findall(route.path)[-1]
    for number, value in enumerate(NONSENSE[name][: None if whole else 1]):
        ids = {**real, name: value}
        yield from (Request(route, role, NOWHERE, ids, number > 0) for role in SOME)


def differences(world: World, request: Request) -> Iterator[str]:
    """What is not as the table says."""
    route = request.route
    account = world.base.accounts.get(request.role, 0)
    before = world.watch.read
    answer = world.ask(
        request.role, route.method, route.path, ids=request.ids, **sent(world, request)
    )
    changed = world.watch.look()
    expected = route.answer(request.role, request.world)
    # A way up leads to another address, which may be one that is only read.
    nowhere = {"422"} if route.path.startswith("/api/") else {"404", "405"}
    if outcome(answer) not in {expected} | (nowhere if request.impossible else set()):
        yield f"{outcome(answer)}, not {expected}"
    yield from changes(world, request, answer, changed - route.touches)
    shown = seeing.marks_in(answer.text)
    yield from secrets(world, request, answer, shown)
    cases = {world.base.cases[world.planted[mark].case] for mark in shown & set(world.planted)}
    unlogged = cases and cases - logged(world, account, before)
    if unlogged and route.method == _SAFE:
        yield f"shows something of {len(unlogged)} cases, and the log says nothing"
    counted = COUNTED if route.path.startswith(API) else frozenset()
    if changed - TRACE - counted:
        world.bring_back()


def changes(world: World, request: Request, answer: Response, changed: set[str]) -> Iterator[str]:
    """Nothing but the trace, unless a command was carried out."""
    well = {200, 204} if request.route.path.startswith("/api/") else {303}
    done = request.route.method != _SAFE and answer.status_code in well
    if changed - TRACE and not done:
        yield f"changes {sorted(changed - TRACE)}"
    if answer.status_code == 403 and request.role != SIGNED_OUT and "audit" not in changed:
        yield "a refusal that nobody wrote down"


def secrets(world: World, request: Request, answer: Response, shown: set[str]) -> Iterator[str]:
    """Markers where they must not be: for this reader, or in titles, addresses and cookies."""
    for mark in sorted(shown):
        one = world.planted.get(mark)
        if one is None or not seeing.may_see(request.role, request.world, one):
            yield f"shows {mark} of {one}"
    beside = [str(answer.request.url), *answer.headers.values()]
    beside += _TITLE.findall(answer.text)
    if seeing.marks_in(" ".join(beside)):
        yield "tells of somebody in a title, an address or a header"


def logged(world: World, account: int, since: int) -> set[UUID]:
    """Cases that the log says this account has read after that row, or seen in a list."""
    rows = world.watch.rows(
        f"select case_id from access_log where id > {since} and account_id = {account}"  # noqa: S608
        f" union select case_id from access_listed where account_id = {account}"
    )
    return {UUID(str(case_id)) for (case_id,) in rows}


def sent(world: World, request: Request) -> dict[str, Any]:
    """What goes with the request."""
    sends = request.route.sends
    if request.route.path.startswith("/api/"):
        return as_json(world, request)
    if isinstance(sends, Mapping):
        ids = dict(request.ids)
        return {"data": {name: value.format(**ids) for name, value in sends.items()}}
    if sends == "a file of the editor's":
        return {"content": b"<x/>", "headers": {"x-samplan-request": "editor"}}
    if sends == "a file":
        return {"files": {"file": ("routine.bpmn", b"<x/>")}}
    pairs = [*world.base.answers[sends], ("_key", "a key"), ("_do", "complete")]
    return {"data": {name: [v for n, v in pairs if n == name] for name, _ in pairs}}


def as_json(world: World, request: Request) -> dict[str, Any]:
    """The same as a program sends it."""
    sends = request.route.sends
    if request.route.method == _SAFE or sends == "nothing":
        return {}
    if isinstance(sends, Mapping):
        return {"json": dict(sends)}
    pairs = world.base.answers[sends]
    answers = {name: [v for n, v in pairs if n == name] for name, _ in pairs}
    return {"json": {"answers": answers}, "headers": {"idempotency-key": "a-key"}}
