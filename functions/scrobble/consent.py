"""The page on which a user allows a player to add plays, at the address of Last.fm's.

Source: https://www.last.fm/api/desktopauth. The user enters a personal token: this page knows no
session of the host app, and a stranger's link can make nobody allow anything without one.
"""

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from functions.scrobble.lastfm import app_of, failure_of
from functions.scrobble.lastfm_wire import FailedError, Failure, Params, read_params
from functions.scrobble.request_token import verify_request
from functions.scrobble.wiring import scrobbling
from topk.domain.errors import TokenError, TopkError
from topk.runtime.api import Answer, Request, Route
from topk.usecases.scrobbling.personal_tokens import Consent, allow

_NAME = "Last.fm player"
"""The protocol does not say which player it is."""
_FRAME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
<main><h1>{title}</h1>{content}</main></html>
"""
_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;"
    "place-items:center;color-scheme:light dark}main{max-width:28rem;padding:2rem}"
    "label{display:block}input,button{font:inherit;padding:.6rem;margin:.5rem 0;"
    "box-sizing:border-box;max-width:100%}input{width:100%}"
)
_FORM = """<p>A player asks to add the songs it plays to your profile. It can read and remove
what it added, and nothing else. You can end this at any time in your list of players.</p>
{problem}<form method="post" action="/api/auth/">
<input type="hidden" name="api_key" value="{api_key}">
<input type="hidden" name="token" value="{token}">
<label for="personal">One of your personal tokens</label>
<input id="personal" name="personal_token" type="password" required autocomplete="off">
<button>Allow</button></form>"""
_WRONG = '<p role="alert">This is not one of your personal tokens.</p>'


def _ask(request: Request) -> Answer:
    try:
        params = _verified(request)
    except FailedError as error:
        return _broken(error.failure)
    except TopkError as error:
        return _broken(failure_of(error))
    return _form(params)


def _allow(request: Request) -> Answer:
    try:
        params = _verified(request)
        consent = Consent(params["token"], _NAME)
        given = params.get("personal_token", "").strip()
        parts = scrobbling()
        allow(consent, given, tenant=request.api_of, stores=parts.stores, now=request.now)
    except TokenError:
        return _form(params, problem=_WRONG, status=403)
    except FailedError as error:
        return _broken(error.failure)
    except TopkError as error:
        return _broken(failure_of(error))
    return _page("The player may add plays", "<p>You can close this page and return to it.</p>")


def _verified(request: Request) -> Params:
    params = read_params(request)
    app = app_of(params.get("api_key", ""), request)
    verify_request(params.get("token", ""), app.shared_secret, now=request.now)
    return params


def _form(params: Params, *, problem: str = "", status: int = 200) -> Answer:
    content = _FORM.format(
        problem=problem,
        api_key=escape(params.get("api_key", "")),
        token=escape(params.get("token", "")),
    )
    return _page("Allow a player", content, status=status)


def _broken(failure: Failure) -> Answer:
    content = "<p>This link has expired or is not complete. Start again in the player.</p>"
    return _page("Nothing was allowed", content, status=failure.value[1])


def _page(title: str, content: str, *, status: int = 200) -> Answer:
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    html = _FRAME.format(title=title, style=_STYLE, content=content)
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
    return Answer(status, html, headers)


ROUTES: Mapping[str, Route] = {
    "GET /api/auth": _ask,
    "GET /api/auth/{slash+}": _ask,
    "POST /api/auth": _allow,
    "POST /api/auth/{slash+}": _allow,
}
