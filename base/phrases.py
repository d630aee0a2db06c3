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
    "who": "who coordinates",
    "plan": "holds the plan together.",
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
    "label": "Case number",
    "lists": "Cases of %(organisation)s",
    "none": "No case.",
    "waits_ours": "waiting for others, in our cases",
    "searched": (
        "Only the first %(count)s were searched. A case number or an identity number finds"
        " every case."
    ),
    "your_own": "You raise cases for your own organisation.",
    "of_group": "Cases of this local group are raised by the organisations that sit in it.",
    "seat": (
        "A case is raised by an organisation that sits in the group. Ask the support how to"
        " get a seat."
    ),
    "role": "Your role does not raise cases.",
    "first_yes": "Nobody else hears of the case before the person has said yes.",
    "at_once": (
        "The case gets a number at once. No name is needed until the person has said yes;"
        " until then an alias will do."
    ),
    "nobody_else": "Then nobody but you knows of the case until you name others.",
    "raiser": "Ask the person, together with whoever raised the case; register the consent.",
    "second": "Ask somebody else who is named on this case to do the step.",
    "named_work": "Only named people may work on this case.",
    "in_organisation": "Choose somebody who works in an organisation of this case.",
    "named": "From now on only the people named here know of the case.",
    "now_known": "They know of the case from now on.",
    "not_known": "They no longer know of the case.",
    "named_here": (
        "Only the people named here know that this case exists. It stands in no list, search,"
        " mail or count of anybody else, an alias stands for the person everywhere, and no"
        " address is kept."
    ),
    "who_else": "Who else has to know of the case?",
    "besides": "Who has to know of the case besides you?",
    "protect": (
        "Say so here when it becomes known that the person's identity is protected. From that"
        " moment only you, and those whom you name, know that the case exists. What is"
        " recorded of address, telephone and identity number is dropped and does not come"
        " back."
    ),
    "agree": (
        "Somebody else who is named reads this and has to agree. Everybody with a part in the"
        " case knows of it again from then on."
    ),
    "no_other": "Nobody else works with this case.",
    "renewed": "The case rests until its consent is renewed or it is closed.",
    "gone_on": (
        "The case has gone on from this step, so that it cannot be taken back: correct it instead."
    ),
    "files": "This case holds as many files as a case may hold.",
    "is_number": "This is the number of a case. Leave it out: it points at a person.",
    "is_person": "Somebody of your own cases is called like that. Write “the person” instead.",
    "holds_number": "The text holds what looks like an identity number or the number of a case.",
    "say_why": "Say why you open the case.",
    "other": "I look for another case",
    "no_today": "For %(whom)s this case does not exist today.",
    "sees_today": "This is how %(whom)s sees the case today.",
    "erased": "This case has been erased; what it held can no longer be read.",
    "diagram_closed": "The case is closed, so it stands nowhere in a diagram.",
    "diagram_here": "%(title)s. The case is here now: %(steps)s",
    "numbers": "You see case numbers, not names: names belong to those who work with the person.",
    "emergency": "You read this case in an emergency, until %(moment)s.",
    "auditor": "An auditor may read this case.",
    "paper": "To show the person. What was said in the case does not stand here.",
    "lies": "Thank you. It lies with the case as what your organisation has written.",
    "statistics": (
        "This is a question of its own, on a paper of its own. With a yes, %(keeper)s sees a"
        " row with the case number, the kind of work and the years. Without it the person is"
        " only part of a sum. Nothing else hangs on the answer: not the support, and not what"
        " the organisations may tell each other."
    ),
    "no_agenda": "No case is on the agenda yet.",
    "minutes": (
        "Case numbers may stand here, nothing else that points at a person. What is said of a"
        " case is written in the case."
    ),
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
    "done": "Somebody has already done this task",
    "done_by": "%(name)s has already done this task",
    "done_you": "You have already done this task",
    "gone": "This task is no longer needed",
    "back": "Back to my tasks",
    "to": "To your tasks",
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
    "read": "%(parties)s may read the plan.",
    "read_none": "Nobody else may read the plan now.",
    "saved": "Saved. Everybody who may read the plan sees how it goes.",
    "not_yet": "No plan has been written yet.",
    "reads": "This is how the plan reads for the person it belongs to.",
    "number": "plan %(number)s",
    "versions_of": "Versions of the plan, %(number)s",
    "lacking": "The plan lacks something that it must hold; the page of the case says what.",
    "no_draft": "There is no plan to adopt.",
    "no_measure": "There is no such measure in the plan.",
    "changed": "This plan is not what was decided: its content has been changed since.",
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
    "one": "Meeting",
    "make": "Plan the meeting",
    "cancel": "Cancel the meeting",
    "cancel_why": "Say why the meeting is cancelled.",
    "cancelled": "The meeting is cancelled. Its cases wait for another one.",
    "conclude": "Conclude the meeting",
    "conclude_first": "Conclude the meeting first.",
    "fields": "Give day, time and place of the meeting.",
    "not_planned": "The meeting is not planned yet",
    "on_its_day": "The meeting is called together and minuted on its day, not before.",
    "not_open": "The meeting is not open for this any more.",
    "unknown": "There is no such meeting.",
    "roll": "Call the roll first: a meeting counts only when two organisations were there.",
    "prepare": "I prepare a step or a meeting",
    "brief": "the brief for the meeting is missing",
    "half": "half the term has gone and no meeting is planned",
    "another": "the term ends soon: plan another meeting",
    "few": "too few meetings were held",
    "general": "At a meeting: take the question up without the person, as a general question.",
    "guest_door": (
        "You are invited to one item of a meeting. Whoever invited you has told you a code."
    ),
    "guest_full": "You have written as much as a guest can. Say the rest at the meeting.",
}
_ROUTINE = {
    "many": "Routines",
    "version": "routine version %(number)s",
    "term": "The routine of this term runs already.",
}
_PROGRAMME = {
    "this": "The programme",
    "label": "Programme",
    "archived": "The programme is archived; auditors alone can read.",
    "no_new": "No new cases are taken any more.",
    "no_new_from": "From %(day)s no new cases are taken.",
    "is_archived": "The programme is archived.",
    "ends": "The programme is being wound up: nothing changes any more.",
    "takes_none": "The programme takes no new cases.",
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
