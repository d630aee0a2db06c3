"""Forms, choices and moments for the tests of forms."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import forms
from forms import Checked, Field, Form, Option, Row

NOW = datetime(2027, 2, 16, 9, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
EXAMPLES = Path(__file__).parent / "examples"


class SomeChoices:
    """Casework's options, by picker."""

    def __init__(self, **options: Sequence[str]) -> None:
        self.by_picker = options

    def options(self, picker: str, field: Field) -> Sequence[Option]:
        return [Option(code, code.upper()) for code in self.by_picker.get(picker, ())]


PARTIES = SomeChoices(party=("rav", "iv", "sozialdienst"))


def an_example(name: str) -> Form:
    return forms.read_form((EXAMPLES / f"{name}.form").read_bytes())


def a_form(*components: Mapping[str, Any], **top: Any) -> Form:
    schema = {"schemaVersion": 19, "id": "f", "components": components, **top}
    return forms.read_form(json.dumps(schema).encode())


def a_field(kind: str = "textfield", key: str = "a", **more: Any) -> dict[str, Any]:
    named = {"path": key} if kind in {"group", "dynamiclist"} else {"key": key}
    label = {"time": "timeLabel"}.get(str(more.get("subtype")), "dateLabel")
    label = label if kind == "datetime" else "label"
    return {"type": kind, "id": f"id_{key}", label: key.upper(), **named, **more}


def a_choice(kind: str, key: str, *values: Any, **more: Any) -> dict[str, Any]:
    options = [{"label": str(value).title(), "value": value} for value in values]
    return a_field(kind, key, values=options, **more)


def checked(
    form: Form, sent: Mapping[str, str | list[str]] | None = None, **context: object
) -> Checked:
    pairs = {k: v if isinstance(v, list) else [v] for k, v in (sent or {}).items()}
    return forms.check(form, pairs, context, choices=PARTIES, now=NOW, language="en")


def drawn(
    form: Form,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    **context: object,
) -> list[Row]:
    return forms.draw(
        form,
        values=values or {},
        errors=errors or {},
        context=context,
        choices=PARTIES,
        now=NOW,
        language="en",
    )
