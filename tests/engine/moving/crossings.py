"""Moves a diagram that is being played to another version of itself."""

from engine import diagram
from engine.moving import Plan, Renames, crossing_of, plan
from engine.spiff import Library
from tests.engine.playing import Play


def foretold(play: Play, data: bytes, renames: Renames | None = None) -> Plan:
    """What a move to this file would mean."""
    return plan(_crossing(play, data, renames), play.machine().standing)


def move(play: Play, data: bytes, renames: Renames | None = None) -> Plan:
    """Move it as foretold; nothing happens where that is blocked."""
    crossing = _crossing(play, data, renames)
    machine = play.machine()
    found = plan(crossing, machine.standing)
    if not found.blocked:
        library = Library({p.id: p for p in diagram.read(data, "test.bpmn")})
        moved = machine.move(crossing, library, play.world, go_on=bool(found.fires))
        play.library = library
        play.keep(moved)
    return found


def _crossing(play: Play, data: bytes, renames: Renames | None):
    after = {p.id: p for p in diagram.read(data, "test.bpmn")}
    # The file stands for the pack: whatever differs in it is another version.
    return crossing_of(
        (str(id(play.library)), play.library.diagrams), (data.hex(), after), renames or {}
    )
