"""The files of a pack, from a folder and as one digest."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.packs.errors import BadPack

MAX_FILE = 2_000_000
MAX_FILES = 1_000
MAX_PACK = 30_000_000

_KINDS = re.compile(
    r"""(pack|sentences)\.toml
      | logo\.(svg|png)
      | [\w-]+\.(bpmn|dmn)
      | forms/[\w-]+\.form
      | templates/[\w.-]+\.json
      | lang/[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*\.po
      | texts/([\w-]+/)?[\w-][\w.-]*\.md
      | scenarios/[\w-]+\.toml""",
    re.VERBOSE | re.ASCII,
)


def is_pack_file(path: str) -> bool:
    """Whether a pack may hold a file of this name; paths use ``/`` and never climb."""
    return _KINDS.fullmatch(path) is not None


def read_folder(path: Path) -> Mapping[str, bytes]:
    """The pack's files by their path in the folder; files of other kinds are left out.

    Raises BadPack where a link stands in for a file, or the folder holds too much.
    """
    files: dict[str, bytes] = {}
    total = 0
    for name, file in _files(path):
        if len(files) >= MAX_FILES:
            raise BadPack(name, f"A pack holds at most {MAX_FILES} files.")
        files[name] = _content(file, name)
        total += len(files[name])
        if total > MAX_PACK:
            raise BadPack(name, f"A pack holds at most {MAX_PACK // 1_000_000} MB.")
    return files


def digest(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of all paths and contents, the same in any order."""
    whole = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            whole.update(len(part).to_bytes(8, "big"))
            whole.update(part)
    return whole.hexdigest()


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    for folder, inner, names in os.walk(path):  # does not follow links to folders
        inner.sort()
        for name in sorted(names):
            file = Path(folder, name)
            relative = file.relative_to(path).as_posix()
            if is_pack_file(relative):
                yield relative, file


def _content(file: Path, name: str) -> bytes:
    if file.is_symlink() or not file.is_file():
        raise BadPack(name, "A pack holds plain files, no links.")
    if file.stat().st_size > MAX_FILE:
        raise BadPack(name, f"A file holds at most {MAX_FILE // 1_000_000} MB.")
    return file.read_bytes()
