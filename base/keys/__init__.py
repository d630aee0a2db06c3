"""One data key per case, wrapped, in a store of its own: destroying the key erases the case."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from base import crypto
from base.db import Database, Session
from base.errors import SamplanError
from base.keys import store
from base.keys.tables import CaseKeyRow

_BATCH = 500


class KeyDestroyed(SamplanError):
    """This case has been erased; what it held can no longer be read."""


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The key of one case; seals texts for a named place in that case."""

    case_id: UUID
    secret: bytes = field(repr=False)

    def seal(self, plain: bytes, place: str) -> bytes:
        return crypto.seal(self.secret, plain, f"{self.case_id}/{place}")

    def unseal(self, sealed: bytes, place: str) -> bytes:
        return crypto.unseal(self.secret, sealed, f"{self.case_id}/{place}")


class KeyRing:
    """Access to the key store.

    A key is committed here before its case is, so that no case can exist without one; keys whose
    case never came are swept.
    """

    def __init__(self, database: Database, master: bytes) -> None:
        self._database = database
        self._wrapping = crypto.derive(master, "wrap case keys")
        self.index_key = crypto.derive(master, "blind index")
        self.chain_key = self.chain_key_of(master)
        self.code_key = crypto.derive(master, "one-time codes")
        self._held: dict[UUID, CaseKey] | None = None

    @staticmethod
    def chain_key_of(master: bytes) -> bytes:
        """The key that signs the heads of the audit's chains."""
        return crypto.derive(master, "audit head")

    def holding(self) -> "KeyRing":
        """The same ring for one transaction: it asks the store once for each key."""
        ring = copy(self)
        ring._held = {}
        return ring

    def create(self, case_id: UUID) -> CaseKey:
        """A new key, durable before this returns."""
        key = CaseKey(case_id, crypto.new_key())
        with self._database.transaction() as tx:
            wrapped = crypto.seal(self._wrapping, key.secret, str(case_id))
            tx.add(CaseKeyRow(case_id=case_id, wrapped=wrapped, created=tx.info["now"]))
        if self._held is not None:
            self._held[case_id] = key
        return key

    def get(self, case_id: UUID) -> CaseKey:
        """Raises KeyDestroyed if there is none (any more)."""
        try:
            return self.get_many([case_id])[case_id]
        except KeyError as error:
            raise KeyDestroyed from error

    def try_one(self) -> None:
        """Open any key there is. Raises Unsealable if the master key is another one."""
        for case_id, wrapped in store.any_key(self._database):
            crypto.unseal(self._wrapping, wrapped, str(case_id))

    def get_many(self, case_ids: Collection[UUID]) -> Mapping[UUID, CaseKey]:
        """The keys that exist, by case; one statement however many."""
        held = self._held or {}
        found = {case_id: held[case_id] for case_id in case_ids if case_id in held}
        wanted = [case_id for case_id in case_ids if case_id not in held]
        if wanted:
            found |= self._read(wanted)
        if self._held is not None:
            self._held |= found
        return found

    def _read(self, case_ids: Collection[UUID]) -> dict[UUID, CaseKey]:
        rows = store.wrapped_keys(self._database, case_ids)
        return {
            case_id: CaseKey(case_id, crypto.unseal(self._wrapping, wrapped, str(case_id)))
            for case_id, wrapped in rows
        }

    def destroy(self, case_id: UUID) -> None:
        """Make everything sealed with this key unreadable for good; remembered as destroyed."""
        if self._held is not None:
            self._held.pop(case_id, None)
        with self._database.transaction() as tx:
            store.forget_key(tx, case_id, tx.info["now"])

    def remember_destroyed(self, case_ids: Collection[UUID]) -> None:
        """Destroy these keys, known here or not: an older key store has been put back."""
        with self._database.transaction() as tx:
            for case_id in case_ids:
                if not store.forget_key(tx, case_id, tx.info["now"]):
                    now = tx.info["now"]
                    tx.add(CaseKeyRow(case_id=case_id, wrapped=None, created=now, destroyed=now))

    def destroyed(self) -> Iterator[list[UUID]]:
        """Every case whose key has been destroyed, in batches."""
        after = None
        while found := store.destroyed(self._database, after, _BATCH):
            yield found
            after = found[-1]

    def anchor(self, heads: Sequence[tuple[str, int, bytes]], last: int) -> None:
        """Note, outside the case database, where chains of its audit stand: chain, row, digest.

        ``last`` is the id of its newest row.
        """
        with self._database.transaction() as tx:
            store.put_anchors(tx, heads, last, tx.info["now"])

    def anchor_anew(self, heads: Sequence[tuple[str, int, bytes]], last: int) -> None:
        """Forget where chains stood before: an older copy has been put back on purpose."""
        with self._database.transaction() as tx:
            store.forget_anchors(tx)
            store.put_anchors(tx, heads, last, tx.info["now"])

    def anchored(self) -> tuple[int, datetime] | None:
        """How far the audit has been anchored, and when."""
        return store.mark(self._database)

    def anchors(self) -> Iterator[list[tuple[str, int, bytes]]]:
        """Every anchor, in batches."""
        after = ""
        while found := store.anchors(self._database, after, _BATCH):
            yield found
            after = found[-1][0]


def of(tx: Session) -> KeyRing:
    """The key ring of this transaction's database, holding the keys that were asked for."""
    ring: KeyRing | None = tx.info.get("keys_held")
    if ring is None:
        shared: KeyRing = tx.info["keys"]
        ring = tx.info["keys_held"] = shared.holding()
    return ring
