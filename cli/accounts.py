"""The first account, which the others come from, and a way back into any."""

from base import clock, lang
from base.db import Session
from base.settings import Settings
from casework.account_register import actions as account_register
from casework.accounts import actions as accounts
from casework.accounts import codes
from casework.accounts import store as account_store
from casework.application import Application
from casework.audit import actions as audit
from casework.organisations import actions as organisations
from casework.organisations import store
from cli.lines import write

ROLE = "federation"


def first(settings: Settings, organisation: str, user_name: str, name: str, language: str) -> int:
    """Somebody who coordinates the programme, with a code for their password; 1 if there is one.

    ``organisation`` is its code; one that does not exist is made, with the code for a title.
    Raises Invalid for a language that Samplan does not speak.
    """
    lang.require_known(language)
    app = Application.open(settings)
    with app.database.transaction() as tx:
        today = clock.today(tx, app.zone)
        if account_store.holders(tx, [ROLE], today):
            write(
                "Somebody coordinates the programme already. They invite the others; "
                "samplan anew lets in who has lost their way in."
            )
            return 1
        place = _organisation_id(tx, organisation)
        account = accounts.add_account(tx, user_name, name, language=language)
        accounts.appoint(tx, account.id, place, ROLE, valid_from=today)
        audit.write(tx, actor="system", action="account.first", target=f"account:{account.id}")
        code = codes.in_letters(tx, codes.issue(tx, account.id, codes.INVITATION))
    write(f"{settings.public_url}/code")
    write(code)
    app.close()
    return 0


def begin_anew(settings: Settings, user_name: str) -> int:
    """A new code for somebody who has lost password or second factor; 1 if there is no such.

    For whom no manager can help: the first account, or somebody of several organisations.
    """
    app = Application.open(settings)
    try:
        with app.database.transaction() as tx:
            account = account_store.by_user_name(tx, user_name.strip().casefold())
            if account is None or not account.active:
                write("There is no such account.")
                return 1
            audit.write(
                tx, actor="system", action="account.begin_anew", target=f"account:{account.id}"
            )
            _, code = account_register.close_all_doors(tx, account.id)
    finally:
        app.close()
    write(f"{settings.public_url}/code")
    write(code)
    return 0


def _organisation_id(tx: Session, code: str) -> int:
    try:
        return store.organisation(tx, code).id
    except store.NoSuchOrganisation:
        return organisations.add_organisation(tx, code, code, ROLE).id
