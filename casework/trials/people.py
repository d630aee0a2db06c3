"""With whom a draft is played: the people its pack brings, those its scenarios know, or others."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from casework.installing import DIRECTORY
from casework.trials import courses
from engine.packs import Pack, PackConfig

People = Mapping[str, Any]

#: Code, title and kind of organisations that do not exist; the last one carries the programme.
_PLACES = (
    ("almby", "Almby", "social_services"),
    ("bjorkvik", "Björkvik", "primary_care"),
    ("ekdala", "Ekdala", "social_insurance"),
    ("furulund", "Furulund", "federation"),
)
_NAMES = {
    "almby": ("Alma Berg", "Aron Lund"),
    "bjorkvik": ("Bodil Ek", "Björn Sand"),
    "ekdala": ("Elin Hed", "Erik Dahl"),
    "furulund": ("Frida Moe", "Fred Lind"),
}
_GROUP = "dalen"
_WORKING = frozenset({"caseworker", "representative"})
_CARRYING = frozenset({"federation", "preparation_group"})
#: Roles that somebody holds anyhow, or that nobody who works on cases does.
_OTHERS = _CARRYING | {"manager", "convener", "admin", "auditor", "process_owner"}


def people_of(processes: Path, pack: Pack) -> People:
    """In the format of a pack's ``demonstration/directory.toml``; ``processes`` holds the packs.

    A copy of a pack has the people of the one it was copied from, whom its scenarios name.
    """
    own = processes / pack.id / DIRECTORY
    if own.is_file():
        return _read(own)
    named = _named(pack)
    others = (_read(file) for file in sorted(processes.glob(f"*/{DIRECTORY.as_posix()}")))
    knowing = (each for each in others if named and named <= _codes(each))
    return next(knowing, None) or strangers(pack.config)


def strangers(config: PackConfig) -> People:
    """Fictional people of four organisations in one group, who hold whatever the pack asks for."""
    asked = {role for each in config.roles.values() for role in each.members}
    asked |= {role for each in config.start.values() for role in each.roles}
    working = sorted(_WORKING | (asked - _OTHERS))
    return {
        "organisations": [
            {"code": code, "title": title, "kind": kind} for code, title, kind in _PLACES
        ],
        "groups": [{"code": _GROUP, "title": "Dalen", "prefix": "DAL", "convener": "aron.lund"}],
        "accounts": [row for place, *_ in _PLACES for row in _two_of(place, working)],
        "seats": [
            {"group": _GROUP, "organisation": place, "account": _user(_NAMES[place][0])}
            for place, *_ in _PLACES[:-1]
        ],
    }


def key_of(people: People) -> str:
    """The same for the same people."""
    return json.dumps(people, sort_keys=True, default=str)


def _two_of(place: str, working: list[str]) -> Iterator[Mapping[str, Any]]:
    """Somebody who works on cases, and their manager; of the carrier, who coordinates."""
    worker, manager = _NAMES[place]
    carries = place == _PLACES[-1][0]
    convenes = ["convener"] if place == _PLACES[0][0] else []
    yield _account(worker, place, sorted({*working, *_CARRYING}) if carries else working)
    yield _account(manager, place, ["manager", *convenes])


def _account(name: str, place: str, roles: list[str]) -> Mapping[str, Any]:
    return {
        "user_name": _user(name),
        "name": name,
        "organisation": place,
        "roles": roles,
        "groups": [_GROUP],
    }


def _user(name: str) -> str:
    return name.lower().replace("ö", "o").replace(" ", ".")


def _read(file: Path) -> People:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _codes(people: People) -> set[str]:
    kinds = ("organisations", "groups")
    return {f"{kind}/{row['code']}" for kind in kinds for row in people.get(kind, ())}


def _named(pack: Pack) -> set[str]:
    """The organisations and groups that its scenarios begin with."""
    found: set[str] = set()
    for path in pack.paths(".toml"):
        if path.startswith("scenarios/"):
            found |= _given(pack.files[path])
    return found


def _given(content: bytes) -> set[str]:
    """Nothing for a scenario that cannot be read."""
    try:
        given = courses.read(content.decode())["given"]
        referrer = str(given["referrer"]).partition("/")[0]
        return {f"organisations/{referrer}", f"groups/{given['group']}"}
    except (ValueError, KeyError, TypeError):
        return set()
