"""Which error it was and where in the code: never its words, which may be somebody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from typing import Final

_ROOT: Final = Path(__file__).parents[1]
_OURS: Final = frozenset({"base", "feel", "engine", "forms", "casework", "web", "cli"})
_MOST_PLACES: Final = 50
_MOST_CAUSES: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """``file`` from our own root, or the library's: where we are installed stays here."""

    file: str
    line: int
    function: str

    @property
    def ours(self) -> bool:
        return self.file.partition("/")[0] in _OURS


@dataclass(frozen=True, slots=True)
class Told:
    """An error's type and module, and the way to it, outermost place first."""

    type: str
    module: str
    places: tuple[Place, ...]


def told(error: BaseException) -> list[Told]:
    """The error and what it came of, the first cause first."""
    return [_told(each) for each in reversed(list(_chain(error)))]


def _chain(error: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if each is None:
            return
        yield each
        each = each.__cause__ or each.__context__


def _told(error: BaseException) -> Told:
    places = [
        Place(_file(frame.f_code.co_filename), line, frame.f_code.co_name)
        for frame, line in walk_tb(error.__traceback__)
    ]
    kind = type(error)
    return Told(kind.__name__, kind.__module__, tuple(places[-_MOST_PLACES:]))


def _file(name: str) -> str:
    path = Path(name)
    if "site-packages" in path.parts:
        return Path(*path.parts[path.parts.index("site-packages") + 1 :]).as_posix()
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
