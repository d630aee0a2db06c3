"""What the engine asks of the application while it runs a diagram."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from base.db import Session
from engine.model import Address, Call, Wanted


class Host(Protocol):
    """Handed to every command; all calls happen inside the command's transaction."""

    def seal(self, tx: Session, case_id: UUID, plain: bytes, place: str) -> bytes:
        """Encrypt an instance's state with its case's key."""
        ...

    def unseal(self, tx: Session, case_id: UUID, sealed: bytes, place: str) -> bytes: ...

    def address(self, tx: Session, wanted: Wanted) -> Address:
        """Raises Unaddressed if nobody holds the role."""
        ...

    def call(self, tx: Session, call: Call) -> Mapping[str, Any] | None:
        """Carry out a local service; its result is visible to the output mappings.

        None for a remote one: a job (`runtime.SERVICE_JOB`) asks it once this has committed.
        Any SamplanError it raises undoes the whole command.
        """
        ...

    def opened(self, tx: Session, case_id: UUID, steps: Mapping[UUID, int | None]) -> None:
        """Steps of this case have opened, each for an organisation (by its id, if for any)."""
        ...

    def reached(self, tx: Session, case_id: UUID, milestone: str) -> None:
        """The case has entered an element that carries this milestone."""
        ...

    def ended(self, tx: Session, case_id: UUID, process: str, end_event: str | None) -> None:
        """A top-level instance of this case has ended."""
        ...

    def moved(
        self, tx: Session, case_id: UUID, process: str, *, before: int, after: int, by: str
    ) -> None:
        """An instance of this case has been moved from one release to another, by their ids."""
        ...
