"""What pages call things where a pack has words of its own for what Samplan says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from base.db import Session
from casework.application import Application
from casework.programmes.tables import Programme
from engine import releases
from engine.packs import Pack

_SAMPLANS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Phrases:
    """The packs whose programmes this installation serves, as they are in use."""

    packs: Mapping[str, Pack]

    def said(self, language: str, pack_id: str = "") -> Mapping[str, str]:
        """What a page says otherwise, by the English.

        Of the pack of the case that the page is about; a page about no one case follows a pack
        only where there is no other.
        """
        pack = self.pack_of(pack_id)
        return pack.phrases(language) if pack is not None else _SAMPLANS

    def pack_of(self, pack_id: str) -> Pack | None:
        """Whose words are said; None: Samplan's own."""
        if pack_id:
            return self.packs.get(pack_id)
        return next(iter(self.packs.values())) if len(self.packs) == 1 else None


def phrases(tx: Session, app: Application, programmes: Iterable[Programme]) -> Phrases:
    """Of the releases in use; at most one statement more, however many packs there are."""
    wanted = {programme.pack_id for programme in programmes}
    if wanted == {app.pack_id}:
        return Phrases({app.pack_id: app.pack(tx)})
    newest = releases.newest_ids(tx)
    return Phrases({id: releases.load(tx, newest[id]) for id in sorted(wanted & newest.keys())})
