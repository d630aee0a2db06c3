"""What can be wrong with a pack."""

from engine.errors import DiagramError


class BadPack(DiagramError):
    """A file of the pack cannot be understood.

    ``file`` is its path in the pack, ``place`` where in it ("roles.referrer.scope", "line 12").
    """

    def __init__(self, file: str, why: str, place: str = "") -> None:
        where = f"{file}, {place}" if place else file
        super().__init__(f"{where}: {why}")
        self.file = file
        self.place = place
        self.why = why
