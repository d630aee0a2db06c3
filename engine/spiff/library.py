"""The specifications of one release: built once per process, shared by all its instances."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from threading import Lock

from engine.diagram import Process
from engine.errors import DiagramError
from engine.reasons import reason
from engine.spiff.build import build
from engine.spiff.workflow import ProcessSpec

_KEPT = 32


class Library(Mapping[str, ProcessSpec]):
    """Specifications by process id (``process#sub_process`` for embedded ones), built when asked.

    No run changes a specification, so that threads share them without locks.
    """

    def __init__(self, diagrams: Mapping[str, Process]) -> None:
        self.diagrams = diagrams
        self._specs: dict[str, ProcessSpec] = {}
        self._lock = Lock()

    def __getitem__(self, name: str) -> ProcessSpec:
        spec = self._specs.get(name)
        return spec if spec is not None else self._build(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.diagrams)

    def __len__(self) -> int:
        return len(self.diagrams)

    def _build(self, name: str) -> ProcessSpec:
        process = self.diagrams.get(name.partition("#")[0])
        if process is None:
            raise DiagramError(reason("no_process", name=name))
        with self._lock:
            if name not in self._specs:
                self._specs.update(build(process))
            return self._specs[name]


_libraries: OrderedDict[str, Library] = OrderedDict()
_guard = Lock()


def library_of(digest: str, diagrams: Mapping[str, Process]) -> Library:
    """The one library of a release in this process; the least used ones are forgotten."""
    with _guard:
        library = _libraries.get(digest)
        if library is None:
            library = _libraries[digest] = Library(diagrams)
        _libraries.move_to_end(digest)
        while len(_libraries) > _KEPT:
            _libraries.popitem(last=False)
        return library
