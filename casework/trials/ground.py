"""Where drafts are played: laid out in a folder that goes with them, with fictional people."""

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from base.db import Session
from casework.application import Application
from casework.releases.drawn import opened_draft
from casework.stage import Stage
from casework.trials.people import People, key_of, people_of
from casework.trials.playing import Player
from engine import releases
from engine.packs import Pack


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Ground:
    """Where one draft is played; whoever plays there holds it, for its folder goes with it."""

    stage: Stage
    player: Player


@dataclass(frozen=True, slots=True)
class _Content:
    """A draft and its people by what they hold, so that the same is laid out once."""

    digest: str
    key: str
    people: People = field(compare=False, repr=False)
    pack: Pack = field(compare=False, repr=False)


def drafted(tx: Session, app: Application) -> Pack:
    """The draft; what is in use where it cannot be read."""
    return readable_draft(tx, app) or app.pack(tx)


def readable_draft(tx: Session, app: Application) -> Pack | None:
    """The draft; None where it cannot be read."""
    return opened_draft(releases.draft_files(tx, app.pack_id))


def places_of(app: Application, pack: Pack) -> Mapping[str, str]:
    """Titles of the fictional organisations, their units (``code/unit``) and groups, by code.

    A group may have the code of an organisation: then it is the organisation's.
    """
    people = people_of(app.settings.processes, pack)
    found = {row["code"]: row["title"] for row in people.get("groups", ())}
    for row in people.get("organisations", ()):
        found[row["code"]] = row["title"]
        for unit, title in row.get("units", {}).items():
            found[f"{row['code']}/{unit}"] = f"{row['title']}, {title}"
    return found


def ground_of(app: Application, pack: Pack) -> Ground:
    people = people_of(app.settings.processes, pack)
    return _laid_out(_Content(pack.digest, key_of(people), people, pack))


@lru_cache(maxsize=1)
def _laid_out(content: _Content) -> Ground:
    """With the draft's files and its fictional people."""
    folder = Path(tempfile.mkdtemp(prefix="samplan-draft-"))
    home = folder / "processes" / content.pack.id
    for name, data in content.pack.files.items():
        place = home / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    room = folder / "room"
    room.mkdir()
    stage = Stage(home, room, content.people)
    ground = Ground(stage, Player(stage))
    weakref.finalize(ground, shutil.rmtree, folder, ignore_errors=True)
    return ground
