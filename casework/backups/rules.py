"""Names of backups, how long they stay, and walking the trace in one. Pure."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from base.backup import Batch
from casework.audit.rules import Head, Link, Walk

CASES = "cases"
KEYS = "keys"
#: A key that was destroyed must not come back from an older copy than this.
KEYS_AT_MOST = timedelta(days=30)
#: So that the trace can be walked as it is read.
ORDERS: Mapping[str, tuple[str, ...]] = {"audit": ("chain", "seq", "id")}
_AT = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(cases|keys)-(\d{8}T\d{6}Z)\.samplan")


def name(store: str, made: datetime) -> str:
    return f"{store}-{made.astimezone(UTC):{_AT}}.samplan"


def made_at(store: str, file_name: str) -> datetime | None:
    """When a backup of this name was made; None for any other file."""
    found = _NAME.fullmatch(file_name)
    if found is None or found[1] != store:
        return None
    return datetime.strptime(found[2], _AT).replace(tzinfo=UTC)


def outdated(store: str, names: Collection[str], now: datetime, keep: timedelta) -> frozenset[str]:
    """Those older than they may become; never the newest."""
    dated = {each: made for each in names if (made := made_at(store, each)) is not None}
    newest = max(dated.values(), default=now)
    return frozenset(each for each, made in dated.items() if made < newest and now - made > keep)


class Trace:
    """Walks every chain of the audit while a backup of the cases is read."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = keys
        self._walks: dict[str, Walk] = {}
        self._heads: dict[str, Head] = {}
        self._broken: set[str] = set()

    def take(self, batch: Batch) -> None:
        for row in batch.rows:
            said = dict(zip(batch.columns, row, strict=True))
            if batch.table == "audit":
                self._row(said)
            elif batch.table == "audit_head":
                head = Head(said["seq"], said["digest"], said["signature"])
                self._heads[said["chain"]] = head

    def broken(self) -> frozenset[str]:
        """Chains that are not whole, once everything has been read."""
        chains: Iterable[str] = self._walks.keys() | self._heads.keys()
        ended = {
            chain
            for chain in chains
            if self._walks.get(chain, Walk(chain)).end(self._heads.get(chain), self._keys)
        }
        return frozenset(self._broken | ended)

    def _row(self, said: Mapping[str, Any]) -> None:
        chain = str(said["chain"])
        walk = self._walks.setdefault(chain, Walk(chain))
        link = Link(
            chain=chain,
            seq=said["seq"],
            at=said["at"],
            actor=said["actor"],
            organisation_id=said["organisation_id"],
            action=said["action"],
            target=said["target"],
            code=said["code"],
            detail=json.loads(said["detail"]),
            previous=said["previous"],
            digest=said["digest"],
        )
        if walk.take(link):
            self._broken.add(chain)
