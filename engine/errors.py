"""What can go wrong around diagrams."""

from datetime import datetime

from base.errors import Conflict, Invalid, NotFound, SamplanError
from engine.reasons import reason


class NoSuchTask(NotFound):
    """This step does not exist."""


class TaskTaken(Conflict):
    """Somebody else has already done this step.

    ``done_by`` is the pseudonym of whoever has it or did it, ``done_at`` when it was done.
    """

    def __init__(
        self, message: str = "", *, done_by: str | None = None, done_at: datetime | None = None
    ) -> None:
        super().__init__(message)
        self.done_by = done_by
        self.done_at = done_at


class NotWaiting(Conflict):
    """The case no longer waits for this."""


class InstanceEnded(NotWaiting):
    """This has come to its end."""


class Suspended(Conflict):
    """The case rests until its consent is renewed or it is closed."""


class OtherPack(Invalid):
    """A case can only be moved to another version of its own pack."""


class NotMoved(Conflict):
    """This was not moved, or has gone on since; it cannot be taken back any more."""


class DiagramError(SamplanError):
    """The diagram cannot be run."""


class StepFailed(SamplanError):
    """A step of the diagram could not be carried out; nothing was changed.

    ``element`` is the BPMN id of the step; ``why`` is for the process owner.
    """

    def __init__(self, element: str, why: str) -> None:
        super().__init__(reason("step", place=element, why=why))
        self.element = element
        self.why = why


class Runaway(StepFailed):
    """The diagram went on for too many steps without waiting for anybody."""


class Unaddressed(SamplanError):
    """Nobody holds the role this step is for."""


class ErrorThrown(SamplanError):
    """A service reports an error that the diagram may catch; ``code`` is the error's code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or f"The service reports “{code}”.")
        self.code = code
