"""Releases of packs: published whole, never changed, pinned by every instance."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Literal
from weakref import WeakKeyDictionary

from base import clock
from base.db import Session
from base.errors import Conflict, NotFound
from engine.packs import Pack, digest, open_pack
from engine.releases import store
from engine.tables import DraftRow, ReleaseFile, ReleaseRow

_KEPT = 32
#: The number of what a pack is begun from: a draft as a whole, until it is published.
BEGUN = 0


class NoRelease(NotFound):
    """This pack has not been published yet."""


class DraftChanged(Conflict):
    """Somebody else has changed this draft meanwhile."""


@dataclass(frozen=True, slots=True)
class Release:
    """A published version of a pack; ``by`` and ``approved_by`` are pseudonyms.

    Number 0 is what a pack was begun from: see `begin`.
    """

    id: int
    pack_id: str
    number: int
    digest: str
    created: datetime
    by: str
    reference: str
    approved_by: str | None
    reason: str = ""

    @property
    def is_begun(self) -> bool:
        """Whether nothing of it is in use yet."""
        return self.number == BEGUN


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as an owner is changing it; ``content`` is None where it is to be removed."""

    pack_id: str
    path: str
    content: bytes | None
    rev: int
    by: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class Import:
    """What came of a folder: a release, drafts, or nothing new."""

    outcome: Literal["release", "draft", "unchanged"]
    release: Release | None
    paths: tuple[str, ...] = ()


def publish(
    tx: Session,
    files: Mapping[str, bytes],
    *,
    by: str,
    reference: str = "",
    reason: str = "",
    approved_by: str | None = None,
) -> Release:
    """Make these files the active release of their pack; its drafts are done with.

    Publishing what is active already changes nothing. Raises BadPack.
    """
    release = _publish(tx, files, "owner", by, reference, approved_by, reason)
    store.remove_drafts(tx, release.pack_id)
    return release


def begin(tx: Session, files: Mapping[str, bytes], *, by: str) -> Release:
    """A pack that is a draft as a whole: its first publication has the number 1.

    There is no such pack yet. Raises BadPack.
    """
    return _publish(tx, files, "owner", by, "", None, first=BEGUN)


def active(tx: Session, pack_id: str) -> Release:
    """The release that new cases start with, or what the pack was begun from. Raises NoRelease."""
    row = store.newest(tx, pack_id)
    if row is None:
        raise NoRelease
    return _release(row)


def active_id(tx: Session, pack_id: str) -> int:
    """The id of `active`. Raises NoRelease."""
    found = store.newest_id(tx, pack_id)
    if found is None:
        raise NoRelease
    return found


def newest_ids(tx: Session) -> Mapping[str, int]:
    """The id of the active release of each pack, by pack; one statement."""
    return store.newest_ids(tx)


def get(tx: Session, release_id: int) -> Release:
    """Raises NoRelease."""
    row = store.release(tx, release_id)
    if row is None:
        raise NoRelease
    return _release(row)


def numbers(tx: Session, release_ids: Collection[int]) -> Mapping[int, int]:
    """The number that people know each release by; one statement."""
    return store.numbers(tx, release_ids)


def history(tx: Session, pack_id: str) -> list[Release]:
    """All releases, newest first."""
    return [_release(row) for row in store.releases(tx, pack_id)]


def packs(tx: Session) -> list[str]:
    """The ids of all packs that were ever published."""
    return list(store.pack_ids(tx))


#: By the connection pool of a database, so that two databases never share release numbers.
_loaded: WeakKeyDictionary[object, OrderedDict[int, Pack]] = WeakKeyDictionary()
#: By digest: what was understood once serves every database, each played scenario's among them.
_understood: OrderedDict[str, Pack] = OrderedDict()
_guard = Lock()


def load(tx: Session, release_id: int) -> Pack:
    """The pack of a release; kept for the process's life, least used ones are forgotten.

    Raises NoRelease.
    """
    with _guard:
        kept = _loaded.setdefault(tx.connection().engine.pool, OrderedDict())
        if release_id in kept:
            kept.move_to_end(release_id)
            return kept[release_id]
    digest = get(tx, release_id).digest
    pack = _understood.get(digest) or open_pack(files_of(tx, release_id))
    with _guard:
        pack = kept[release_id] = _understood.setdefault(digest, pack)
        _understood.move_to_end(digest)
        for held in (kept, _understood):
            while len(held) > _KEPT:
                held.popitem(last=False)
    return pack


def understood(digest: str) -> Pack | None:
    """The pack of this content, if a release of it has been loaded."""
    return _understood.get(digest)


def files_of(tx: Session, release_id: int) -> dict[str, bytes]:
    """The files of a release by path. Raises NoRelease."""
    files = {file.path: file.content for file in store.files(tx, release_id)}
    if not files:
        raise NoRelease
    return files


def versions(tx: Session, release_id: int) -> dict[str, int]:
    """The number shown for each file: it rises only when that file changes."""
    return {file.path: file.version for file in store.files(tx, release_id)}


def export(tx: Session, pack_id: str) -> dict[str, bytes]:
    """The files of the active release, byte for byte. Raises NoRelease."""
    return files_of(tx, active(tx, pack_id).id)


# Drafts


def draft(tx: Session, pack_id: str) -> list[Draft]:
    """The files that owners are changing, by path."""
    return [_draft(row) for row in store.drafts(tx, pack_id)]


def draft_files(tx: Session, pack_id: str) -> dict[str, bytes]:
    """What the pack would be if its drafts were published now."""
    row = store.newest(tx, pack_id)
    files = files_of(tx, row.id) if row is not None else {}
    for change in store.drafts(tx, pack_id):
        if change.content is None:
            files.pop(change.path, None)
        else:
            files[change.path] = change.content
    return files


def save_draft(
    tx: Session,
    pack_id: str,
    path: str,
    content: bytes | None,
    *,
    by: str,
    expected_rev: int,
) -> Draft:
    """Keep a change to one file; None removes it. ``expected_rev`` is 0 for the first change.

    Raises DraftChanged if somebody else was faster.
    """
    row = store.lock_draft(tx, pack_id, path)
    if (row.rev if row is not None else 0) != expected_rev:
        raise DraftChanged
    now = clock.now(tx)
    if row is None:
        newest = store.newest(tx, pack_id)
        row = DraftRow(
            pack_id=pack_id,
            path=path,
            content=content,
            rev=1,
            by=by,
            changed=now,
            release_id=newest.id if newest else None,
        )
        store.add(tx, row)
    else:
        row.content, row.rev, row.by, row.changed = content, row.rev + 1, by, now
        tx.flush()
    return _draft(row)


def discard_draft(tx: Session, pack_id: str, path: str | None = None) -> None:
    """Forget the changes to one file, or to all."""
    store.remove_drafts(tx, pack_id, path)


# Import


def import_folder(tx: Session, files: Mapping[str, bytes], *, by: str = "deploy") -> Import:
    """Take in a pack from disk: neither overwrite what an owner published nor ignore the disk.

    The first time it becomes a release. Where the folder has changed since it was last imported,
    it becomes a release if no owner has published since, else drafts.
    """
    pack = open_pack(files)
    newest = store.newest(tx, pack.id)
    if newest is not None and newest.number == BEGUN:
        # Whoever runs the installation takes it into use; what owners draft on it stays.
        newest = None
    imported = store.imported_digest(tx, pack.id)
    if newest is not None and pack.digest in (imported, newest.digest):
        store.remember_import(tx, pack.id, pack.digest, clock.now(tx))
        return Import("unchanged", _release(newest))
    store.remember_import(tx, pack.id, pack.digest, clock.now(tx))
    if newest is None or newest.source == "disk":
        return Import("release", _publish(tx, files, "disk", by, "", None))
    return Import("draft", _release(newest), _draft_differences(tx, newest.id, pack, by))


def _draft_differences(tx: Session, release_id: int, pack: Pack, by: str) -> tuple[str, ...]:
    present = files_of(tx, release_id)
    changed: dict[str, bytes | None] = {
        path: content for path, content in pack.files.items() if present.get(path) != content
    }
    changed |= {path: None for path in present if path not in pack.files}
    for path, content in sorted(changed.items()):
        earlier = store.lock_draft(tx, pack.id, path)
        rev = earlier.rev if earlier is not None else 0
        save_draft(tx, pack.id, path, content, by=by, expected_rev=rev)
    return tuple(sorted(changed))


def _publish(
    tx: Session,
    files: Mapping[str, bytes],
    source: str,
    by: str,
    reference: str,
    approved_by: str | None,
    reason: str = "",
    *,
    first: int = 1,
) -> Release:
    """``first`` is the number of the first one."""
    pack = open_pack(files)
    newest = store.newest(tx, pack.id, lock=True)
    if newest is not None and newest.digest == pack.digest and newest.number != BEGUN:
        return _release(newest)
    number = newest.number + 1 if newest else first
    row = ReleaseRow(
        pack_id=pack.id,
        number=number,
        digest=digest(files),
        source=source,
        created=clock.now(tx),
        by=by,
        reference=reference,
        reason=reason,
        approved_by=approved_by,
    )
    store.add(tx, row)
    before = store.files(tx, newest.id) if newest else []
    store.add_files(tx, _numbered(row.id, files, before, least=min(number, 1)))
    return _release(row)


def _numbered(
    release_id: int, files: Mapping[str, bytes], before: Sequence[ReleaseFile], *, least: int
) -> list[dict[str, object]]:
    """Of what is only begun no file has a number yet: 0."""
    earlier = {file.path: file for file in before}
    rows: list[dict[str, object]] = []
    for path, content in sorted(files.items()):
        mark = sha256(content).hexdigest()
        file = earlier.get(path)
        version = least if file is None else max(file.version + (file.digest != mark), least)
        rows.append(
            {
                "release_id": release_id,
                "path": path,
                "version": version,
                "digest": mark,
                "content": content,
            }
        )
    return rows


def _release(row: ReleaseRow) -> Release:
    return Release(
        id=row.id,
        pack_id=row.pack_id,
        number=row.number,
        digest=row.digest,
        created=row.created,
        by=row.by,
        reference=row.reference,
        approved_by=row.approved_by,
        reason=row.reason,
    )


def _draft(row: DraftRow) -> Draft:
    return Draft(row.pack_id, row.path, row.content, row.rev, row.by, row.changed)
