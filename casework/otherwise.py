"""Why a course does not go as it says: codes and names, for `casework.trials.saying` to word."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from base.errors import SamplanError
from casework.cast import NobodyWorks
from engine.errors import StepFailed

#: More names than anybody reads.
_MOST = 20
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is otherwise; ``kind`` says how ``about``, ``found`` and ``wanted`` are meant.

    ``not_open``: the step ``about`` does not wait, the steps found do. ``nobody``: nobody holds
    the role found for it. ``no_worker``: nobody works for the organisation ``about``.
    ``answers``: the step or message ``about`` does not take its answers to the fields found.
    ``agenda``: the case is on none. ``value``: what is handed as ``about`` cannot be read.
    ``open``, ``milestone``, ``ended``, ``refused``: found, not wanted; ``not_ended``: it goes on.
    ``failed``: the step ``about`` cannot be carried out.
    ``refusal``: a sentence. ``missing``: ``about`` is not there. ``unreadable``: it cannot be
    read.
    """

    kind: str
    about: str = ""
    found: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


class GoesOtherwise(Exception):
    """The scenario says otherwise."""

    def __init__(
        self, kind: str, about: str = "", found: Iterable[str] = (), wanted: Iterable[str] = ()
    ) -> None:
        self.otherwise = Otherwise(kind, about, tuple(found), tuple(wanted))
        named = {"found": list(found), "wanted": list(wanted)}
        told = ", ".join(f"{name} {value}" for name, value in named.items() if value)
        super().__init__(f"{kind} {about}: {told}" if about else f"{kind}: {told}")


def why(error: Exception) -> Otherwise:
    """What an error that ended a course says about it."""
    match error:
        case GoesOtherwise():
            return error.otherwise
        case StepFailed():
            return Otherwise("failed", error.element, (error.why,))
        case NobodyWorks():
            return Otherwise("no_worker", error.place)
        case SamplanError():
            return Otherwise("refusal", found=(str(error),))
        case KeyError():
            return Otherwise("missing", str(error.args[0]) if error.args else "")
    return Otherwise("unreadable", found=(str(error),))


def write(otherwise: Otherwise) -> str:
    """As JSON, with no more and no longer names than somebody would read."""
    told = {
        key: value[:_LONGEST] if isinstance(value, str) else [v[:_LONGEST] for v in value[:_MOST]]
        for key, value in asdict(otherwise).items()
    }
    return json.dumps(told, ensure_ascii=False)


def read(text: str) -> Otherwise:
    """What `write` wrote; anything else is a sentence."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, Mapping):
        return Otherwise("refusal", found=(text,))
    return Otherwise(told["kind"], told["about"], tuple(told["found"]), tuple(told["wanted"]))
