"""Commands that must not be done twice: the same key and body gets the first answer again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from base import clock
from base.db import Session
from base.errors import Conflict
from engine import store

KEPT = timedelta(days=30)


class OtherBody(Conflict):
    """This form was already sent with other answers."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answer that was given the first time."""

    result: Mapping[str, Any]


def once(
    tx: Session, *, account_id: int, command: str, target: str, key: str, digest: str
) -> Earlier | None:
    """None if this is the first time; then do it and `answer`.

    A second sender waits until the first has committed. Raises OtherBody where the same key
    came with another digest.
    """
    row = {
        "account_id": account_id,
        "command": command,
        "target": target,
        "key": key,
        "digest": digest,
        "at": clock.now(tx),
    }
    earlier = store.enter_command(tx, row)
    if earlier is None:
        return None
    if earlier.digest != digest:
        raise OtherBody
    return Earlier(earlier.result or {})


def answer(
    tx: Session,
    *,
    account_id: int,
    command: str,
    target: str,
    key: str,
    result: Mapping[str, Any],
) -> None:
    """Keep the answer for whoever asks again."""
    row = {"account_id": account_id, "command": command, "target": target, "key": key}
    store.answer_command(tx, row, result)


def purge(tx: Session) -> int:
    """Forget answers older than thirty days; how many there were."""
    return store.purge_commands(tx, clock.now(tx) - KEPT)
