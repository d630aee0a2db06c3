"""New instances: asked for by name, or set off by a message that no instance waits for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from base.db import Session
from engine import releases, store
from engine.host import Host
from engine.model import ALWAYS_PASSED
from engine.references import begun_by
from engine.runtime import stepping
from engine.runtime.stepping import Context, Stepped
from engine.runtime.surroundings import Prepared, prepare
from engine.spiff import Machine


def begin(
    tx: Session,
    host: Host,
    *,
    release_id: int,
    process: str,
    case_id: UUID,
    variables: Mapping[str, Any],
    by: str,
    element: str | None = None,
    brought: Mapping[str, Any] = MappingProxyType({}),
) -> Stepped:
    """Run a process of a release for a case; ``brought`` is what came with its start event.

    Raises DiagramError, StepFailed.
    """
    prepared = prepare(tx, release_id)
    context = Context.of(tx, host, prepared, uuid4(), case_id, by)
    given = {**variables, "case_ref": str(case_id)}
    machine = Machine.start(
        prepared.library, process, given, context.outside, element=element, brought=brought
    )
    return stepping.write_new(context, machine, process)


def begin_by_message(
    tx: Session, host: Host, name: str, *, case_id: UUID, variables: Mapping[str, Any], by: str
) -> Stepped | None:
    """Run what this message sets off; None if nothing does, or the case does not run."""
    prepared = _active(tx, case_id)
    found = begun_by(prepared.pack.diagrams).get(name) if prepared is not None else None
    if prepared is None or found is None:
        return None
    process, element = found
    return begin(
        tx,
        host,
        release_id=prepared.release_id,
        process=process,
        case_id=case_id,
        variables={name: variables[name] for name in ALWAYS_PASSED if name in variables},
        by=by,
        element=element,
        brought={**variables, "case_ref": str(case_id)},
    )


def heard(tx: Session, case_id: UUID) -> set[str]:
    """The messages that instances of the case wait for, and those that would set one off."""
    waited = {wait.name for wait in store.heard_in_case(tx, case_id)}
    prepared = _active(tx, case_id)
    return waited | set(begun_by(prepared.pack.diagrams)) if prepared is not None else waited


def _active(tx: Session, case_id: UUID) -> Prepared | None:
    """The active release of the pack that the case runs on; None for a case that does not run."""
    pack_id = store.running_pack(tx, case_id)
    return prepare(tx, releases.active(tx, pack_id).id) if pack_id is not None else None
