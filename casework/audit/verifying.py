"""Go through every chain there is, however many, and tell what is wrong and where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from base import keys
from base.db import Session
from casework.audit import rules, store
from casework.audit.rules import Finding, Walk

#: Rows between two words of how far it is.
_EVERY = 100_000


@dataclass(frozen=True, slots=True)
class Broken:
    """A chain (a case's id, or ``system``) and what is wrong with it."""

    chain: str
    findings: tuple[Finding, ...]


@dataclass
class Count:
    """How much has been gone through."""

    chains: int = 0
    rows: int = 0


def verify_all(
    tx: Session, count: Count, progress: Callable[[int], None] = lambda rows: None
) -> Iterator[Broken]:
    """Every chain with something wrong; memory does not grow with their number or length.

    Reads the rows once in order, then asks whether what the key store remembers of each chain is
    still there, which a copy of an older database cannot satisfy. ``progress`` hears the number
    of rows now and then.
    """
    yield from _walk(tx, count, progress)
    yield from _without_rows(tx, count)
    yield from _older_than_anchored(tx)
    for case_id in store.cases_without_chain(tx):
        yield Broken(str(case_id), (Finding(0, "unchained"),))


def _walk(tx: Session, count: Count, progress: Callable[[int], None]) -> Iterator[Broken]:
    believed = keys.of(tx).chain_keys
    walk, head, found = None, None, list[Finding]()
    for link, its_head in store.all_links(tx):
        if walk is None or link.chain != walk.chain:
            if walk is not None:
                yield from _ended(walk.chain, [*found, *walk.end(head, believed)])
            walk, head, found = Walk(link.chain), its_head, []
            count.chains += 1
        found += walk.take(link)
        count.rows += 1
        if count.rows % _EVERY == 0:
            progress(count.rows)
    if walk is not None:
        yield from _ended(walk.chain, [*found, *walk.end(head, believed)])


def _ended(chain: str, found: list[Finding]) -> Iterator[Broken]:
    if found:
        yield Broken(chain, tuple(found))


def _without_rows(tx: Session, count: Count) -> Iterator[Broken]:
    """Heads whose rows are all gone."""
    for chain, head in store.lone_heads(tx):
        count.chains += 1
        found = rules.examine((), head, keys=keys.of(tx).chain_keys, chain=chain)
        yield from _ended(chain, list(found))


def _older_than_anchored(tx: Session) -> Iterator[Broken]:
    for batch in keys.of(tx).anchors():
        ends = store.ends(tx, [chain for chain, _, _ in batch])
        rows = store.digests(tx, [(chain, seq) for chain, seq, _ in batch])
        for chain, seq, digest in batch:
            if chain not in ends:
                yield Broken(chain, (Finding(0, "vanished"),))
            elif rows.get((chain, seq)) != digest:
                yield Broken(chain, (Finding(seq, "rolled_back"),))
