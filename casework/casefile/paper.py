"""The plan on paper: in the person's language, with the office's beside it."""

from collections.abc import Callable
from datetime import date

from base import lang
from casework.casefile.model import Goal, Measure
from casework.casefile.planned import PlanPage
from casework.printing import Block, Document, Facts, Grid, Heading, Items, Label, Lines, Text
from casework.voice import Voice


def plan_document(page: PlanPage, say: Voice, beside: Voice) -> Document:
    """In two languages; where both are the same, in one.

    What somebody wrote stands once, as it was written.
    """
    plan, language = page.plan, say.language
    two = language != beside.language

    def label(text: str) -> Label:
        return Label(say(text), beside(text) if two else "")

    def day(moment: date | None) -> str:
        return lang.say_day(moment, language, date.min) if moment else ""

    def facts(*pairs: tuple[str, str | None]) -> Facts:
        return Facts(tuple((label(text), value) for text, value in pairs if value))

    blocks: list[Block] = [
        facts(
            (_("Whom the plan belongs to"), page.who),
            (_("Version"), str(plan.version)),
            (_("Decided"), day(plan.adopted_on) or say(_("draft"))),
        ),
        Heading(label(_("This is what matters to me"))),
        Text(plan.own_voice, quoted=True),
        Heading(label(_("Whom do I call?"))),
        facts(
            (_("Coordinator"), plan.coordinator or page.lead),
            (_("Overall responsibility"), plan.overall_responsible),
        ),
        Items(tuple(f"{name}, {phone}" for name, phone in plan.contacts)),
        Heading(label(_("This is what we are going to do"))),
    ]
    for number, goal in enumerate(plan.goals, start=1):
        blocks += _goal(number, goal, label, day, say(_("I do it myself.")))
    if plan.crisis_plan:
        blocks += [Heading(label(_("If it gets hard"))), Text(plan.crisis_plan)]
    if plan.follow_up_on:
        blocks += [Heading(label(_("We meet again"))), Text(day(plan.follow_up_on))]
    blocks.append(Lines((label(_("Signature")), label(_("Place and day")))))
    return Document(
        kind=label(_("Coordinated individual plan (SIP)")),
        blocks=[block for block in blocks if block != Items(())],
        language=language,
        beside_language=beside.language if two else "",
        reference=page.number,
        logo=say.logo,
    )


def _goal(
    number: int,
    goal: Goal,
    label: Callable[[str], Label],
    day: Callable[[date | None], str],
    oneself: str,
) -> list[Block]:
    """The goal in its own words, then who does what."""
    head = (label(_("What is done")), label(_("Who does it")), label(_("Done by")))
    rows = tuple(
        (measure.text, _who(measure) or oneself, day(measure.due)) for measure in goal.measures
    )
    written: list[Block] = [Heading(Label(f"{number}. {goal.text}"), level=2)]
    if goal.area:
        written.append(Text(goal.area))
    return [*written, Grid(head, rows)] if rows else written


def _who(measure: Measure) -> str:
    return ", ".join(part for part in (measure.person, measure.organisation) if part)


def _(text: str) -> str:
    """Marks a text for translation; the document says it in two languages."""
    return text
