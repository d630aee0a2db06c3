"""What a draft, or the version in use, would mean for the cases that run on earlier versions.

Nobody sees here which cases they are: counts that are too small are hidden, and there is a list of
organisations for all cases together, never for a group of them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.host import CaseHost
from casework.organisations.store import organisations_by_id
from casework.releases import rules, store
from casework.releases.actions import READERS, require_role
from casework.releases.drawn import opened_draft, routine, title
from casework.releases.facts import PackForms
from casework.releases.model import Impact, ImpactPage, MoveGroup, OrganisationShare, Places
from casework.statistics.rules import show, show_all, show_total
from casework.words import Words
from engine import releases, runtime
from engine.moving import Place
from engine.packs import Pack
from engine.releases import Release
from engine.runtime import Group

#: What a group is known by: steps for people before all else, calls last.
_ORDER = {"user_task": 0, "manual_task": 0, "call_activity": 3, "sub_process": 3}


def draft_impact(tx: Session, app: Application, actor: Actor, process_id: str) -> ImpactPage:
    """What the draft would mean for running cases if they were moved to it.

    Raises NoSuchRoutine, NotAllowed.
    """
    require_role(actor, READERS)
    pack = routine(tx, app, process_id)
    drafted = opened_draft(releases.draft_files(tx, pack.id))
    page = _page(
        tx,
        app,
        actor,
        process_id,
        drafted if drafted is not None and drafted.digest != pack.digest else None,
        drafted=True,
    )
    return page if drafted is not None else replace(page, readable=False)


def move_impact(tx: Session, app: Application, actor: Actor, process_id: str) -> ImpactPage:
    """What moving the cases on earlier versions to the one in use would mean.

    Raises NoSuchRoutine, NotAllowed.
    """
    require_role(actor, READERS)
    pack = routine(tx, app, process_id)
    return _page(tx, app, actor, process_id, pack, drafted=False)


@dataclass(frozen=True)
class _Asked:
    """One transaction's question: from which releases to which pack, for whom."""

    tx: Session
    app: Application
    language: str
    process: str
    after: Pack


def _page(
    tx: Session,
    app: Application,
    actor: Actor,
    process_id: str,
    after: Pack | None,
    *,
    drafted: bool,
) -> ImpactPage:
    known = {release.id: release for release in releases.history(tx, app.pack_id)}
    target = after or app.pack(tx)
    asked = _Asked(tx, app, actor.language, process_id, target)
    roots = store.roots(tx, app.pack_id)
    found = [
        _impact(asked, known[release_id], root)
        for release_id, root in sorted(roots, reverse=True)
        if after is not None and _concerns(asked, release_id, root)
    ]
    numbers = {each.number for each in found}
    return ImpactPage(
        process=process_id,
        title=title(process_id, actor.language, target, app.pack(tx)),
        drafted=drafted,
        changed=after is not None,
        readable=True,
        number=next(iter(known.values())).number,
        before={
            each.number: releases.load(tx, each.id)
            for each in known.values()
            if each.number in numbers
        },
        after=target,
        language=actor.language,
        impacts=tuple(found),
    )


def _concerns(asked: _Asked, release_id: int, root: str) -> bool:
    """Whether runs of this process come to the diagram, and are not where they would be moved."""
    before = releases.load(asked.tx, release_id)
    reached = rules.reaches(before.diagrams).get(root, frozenset())
    return asked.process in reached and before.digest != asked.after.digest


def _impact(asked: _Asked, release: Release, root: str) -> Impact:
    tx, before = asked.tx, releases.load(asked.tx, release.id)
    groups = runtime.foresee_migration(
        tx, CaseHost(asked.app), release_id=release.id, process=root, after=asked.after
    )
    cases = {str(n): len(group.cases) for n, group in enumerate(groups)}
    drafts = _lost(asked, before, release.id, root)
    shown = show_all(cases)
    old, new = Words(before, asked.language), Words(asked.after, asked.language)
    return Impact(
        number=release.number,
        root=root,
        title=old.process(root),
        total=show_total(cases),
        groups=tuple(
            as_shown(group, shown[str(n)], old, new, show(_among(drafts, group)))
            for n, group in enumerate(groups)
        ),
        organisations=_organisations(tx, release.id, root),
    )


def as_shown(group: Group, count: str, old: Words, new: Words, lost: str = "0") -> MoveGroup:
    """A group by the names of its diagrams; of its cases only a count that may be shown."""
    plan = group.plan
    return MoveGroup(
        mark=group.mark,
        count=count,
        kind=plan.kind,
        places=named(old, group.places),
        skipped=named(new, plan.skipped),
        repeated=named(new, plan.repeated),
        armed=named(new, plan.armed),
        taken=named(old, plan.taken),
        reasons=plan.blocked,
        lost=lost,
        at=Places(group.places, plan.skipped, plan.repeated),
    )


def named(words: Words, places: Iterable[Place]) -> tuple[str, ...]:
    """What people do there first, then what is waited for, then what calls it."""
    found = [(process, words.pack.diagrams[process].elements[id]) for process, id in places]
    found.sort(key=lambda each: (not each[1].name, _ORDER.get(each[1].kind, 1)))
    return tuple(words.element(process, element.id) for process, element in found)


def _lost(asked: _Asked, before: Pack, release_id: int, root: str) -> Collection[UUID]:
    """The runs in which somebody has begun answers that the new form does not ask for any more."""
    old, new = PackForms(before), PackForms(asked.after)
    found = []
    for instance_id, process, element, form in store.begun_answers(asked.tx, release_id, root):
        drawn = asked.after.diagrams.get(process)
        now = drawn.elements.get(element) if drawn else None
        if now is None or now.form is None or not old.keys(form) <= new.keys(now.form):
            found.append(instance_id)
    return found


def _among(drafts: Collection[UUID], group: Group) -> int:
    runs = set(group.instances)
    return sum(instance_id in runs for instance_id in drafts)


def _organisations(tx: Session, release_id: int, root: str) -> tuple[OrganisationShare, ...]:
    """Who leads these cases, or raised them while nobody leads; largest first."""
    counts = store.led_by(tx, release_id, root)
    titles: Mapping[int, str] = {
        id: organisation.title for id, organisation in organisations_by_id(tx, counts).items()
    }
    shown = show_all({str(id): count for id, count in counts.items()})
    order = sorted(counts, key=lambda id: (-counts[id], titles[id]))
    return tuple(OrganisationShare(titles[id], shown[str(id)]) for id in order)
