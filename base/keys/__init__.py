"""One data key per case, wrapped, in a store of its own: destroying the key erases the case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from base import crypto
from base.db import Database, Session
from base.errors import SamplanError
from base.keys import store
from base.keys.tables import CaseKeyRow


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
        self.chain_key = crypto.derive(master, "audit head")

    def create(self, case_id: UUID) -> CaseKey:
        """A new key, durable before this returns."""
        key = CaseKey(case_id, crypto.new_key())
        with self._database.transaction() as tx:
            wrapped = crypto.seal(self._wrapping, key.secret, str(case_id))
            tx.add(CaseKeyRow(case_id=case_id, wrapped=wrapped, created=tx.info["now"]))
        return key

    def get(self, case_id: UUID) -> CaseKey:
        """Raises KeyDestroyed if there is none (any more)."""
        try:
            return self.get_many([case_id])[case_id]
        except KeyError as error:
            raise KeyDestroyed from error

    def get_many(self, case_ids: Collection[UUID]) -> Mapping[UUID, CaseKey]:
        """The keys that exist, by case; one statement however many."""
        with self._database.reading() as tx:
            rows = store.wrapped_keys(tx, case_ids)
        return {
            case_id: CaseKey(case_id, crypto.unseal(self._wrapping, wrapped, str(case_id)))
            for case_id, wrapped in rows
        }

    def destroy(self, case_id: UUID) -> None:
        """Make everything sealed with this key unreadable for good; remembered as destroyed."""
        with self._database.transaction() as tx:
            store.forget_key(tx, case_id, tx.info["now"])


def of(tx: Session) -> KeyRing:
    """The key ring of this transaction's database."""
    ring: KeyRing = tx.info["keys"]
    return ring
