"""Where an instance stands, and what moving it would mean. Ids and names of diagrams only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Literal

from base.errors import Conflict

#: Process and element.
Place = tuple[str, str]
Kind = Literal["same", "waits", "steps", "blocked"]

#: Why an instance cannot be moved; ``facts`` of the reason fill the places.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "process_gone": "The new version has no process “{process}”.",
        "gone": "“{name}” is not in the new version, and cases wait there.",
        "other_scope": "“{name}” lies inside another sub-process in the new version.",
        "other_kind": "“{name}” is something else in the new version.",
        "other_event": "“{name}” waits for another kind of event in the new version.",
        "repeats": "“{name}” is repeated in another way in the new version.",
        "calls_other": "“{name}” calls another process in the new version.",
        "other_service": "“{name}” asks another service in the new version.",
        "no_join": "In the new version nothing comes together at “{name}”.",
        "join_way": "It is not clear on which way the case has come to “{name}”.",
        "race": "“{name}” waits beside other events than in the new version.",
        "deadlock": "From where the case stands it would wait for ever: {path}.",
        "no_end": "From where the case stands it could never end: {path}.",
        "meets_twice": "From where the case stands “{name}” would happen twice: {path}.",
        "rests": "The case rests, and would have to go on at “{name}”.",
        "gone_on": "It was not moved, or has gone on since.",
        "ended": "It had ended meanwhile.",
        "failed": "It could not be carried out ({error}); nothing was changed.",
        "not_here": "“{name}” does not lie in the same process or sub-process.",
        "no_place": "A case cannot be put on “{name}”; choose what comes after it.",
        "join": "A case cannot be put into the middle of the join “{name}”.",
        "item": "“{name}” is one of many; move the whole activity.",
        "beside": "“{name}” belongs to something beside it, and cannot be moved by itself.",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """One live token.

    ``via`` is the flow on which it came to the join where it waits; ``race`` the event-based
    gateway that it waits behind; ``host`` the activity whose boundary event it is, the one that
    was done and can be put right, or the event sub-process that it would start. ``items`` are the
    different ways in which the items of a repeated activity stand.
    """

    element: str
    via: str = ""
    race: str = ""
    host: str = ""
    items: tuple[Held, ...] = ()
    inside: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Frame:
    """The tokens directly in a process (``scope`` empty) or in one of its sub-processes."""

    process: str
    scope: str
    tokens: tuple[Held, ...]

    def frames(self) -> Iterator[Frame]:
        """This one and all inside it."""
        yield self
        for token in self.tokens:
            for held in (token, *token.items):
                for frame in held.inside:
                    yield from frame.frames()

    @property
    def places(self) -> frozenset[Place]:
        """Where tokens stand; what only waits beside others stands nowhere."""
        return frozenset(
            (frame.process, token.element)
            for frame in self.frames()
            for token in frame.tokens
            if not token.host
        )

    @property
    def signature(self) -> str:
        """The same for instances that stand alike."""
        return sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why an instance cannot be moved: ``REASONS[code]``, filled with ``facts``."""

    process: str
    element: str
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        return REASONS[self.code].format_map(dict(self.facts))


class MoveBlocked(Conflict):
    """From where the case stands it cannot be moved there."""

    def __init__(self, blocked: tuple[Blocked, ...]) -> None:
        super().__init__()
        self.blocked = blocked


@dataclass(frozen=True, slots=True)
class Plan:
    """What moving would mean for an instance.

    ``renamed`` are the places whose id changes; ``skipped`` steps of the new version that lie
    behind the case and were not done, ``repeated`` ones that were done and lie before it again;
    ``armed`` and ``taken`` events that it waits for from then on, or no more; ``heard`` events
    that wait for another name; ``fires`` joins that go on at once.
    """

    renamed: tuple[tuple[Place, Place], ...] = ()
    skipped: tuple[Place, ...] = ()
    repeated: tuple[Place, ...] = ()
    armed: tuple[Place, ...] = ()
    taken: tuple[Place, ...] = ()
    heard: tuple[Place, ...] = ()
    fires: tuple[Place, ...] = ()
    blocked: tuple[Blocked, ...] = ()

    @property
    def kind(self) -> Kind:
        """blocked; steps are skipped or repeated; it waits elsewhere or for more; or the same."""
        if self.blocked:
            return "blocked"
        if self.skipped or self.repeated:
            return "steps"
        changed = self.renamed or self.armed or self.taken or self.heard or self.fires
        return "waits" if changed else "same"
