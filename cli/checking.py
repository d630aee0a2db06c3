"""``samplan check``: packs, folders of files, single diagrams, decisions and forms."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from casework.releases import checks
from cli.guarded import Guarded
from cli.lines import say, write
from engine.check import check_decisions, check_file
from engine.findings import Finding, finding
from engine.packs import BadPack, read_folder
from engine.xml import LARGEST

_WORST = {"error": "must be put right", "warning": "should be looked at", "advice": "advice"}
_KINDS = (".bpmn", ".bpmn.xml", ".bpmn20.xml", ".dmn", ".form")
#: A pack holds many files, each of which may take its time.
_PACK_SECONDS = 60.0
_PACK_MEGABYTES = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as it is printed."""

    element: str
    rule: str
    severity: str
    message: str
    remedy: str


Rows = list[Row]
Guard = Guarded[Path, Rows]
PackGuard = Guarded[Path, dict[str, Rows]]


def check(paths: Iterable[Path], *, as_json: bool) -> int:
    """Exit 0 without errors, 1 with some, 2 for a path that is not there."""
    asked = list(paths)
    missing = [path for path in asked if not os.path.exists(path)]
    for path in missing:
        sys.stderr.write(f"There is no {path}.\n")
    return 2 if missing else _check(asked, as_json=as_json)


def _check(paths: list[Path], *, as_json: bool) -> int:
    files = total = errors = 0
    packs = PackGuard(check_pack, _PACK_SECONDS, _PACK_MEGABYTES)
    with Guard(check_one) as guard, packs:
        for path in paths:
            for name, rows in _of(path, guard, packs):
                files, total = files + 1, total + len(rows)
                errors += sum(row.severity == "error" for row in rows)
                _show(name, rows, as_json=as_json)
    if not as_json:
        write(f"{files} files, {total} findings, {errors} to be put right.")
    return int(errors > 0)


def _show(name: str, rows: Rows, *, as_json: bool) -> None:
    if as_json:
        say({"file": name, "findings": [asdict(row) for row in rows]})
        return
    for row in rows:
        place = f" {row.element}" if row.element else ""
        line = f"{name}{place}: {_WORST[row.severity]}: {row.message} {row.remedy}"
        write("".join(char if char.isprintable() else " " for char in line))


def _of(path: Path, guard: Guard, packs: PackGuard) -> Iterator[tuple[str, Rows]]:
    """Findings by file: a pack as a whole, a folder's files and packs one by one."""
    if not path.is_dir():
        yield str(path), _guarded(guard, path)
        return
    folders, done = [path], set[Path]()
    while folders:
        folder = folders.pop()
        if (folder / "pack.toml").exists():
            for name, rows in _of_pack(folder, packs).items():
                done.add(folder / name)
                yield str(folder / name), rows
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield str(folder), [_closed(folder, error)]
            continue
        folders += [Path(e.path) for e in reversed(entries) if e.is_dir(follow_symlinks=False)]
        for file in map(Path, entries):
            if file not in done and is_checked(file):
                yield str(file), _guarded(guard, file)


def is_checked(path: Path) -> bool:
    """Whether a file of this name is looked at in a folder."""
    return path.name.lower().endswith(_KINDS)


def _of_pack(folder: Path, packs: PackGuard) -> dict[str, Rows]:
    found = packs(folder)
    return {"pack.toml": [_too_much("pack.toml")]} if found is None else found


def _guarded(guard: Guard, path: Path) -> Rows:
    found = guard(path)
    return [_too_much(path.name)] if found is None else found


def check_pack(folder: Path) -> dict[str, Rows]:
    """The findings of a pack by file; of one that cannot be opened, why."""
    try:
        files = read_folder(folder)
        checks.opened(files)
    except BadPack as error:
        return {error.file: [_row(finding("unreadable", error.file, why=error.why))]}
    except OSError as error:
        return {"pack.toml": [_closed(folder / "pack.toml", error)]}
    found: dict[str, Rows] = {name: [] for name in files if is_checked(Path(name))}
    for each in checks.findings_of(files):
        found.setdefault(each.file, []).append(_row(each))
    return dict(sorted(found.items()))


def check_one(path: Path) -> Rows:
    """The findings of a single file, by its ending."""
    try:
        data = read_start(path)
    except OSError as error:
        return [_closed(path, error)]
    name = path.name
    if name.lower().endswith(".dmn"):
        return list(map(_row, check_decisions(data, name)))
    if name.lower().endswith(".form"):
        return list(map(_row, checks.findings_in_form(data, name)))
    return list(map(_row, check_file(data, name)))


def read_start(path: Path) -> bytes:
    """So much of a file that it shows if it is too large. Raises OSError.

    Pipes and devices are refused, which could keep one waiting for ever.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError("This is no plain file")
    with path.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _closed(path: Path, error: OSError) -> Row:
    return _row(finding("unreadable", path.name, why=f"{error.strerror or error}."))


def _too_much(name: str) -> Row:
    why = "It takes more time or memory than a file may take."
    return _row(finding("unreadable", name, why=why))


def _row(found: Finding) -> Row:
    return Row(found.element, found.rule, found.severity, found.message, found.remedy)
