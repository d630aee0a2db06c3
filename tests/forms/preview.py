"""A page around a form, styled as built: ``python -m tests.forms.preview FORM``."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import forms
from forms import Form, Row
from tests.forms.build import EXAMPLES, NOW, SomeChoices

ROOT = Path(__file__).parents[2]
CHOICES = SomeChoices(**{picker.value: ("rav", "iv", "social") for picker in forms.Picker})
CONTEXT = {"person": {"alias": "D.F."}, "purpose": "planning"}
_PAGE = """<!doctype html>
<html lang="sv" data-color-scheme="{{ scheme }}" data-size="sm"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{ title }}</title>
{% if style %}<style>{{ style | safe }}</style>{% endif %}</head><body>
<main id="main" class="sp-page"><h1>{{ title }}</h1>{{ body }}</main>
{% if script %}<script>{{ script | safe }}</script>{% endif %}</body></html>"""
_BODY = """{% from "components/form.html" import form_rows, error_summary %}
{{ error_summary(heading, problems) }}
<form class="sp-form" method="post" novalidate>{{ form_rows(rows) }}
<div class="sp-actions"><button class="ds-button" data-variant="primary">Skicka</button></div>
</form>"""


def an_environment() -> Environment:
    loader = FileSystemLoader(ROOT / "web" / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


def body(rows: Sequence[Row]) -> str:
    problems = forms.problems(tuple(rows))
    template = an_environment().from_string(_BODY)
    return template.render(rows=rows, problems=problems, heading="Svar behöver rättas")


def page(
    form: Form,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    style: str = "",
    script: str = "",
    scheme: str = "light",
) -> str:
    """The whole page, with nothing to load from elsewhere."""
    rows = forms.draw(
        form,
        values=values or {},
        errors=errors or {},
        context=CONTEXT,
        choices=CHOICES,
        now=NOW,
        language="sv",
    )
    drawn = an_environment().from_string("{{ text | safe }}").render(text=body(rows))
    return (
        an_environment()
        .from_string(_PAGE.replace("{{ body }}", "{{ body | safe }}"))
        .render(title=form.title or form.id, body=drawn, style=style, script=script, scheme=scheme)
    )


def built(name: str) -> str:
    """A built stylesheet or script as text."""
    folder = ROOT / "web" / "static" / "built"
    return max(folder.glob(name), key=lambda path: path.stat().st_mtime).read_text("utf-8")


if __name__ == "__main__":
    given = Path(sys.argv[1])
    source = given if given.exists() else EXAMPLES / f"{given}.form"
    shown = page(forms.read_form(source.read_bytes()), style=built("site-*.css"))
    sys.stdout.write(shown)
