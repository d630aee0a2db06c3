"""What a process owner sees of diagrams, their drafts and what is in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from casework.words import Words
from engine.check import Finding
from engine.diagram import Process
from engine.moving import Blocked, Place
from engine.packs import Pack


class Counted:
    """What a page with findings says of them."""

    __slots__ = ()
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(found.severity == "error" for found in self.findings)

    @property
    def advice(self) -> int:
        return len(self.findings) - self.errors


@dataclass(frozen=True, slots=True)
class Running:
    """Cases that run on each version, newest first, as they may be shown."""

    total: str
    by_version: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class RoutineRow:
    """A diagram: the version in use since when, and the cases running on each version.

    No version: it is not in use yet. ``removed``: the draft takes it out.
    """

    process: str
    file: str
    title: str
    version: int | None
    since: datetime | None
    running: Running
    has_draft: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that the draft changes; ``process`` is None for what is no diagram."""

    path: str
    title: str
    process: str | None

    @property
    def part(self) -> str | None:
        """The name of a form or a decision table, which has a page of its own."""
        file = PurePosixPath(self.path)
        return file.name if file.suffix in {".form", ".dmn"} else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft that somebody asks a second person to approve.

    ``begins`` is its first day in use, None for at once; ``agreed_by`` is empty until it is
    approved, and waits for that day.
    """

    reference: str
    by: str
    by_me: bool
    at: datetime
    begins: date | None = None
    agreed_by: str = ""


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One setting that is otherwise; empty where there was or is none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedThing:
    """A step, way, rule, field or text that came, went, is otherwise or stands elsewhere."""

    kind: str
    what: str
    name: str
    id: str
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs; a diagram is drawn ``before`` and ``after``, ``marks`` by id.

    ``moved`` things are drawn elsewhere and nothing else.
    """

    path: str
    title: str
    process: str | None
    things: tuple[ChangedThing, ...]
    moved: int
    before: Process | None
    after: Process | None
    marks: Mapping[str, str]
    words_before: Words
    words_after: Words


@dataclass(frozen=True, slots=True)
class RoleNews:
    """What is new for a role, in plain words: as its owner wrote it, else as it is suggested."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class RoutinePage(Counted):
    """A diagram in the studio: what is in use, and the draft if there is one.

    ``drawn`` is the draft where it can be read, else what is in use; ``readable`` says which.
    ``findings`` and ``changes`` are about the whole draft, which is checked and published as one;
    ``mark`` names the content of this file and ``digest`` that of the whole draft, so that nobody
    changes or approves what they have not seen; ``busy`` says who else saved it moments ago. No
    version: it is not in use yet. ``removed`` and ``added``: what the draft does with its file;
    ``begun``: the whole pack is a draft.
    """

    process: str
    file: str
    title: str
    version: int | None
    since: datetime | None
    running: Running
    has_draft: bool
    removed: bool
    added: bool
    begun: bool
    draft_by: str | None
    draft_by_me: bool
    draft_at: datetime | None
    busy: str
    mark: str
    digest: str
    findings: tuple[Finding, ...]
    readable: bool
    changes: tuple[ChangedFile, ...]
    news: tuple[RoleNews, ...]
    drafts: tuple[DraftFile, ...]
    proposal: Proposal | None
    needs_second_person: bool
    needs_reference: bool
    may_edit: bool
    may_approve: bool
    drawn: Process
    words: Words

    @property
    def is_drafted(self) -> bool:
        """Whether there is anything to put forward."""
        return self.begun or bool(self.drafts)

    @property
    def marks(self) -> Mapping[str, str]:
        """What is otherwise in this diagram, by id."""
        return next((each.marks for each in self.changes if each.path == self.file), {})


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the editor offers by name."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Who wants or wanted a change, why, and what was decided where; empty where not yet."""

    reference: str
    reason: str
    by: str
    at: datetime | None
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A version of the pack, since when it has been in use, and the decision behind it."""

    number: int
    since: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class DifferencesPage:
    """What a draft (``number`` None) or a version of the pack changes.

    ``begun``: it is the draft of a pack of which nothing is in use yet.
    """

    process: str
    title: str
    number: int | None
    files: tuple[ChangedFile, ...]
    decided: Decided
    readable: bool
    begun: bool
    may_review: bool
    may_answer: bool
    earlier: tuple[EarlierVersion, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where runs stand, and which steps they would skip or do again, by process and element."""

    stand: tuple[Place, ...]
    skipped: tuple[Place, ...]
    repeated: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class MoveGroup:
    """Runs that stand alike, and what moving them would mean; everything by its name.

    ``count`` is of cases, as it may be shown; ``kind`` is same, waits, steps or blocked. ``mark``
    names the group; ``lost`` is how often somebody has begun answers that are asked no more.
    """

    count: str
    kind: str
    places: tuple[str, ...]
    skipped: tuple[str, ...]
    repeated: tuple[str, ...]
    armed: tuple[str, ...]
    taken: tuple[str, ...]
    reasons: tuple[Blocked, ...]
    mark: str
    lost: str
    at: Places


@dataclass(frozen=True, slots=True)
class OrganisationShare:
    """How many of the cases an organisation leads, as it may be shown."""

    title: str
    count: str


@dataclass(frozen=True, slots=True)
class Impact:
    """Runs of one process on one release, and what moving them would mean."""

    number: int
    root: str
    title: str
    total: str
    groups: tuple[MoveGroup, ...]
    organisations: tuple[OrganisationShare, ...]


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """What a draft, or else the version in use (``number``), would mean for running cases.

    ``changed``: it differs from what is in use; ``readable``: it can be compared at all.
    """

    process: str
    title: str
    drafted: bool
    changed: bool
    readable: bool
    number: int
    before: Mapping[int, Pack]
    after: Pack
    language: str
    impacts: tuple[Impact, ...]

    @property
    def words(self) -> Words:
        return Words(self.after, self.language)

    def words_before(self, number: int) -> Words:
        return Words(self.before[number], self.language)


@dataclass(frozen=True, slots=True)
class MoveProgress:
    """How far cases have been moved from one release to another, or back.

    ``counts`` by todo, done, blocked and failed, and in ``report`` by what kept cases back, as
    they may be shown.
    """

    id: int
    before: int
    after: int
    reverts: bool
    status: str
    at: datetime
    counts: Mapping[str, str]
    report: tuple[tuple[Blocked, str], ...]
