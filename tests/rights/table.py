"""The table of who may ask what, as `access.toml` says it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.rights.guests import GUESTS

SIGNED_OUT = "signed out"
#: Who has no account, or is not signed in to it.
NOBODY = frozenset({SIGNED_OUT, *GUESTS})
ELSEWHERE, NOWHERE = "elsewhere", "nowhere"
#: What a program asks is counted on its token, whatever it is answered.
API, COUNTED = "/api/v1/", frozenset({"access_token"})
_FILE = Path(__file__).with_name("access.toml")


@dataclass(frozen=True, slots=True)
class Clause:
    """An answer, to whom, and in which worlds (none: in all but nowhere)."""

    answer: str
    who: tuple[str, ...]
    worlds: tuple[str, ...]

    def fits(self, names: frozenset[str], world: str) -> bool:
        if self.worlds:
            return not names.isdisjoint(self.who) and world in self.worlds
        return not names.isdisjoint(self.who) and world != NOWHERE

    @classmethod
    def read(cls, text: str) -> "Clause":
        answer, _, rest = text.partition(":")
        who, _, worlds = rest.partition(" in ")
        return cls(answer.strip(), _names(who), _names(worlds))


@dataclass(frozen=True, slots=True)
class Route:
    """What a route is about, what is sent, and its answers in order."""

    method: str
    path: str
    about: str
    consent: str
    open: bool
    sends: Mapping[str, str] | str
    touches: frozenset[str]
    #: Whether it makes a document for the printer, which takes long.
    prints: bool
    clauses: tuple[Clause, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def of_case(self) -> bool:
        """Whether the world makes a difference: the others are asked in one alone."""
        return bool(self.consent) or self.about in {"a step", "counts"}

    def differs_in(self, world: str) -> bool:
        """Whether this world makes a difference, or the table says that it does."""
        return self.of_case or any(world in clause.worlds for clause in self.clauses)

    def naming(self, role: str) -> frozenset[int]:
        """Which clauses name the role itself."""
        return frozenset(n for n, clause in enumerate(self.clauses) if role in clause.who)

    @property
    def for_all(self) -> bool:
        """Whether the table tells nobody apart who is signed in."""
        return {name for clause in self.clauses for name in clause.who} == {"others"}

    def why(self, role: str, world: str) -> tuple[str, int]:
        """What the role is to the case in a world, and which clause fits it (-1: none)."""
        names = self._names(role, world)
        fits = (n for n, clause in enumerate(self.clauses) if clause.fits(names, world))
        return standing(role, world), next(fits, -1)

    def answer(self, role: str, world: str) -> str:
        """Raises ValueError where the table says nothing."""
        if role in NOBODY and not self.open:
            return "sign in"
        _, clause = self.why(role, world)
        found = self.clauses[clause].answer if clause >= 0 else ""
        if found or world != NOWHERE:
            return found or _nothing(self.name, role, world)
        # Who lacks the role hears so before anything is looked for.
        usual = self.answer(role, ELSEWHERE)
        return usual if usual in {"403 role", "403 appoints"} else "404"

    def _names(self, role: str, world: str) -> frozenset[str]:
        names = frozenset({role, standing(role, world), "others"} - {""})
        return names | {SIGNED_OUT} if role in NOBODY else names


def _nothing(name: str, role: str, world: str) -> str:
    raise ValueError(f"access.toml does not say what {name} answers to {role} in {world}.")


@cache
def told() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def routes() -> Mapping[str, Route]:
    return {name: _route(name, row) for name, row in told()["routes"].items()}


def standing(role: str, world: str) -> str:
    """What a role is to the case in a world; empty for somebody who is signed out."""
    if role == SIGNED_OUT:
        return ""
    row = told()["standing"].get(role, {})
    usual = "none" if world in {ELSEWHERE, NOWHERE} else row.get("others", "none")
    return str(row.get(world, usual))


def _route(name: str, row: Mapping[str, Any]) -> Route:
    method, _, path = name.partition(" ")
    clauses = [text for text in row["answers"].split(";") if text.strip()]
    return Route(
        method=method,
        path=path,
        about=row["about"],
        consent=row.get("consent", ""),
        open=row.get("open", False),
        sends=row.get("sends", {}),
        touches=frozenset(row.get("touches", ()))
        | (COUNTED if path.startswith(API) else frozenset()),
        prints=row.get("prints", False),
        clauses=tuple(map(Clause.read, clauses)),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
