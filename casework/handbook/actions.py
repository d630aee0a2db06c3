"""The handbook of a role from the routines in use, on screen and on paper."""

from collections.abc import Callable, Iterator, Mapping

from base.db import Session
from base.errors import NotFound
from casework.application import Application
from casework.handbook import writing
from casework.handbook.model import Chapter, Handbook, Shelf
from casework.news import actions as news
from casework.printing import Block, Document, Grid, Heading, Label, Picture, Text, written
from casework.voice import Voice
from casework.words import Words
from engine import releases

#: So many notes of what is new stand in front.
_NEWEST = 5


class NoSuchHandbook(NotFound):
    """There is no handbook for this role."""


def shelf(tx: Session, app: Application, language: str) -> Shelf:
    """The handbooks there are. They hold nothing of any case."""
    pack = app.pack(tx)
    words = Words(pack, language)
    titles = {code: words.role(code) for code in writing.roles(pack)}
    return Shelf(titles, pack.config.public_handbook)


def handbook(tx: Session, app: Application, role: str, language: str) -> Handbook:
    """What the role reads of the routines in use. Raises NoSuchHandbook."""
    pack = app.pack(tx)
    if role not in writing.roles(pack):
        raise NoSuchHandbook
    words = Words(pack, language)
    return Handbook(
        role=role,
        title=words.role(role),
        language=language,
        number=releases.active(tx, pack.id).number,
        chapters=writing.chapters(words, role),
        news=tuple(news.of_role(tx, app, role, language)[:_NEWEST]),
        words=words,
    )


def paper(book: Handbook, pictures: Mapping[str, str], programme: str) -> Document:
    """``pictures`` are the drawn diagrams by process, as SVG."""
    say = Voice(book.language, book.words.pack)
    blocks: list[Block] = [Heading(Label(book.title))]
    if book.news:
        blocks.append(Heading(Label(say("What is new")), 2))
        blocks += [Text(note.text) for note in book.news]
    for chapter in book.chapters:
        blocks += _chapter(chapter, say, pictures.get(chapter.process.id, ""))
    version = say("version %(number)s") % {"number": book.number}
    return Document(
        kind=Label(say("Handbook")),
        blocks=blocks,
        language=book.language,
        reference=version,
        foot=programme,
        logo=say.logo,
    )


def _chapter(chapter: Chapter, say: Callable[[str], str], picture: str) -> Iterator[Block]:
    yield Heading(Label(chapter.title))
    if picture:
        yield Picture(picture, say("Diagram of %(title)s") % {"title": chapter.title})
    titles = ("Step", "Who", "When", "What to fill in", "What happens next")
    yield Grid(
        tuple(Label(say(each)) for each in titles),
        tuple(
            (step.title, step.who, step.when, "\n".join(step.fill), "\n".join(step.then))
            for step in chapter.steps
        ),
    )
    for step in chapter.steps:
        if step.guidance:
            yield Heading(Label(step.title), 2)
            yield from written(step.guidance, level=3)
    for rules in chapter.rules:
        yield Heading(Label(rules.title), 2)
        yield Grid(tuple(Label(each) for each in rules.head), rules.rows)
