"""The consent page of an OAuth authorization server, and the checks of its requests."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from simulator.answers import page
from simulator.providers.apps import Apps

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class UntrustedRequestError(Exception):
    """Unknown client or redirect: the browser must not be sent anywhere."""


class RefusedRequestError(Exception):
    """Reported to the client by redirect. The argument is the OAuth error code."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """An application's request for consent (RFC 6749, 4.1.1; RFC 7636).

    `scopes` are space-separated; `challenge` is empty if the application does not use PKCE.
    """

    client_id: str
    redirect_uri: str
    scopes: str
    state: str
    challenge: str
    offline: bool
    prompt: str


def asked(
    fields: Mapping[str, str], apps: Apps, scopes: Collection[str], *, pkce_required: bool
) -> AuthorizationRequest:
    """Parses a request for some of the `scopes`.

    Raises UntrustedRequestError and RefusedRequestError.
    """
    redirect_uri = trusted_redirect(fields, apps)
    if fields.get("response_type") != "code":
        raise RefusedRequestError("unsupported_response_type")
    wanted = fields.get("scope", "").split()
    if not wanted or not set(wanted) <= set(scopes):
        raise RefusedRequestError("invalid_scope")
    return AuthorizationRequest(
        client_id=fields["client_id"],
        redirect_uri=redirect_uri,
        scopes=" ".join(dict.fromkeys(wanted)),
        state=fields.get("state", ""),
        challenge=_challenge(fields, required=pkce_required),
        offline=fields.get("access_type") == "offline",
        prompt=fields.get("prompt", ""),
    )


def _challenge(fields: Mapping[str, str], *, required: bool) -> str:
    challenge, method = fields.get("code_challenge", ""), fields.get("code_challenge_method")
    if not challenge and method is None and not required:
        return ""
    if method != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise RefusedRequestError("invalid_request")
    return challenge


def trusted_redirect(fields: Mapping[str, str], apps: Apps) -> str:
    """The redirect address. Raises UntrustedRequestError unless exactly that one is registered."""
    app = apps.client(fields.get("client_id", ""))
    if app is None:
        raise UntrustedRequestError("INVALID_CLIENT: Invalid client")
    redirect_uri = fields.get("redirect_uri", "")
    if redirect_uri not in app.redirect_uris:
        raise UntrustedRequestError("INVALID_CLIENT: Invalid redirect URI")
    return redirect_uri


def consent_page(
    title: str, fields: Mapping[str, str], accounts: Sequence[str], terms: Sequence[str] = ()
) -> HTMLResponse:
    """A form with the request, to choose an account, a decision, and a term if there are any."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    choice = _select("Access", "term", terms) if len(terms) > 1 else ""
    return page(
        title,
        f"<p>An application asks to read what you listened to.</p>"
        f'<form method="post">{hidden}{_select("Account", "account", accounts)}{choice}'
        '<button name="decision" value="allow">Allow</button>'
        '<button name="decision" value="deny">Deny</button></form>',
    )


def _select(label: str, name: str, options: Sequence[str]) -> str:
    shown = "".join(f"<option>{escape(option)}</option>" for option in options)
    return f'<label>{label} <select name="{name}">{shown}</select></label>'


def error_page(message: str) -> HTMLResponse:
    return page("This request is invalid", f"<p>{escape(message)}</p>", status=400)


def address(redirect_uri: str, **answer: str | None) -> str:
    """`redirect_uri` with the answer in its query; an empty state is omitted."""
    joint = "&" if "?" in redirect_uri else "?"
    return redirect_uri + joint + urlencode({key: value for key, value in answer.items() if value})
