"""An OAuth authorization server: authorization code, PKCE and refresh (RFC 6749, RFC 7636)."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import isinf
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from simulator.answers import Json
from simulator.fields import basic, form
from simulator.habit import Habit
from simulator.providers.consent import (
    AuthorizationRequest,
    RefusedRequestError,
    UntrustedRequestError,
    address,
    asked,
    consent_page,
    error_page,
)
from simulator.providers.dialect import Dialect, Term
from simulator.providers.grants import Code, Consent, Renewal
from simulator.providers.lifetimes import lifetime
from simulator.world import World

SEE_OTHER = 303


class TokenRequestError(Exception):
    """A refused token request; the argument is the key of the response in the dialect."""


@dataclass(frozen=True, slots=True)
class Client:
    """The client of a token request; a `public` one has sent no secret."""

    client_id: str
    public: bool


class AuthorizationServer:
    """The consent page and the token endpoint of one provider."""

    def __init__(self, world: World, provider: str, dialect: Dialect) -> None:
        self._provider = provider
        self._world = world
        self._apps = world.apps[provider]
        self._grants = world.grants[provider]
        self._dialect = dialect
        self._hesitant: set[str] = set()

    async def authorize(self, request: Request) -> Response:
        """GET shows the page, POST submits the listener's decision."""
        answered = request.method == "POST"
        fields = await form(request) if answered else dict(request.query_params)
        try:
            wanted = asked(
                fields,
                self._apps,
                self._dialect.scopes,
                pkce_required=self._dialect.pkce_required,
            )
        except UntrustedRequestError as error:
            return error_page(str(error))
        except RefusedRequestError as error:
            return _sent_back(fields["redirect_uri"], error=str(error), state=fields.get("state"))
        if not answered:
            return consent_page(
                self._dialect.title,
                fields,
                self._world.accounts(self._provider),
                terms=[term.name for term in self._dialect.terms],
            )
        return self._decided(
            wanted, fields, _issuer(request) if self._dialect.names_issuer else None
        )

    def _decided(
        self, wanted: AuthorizationRequest, fields: Mapping[str, str], issuer: str | None
    ) -> Response:
        account = fields.get("account", "")
        if fields.get("decision") != "allow":
            return _sent_back(wanted.redirect_uri, error="access_denied", state=wanted.state)
        if not self._world.has_account(self._provider, account):
            return error_page("There is no such account")
        if self._hesitates(account):
            return _sent_back(wanted.redirect_uri, error="access_denied", state=wanted.state)
        term = self._term(fields, account)
        consent = Consent(wanted.client_id, account, wanted.scopes, term.once)
        code = self._grants.issue_code(
            consent,
            redirect_uri=wanted.redirect_uri,
            challenge=wanted.challenge,
            durable=self._dialect.durable(wanted, self._grants.granted(consent)),
            lasts=min(term.seconds, lifetime(self._world.habits, self._provider, account)),
        )
        return _sent_back(wanted.redirect_uri, code=code, state=wanted.state, iss=issuer)

    def _term(self, fields: Mapping[str, str], account: str) -> Term:
        usual, *others = self._dialect.terms
        if self._world.habits.strikes(Habit.ONE_TIME, account, "consent"):
            usual = next((term for term in others if term.once), usual)
        return next((term for term in others if term.name == fields.get("term")), usual)

    def _hesitates(self, account: str) -> bool:
        """Whether the listener denies their first consent."""
        first = account not in self._hesitant
        self._hesitant.add(account)
        return first and self._world.habits.strikes(Habit.OUTAGE, account, "consent")

    async def token(self, request: Request) -> Response:
        fields = await form(request)
        try:
            client = self._client(request, fields)
            return Json(self._granted(client, fields), headers={"Cache-Control": "no-store"})
        except TokenRequestError as error:
            status, body = self._dialect.refusals[str(error)]
            return Json(body, status_code=status)

    def _client(self, request: Request, fields: Mapping[str, str]) -> Client:
        client_id, secret = basic(request) or (
            fields.get("client_id", ""),
            fields.get("client_secret"),
        )
        app = self._apps.client(client_id)
        public = secret is None and self._dialect.public_clients
        if app is None or not (public or app.client_secret == secret):
            raise TokenRequestError("client")
        return Client(client_id, public=public)

    def _granted(self, client: Client, fields: Mapping[str, str]) -> dict[str, Any]:
        match fields.get("grant_type"):
            case "authorization_code":
                code = self._redeemed(client, fields)
                answer = self._bearer(code.consent)
                return answer | (self._lasting(code, client) if code.durable else {})
            case "refresh_token":
                return self._renewal(client, fields.get("refresh_token", ""))
        raise TokenRequestError("grant_type")

    def _redeemed(self, client: Client, fields: Mapping[str, str]) -> Code:
        code = self._grants.redeem(fields.get("code", ""))
        if code is None or code.consent.client_id != client.client_id:
            raise TokenRequestError("code")
        if client.public and not code.challenge:
            raise TokenRequestError("client")
        if fields.get("redirect_uri") != code.redirect_uri:
            raise TokenRequestError("redirect")
        verifier = fields.get("code_verifier", "")
        if (verifier or code.challenge) and _challenge(verifier) != code.challenge:
            raise TokenRequestError("verifier")
        if verifier:
            self._grants.secrets["verifier"].append(verifier)
        return code

    def _renewal(self, client: Client, token: str) -> dict[str, Any]:
        renewal = self._renewed(client, token)
        answer = self._bearer(renewal.consent)
        rotates = (
            renewal.public
            or self._dialect.rotates
            or (
                self._provider == "spotify"
                and self._world.habits.strikes(Habit.ROTATION, renewal.consent.account)
            )
        )
        return answer | ({"refresh_token": self._grants.rotate(token)} if rotates else {})

    def _renewed(self, client: Client, token: str) -> Renewal:
        renewal = self._grants.renewal(token)
        if renewal is None or renewal.consent.client_id != client.client_id:
            raise TokenRequestError("revoked" if self._grants.revoked(token) else "refresh")
        if client.public and not renewal.public:
            raise TokenRequestError("client")
        return renewal

    def _lasting(self, code: Code, client: Client) -> dict[str, Any]:
        token = self._grants.issue_refresh(code.consent, code.lasts, public=client.public)
        extra = {}
        if self._dialect.names_end and not isinf(code.lasts):
            extra["refresh_token_expires_in"] = int(code.lasts) - 1
        named = {"user_id": code.consent.account} if self._dialect.names_user else {}
        return {"refresh_token": token, **extra, **named}

    def _bearer(self, consent: Consent) -> dict[str, Any]:
        return {
            "access_token": self._grants.issue_access(consent, self._dialect.access_prefix),
            "token_type": "Bearer",
            "expires_in": self._dialect.expires_in,
            **({"scope": consent.scope} if self._dialect.tells_scope else {}),
        }


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _issuer(request: Request) -> str:
    """The base URL of the server's endpoints."""
    return str(request.url.replace(query="")).rpartition("/")[0]


def _sent_back(redirect_uri: str, **answer: str | None) -> Response:
    return RedirectResponse(address(redirect_uri, **answer), status_code=SEE_OTHER)
