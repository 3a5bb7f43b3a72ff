"""YouTube: Google's authorization server and the Data Portability API.

Shapes and habits: https://developers.google.com/data-portability/reference/rest and
https://developers.google.com/identity/protocols/oauth2/web-server.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import form
from simulator.listeners.listening import DAY
from simulator.providers.consent import AuthorizationRequest
from simulator.providers.dialect import Dialect, Term
from simulator.providers.google.portability import SCOPE, Portability
from simulator.providers.grants import Grants
from simulator.providers.oauth import AuthorizationServer
from simulator.virtual_host import VirtualHost
from simulator.world import World

TERMS = (
    Term("180 days", 180 * DAY),
    Term("30 days", 30 * DAY),
    Term("once", once=True),
)
"""The terms of a consent; the first is the default.

https://developers.google.com/data-portability/user-guide/time-based
"""


def _refusal(error: str, description: str, status: int = 400) -> tuple[int, dict[str, str]]:
    return status, {"error": error, "error_description": description}


def _durable(request: AuthorizationRequest, granted: bool) -> bool:
    """A refresh token comes with the first consent, or if the request prompts for consent."""
    return request.offline and (not granted or "consent" in request.prompt.split())


DIALECT = Dialect(
    title="Sign in with Google",
    scopes={SCOPE},
    expires_in=3599,
    refusals={
        "client": _refusal("invalid_client", "Unauthorized", 401),
        "grant_type": _refusal("unsupported_grant_type", "Invalid grant_type"),
        "code": _refusal("invalid_grant", "Malformed auth code."),
        "redirect": _refusal("redirect_uri_mismatch", "Bad Request"),
        "verifier": _refusal("invalid_grant", "Invalid code verifier."),
        "refresh": _refusal("invalid_grant", "Token has been expired or revoked."),
        "revoked": _refusal("invalid_grant", "Token has been expired or revoked."),
    },
    durable=_durable,
    terms=TERMS,
    names_end=True,
)


def hosts(world: World) -> list[VirtualHost]:
    accounts = AuthorizationServer(world, "youtube", DIALECT)
    consent = [
        Route(path, accounts.authorize, methods=["GET", "POST"])
        for path in ("/o/oauth2/v2/auth", "/o/oauth2/auth")
    ]
    tokens = [
        Route("/token", accounts.token, methods=["POST"]),
        Route("/revoke", _Revocation(world.grants["youtube"]).revoke, methods=["POST"]),
    ]
    exports = Portability(world).routes()
    return [
        VirtualHost("accounts.google.com", "/youtube/accounts", consent),
        VirtualHost("oauth2.googleapis.com", "/youtube/oauth2", tokens),
        VirtualHost("dataportability.googleapis.com", "/youtube/portability", exports),
    ]


class _Revocation:
    def __init__(self, grants: Grants) -> None:
        self._grants = grants

    async def revoke(self, request: Request) -> Response:
        """Ends the whole consent; query or body may name any of its tokens."""
        token = (dict(request.query_params) | await form(request)).get("token", "")
        consent = self._grants.consent_of(token)
        if consent is None:
            body = {"error": "invalid_token", "error_description": "Token expired or revoked"}
            return Json(body, status_code=400)
        self._grants.revoke(lambda other: other == consent)
        return Json({})
