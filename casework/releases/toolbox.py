"""Packs to begin a new programme from: what each holds, and a copy of one under a new name."""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from base import lang
from base.db import Session
from base.errors import Conflict, Invalid, NotFound
from casework.access import Actor
from casework.application import Application
from casework.audit import actions as audit
from casework.releases import store
from casework.releases.actions import EDITORS, READERS, require_role
from casework.releases.following import Following, followed, following_of
from casework.releases.titles import LONGEST_TITLE
from casework.words import Words
from engine import releases
from engine.packs import Pack, open_pack

_CONFIG = "pack.toml"
_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII)
_TABLE = re.compile(r"^\[", re.MULTILINE)
_PROGRAMME = re.compile(r"^\[programme\]\n.*?(?=^\[|\Z)", re.MULTILINE | re.DOTALL)


class NoSuchPack(NotFound):
    """There is no such pack."""


class BadPackId(Invalid):
    """Write a short name of small letters, digits, - and _ that begins with a letter."""


class NoPackTitle(Invalid):
    """Write what the programme is to be called, in at most 100 characters."""


class PackExists(Conflict):
    """There is a pack with this short name already."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A pack and what it holds; ``templates`` are steps that its diagrams are built of.

    ``number`` is 0 for one that is only begun; ``waits``: somebody asks for a yes to its draft.
    """

    id: str
    title: str
    description: str
    number: int
    following: Following
    waits: bool
    languages: tuple[str, ...]
    diagrams: tuple[str, ...]
    templates: tuple[str, ...]
    forms: int
    decisions: int
    documents: int
    scenarios: int


def toolbox(tx: Session, app: Application, actor: Actor) -> list[Shelved]:
    """Every pack, in use or begun, by title. Raises NotAllowed."""
    require_role(actor, READERS)
    newest = releases.newest_ids(tx)
    numbers = releases.numbers(tx, newest.values())
    follows, asked = followed(tx), store.proposed(tx)
    shelf = [
        _shelved(
            releases.load(tx, id),
            numbers[id],
            actor.language,
            following=following_of(numbers[id], pack_id in follows),
            waits=pack_id in asked,
        )
        for pack_id, id in newest.items()
    ]
    return sorted(shelf, key=lambda one: one.title.casefold())


def copied(
    tx: Session, app: Application, actor: Actor, pack_id: str, *, new_id: str, title: str
) -> bytes:
    """The pack in use as a folder in a zip, under another short name and title.

    The programme it names is the new one's, without carriers and contacts. Raises NoSuchPack,
    BadPackId, NoPackTitle, PackExists, NotAllowed.
    """
    require_role(actor, EDITORS)
    return _zipped(open_pack(_copy(tx, pack_id, new_id, title)))


def whole(tx: Session, actor: Actor, pack_id: str) -> bytes:
    """The pack in use as a folder in a zip, as it is. Raises NoSuchPack, NotAllowed."""
    require_role(actor, EDITORS)
    newest = releases.newest_ids(tx)
    if pack_id not in newest:
        raise NoSuchPack
    return _zipped(releases.load(tx, newest[pack_id]))


def begin(
    tx: Session, app: Application, actor: Actor, pack_id: str, *, new_id: str, title: str
) -> str:
    """A pack of its own as a copy of this one, to be changed in the studio; its id.

    It is a draft as a whole: nobody is affected. Raises as `copied`.
    """
    require_role(actor, EDITORS)
    # One after the other: two who begin at once do not take the same name.
    store.lock_pack(tx, app.pack_id)
    begun = releases.begin(tx, _copy(tx, pack_id, new_id, title), by=actor.pseudonym)
    target, detail = f"pack:{begun.pack_id}", {"from": pack_id}
    audit.write_by(tx, actor, "pack.begin", target=target, detail=detail)
    return begun.pack_id


def to_work_on(tx: Session, actor: Actor, pack_id: str) -> str:
    """The same id, of a pack there is. Raises NoSuchPack, NotAllowed."""
    require_role(actor, READERS)
    if pack_id not in releases.newest_ids(tx):
        raise NoSuchPack
    return pack_id


def _copy(tx: Session, pack_id: str, new_id: str, title: str) -> Mapping[str, bytes]:
    """Raises NoSuchPack, BadPackId, NoPackTitle, PackExists."""
    newest = releases.newest_ids(tx)
    if pack_id not in newest:
        raise NoSuchPack
    new_id, title = new_id.strip(), " ".join(title.split())
    if not _ID.fullmatch(new_id):
        raise BadPackId
    if not title or len(title) > LONGEST_TITLE:
        raise NoPackTitle
    if new_id in newest:
        raise PackExists
    files = dict(releases.load(tx, newest[pack_id]).files)
    files[_CONFIG] = renamed(files[_CONFIG].decode(), new_id, title).encode()
    return files


def renamed(config: str, id: str, title: str) -> str:
    """``pack.toml`` with another id and title, and nothing of whose programme it was."""
    first = _TABLE.search(config)
    end = first.start() if first else len(config)
    head, rest = config[:end], config[end:]
    for key, value in (("id", id), ("title", title)):
        found = re.search(rf"^{key}\s*=.*$", head, re.MULTILINE)
        if found:
            head = head[: found.start()] + _set(key, value) + head[found.end() :]
    named = "\n".join(("[programme]", _set("code", id), _set("title", title), "", ""))
    return head + _PROGRAMME.sub(lambda _: named, rest)


def _set(key: str, value: str) -> str:
    """A line of TOML; what JSON escapes, TOML escapes alike."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _shelved(
    pack: Pack, number: int, language: str, *, following: Following, waits: bool
) -> Shelved:
    words = Words(pack, language)
    return Shelved(
        id=pack.id,
        title=words.title(),
        description=words.description(),
        number=number,
        following=following,
        waits=waits,
        languages=tuple(lang.name_of(code) for code in pack.config.languages),
        diagrams=tuple(sorted(map(words.process, pack.diagrams), key=str.casefold)),
        templates=tuple(_templates(pack.files)),
        forms=len(pack.paths(".form")),
        decisions=len(pack.paths(".dmn")),
        documents=len({path.partition(".")[0] for path in pack.paths(".md")}),
        scenarios=sum(path.startswith("scenarios/") for path in pack.files),
    )


def _templates(files: Mapping[str, bytes]) -> list[str]:
    """What its element templates are called; a file that holds none is left out."""
    found: list[str] = []
    for path in sorted(path for path in files if path.endswith(".json")):
        try:
            told = json.loads(files[path])
        except ValueError:
            continue
        each = told if isinstance(told, list) else [told]
        found += [str(one["name"]) for one in each if isinstance(one, dict) and "name" in one]
    return found


def _zipped(pack: Pack) -> bytes:
    """The same pack always gives the same bytes."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for path in sorted(pack.files):
            info = ZipInfo(f"{pack.id}/{path}")
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, pack.files[path])
    return made.getvalue()
