"""The authorization code flow with PKCE (RFC 6749, RFC 7636), shared by the providers that have it.

authlib builds and signs the requests; they travel by the same Transport as all others. Its own
client would hold a second pool of connections and read bodies of any size.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlencode

from authlib.oauth2 import ClientAuth  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.parameters import (  # type: ignore[import-untyped]
    prepare_grant_uri,
    prepare_token_request,
)
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Authorization
from topk.domain.errors import (
    BadPayloadError,
    InvalidRequestError,
    ReauthRequiredError,
    TransientError,
)
from topk.providers.http.answer import Answer
from topk.providers.http.transport import Transport
from topk.providers.oauth.token_answer import Token, read_token

_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
}


@dataclass(frozen=True, slots=True)
class CodeFlow:
    """A confidential client of one provider."""

    http: Transport
    authorize_url: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    consent_seconds: int | None
    """How long a consent lasts where the token answer does not say; None where it has no end."""
    issuer: str
    """What the server calls itself where it names itself in the way back (RFC 9207)."""
    client_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"

    def start(self, authorization: Authorization, **extra: str) -> str:
        """The address at which the user consents."""
        address: str = prepare_grant_uri(
            self.authorize_url,
            client_id=self.client_id,
            response_type="code",
            redirect_uri=authorization.redirect_uri,
            scope=self.scope,
            state=authorization.state,
            code_challenge=create_s256_code_challenge(authorization.code_verifier),
            code_challenge_method="S256",
            **extra,
        )
        return address

    async def exchange(
        self, authorization: Authorization, answer: Mapping[str, str], *, now: int
    ) -> Grant:
        """The grant for the code in the callback's parameters.

        Raises InvalidRequestError where there is no code, BadPayloadError where another server
        than ours gave it, so that its code is shown to nobody, ReauthRequiredError where it is not
        taken, where the user left out the scope, or where no refresh token came: the connection
        would die within the hour.
        """
        if not answer.get("code"):
            raise InvalidRequestError("code", "is missing")
        if answer.get("iss", self.issuer) != self.issuer:
            raise BadPayloadError("the way back names another issuer")
        token = await self._request(
            now,
            "authorization_code",
            code=answer["code"],
            redirect_uri=authorization.redirect_uri,
            code_verifier=authorization.code_verifier,
        )
        if token.scope and self.scope not in token.scope.split():
            raise ReauthRequiredError("scope_missing")
        if not token.refresh_token:
            raise ReauthRequiredError("no_refresh_token")
        consent = token.refresh_token_expires_in or self.consent_seconds
        return Grant(
            token.access_token,
            token.refresh_token,
            expires_at=now + token.expires_in,
            consent_ends_at=now + consent if consent else None,
            account=token.user_id,
        )

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        """The grant with fresh tokens; its consent ends when it would have.

        Raises ReauthRequiredError where the grant is dead.
        """
        if not grant.refresh_token:
            raise ReauthRequiredError("no_refresh_token")
        token = await self._request(now, "refresh_token", refresh_token=grant.refresh_token)
        return replace(
            grant,
            access_token=token.access_token,
            refresh_token=token.refresh_token or grant.refresh_token,
            expires_at=now + token.expires_in,
        )

    async def revoke(self, grant: Grant, revoke_url: str) -> None:
        """Gives the grant back (RFC 7009). A token that is dead already is fine.

        Raises TransientError where the provider did not take it.
        """
        token = grant.refresh_token or grant.access_token
        answer = await self._post(revoke_url, urlencode({"token": token}))
        if answer.status not in {200, 400}:
            raise TransientError(f"answered {answer.status}")

    async def _request(self, now: int, grant_type: str, **parameters: str) -> Token:
        answer = await self._post(self.token_url, prepare_token_request(grant_type, **parameters))
        return read_token(answer, now=now)

    async def _post(self, url: str, body: str) -> Answer:
        client = ClientAuth(self.client_id, self.client_secret, self.client_auth)
        url, headers, body = client.prepare("POST", url, dict(_HEADERS), body)
        return await self.http.request("POST", url, headers=headers, content=body.encode())
