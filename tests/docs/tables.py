"""The tables of the documentation that follow from the code: ``python -m tests.docs.tables``.

They stand between ``<!-- table: name -->`` and ``<!-- end -->``; a test holds both equal.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typer
from starlette.datastructures import State

import base.jobs.tables
import base.keys.tables
import casework.tables
import engine.tables
from base import settings
from base.db import KeyTable, Table
from casework.records import RECORDS
from casework.services import CATALOGUE
from casework.tokens.rules import SCOPES
from cli.main import app
from engine.findings import RULES, Severity
from engine.packs import Pack, open_pack, read_folder
from engine.profile import EVENTS, in_words
from tests.rights import table as access
from web.api import PATH, create_api, described

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
#: Importing a module of tables registers them.
KNOWN = (base.jobs.tables, base.keys.tables, casework.tables, engine.tables)
COMMAND = ".venv/bin/python -m cli"
_TABLE = re.compile(r"(<!-- table: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_SETTING = re.compile(r"((?:    #: .*\n)+)    (\w+): ([^=\n]+?) = (.+)\n")
_FACT = re.compile(r"\{(\w+)\}")


@cache
def arena() -> Pack:
    return open_pack(read_folder(ROOT / "processes" / "arena"))


def pages() -> Iterator[Path]:
    """Every page of the documentation."""
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted(DOCS.rglob("*.md"))


def filled(text: str) -> str:
    """The page with its tables as they are today."""
    return _TABLE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}{found[4]}", text)


def table(head: str, rows: Iterable[Iterable[str]]) -> str:
    """Columns are named in ``head``, with bars between."""
    lines = [f"| {head} |", "|" + "---|" * (head.count("|") + 1)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words) or "–"


def settings_table() -> str:
    source = Path(settings.__file__).read_text(encoding="utf-8")
    rows = []
    for comment, name, _type, default in _SETTING.findall(source):
        said = " ".join(line.strip().removeprefix("#: ") for line in comment.splitlines())
        rows.append([f"`SAMPLAN_{name.upper()}`", _default(default), said.replace("``", "`")])
    return table("setting | without it | meaning", rows)


def _default(source: str) -> str:
    if source == "None":
        return "–"
    if source == "_packs()":
        return "`processes` beside the code"
    return f"`{source.removeprefix('Path(').removesuffix(')').strip(chr(34))}`"


def commands_table() -> str:
    rows = []
    for name, command in _commands(typer.main.get_command(app)):
        words = [_parameter(each) for each in command.params if each.name != "help"]
        rows.append([f"`{' '.join([COMMAND, name, *words])}`", str(command.help)])
    return table("command | what it does", rows)


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Names, those of groups with theirs before them, and commands."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _parameter(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return parameter.name.upper() + (" …" if parameter.nargs == -1 else "")
    value = "" if parameter.is_flag else f" {parameter.name.upper()}"
    return f"[{parameter.opts[0]}{value}]"


def findings_table(severity: Severity) -> str:
    rows = [
        [f"`{name}`", _said(rule.message), _said(rule.remedy)]
        for name, rule in RULES.items()
        if rule.severity == severity
    ]
    return table("rule | what is found | what to do", rows)


def _said(template: str) -> str:
    return _FACT.sub(lambda found: f"*{found[1].replace('_', ' ')}*", template)


def events_table() -> str:
    kinds = list(dict.fromkeys(kind for allowed in EVENTS.values() for kind in allowed))
    rows = [
        ["plain" if kind == "none" else kind]
        + ["yes" if kind in allowed else "–" for allowed in EVENTS.values()]
        for kind in kinds
    ]
    return table("event | " + " | ".join(map(in_words, EVENTS)), rows)


def services_table() -> str:
    rows = [
        [
            f"`{name}`",
            code(sorted(each.inputs)),
            code(sorted(each.outputs)),
            code(sorted(each.errors)),
            "later" if each.remote else "at once",
        ]
        for name, each in CATALOGUE.items()
    ]
    return table("service | needs | gives | errors | done", rows)


def messages_table() -> str:
    config = arena().config
    english = arena().words["en"]
    rows = []
    for name, action in config.actions.items():
        words = english.entries.get(f"pack#actions.{name}/title")
        rows.append(
            [
                f"`{name}`",
                f"{action.title} ({words[1]})" if words else action.title,
                code(action.roles) if action.button else "the meeting page",
                f"`{action.form}`" if action.form else "–",
                code(action.variables),
            ]
        )
    return table("message | words (English) | who may tell | form | brings", rows)


def roles_table() -> str:
    rows = [
        [f"`{role.code}`", role.title, role.scope, code(role.members)]
        for role in arena().config.roles.values()
    ]
    return table("role | words | scope | held by accounts that are", rows)


def deadlines_table() -> str:
    source = arena().files["deadline_policy.dmn"].decode()
    rows = []
    for rule in re.findall(r"<rule .*?</rule>", source, re.DOTALL):
        said = re.findall(r"<description>(.*?)</description>", rule)
        key, value = re.findall(r"<text>(.*?)</text>", rule)
        rows.append([f"`{key.strip(chr(34))}`", said[0] if said else "", f"`{value}`"])
    return table("key | words | value", rows)


def records_table() -> str:
    rows = [
        [
            f"`{name}`",
            code(field.name for field in record.fields if field.required),
            code(field.name for field in record.fields if not field.required),
        ]
        for name, record in RECORDS.items()
    ]
    return table("record | must ask for | may ask for", rows)


def tables_table() -> str:
    classes = {
        mapper.class_.__tablename__: mapper.class_
        for base_class in (Table, KeyTable)
        for mapper in base_class.registry.mappers
    }
    rows = [
        [
            f"`{name}`" + (" (key store)" if issubclass(classes[name], KeyTable) else ""),
            str(classes[name].__doc__).splitlines()[0].replace("``", "`"),
        ]
        for name in sorted(classes)
    ]
    return table("table | one row is", rows)


def access_worlds_table() -> str:
    return table("world | what has become of the consent", access.told()["worlds"].items())


def access_roles_table() -> str:
    worlds = list(access.told()["worlds"])
    rows = [
        [f"**{role}**", words, *(access.standing(role, world) for world in worlds)]
        for role, words in access.told()["roles"].items()
    ]
    return table(" | ".join(["role", "who that is", *worlds]), rows)


def access_standings_table() -> str:
    rows = ([f"**{name}**", words] for name, words in access.told()["standings"].items())
    return table("standing | means", rows)


def access_routes_table() -> str:
    rows = [
        [
            f"`{route.name}`",
            f"{route.about} (open)" if route.open else route.about,
            route.consent or "–",
            "; ".join(map(_clause, route.clauses)),
        ]
        for route in access.routes().values()
    ]
    return table("asked | about | consent it goes by | answers", rows)


def _clause(clause: access.Clause) -> str:
    worlds = f" in {', '.join(clause.worlds)}" if clause.worlds else ""
    return f"**{clause.answer}** {', '.join(clause.who)}{worlds}"


def api_table() -> str:
    document = described(create_api(State(), per_minute=1))
    rows = []
    for path, methods in document["paths"].items():
        for method, each in methods.items():
            [scopes] = [scope for one in each["security"] for scope in one.values()]
            body = each.get("requestBody", {}).get("content", {}).get("application/json", {})
            rows.append(
                [
                    f"`{method.upper()} {PATH}{path}`",
                    each["description"],
                    code(scopes),
                    _schema(body),
                    _schema(_fine(each).get("content", {}).get("application/json", {})),
                ]
            )
    return table("asked | what it does | scope | sent | answered", rows)


def _fine(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a success answers."""
    return next(told for status, told in operation["responses"].items() if status < "3")


def _schema(content: Mapping[str, Any]) -> str:
    schema = content.get("schema", {})
    named = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
    words = named.rpartition("/")[2]
    return f"`{words}`{' …' if 'items' in schema else ''}" if words else "–"


def api_schemas_table() -> str:
    schemas = described(create_api(State(), per_minute=1))["components"]["schemas"]
    rows = [
        [f"`{name}`", code(each["properties"])]
        for name, each in sorted(schemas.items())
        if "properties" in each
    ]
    return table("object | fields", rows)


def scopes_table() -> str:
    return table("scope | lets a program", ([f"`{name}`", said] for name, said in SCOPES.items()))


TABLES: Mapping[str, Callable[[], str]] = {
    "settings": settings_table,
    "commands": commands_table,
    "errors": lambda: findings_table("error"),
    "warnings": lambda: findings_table("warning"),
    "advice": lambda: findings_table("advice"),
    "events": events_table,
    "services": services_table,
    "messages": messages_table,
    "roles": roles_table,
    "deadlines": deadlines_table,
    "records": records_table,
    "tables": tables_table,
    "api": api_table,
    "api-schemas": api_schemas_table,
    "scopes": scopes_table,
    "access-worlds": access_worlds_table,
    "access-roles": access_roles_table,
    "access-standings": access_standings_table,
    "access-routes": access_routes_table,
}


def main() -> int:
    """Write every table anew."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if filled(text) != text:
            page.write_text(filled(text), encoding="utf-8")
            sys.stdout.write(f"{page.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
