"""The site's routes; a router that is for demonstrations alone says so."""

from fastapi import APIRouter

from web.routes import (
    cases,
    contacts,
    demo,
    disposal,
    groups,
    guests,
    health,
    hearings,
    help,
    mails,
    meetings,
    overview,
    plans,
    programme,
    protection,
    reports,
    routines,
    safeguards,
    seats,
    signing,
    starting,
    tasks,
)

#: ``/cases/new`` comes before ``/cases/{id}``.
ROUTERS: tuple[tuple[APIRouter, bool], ...] = (
    (signing.router, False),
    (tasks.router, False),
    (starting.router, False),
    (hearings.router, False),
    (protection.router, False),
    (plans.router, False),
    (cases.router, False),
    (guests.router, False),
    (meetings.router, False),
    (mails.router, False),
    (seats.router, False),
    (groups.router, False),
    (programme.router, False),
    (contacts.router, False),
    (routines.router, False),
    (overview.router, False),
    (safeguards.router, False),
    (disposal.router, False),
    (reports.router, False),
    (help.router, False),
    (health.router, False),
    (demo.router, True),
)
