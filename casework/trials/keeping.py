"""What was played becomes a scenario of the draft, with what was seen as what must be true."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from base.errors import Conflict, Invalid
from casework.access import Actor
from casework.application import Application
from casework.releases import store as release_store
from casework.releases.actions import keep_draft
from casework.trials import courses
from casework.trials.courses import Course
from casework.trials.ground import drafted, ground_of
from casework.trials.playing import Happened
from casework.trials.trying import DoesNotGo, own_trial
from engine import releases
from engine.releases import DraftChanged

LONGEST_NAME = 100
_MOST_IN_PATH = 50


class NoName(Invalid):
    """Write what the scenario is to be called, in at most 100 characters."""


class ScenarioExists(Conflict):
    """There is a scenario with this name already."""


def keep(app: Application, actor: Actor, trial_id: int, name: str) -> str:
    """Write a trial into the draft as a scenario; its path.

    Raises NoName, ScenarioExists, NoSuchTrial, DoesNotGo, DraftChanged.
    """
    name = " ".join(name.split())
    path = f"scenarios/{_slug(name)}.toml"
    if not _slug(name) or len(name) > LONGEST_NAME:
        raise NoName
    with app.database.reading() as tx:
        row, pack = own_trial(tx, app, actor, trial_id), drafted(tx, app)
        if path in releases.draft_files(tx, pack.id):
            raise ScenarioExists
    course = courses.read(row.course)
    ground = ground_of(app, pack)
    reached = ground.player.reach(course)
    if reached.rest is None or reached.failure is not None:
        raise DoesNotGo
    content = courses.write({"name": name, **_expecting(course, reached.rest.log)}).encode()
    with app.database.transaction() as tx:
        release_store.lock_pack(tx, pack.id)
        if drafted(tx, app).digest != pack.digest:
            raise DraftChanged
        keep_draft(tx, pack.id, path, content, actor)
    return path


def _expecting(course: Course, log: Sequence[Happened]) -> dict[str, Any]:
    """The course, and after each move what was seen then."""
    steps = [
        {**move, "then": _seen(after, before)}
        for move, before, after in zip(courses.moves(course), log, log[1:], strict=False)
    ]
    return {"given": course["given"], "step": steps}


def _seen(after: Happened, before: Happened) -> dict[str, Any]:
    """What is open; milestone and end where they are new."""
    seen: dict[str, Any] = {"open": list(after.open)}
    if after.milestone != before.milestone and after.milestone is not None:
        seen["milestone"] = after.milestone
    if after.ended is not None and after.ended != before.ended:
        seen["ended"] = after.ended
    return seen


def _slug(name: str) -> str:
    """For the name of a file: letters without accents, digits and low lines."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_MOST_IN_PATH]
