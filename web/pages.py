"""Render a page in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import escape
from starlette.responses import HTMLResponse, Response

from base import lang, markdown
from casework.access import Actor
from casework.parts import COUNTED
from web.deps import Frame, ending_for, frame_for, language_cookie_name, phrases_for
from web.drawing import Drawing
from web.packs import whom_it_concerns

_HERE = Path(__file__).parent
#: Of a page that asks the database nothing and says no time.
_NO_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the main menu."""

    name: str
    label: str
    path: str


def render(
    request: Request,
    page: str,
    /,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    pack_id: str = "",
    **context: Any,
) -> Response:
    """The page as HTML; ``actor`` in the context decides menu and language.

    ``pack_id``: of the case or the handbook that the page is about.
    """
    actor: Actor | None = context.pop("actor", None)
    language = language_of(request, actor)
    zone = request.app.state.application.zone
    template = _environment(language, zone).get_template(f"pages/{page}.html")
    frame = frame_for(request, actor) if actor else None
    html = template.render(
        request=request,
        assets=request.app.state.assets,
        settings=request.app.state.settings,
        actor=actor,
        language=language,
        languages=lang.LANGUAGES,
        menu=menu_for(actor),
        frame=frame,
        studio=getattr(request.state, "studio", ""),
        following=whom_it_concerns(request),
        phrases=_phrases(request, frame, language, pack_id),
        ending=frame.ending if frame else ending_for(request),
        notice=context.pop("notice", None) or NOTICES.get(request.query_params.get("said", "")),
        today=context.pop("today", None)
        or _local(request.app.state.database.now(), ZoneInfo(zone)),
        **context,
    )
    return HTMLResponse(html, status, headers=headers)


def _phrases(
    request: Request, frame: Frame | None, language: str, pack_id: str
) -> Mapping[str, str]:
    """To whoever is not signed in, a page that is about nothing of a pack speaks as Samplan."""
    if frame is not None:
        return frame.phrases.said(language, pack_id)
    return phrases_for(request).said(language, pack_id) if pack_id else {}


def picture(drawing: Drawing, language: str) -> str:
    """A diagram as SVG that needs no style sheet, to be printed."""
    template = _environment(language, _NO_ZONE).get_template("components/picture.svg")
    return template.render(drawing=drawing).strip()


def render_alone(
    request: Request, page: str, status: int, headers: Mapping[str, str], **context: Any
) -> Response:
    """A page that asks the database nothing."""
    language = language_of(request, None)
    template = _environment(language, _NO_ZONE).get_template(f"pages/{page}.html")
    html = template.render(assets=request.app.state.assets, language=language, **context)
    return HTMLResponse(html, status, headers=headers)


def language_of(request: Request, actor: Actor | None) -> str:
    """What the account chose, else what this browser chose, else what it prefers."""
    wanted = actor.language if actor else request.cookies.get(language_cookie_name(request))
    return lang.choose(wanted, request.headers.get("accept-language", ""))


def menu_for(actor: Actor | None) -> tuple[Place, ...]:
    """The places that the actor's roles open, in the order of their work."""
    if actor is None:
        return ()
    wanted: list[str] = []
    for role, names in _MENUS.items():
        if role in actor.roles:
            wanted += [name for name in names if name not in wanted]
    return tuple(_PLACES[name] for name in wanted or ("tasks", "contacts"))


def _(text: str) -> str:
    """Marks a text for translation; the template translates it."""
    return text


#: What a page says after something was done; the address carries the key alone.
NOTICES = {
    "pack-begun": _("It has begun, as a draft: nobody is affected."),
    "diagram-begun": _("It has begun, in the draft: draw on. What is found says what it lacks."),
    "taken-out": _("It is taken out of the draft. What is in use stays as it is."),
    "pack-chosen": _("The routines below are those of the programme you have chosen."),
    "asked": _("The request is registered."),
    "released": _("It may be given to the person now."),
    "answered": _("The request is answered."),
    "told": _("It is written down."),
    "clock-begun": _("It is noted. The clock has begun."),
    "dealt-with": _("It is noted as dealt with."),
    "reviewed": _("The month has been gone through."),
    "names": _("It holds from now on."),
    "listed": _("They are on the list. A second person is to agree."),
    "agreed": _("They are being erased."),
    "taken-off": _("They are off the list."),
    "held": _("The case is held back."),
    "lifted": _("The case is not held back any more."),
    "period": _("The period holds from now on."),
    "done": _("Done. The case goes on without you until something waits for you again."),
    "next": _("Done. This is the next step of the same case."),
    "saved": _("Saved. You can go on whenever you like; others do not see it yet."),
    "taken": _("You have this task now, and others see that you do."),
    "put-back": _("The task is back in the list of your organisation."),
    "given": _("The task is with your colleague now."),
    "heard": _("Thank you. Samplan has steered the case accordingly."),
    "protected": _("From now on only the people named here know of the case."),
    "lift-asked": _("A second person who is named has to agree. Until then nothing changes."),
    "protection-lifted": _("The identity is not protected any more. What was noted stays."),
    "still-protected": _("The identity stays protected."),
    "named": _("They know of the case from now on."),
    "struck": _("They no longer know of the case."),
    "guest-ended": _("The link does not work any more."),
    "noted": _("Saved below what was written. What was written first stays as it was."),
    "closed-entry": _("Nobody can read it any more. It stays sealed, and it says who may have."),
    "taken-back": _("The step is open again. Put right what you wrote, and send it."),
    "attached": _("The file is attached."),
    "file-struck": _("Nobody can open the file any more."),
    "tracked": _("Saved. Everybody who may read the plan sees how it goes."),
    "seen": _("Noted that you have seen it."),
    "started": _("The case is raised. Begin by describing the need."),
    "dropped": _("What somebody else had typed here has been dropped: it was not yours."),
    "planned": _("The meeting is planned."),
    "placed": _("The case is on the agenda."),
    "general": _("The question is on the agenda."),
    "begun": _("The meeting has begun."),
    "concluded": _("The meeting is concluded."),
    "item-begun": _("The item is being taken up. Those who take part can write it down now."),
    "item-concluded": _("The item is concluded. The case goes on."),
    "appointed": _("Appointed. It opens nothing before it has been acknowledged."),
    "left": _("The term is ended; the others of the group have been told."),
    "acknowledged": _("Thank you. The assignment is yours now."),
    "declined": _("You have declined. Your manager has been told."),
    "read": _("Noted that you know of it."),
    "contact": _("Saved. Everybody finds the organisation this way now."),
    "term": _("The term has begun. Its first task waits for you."),
    "roll": _("The roll is called."),
    "minutes": _("The minutes are saved."),
    "learned": _("Noted. All groups can read it."),
    "cancelled": _("The meeting is cancelled. Its cases wait for another one."),
    "documented": _("Thank you. It is noted that your organisation has documented."),
    "passed-on": _("Thank you. It is noted that your organisation has passed it on."),
    "reported": _("Thank you. The federation reads it now."),
    "referred": _("The number is kept."),
    "given-role": _("The role is given."),
    "ended-role": _("The role ends; what it opened closes with its last day."),
    "statistics-asked": _("The question is ready to print. Nothing waits for the answer."),
    "statistics-yes": _("The yes is kept. It holds for statistics alone."),
    "statistics-no": _("The no is kept. Nothing else changes."),
    "statistics-taken-back": _("The row is gone. The other consents stay as they are."),
    "own-saved": _("Saved."),
    "passkey-added": _("The passkey is added. You can sign in with it from now on."),
    "passkey-removed": _("The passkey opens nothing any more. Delete it on the device as well."),
    "new-password": _("The password is changed; you are signed out everywhere else."),
    "half-over": _("That took too long, or the code was wrong too often. Sign in anew."),
    "sessions-ended": _("You are signed out everywhere else."),
    "appointed-list": _("Appointed as the list says; everybody concerned has been told."),
    "ordered": _("The order is written down. It is shown on every case that it opens."),
    "order-ended": _("The order opens nothing any more."),
    "contributed": _("Thank you. It lies with the case as what your organisation has written."),
    "staff-list": _("Done as the list says. Whoever has no mail address gets a code on paper."),
    "token-revoked": _("The program does nothing in your name any more."),
    "hook-ended": _("The system is told nothing any more."),
    "hook-again": _("It is tried again now."),
    "calendar-ended": _("The address shows nothing any more."),
    "programme": _("Saved. It holds from now on, on every page."),
    "group": _("Saved. This is how the group works from now on."),
    "clock": _("The clock has been moved."),
    "uploaded": _("The file is the draft now. Nobody is affected."),
    "proposed": _("A second person is asked now. Until they say yes, nobody is affected."),
    "sent-back": _("The draft is back with its owner."),
    "discarded": _("The draft is gone. What is in use has not changed."),
    "deadlines": _("The draft has the new deadlines. Nobody is affected."),
    "sentences": _("The draft has the new sentences. Nobody is affected."),
    "played": _("They are being played. Look again in a moment."),
    "scenario-kept": _("The draft has the scenario. Play it to see that it goes as it says."),
    "trial-ended": _("The trial is forgotten."),
    "words": _("The draft has the new words. Nobody is affected."),
    "document": _("The draft has the new text. Nobody is affected."),
    "logo": _("The draft has the new logo. Nobody is affected."),
    "logo-gone": _("The draft has no logo any more. Nobody is affected."),
    "nothing-changed": _("Nothing is otherwise than it was."),
    "move-begun": _("The cases are being moved. Look again in a moment."),
    "move-stopped": _("No more cases are moved. What has been moved stays."),
    "move-resumed": _("It goes on."),
    "move-reverted": _("The cases are put back, where they have not gone on."),
    "commented": _("Thank you. The owner of the routine reads it, and answers here."),
    "answered-comment": _("The comment is settled."),
    "known": _("It is in the list of what has been new, if you want to read it again."),
    "agreed-to": _("Agreed. It comes into use on its day; until then nobody is affected."),
    "approved": _("It is approved. No programme follows it, so that nobody is affected."),
    "in-use": _("In use from now on. Cases that are running stay on their version."),
}
_PLACES = {
    "routines": Place("routines", _("Routines"), "/routines"),
    "overview": Place("overview", _("Overview"), "/overview"),
    "tasks": Place("tasks", _("Tasks"), "/tasks"),
    "cases": Place("cases", _("Cases"), "/cases"),
    "meetings": Place("meetings", _("Meetings"), "/meetings"),
    "reports": Place("reports", _("Reports"), "/reports"),
    "emergency": Place("emergency", _("Emergency"), "/emergency"),
    "contacts": Place("contacts", _("Contacts"), "/contacts"),
    "protection": Place("protection", _("Data protection"), "/protection"),
}
_MENUS = {
    "admin": ("emergency", "contacts"),
    "process_owner": ("routines", "overview", "reports", "contacts", "protection"),
    "manager": ("overview", "tasks", "meetings", "reports", "contacts", "protection"),
    "federation": ("overview", "tasks", "routines", "reports", "contacts", "protection"),
    "preparation_group": ("overview", "tasks", "routines", "reports", "contacts"),
    "caseworker": ("tasks", "cases", "meetings", "reports", "contacts"),
    "representative": ("tasks", "cases", "meetings", "reports", "contacts"),
    "convener": ("tasks", "cases", "meetings", "reports", "contacts"),
    "auditor": ("protection", "reports", "contacts"),
}


@cache
def _environment(language: str, zone: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    said = _Said(lang.catalogue(lang.WORDS, language))
    install = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(said.gettext, said.ngettext, newstyle=True)
    local = partial(_local, zone=ZoneInfo(zone))
    environment.filters["markdown"] = markdown.html
    environment.filters["upper_first"] = upper_first
    environment.globals.update(
        say_day=lambda day, today: lang.say_day(local(day), language, today),
        say_day_briefly=lambda day, today: lang.say_day_briefly(local(day), language, today),
        say_moment=lambda moment, today: lang.say_moment(moment, language, zone, today),
        iso_day=lambda day: local(day).isoformat(),
        quote=lambda text: lang.quote(text, language),
        some=some,
    )
    return environment


@dataclass(frozen=True, slots=True)
class _Said:
    """What a template says: in the words of the page's pack, else in Samplan's.

    Samplan's words may hold markup, a pack's are text.
    """

    catalogue: NullTranslations

    @pass_context
    def gettext(self, context: Context, text: str) -> str:
        own = context.get("phrases", {}).get(text)
        return self.catalogue.gettext(text) if own is None else str(escape(own))

    @pass_context
    def ngettext(self, context: Context, one: str, several: str, number: int) -> str:
        # As every language that Samplan speaks counts.
        own = context.get("phrases", {}).get(one if number == 1 else several)
        return self.catalogue.ngettext(one, several, number) if own is None else str(escape(own))


def some(number: int) -> str:
    """A number of a list, as far as lists are counted."""
    return str(number) if number < COUNTED else f"{COUNTED - 1}+"


def upper_first(text: str) -> str:
    """With a capital at the start; the rest stays, unlike with Jinja's own ``capitalize``."""
    return text[:1].upper() + text[1:]


def _local(day: date | datetime, zone: ZoneInfo) -> date:
    return day.astimezone(zone).date() if isinstance(day, datetime) else day
