"""Files that leave for the reader's disk: never shown or run in the browser."""

from urllib.parse import quote

from starlette.responses import Response

#: Should a browser show it after all, nothing in it may run, load or send.
SANDBOX = "sandbox; default-src 'none'"


def handed_over(content: bytes, name: str, media_type: str) -> Response:
    """To be saved under this name; other letters than ASCII's are told as RFC 6266 asks."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    headers = {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "content-security-policy": SANDBOX,
        "cache-control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
