"""What Samplan itself calls things: its phrases that a pack may say in its own words.

Whole phrases and not nouns alone: a noun is declined, has a gender and an article, and stands
otherwise in a heading than in a sentence. Each is what pages say in English, by its code: the
noun, and which of its phrases. The first phrases of a noun are its names.
"""

from collections.abc import Mapping
from types import MappingProxyType

_LEAD = {
    "name": "Coordinator",
    "named": "Coordinator: %(name)s",
    "mine": "I coordinate",
    "none": "You coordinate no case now",
    "ours": "cases that we lead",
    "turn_to": "Turn to whoever coordinates the case.",
    "ask_step": "Ask whoever coordinates the case, or your manager, to give you the step.",
    "alone": "This is for whoever coordinates the case.",
    "told": "Each look is noted, and whoever leads the case has been told.",
    "stays": "Somebody who works for whoever coordinates the case must stay named.",
    "seen": (
        "You see cases that your organisation raised or leads,"
        " and those to which the person has said yes."
    ),
    "missing": (
        "You see what your organisation raised or leads, and what the person has said yes to."
        " If something is missing, ask whoever coordinates the case; do not ask for names by mail."
    ),
}
_CASE = {
    "many": "Cases",
    "this": "The case",
    "number": "Case %(number)s",
    "open": "Open the case",
    "new": "Raise a new case",
    "raise": "Raise the case",
    "raised": "The case is raised. Begin by describing the need.",
    "which": "Which cases",
    "search": "Name, alias, case number or identity number",
    "search_step": "Name, case number or step",
    "matches_one": "%(num)s case matches",
    "matches": "%(num)s cases match",
    "ours_one": "%(some)s case of your organisation",
    "ours": "%(some)s cases of your organisation",
    "none_ours": "Your organisation takes part in no case now",
    "none_closed": "No closed cases",
    "closed": "The case is closed.",
    "rests": "The consent has run out, so the case rests.",
    "renew": "Renew it together with %(name)s, or close the case.",
    "waits": "No step waits for anybody; the case waits for something to happen.",
    "tell": "Tell the case",
    "steer": "Tell it, and Samplan steers the case accordingly.",
    "steered": "Thank you. Samplan has steered the case accordingly.",
    "goes_on": "Done. The case goes on without you until something waits for you again.",
    "next": "Done. This is the next step of the same case.",
    "diagram": "Diagram of case %(number)s",
    "where": "Where is the case?",
    "here": "The case is here now: %(steps)s.",
    "between": "The case is between two steps.",
    "been": "the case has been here",
    "nothing_runs": "Nothing runs in this case",
    "looks": "Who has looked at the case?",
    "looked": "Opened the case while it stood there: %(names)s",
    "not_looked": "Nobody opened the case while it stood there.",
    "why": "Why do you open the case?",
    "as_others": "See the case as another organisation sees it",
    "seen": "Case %(number)s as others see it",
    "known_to": "Who knows of the case",
    "named_only": "Only named people know of this case.",
    "noted": "It takes effect at once and is noted in the case with your name.",
    "other_way": (
        "The case has taken another way since you opened it,"
        " for instance because the person took back their consent."
    ),
    "unknown": "There is no such case, or you may not know of it.",
    "no_longer": "The case no longer waits for this.",
    "to_agenda": "Put a case on the agenda",
    "on_agenda": "The case is on the agenda.",
    "item_done": "The item is concluded. The case goes on.",
    "overview": "Where the cases are",
    "guest": (
        "It is kept with the case as written by %(guest)s."
        " Whoever the person's consent lets know of it reads it."
    ),
    "looks_mine": "Who has looked at my case",
    "look": "read the case",
    "look_where": "looked where the case stands",
    "look_program": "read something of the case with a program of theirs",
    "look_other": "read something of the case",
    "milestones": "Cases by milestone",
}
_TASK = {
    "many": "Tasks",
    "mine": "My tasks",
    "this": "The task",
    "which": "Which tasks",
    "about": "About the task",
    "holder": "Who has this step",
    "wait_one": "%(some)s step waits in your organisation",
    "wait": "%(some)s steps wait in your organisation",
    "not_mine": "Is this not your task?",
    "taken": "You have this task now, and others see that you do.",
    "put_back": "The task is back in the list of your organisation.",
    "given": "The task is with your colleague now.",
    "report": "Report what does not work with this step",
    "wait_you_one": "1 task waits",
    "wait_you": "%(num)s tasks wait",
    "due_one": "One step is due in Samplan",
    "due": "%(count)s steps are due in Samplan",
    "worked": "worked on a step",
    "step": "Step",
    "of_role": "steps of this role",
    "open": "Open steps by organisation",
}
_PLAN = {
    "mine": "My plan",
    "this": "The plan",
    "title": "Coordinated individual plan (SIP)",
    "whose": "Whom the plan belongs to",
    "looked": "read the plan",
    "in_case": "Plan in case %(number)s",
    "decided": "Plan %(number)s, decided %(day)s",
    "draft": "Plan %(number)s, draft",
    "versions": "Versions of the plan",
    "lacks": "Before this plan can be decided it must still say:",
}
_MEETING = {
    "many": "Meetings",
    "on": "Meeting %(day)s",
    "agenda": "Agenda %(day)s",
    "plan": "Plan a meeting",
    "none": "No meeting is planned.",
    "planned": "The meeting is planned.",
    "begun": "The meeting has begun.",
    "concluded": "The meeting is concluded.",
    "of": "Meeting of %(group)s",
    "looked": "took it up in a meeting",
    "guest": "read one item of a meeting, as a guest",
}
_ROUTINE = {
    "many": "Routines",
    "version": "routine version %(number)s",
}
_PROGRAMME = {
    "this": "The programme",
    "label": "Programme",
    "archived": "The programme is archived; auditors alone can read.",
    "no_new": "No new cases are taken any more.",
    "no_new_from": "From %(day)s no new cases are taken.",
}
_ROLE = {
    "caseworker": "caseworker",
    "representative": "representative",
    "convener": "convener",
    "manager": "manager",
    "owner": "owner of the routines",
    "federation": "coordination federation",
    "preparation": "preparation group",
}

_NOUNS: Mapping[str, Mapping[str, str]] = {
    "lead": _LEAD,
    "case": _CASE,
    "task": _TASK,
    "plan": _PLAN,
    "meeting": _MEETING,
    "routine": _ROUTINE,
    "programme": _PROGRAMME,
    "role": _ROLE,
}
#: In the order in which owners read them.
PHRASES: Mapping[str, str] = MappingProxyType(
    {f"{noun}.{code}": text for noun, said in _NOUNS.items() for code, text in said.items()}
)
