"""Everything that can be known of a pack before it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from base.errors import SamplanError
from engine import decisions as dmn
from engine import diagram
from engine.answers import let_out
from engine.decisions import Decisions
from engine.decisions.deadlines import keys as deadline_keys
from engine.decisions.model import DEADLINES
from engine.diagram import Process
from engine.expressions import facts_of
from engine.findings import RULES, Finding, Severity, finding
from engine.known import started, world
from engine.packs import (
    BadPack,
    Pack,
    PackConfig,
    Text,
    flaws_of,
    longest,
    open_pack,
    places,
    texts_of,
    texts_of_config,
    texts_of_decisions,
)
from engine.references import (
    FormFacts,
    ServiceFacts,
    Surroundings,
    check_named,
    check_references,
    messages_awaited,
)
from engine.sentences import check_sentences
from engine.single import (
    check_decisions,
    check_file,
    of_decisions,
    shown,
    small_enough,
    unreadable,
    within,
)
from engine.soundness import Outcomes
from engine.variables import check_variables

__all__ = [
    "RULES",
    "Finding",
    "FormFacts",
    "ServiceFacts",
    "Severity",
    "check",
    "check_decisions",
    "check_file",
    "check_files",
]


def check_files(
    files: Mapping[str, bytes],
    *,
    forms: FormFacts | None,
    services: Mapping[str, ServiceFacts] | None,
) -> list[Finding]:
    """What is wrong with a pack that may not even be one; never raises."""
    try:
        pack = open_pack(files)
    except BadPack as error:
        return [unreadable(error.file, error)]
    return check(pack, forms=forms, services=services)


def check(
    pack: Pack,
    *,
    forms: FormFacts | None,
    services: Mapping[str, ServiceFacts] | None,
) -> list[Finding]:
    """What is wrong with a pack, file by file; never raises.

    ``forms`` and ``services`` are None where nothing is known of them: then nothing that names
    one is looked up. What is wrong inside a form is said by the forms' own check.
    """
    by_file: dict[str, list[Finding]] = {}
    processes: dict[str, Process] = {}
    read: dict[str, tuple[Process, ...]] = {}
    for name in pack.paths(".bpmn"):
        read[name], by_file[name] = _read_diagrams(pack, name)
        by_file[name] += _keep_new(processes, read[name])
    outcomes = Outcomes(small_enough(processes.values()))
    for name, inside in read.items():
        by_file[name] += within(inside, outcomes)
    decided, decision_findings = _read_decisions(pack)
    sound = small_enough(processes.values())
    around = Surroundings(
        config=pack.config,
        processes=sound,
        decisions=decided,
        deadlines=_deadline_keys(decided),
        forms=forms,
        services=services,
        documents=pack.documents,
    )
    loose = [*decision_findings, *_across(around), *_config(pack, around)]
    loose += _forms_unused(pack, around)
    loose += _words(pack, _texts_by_file(pack, processes, decided))
    loose += _phrases(pack)
    loose += check_sentences(pack, sound)
    for each in loose:
        by_file.setdefault(each.file, []).append(each)
    return [each for name in sorted(by_file) for each in shown(by_file[name], name)]


# A whole pack.


def _read_diagrams(pack: Pack, name: str) -> tuple[tuple[Process, ...], list[Finding]]:
    try:
        return pack.processes(name), []
    except SamplanError as error:
        return (), [unreadable(name, error)]


def _keep_new(processes: dict[str, Process], read: Iterable[Process]) -> Iterator[Finding]:
    for process in read:
        first = processes.setdefault(process.id, process)
        if first is not process:
            yield finding("process_twice", process.file, process.id, other=first.file)


def _read_decisions(pack: Pack) -> tuple[dict[str, Decisions], list[Finding]]:
    decided: dict[str, Decisions] = {}
    found: list[Finding] = []
    for name in pack.paths(".dmn"):
        try:
            read = dmn.read(pack.files[name], name)
        except SamplanError as error:
            found.append(unreadable(name, error))
            continue
        for id in read.ids:
            first = decided.setdefault(id, read)
            if first is not read:
                found.append(finding("decision_twice", name, id, other=first.name))
        found += of_decisions(read)
    return decided, found


def _deadline_keys(decided: Mapping[str, Decisions]) -> frozenset[str] | None:
    if DEADLINES not in decided:
        return None
    try:
        return frozenset(deadline_keys(decided[DEADLINES]))
    except SamplanError:
        return frozenset()


def _across(around: Surroundings) -> list[Finding]:
    """What the diagrams of a pack say about one another and about what they use."""
    found: list[Finding] = []
    for process in around.processes.values():
        found += check_named(process)
        found += check_references(process, around)
    found += check_variables(around.processes, world(around), started(around))
    return found


def _config(pack: Pack, around: Surroundings) -> Iterator[Finding]:
    file, config = "pack.toml", pack.config
    for key in config.unknown:
        yield finding("unknown_key", file, key, key=key)
    for role in config.roles.values():
        if not role.members:
            yield finding("role_members", file, f"roles.{role.code}", role=role.code)
    yield from _actions(config, around)
    yield from _reports(config, around)
    called = {e.called for p in around.processes.values() for e in p.nodes if e.called}
    for id in config.start:
        if id not in around.processes:
            yield finding("start_unknown", file, f"start.{id}", process=id)
    for process in around.processes.values():
        idle = process.id not in called and process.id not in config.start
        if idle and process.id not in config.exports and not _starts_itself(process):
            name = process.name or process.id
            yield finding("start_idle", process.file, process.id, name=name)


def _reports(config: PackConfig, around: Surroundings) -> Iterator[Finding]:
    """Whoever reports needs the form; whoever sees to it, a diagram that begins without a case."""
    for kind in config.reports.values():
        place = f"reports.{kind.code}"
        start = config.start.get(kind.process)
        if start is None or start.case != "none":
            yield finding("report_start", "pack.toml", place, title=kind.title, name=kind.process)
        if around.forms is not None and not around.forms.exists(kind.form):
            yield finding("report_form", "pack.toml", place, title=kind.title, form=kind.form)


def _starts_itself(process: Process) -> bool:
    return any(start.event is not None for start in process.starts())


def _actions(config: PackConfig, around: Surroundings) -> Iterator[Finding]:
    file, awaited = "pack.toml", messages_awaited(around.processes)
    known = ", ".join(sorted(config.roles)) or "none"
    for action in config.actions.values():
        place = f"actions.{action.message}"
        for role in action.roles:
            if role not in config.roles:
                facts = {"place": place, "role": role, "known": known}
                yield finding("action_role_unknown", file, place, **facts)
        if action.message not in awaited:
            yield finding("message_unheard", file, place, message=action.message)
        texts = {"when": action.when, **action.outputs}
        for key, text in texts.items():
            yield from _action_expression(place, action.title, key, text)
        if action.form and around.forms is not None:
            yield from _action_form(place, action.title, action.form, action.outputs, around.forms)


def _action_expression(place: str, title: str, key: str, text: str | None) -> Iterator[Finding]:
    source = diagram.feel_source(text)
    if text and source is None and key == "when":
        source = text
    for problem in facts_of(source).problems if source else ():
        facts = {"name": title, "place": key, "text": (text or "")[:80], "why": problem}
        yield finding("feel", "pack.toml", place, **facts)


def _action_form(
    place: str, title: str, form: str, outputs: Mapping[str, str], forms: FormFacts
) -> Iterator[Finding]:
    if not forms.exists(form):
        yield finding("form_missing", "pack.toml", place, name=title, form=form)
        return
    for text in outputs.values():
        source = diagram.feel_source(text)
        node = facts_of(source).node if source else None
        for key in let_out(node, forms.unmappable(form)) if node else ():
            facts = {"name": title, "key": key, "form": form}
            yield finding("answer_personal", "pack.toml", place, **facts)


def _forms_unused(pack: Pack, around: Surroundings) -> Iterator[Finding]:
    try:
        forms = pack.forms
    except BadPack as error:
        yield unreadable(error.file, error)
        return
    used = {e.form for p in around.processes.values() for e in p.nodes}
    used |= {action.form for action in pack.config.actions.values()}
    used |= {kind.form for kind in pack.config.reports.values()}
    known = around.forms
    for id, file in forms.items():
        if id not in used and not (known is not None and known.stands_alone(id)):
            yield finding("form_unused", file, id, form=id)


def _words(pack: Pack, by_file: Mapping[str, list[Text]]) -> Iterator[Finding]:
    try:
        words = pack.words
    except BadPack as error:
        yield unreadable(error.file, error)
        return
    for language in pack.config.languages:
        if language == pack.config.language:
            continue
        spoken = words.get(language)
        for file, texts in by_file.items():
            missing = [t for t in texts if spoken is None or spoken.find(t) is None]
            if missing:
                yield _untranslated(file, language, texts, missing)


def _phrases(pack: Pack) -> Iterator[Finding]:
    """Of what Samplan itself says; that a pack's words can be read at all, `_words` says."""
    for path in pack.paths(".po"):
        try:
            words = pack.words_in(path)
        except BadPack:
            continue
        for flaw, code, said, own in flaws_of(words):
            facts = {"own": own, "said": said, "places": places(said) or "–"}
            count = str(longest(said))
            yield finding(f"phrase_{flaw}", path, code, **facts, count=count)


def _texts_by_file(
    pack: Pack, processes: Mapping[str, Process], decided: Mapping[str, Decisions]
) -> dict[str, list[Text]]:
    found = {"pack.toml": list(texts_of_config(pack.config))}
    for process in processes.values():
        found.setdefault(process.file, []).extend(texts_of(process))
    for read in decided.values():
        found[read.name] = list(texts_of_decisions(read))
    return found


def _untranslated(file: str, language: str, texts: list[Text], missing: list[Text]) -> Finding:
    return finding(
        "words_missing",
        file,
        "",
        language=language,
        count=str(len(missing)),
        total=str(len(texts)),
        first=" ".join(missing[0].source.split())[:60],
    )
