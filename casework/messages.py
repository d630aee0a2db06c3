"""Messages from the application itself to a case's diagrams."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from base.db import Session
from casework.application import Application
from casework.host import CaseHost
from engine import runtime
from engine.errors import NotWaiting


def tell(
    tx: Session,
    app: Application,
    case_id: UUID,
    name: str,
    variables: Mapping[str, Any],
    *,
    by: str,
) -> None:
    """A message from the application itself (a meeting page). Raises NotWaiting."""
    outcome = runtime.message(
        tx, CaseHost(app), name=name, case_id=case_id, variables=variables, by=by
    )
    if outcome is None:
        raise NotWaiting
