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
from base.settings import BadSettings

_BATCH = 500
_ROOT = "root"


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
    case never came are swept. While the master key changes ``other`` is accepted besides: the
    next one first, then the former one (`rewrap`).
    """

    def __init__(self, database: Database, master: bytes, other: bytes | None = None) -> None:
        self._database = database
        self._masters = (master,) if other is None else (master, other)
        self._wrappings = tuple(crypto.derive(each, "wrap case keys") for each in self._masters)
        #: The first signs; each of them is believed.
        self.chain_keys = tuple(self.chain_key_of(each) for each in self._masters)
        self._derive_from(master)
        self._held: dict[UUID, CaseKey] | None = None

    def _derive_from(self, root: bytes) -> None:
        self.index_key = crypto.derive(root, "blind index")
        self.code_key = crypto.derive(root, "one-time codes")
        self.factor_key = crypto.derive(root, "second factors")
        self.hook_key = crypto.derive(root, "webhooks")

    def settle(self) -> None:
        """Have what must outlive a master key follow from the first one there was.

        Digests that people are found by cannot be made anew. The first master key lies in the
        key store from here on, wrapped like the keys of cases. Raises BadSettings if the
        store was wrapped with another key.
        """
        wrapped = store.root(self._database)
        if wrapped is None:
            first = self._first()
            with self._database.transaction() as tx:
                store.keep_root(tx, crypto.seal(self._wrappings[0], first, _ROOT))
            wrapped = store.root(self._database) or b""
        try:
            self._derive_from(self._unwrap(wrapped, _ROOT))
        except crypto.Unsealable as error:
            raise BadSettings(
                "The keys follow another master key than SAMPLAN_MASTER_KEY: name that one."
            ) from error

    def _first(self) -> bytes:
        """The master key that was used until now: it opens what there is."""
        for case_id, wrapped in store.any_key(self._database):
            for master, wrapping in zip(self._masters, self._wrappings, strict=True):
                if _opened(wrapping, wrapped, str(case_id)) is not None:
                    return master
        return self._masters[0]

    def _unwrap(self, wrapped: bytes, place: str) -> bytes:
        """Raises Unsealable where no master key opens it."""
        for wrapping in self._wrappings[:-1]:
            secret = _opened(wrapping, wrapped, place)
            if secret is not None:
                return secret
        return crypto.unseal(self._wrappings[-1], wrapped, place)

    def rewrap(self) -> Iterator[int]:
        """Wrap with the present master key whatever still is with the other one, in batches.

        After each batch, which is committed, how many were looked at. Whoever is stopped begins
        again and finds those done. A key that is destroyed meanwhile stays so.
        """
        wrapped = store.root(self._database)
        if wrapped is not None:
            with self._database.transaction() as tx:
                store.replace_root(tx, wrapped, self._anew(wrapped, _ROOT))
        after = None
        while found := store.some_keys(self._database, after, _BATCH):
            new = [(case_id, old, self._anew(old, str(case_id))) for case_id, old in found]
            with self._database.transaction() as tx:
                store.replace_keys(tx, [each for each in new if each[1] != each[2]])
            after = found[-1][0]
            yield len(found)

    def _anew(self, wrapped: bytes, place: str) -> bytes:
        """As it is, if the present master key opens it."""
        if _opened(self._wrappings[0], wrapped, place) is not None:
            return wrapped
        return crypto.seal(self._wrappings[0], self._unwrap(wrapped, place), place)

    def not_rewrapped(self) -> int:
        """How many keys the present master key does not open; reads them all."""
        left, after = 0, None
        while found := store.some_keys(self._database, after, _BATCH):
            left += sum(self._anew(old, str(case_id)) != old for case_id, old in found)
            after = found[-1][0]
        return left

    def older_than(self, moment: datetime) -> Iterator[list[UUID]]:
        """Cases whose keys were made before, and not destroyed, in batches."""
        after = None
        while found := store.made_before(self._database, moment, after, _BATCH):
            yield found
            after = found[-1]

    def sweep(
        self, lone: Collection[UUID], found: Collection[UUID], *, lone_since: datetime
    ) -> int:
        """Forget keys that have had no case since before that moment; how many.

        The others are noted: a case that is lost today may come back from a backup.
        """
        with self._database.transaction() as tx:
            store.note_found(tx, found)
            gone = store.lone_before(tx, lone, lone_since)
            store.drop(tx, gone)
            left = set(lone) - set(gone)
            if left:
                store.note_lone(tx, left, tx.info["now"])
        return len(gone)

    @staticmethod
    def chain_key_of(master: bytes) -> bytes:
        """The key that signs the heads of the audit's chains."""
        return crypto.derive(master, "audit head")

    @property
    def chain_key(self) -> bytes:
        """What signs now."""
        return self.chain_keys[0]

    def holding(self) -> "KeyRing":
        """The same ring for one transaction: it asks the store once for each key."""
        ring = copy(self)
        ring._held = {}
        return ring

    def create(self, case_id: UUID) -> CaseKey:
        """A new key, durable before this returns."""
        key = CaseKey(case_id, crypto.new_key())
        with self._database.transaction() as tx:
            wrapped = crypto.seal(self._wrappings[0], key.secret, str(case_id))
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
            self._unwrap(wrapped, str(case_id))

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
            case_id: CaseKey(case_id, self._unwrap(wrapped, str(case_id)))
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


def _opened(wrapping: bytes, wrapped: bytes, place: str) -> bytes | None:
    try:
        return crypto.unseal(wrapping, wrapped, place)
    except crypto.Unsealable:
        return None


def of(tx: Session) -> KeyRing:
    """The key ring of this transaction's database, holding the keys that were asked for."""
    ring: KeyRing | None = tx.info.get("keys_held")
    if ring is None:
        shared: KeyRing = tx.info["keys"]
        ring = tx.info["keys_held"] = shared.holding()
    return ring
