"""What was typed while the database was away goes back to the browser that sent it.

Nobody is known then and nothing can be stored: the page itself carries the fields, hidden, to be
sent once more. The key that came with the form stands among them, so that nothing is done twice.
"""

from fastapi import Request
from starlette.exceptions import HTTPException

from web.deps import read_sent, type_sent

_FORM = "application/x-www-form-urlencoded"
#: Passwords and codes are typed anew: no page ever shows them.
_SECRETS = frozenset({"password", "now", "new", "code", "present"})


async def to_send_again(request: Request) -> type_sent:
    """The fields of the form that came; none where it held a secret, a file or cannot be read."""
    if not request.headers.get("content-type", "").startswith(_FORM):
        return []
    try:
        sent = await read_sent(request)
    except HTTPException:
        return []
    return [] if any(name in _SECRETS for name, _value in sent) else sent
