"""``python -m feel 'expression' --context file.json``; without an expression, a conversation."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import feel
from feel.builtins.conversion import written
from feel.parser import needs_quotes
from feel.run import Nothing
from feel.values import Value


def main(arguments: list[str] | None = None) -> int:
    """Evaluate, print, and say why a result is null. 1 if the expression cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m feel", description="Evaluate FEEL.")
    parser.add_argument("expression", nargs="?", help="the expression; none starts a prompt")
    parser.add_argument("--context", type=Path, help="a JSON file with the variables")
    parser.add_argument("--now", help="the moment for now() and today(), as ISO 8601")
    chosen = parser.parse_args(arguments)
    try:
        context = _context(chosen.context)
        now = _moment(chosen.now)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.expression is not None:
        return _answer(chosen.expression, context, now)
    return _converse(context, now)


def _context(path: Path | None) -> Mapping[str, Any]:
    if path is None:
        return {}
    read = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    if not isinstance(read, dict):
        raise ValueError(f"{path} does not hold an object with variables.")  # noqa: TRY004
    return read


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _answer(source: str, context: Mapping[str, Any], now: datetime | None) -> int:
    names = {name for name in context if needs_quotes(name) or " " in name}
    try:
        result = feel.compile(source, names=names).evaluate_with_reasons(context, now=now)
    except feel.FeelSyntaxError as error:
        print(f"{source}\n{' ' * error.position}{'^' * error.length} {error.message}")
        return 1
    except feel.FeelLimit as error:
        print(error.message)
        return 1
    print(_shown(result.value))
    for reason in result.reasons:
        place = source[reason.position : reason.position + reason.length]
        print(f"  {place}: {reason.message}")
    return 0


def _shown(value: Value) -> str:
    run = feel.Run({}, None, None, feel.Budget())
    try:
        return written(run, value, inside=True)
    except Nothing:
        return str(value)


def _converse(context: Mapping[str, Any], now: datetime | None) -> int:
    print("FEEL. An empty line ends.")
    while True:
        try:
            source = input("feel> ").strip()
        except EOFError:
            return 0
        if not source:
            return 0
        _answer(source, context, now)


if __name__ == "__main__":
    sys.exit(main())
