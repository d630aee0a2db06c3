"""Have everything follow the present master key, in batches; and sweep keys without a case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from base.errors import SamplanError
from base.keys import KeyRing
from casework.application import Application
from casework.audit import actions as audit
from casework.audit import rules
from casework.audit import store as trace
from casework.erasure import store as erasure_store

_BATCH = 500
#: A key is made before its case; by then the command has ended one way or the other.
_COMING = timedelta(days=1)


class OneMasterKey(SamplanError):
    """There is one master key alone: name the former one as SAMPLAN_OTHER_MASTER_KEY."""


class Forged(SamplanError):
    """A head of the trace is signed with neither key: run samplan audit verify."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of what have been looked at, and saved where they changed."""

    what: Literal["keys", "chains"]
    done: int


def rotate(app: Application) -> Iterator[Progress]:
    """Wrap keys and sign heads of the trace with the present master key.

    Each batch is saved before the next begins. Whoever is stopped begins again: what was done
    stays done, and both master keys are accepted meanwhile. Raises OneMasterKey, Forged.
    """
    if app.settings.other_master is None:
        raise OneMasterKey
    ring: KeyRing = app.database.info["keys"]
    done = 0
    for some in ring.rewrap():
        done += some
        yield Progress("keys", done)
    done, after = 0, ""
    while heads := _sign_some(app, ring, after):
        done += len(heads)
        after = heads[-1]
        yield Progress("chains", done)
    with app.database.transaction() as tx:
        audit.write(tx, actor=audit.SYSTEM, action="keys.rotate", detail={"chains": done})


def _sign_some(app: Application, ring: KeyRing, after: str) -> list[str]:
    """The chains looked at."""
    with app.database.transaction() as tx:
        heads = trace.some_heads(tx, after, _BATCH)
        anew = []
        for chain, head in heads:
            # A chain that has just begun has a head without a signature until its first row.
            by = rules.signed_with(ring.chain_keys, chain, head) if head.seq else ring.chain_key
            if by is None:
                raise Forged(f"The head of chain {chain} is signed with neither master key.")
            if by != ring.chain_key:
                signature = rules.sign(ring.chain_key, chain, head.seq, head.digest)
                anew.append((chain, head.seq, signature))
        trace.sign_anew(tx, anew)
    return [chain for chain, _head in heads]


def sweep(app: Application) -> int:
    """Forget keys whose case never came, because its command failed; how many.

    Only after so long that no backup can bring the case any more: whoever begins with an empty
    database after a loss must not lose the keys of what is about to be put back.
    """
    ring: KeyRing = app.database.info["keys"]
    now, swept = app.database.now(), 0
    # Backups are thinned when the next one is made: a day more.
    lone_since = now - timedelta(days=app.settings.backup_days + 1)
    for case_ids in ring.older_than(now - _COMING):
        with app.database.reading() as tx:
            found = set(erasure_store.present(tx, case_ids))
        lone = [case_id for case_id in case_ids if case_id not in found]
        swept += ring.sweep(lone, found, lone_since=lone_since)
    return swept
