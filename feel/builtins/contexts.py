"""Functions on contexts, and on what is or is not there."""

from __future__ import annotations

from collections.abc import Mapping

from feel.builtins.registry import builtin
from feel.run import Nothing, Run
from feel.values import Value, at

Context = Mapping[str, Value]


@builtin("get value(m: context, key: string)", "get value(context: context, key: string)")
def get_value(run: Run, context: Context, key: str) -> Value:
    if key not in context:
        raise Nothing(f"there is no entry “{key[:40]}”")
    return at(context, key)


@builtin("get value(context: context, keys: list)")
def get_value_at(run: Run, context: Context, keys: list[Value]) -> Value:
    run.spend(len(keys))
    value: Value = context
    for key in keys:
        if not isinstance(value, Mapping) or not isinstance(key, str) or key not in value:
            raise Nothing("there is no such entry")
        value = at(value, key)
    return value if keys else None


@builtin("get entries(m: context)", "get entries(context: context)")
def get_entries(run: Run, context: Context) -> Value:
    run.room(len(context))
    return [{"key": key, "value": at(context, key)} for key in context]


@builtin("context(entries: list)")
def context_(run: Run, entries: list[Value]) -> Value:
    run.room(len(entries))
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or not {"key", "value"} <= set(entry):
            raise Nothing("each entry needs a key and a value")
        key = at(entry, "key")
        if not isinstance(key, str) or key in made:
            raise Nothing("keys must be texts, each only once")
        made[key] = at(entry, "value")
    return made


@builtin("context put(context: context, key: string, value: any?)")
def context_put(run: Run, context: Context, key: str, value: Value) -> Value:
    return _put(run, context, [key], value)


@builtin("context put(context: context, keys: list, value: any?)")
def context_put_at(run: Run, context: Context, keys: list[Value], value: Value) -> Value:
    if not keys or len(keys) > 50 or not all(isinstance(key, str) for key in keys):
        raise Nothing("the keys must be a list of texts")
    return _put(run, context, keys, value)


def _put(run: Run, context: Value, keys: list[str], value: Value) -> Value:
    if not isinstance(context, Mapping):
        raise Nothing(f"there is no context to put “{keys[0][:40]}” into")
    run.room(len(context))
    made = {key: at(context, key) for key in context}
    made[keys[0]] = _put(run, made.get(keys[0]), keys[1:], value) if keys[1:] else value
    return made


@builtin("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    made: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, Mapping):
            raise Nothing("the list holds something that is not a context")
        run.room(len(context))
        made.update((key, at(context, key)) for key in context)
    return made


@builtin("is defined(value: any?)")
def is_defined(run: Run, value: Value) -> Value:
    return value is not None


@builtin("get or else(value: any?, default: any?)")
def get_or_else(run: Run, value: Value, default: Value) -> Value:
    return default if value is None else value


@builtin("assert(value: any?, condition: any?, cause?: string)")
def assert_(run: Run, value: Value, condition: Value, cause: str = "") -> Value:
    if condition is not True:
        raise Nothing(cause or "the condition is not met")
    return value
