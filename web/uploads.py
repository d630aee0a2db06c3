"""A file that somebody sends, held in memory alone: no plain copy may reach a disk."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from casework.attachments.asked import Brought
from web.deps import MAX_FIELDS, MAX_PART_BYTES, CurrentActor, first, type_sent

_MAX_FIELDS = 10
#: Name of the button that attaches, and what stands before the name of a file picker's field.
_ATTACH, _FILE = "_attach", "_file."
#: Hidden fields of pages with forms and their buttons; the rest are answers.
_OURS = frozenset({"_do", "_key", _ATTACH})


@dataclass(frozen=True, slots=True)
class Upload:
    """The file as it was sent and the fields beside it; an empty name where there was none."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)
    fields: dict[str, str]


class _InMemory(MultiPartParser):
    """Starlette's own writes what is larger than a megabyte to a temporary file."""

    #: Zero: never.
    spool_max_size = 0


# A signed-in sender first: nobody else's file is read at all.
async def _upload(request: Request, actor: CurrentActor) -> Upload:
    parser = _InMemory(
        request.headers, request.stream(), max_files=1, max_fields=_MAX_FIELDS, max_part_size=5_000
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise HTTPException(400) from error
    fields, name, content = {}, "", b""
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            name, content = value.filename or "", await value.read()
        else:
            fields[key] = value.replace("\0", "")
    await form.close()
    return Upload(name, content, fields)


Uploaded = Annotated[Upload, Depends(_upload)]


@dataclass(frozen=True, slots=True)
class WithFile:
    """What was typed in a form, and the file that came with it for one of its fields."""

    file: Brought
    sent: type_sent = field(repr=False)


def answers_of(sent: type_sent) -> type_sent:
    """Without what the page's own buttons, hidden fields and file inputs send."""
    return [(n, value) for n, value in sent if n not in _OURS and not n.startswith(_FILE)]


def left_behind(sent: type_sent) -> list[str]:
    """Fields for which a file was chosen and not attached."""
    return [name.removeprefix(_FILE) for name, value in sent if name.startswith(_FILE) and value]


async def _with_file(request: Request, actor: CurrentActor) -> WithFile:
    """Files of other pickers, chosen and not attached, are left out."""
    parser = _InMemory(
        request.headers,
        request.stream(),
        max_files=MAX_FIELDS,
        max_fields=MAX_FIELDS,
        max_part_size=MAX_PART_BYTES,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise HTTPException(400) from error
    sent, files = type_sent(), dict[str, tuple[str, bytes]]()
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[key] = value.filename or "", await value.read()
        else:
            sent.append((key.replace("\0", ""), value.replace("\0", "")))
    await form.close()
    to = first(sent, _ATTACH)
    return WithFile(Brought(to, *files.get(f"{_FILE}{to}", ("", b""))), sent)


BroughtFile = Annotated[WithFile, Depends(_with_file)]
