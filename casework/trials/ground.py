"""Where drafts are played: laid out in a folder that goes with them, with fictional people."""

import shutil
import tempfile
import tomllib
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from base.db import Session
from base.errors import Conflict
from casework.application import Application
from casework.installing import DIRECTORY
from casework.releases.actions import opened_draft
from casework.stage import Stage
from casework.trials.playing import Player
from engine import releases
from engine.packs import Pack


class NothingToPlay(Conflict):
    """The draft cannot be read, or there are no fictional people to play it with."""


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Ground:
    """Where one draft is played; whoever plays there holds it, for its folder goes with it."""

    stage: Stage
    player: Player


@dataclass(frozen=True, slots=True)
class _Content:
    """A draft by what it holds, so that the same is laid out once."""

    digest: str
    directory: Path
    pack: Pack = field(compare=False, repr=False)


def drafted(tx: Session, app: Application) -> Pack:
    """The draft; what is in use where it cannot be read."""
    return readable_draft(tx, app) or app.pack(tx)


def readable_draft(tx: Session, app: Application) -> Pack | None:
    """The draft; None where it cannot be read."""
    return opened_draft(releases.draft_files(tx, app.pack_id))


def directory_of(app: Application, pack: Pack) -> Path:
    """The file of the fictional people that the pack brings. Raises NothingToPlay."""
    directory = app.settings.processes / pack.id / DIRECTORY
    if not directory.is_file():
        raise NothingToPlay
    return directory


def places_of(app: Application, pack: Pack) -> Mapping[str, str]:
    """Titles of the fictional organisations, their units (``code/unit``) and groups, by code.

    A group may have the code of an organisation: then it is the organisation's.
    """
    path = app.settings.processes / pack.id / DIRECTORY
    if not path.is_file():
        return {}
    people = tomllib.loads(path.read_text(encoding="utf-8"))
    found = {row["code"]: row["title"] for row in people.get("groups", ())}
    for row in people.get("organisations", ()):
        found[row["code"]] = row["title"]
        for unit, title in row.get("units", {}).items():
            found[f"{row['code']}/{unit}"] = f"{row['title']}, {title}"
    return found


def ground_of(app: Application, pack: Pack) -> Ground:
    """Raises NothingToPlay."""
    return _laid_out(_Content(pack.digest, directory_of(app, pack), pack))


@lru_cache(maxsize=1)
def _laid_out(content: _Content) -> Ground:
    """With the draft's files and the fictional people that its pack brings."""
    folder = Path(tempfile.mkdtemp(prefix="samplan-draft-"))
    home = folder / "processes" / content.pack.id
    files = {**content.pack.files, DIRECTORY.as_posix(): content.directory.read_bytes()}
    for name, data in files.items():
        place = home / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    room = folder / "room"
    room.mkdir()
    stage = Stage(home, room)
    ground = Ground(stage, Player(stage))
    weakref.finalize(ground, shutil.rmtree, folder, ignore_errors=True)
    return ground
