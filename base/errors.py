"""The root of every error this system raises on purpose."""


class SamplanError(Exception):
    """A refusal with a reason a person can read.

    The class docstring is the message when none is given, so each subclass states its reason once.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])


class NotFound(SamplanError):
    """There is no such record, or you may not know of it.

    ``told``: its sentence is shown, as it says nothing of what there is.
    """

    told = False


class NotAllowed(SamplanError):
    """You may not do this.

    ``code`` is the gate's short reason (``no_consent``, ``party_not_named`` …), shown beside the
    sentence and kept in the audit.
    """

    code = "not_allowed"

    def __init__(self, message: str = "", *, code: str = "") -> None:
        super().__init__(message)
        if code:
            self.code = code


class Conflict(SamplanError):
    """Somebody else changed this meanwhile."""


class Invalid(SamplanError):
    """What was sent cannot be right."""
