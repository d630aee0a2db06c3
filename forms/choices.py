"""What a field offers to choose from."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from forms.model import Field, Option
from forms.survey import Place
from forms.values import as_sent, scalar
from forms.words import Wording

_MOST_OPTIONS = 1000


class Choices(Protocol):
    """Casework's answer to what a picker offers this reader."""

    def options(self, picker: str, field: Field) -> Sequence[Option]:
        """The options of ``picker`` in the order in which they are shown."""
        ...


class NoChoices:
    """Offers nothing; for forms without pickers."""

    def options(self, picker: str, field: Field) -> Sequence[Option]:
        return ()


def offered(place: Place, choices: Choices, wording: Wording) -> tuple[Option, ...]:
    """The options of a field where it stands, labelled for the reader."""
    field = place.field
    if field.picker:
        return tuple(choices.options(field.picker.value, field))[:_MOST_OPTIONS]
    if field.options_from:
        found = field.options_from.value(place.names, wording.now)
        return computed(found, wording)[:_MOST_OPTIONS]
    return tuple(
        Option(
            option.value,
            wording.of(place, f"values.{as_sent(option.value)}", option.label),
        )
        for option in field.options
    )


def computed(found: object, wording: Wording) -> tuple[Option, ...]:
    """Options from FEEL: a list of values, or of contexts with ``value`` and ``label``."""
    made = (_option(each, wording) for each in (found if isinstance(found, list) else ()))
    return tuple(option for option in made if option)


def _option(given: object, wording: Wording) -> Option | None:
    value = given.get("value") if isinstance(given, Mapping) else given
    label = given.get("label") if isinstance(given, Mapping) else None
    kept = scalar(value)
    return None if kept is None else Option(kept, str(label or wording.shown(value)))
